/* Every combination of choices: choose one, see its dot and its path, and which single
   change would turn the sign. */
{
const { Try, Plot, h, number, percent } = hubTry;

const nice = name => name.replace(/(\d)-(\d)/g, "$1–$2");

class Specifications extends Try {
  defaults() { return { ...this.data.planned }; }
  build() {
    this.turns = h("p", { class: "hub-says hub-second" });
    const { choices, spelled } = this.data;
    return [
      Object.entries(choices).map(([key, label]) =>
        this.choice(key, label, Object.keys(spelled[key]).map(name => [name, nice(name)]))),
      h("div", { class: "hub-row" }, this.button(this.data.words.back, () => this.put(this.data.planned), true)),
      this.says, this.turns, this.picture, h("p", { class: "hub-hint" }, this.key),
    ];
  }
  get key() {
    const tested = this.result.lower !== undefined;
    return `Large dot: your choice${tested ? ", with what fits" : ""}. Full dots, thin lines: one change away. Hollow: more. Ring: where you began.`;
  }
  differs(row, state = this.state) { return Object.keys(this.data.choices).filter(key => row[key] !== state[key]); }
  get result() {
    const chosen = this.data.rows.find(row => !this.differs(row).length);
    const turning = this.data.rows.filter(row => this.differs(row).length === 1 && row.effect * chosen.effect < 0);
    return { effect: chosen.effect, lower: chosen.lower, upper: chosen.upper, path: chosen.path, turning: turning.map(row => row[this.differs(row)[0]]) };
  }
  dots(width) {
    const { rows, choices, planned } = this.data, first = Object.keys(choices)[0], last = Object.keys(choices).at(-1);
    const [names, shifts] = [first, last].map(key => Object.keys(this.data.spelled[key]));
    const { lower, upper } = this.result, tested = lower !== undefined;
    const all = rows.flatMap(row => tested ? [row.lower, row.upper] : row.effect), pad = 0.06 * (Math.max(...all) - Math.min(...all));
    const plot = new Plot(width, (width < 480 ? 52 : 44) * names.length + 50, { x: [Math.min(...all, 0) - pad, Math.max(...all, 0) + pad], y: [-0.6, names.length - 0.4], left: width < 480 ? 8 : 130, top: 8 });
    const place = row => names.length - 1 - names.indexOf(row[first]) + (width < 480 ? -0.2 : 0) + 0.15 * (shifts.indexOf(row[last]) - (shifts.length - 1) / 2);
    plot.axis(value => value ? percent(value, 0) : "0");
    plot.down(plot.x(0), "stroke: var(--hub-ink)", width < 480 && names.map((_, i) => plot.y(i) + 10), 13, 14);
    names.forEach((name, i) => plot.text(width < 480 ? plot.left : plot.left - 12, plot.y(names.length - 1 - i) + (width < 480 ? -10 : 4), nice(name), "ink", width < 480 ? "start" : "end"));
    if (tested) {
      plot.band(plot.x(lower), plot.x(upper), plot.y(place(rows.find(row => !this.differs(row).length))));
    }
    const rank = row => 3 - Math.min(2, this.differs(row).length);
    for (const row of [...rows].sort((a, b) => rank(a) - rank(b))) {
      const away = this.differs(row).length;
      const dot = plot.dot(row.effect, place(row), away ? "mute" : "teal", { r: [8, 5.5][away] ?? 4, hollow: away > 1 });
      dot.style.cursor = "pointer";
      dot.addEventListener("click", () => this.put(Object.fromEntries(Object.keys(choices).map(key => [key, row[key]]))));
      if (!this.differs(row, planned).length) plot.add("circle", { cx: plot.x(row.effect), cy: plot.y(place(row)), r: 11, style: "fill: none; stroke: var(--hub-ink); stroke-width: 1.5; pointer-events: none" });
    }
    return plot;
  }
  line(width) {
    const { path } = this.result, { start, words, rows } = this.data;
    const years = path.map(one => one[0]), all = rows.flatMap(row => row.path.map(one => one[1]));
    const times = rows.flatMap(row => row.path.map(one => one[0]));
    const plot = new Plot(width, 230, { x: [Math.min(...times), Math.max(...times)], y: [Math.min(...all), Math.max(...all)], left: 52, top: 44 });
    plot.grid(value => value ? percent(value, 0) : "0");
    plot.axis(String);
    plot.level(0);
    plot.upright(start, words.begins);
    for (const row of rows) if (this.differs(row).length === 1) plot.line(row.path, "mute", { width: 1 });
    plot.line(path, "teal");
    plot.text(plot.left, 14, words.path, "soft");
    return plot;
  }
  show(width) {
    const { effect, lower, upper, turning } = this.result, { rows, choices, planned, spelled, words } = this.data;
    const isPlan = !this.differs(planned).length;
    this.turns.replaceChildren(turning.length
      ? `One change turns the sign: ${turning.map(nice).join(", or ")}.`
      : "No single change of these turns the sign.");
    const code = {};
    for (const key of Object.keys(choices)) code[key] = { python: spelled[key][this.state[key]] };
    return {
      plots: [this.dots(width), this.line(width)],
      says: [`${percent(effect, 1)}: ${Object.entries(choices).map(([key, label]) => `${label.toLowerCase()} ${nice(this.state[key])}`).join(", ")}${isPlan ? `, ${words.first}` : ""}.`,
        `${lower === undefined ? "" : `Anything from ${percent(lower)} to ${percent(upper)} fits. `}${number(rows.filter(row => row.effect > 0).length)} of ${rows.length} choices give a gain.`],
      code,
    };
  }
}
customElements.define("hub-specifications", Specifications);
}
