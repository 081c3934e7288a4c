/* Pretend another start, leave places out, choose the estimator: estimated in the page. */
{
const { Try, Plot, h, number, percent } = hubTry;
const { estimate } = hubEstimators;

const FEWEST = 3;
const ALARM = 0.05; // at a date on which nothing began: the rule of the book

class Pretend extends Try {
  static follows = true;
  defaults() { return { start: this.data.begins, estimator: Object.keys(this.data.estimators)[0], out: new Set() }; }
  build() {
    const { starts, estimators, donors } = this.data;
    return [
      this.slider("start", "Pretend that it began in", { values: starts }),
      this.choice("estimator", "Estimator", Object.entries(estimators)),
      h("details", { class: "hub-fold" }, this.some = h("summary", {}), this.toggles("out", "Compared with", donors.map(name => [name, name]))),
      this.says, this.picture,
    ];
  }
  changed(key) {
    const { out } = this.state, { donors } = this.data;
    if (key !== "out" || donors.length - out.size >= FEWEST) return;
    for (const name of donors) if (out.has(name) && donors.length - out.size < FEWEST) out.delete(name);
    this.state.out = this.fields.out(out);
  }
  get result() {
    const { periods, begins, values, treated, donors } = this.data, { start, estimator, out } = this.state;
    // Before the real start only years without it may answer.
    const years = start < begins ? periods.filter(year => year < begins) : periods;
    const rows = names => names.map(name => values[name].slice(0, years.length));
    const kept = donors.filter(name => !out.has(name)), place = years.findIndex(year => year >= start);
    const found = estimate(estimator, rows(treated), rows(kept), place);
    // Chance was counted beforehand, with all in.
    const chance = out.size ? undefined : this.data.chance[estimator][this.data.starts.indexOf(start)];
    return { ...found, years, place, kept, chance, percent: 100 * Math.expm1(found.att) };
  }
  // What chance makes of it, judged as every date is on which nothing began.
  judged({ chance }, pretended) {
    if (chance === undefined) return `How often chance does as much is counted with all ${this.data.donors.length} in; the Python below counts it for these.`;
    if (chance === null) return "It fits too badly before to be judged by chance.";
    const alarm = pretended && chance.p <= ALARM, share = 100 * chance.p;
    const lots = share < 0.5 ? "less than one lot" : Math.round(share) === 1 ? "one lot" : `${number(share)} lots`;
    return `Chance does as much, up or down, in ${alarm ? "only " : ""}${lots} of a hundred (p = ${chance.told})${pretended ? `: ${alarm ? "a" : "no"} false alarm` : ""}.`;
  }
  show(width) {
    const { begins, words, estimators, donors } = this.data, { start, estimator, out } = this.state, result = this.result;
    const { years, place, target, path, kept } = result, base = target[place - 1];
    this.some.textContent = `Compared with ${kept.length === donors.length ? `all ${kept.length}` : `${kept.length} of ${donors.length}`}: leave some out`;
    const level = values => values.map((value, t) => [years[t], 100 * Math.expm1(value - base)]);
    const seen = level(target), instead = level(target.map((value, t) => value - path[t]));
    const all = [...seen, ...instead].map(point => point[1]), narrow = width < 480;
    const plot = new Plot(width, 280, { x: [this.data.periods[0], this.data.periods.at(-1)], y: [Math.min(...all), Math.max(...all)], left: 52, right: narrow ? 86 : 130, top: 30 });
    plot.grid(value => value ? percent(value, 0) : "0");
    plot.axis(String);
    plot.upright(start - 0.5, start < begins ? `pretended, ${start}` : words.begins);
    plot.line(instead, "amber-line", { dotted: true });
    plot.line(seen, "teal");
    const ends = [[plot.y(seen.at(-1)[1]) + 4, words.who, "teal"], [plot.y(instead.at(-1)[1]) + 4, "without it", "amber"]].sort((a, b) => a[0] - b[0]);
    ends[1][0] = Math.max(ends[1][0], ends[0][0] + 16);
    const edge = plot.x(years.at(-1)) + 8;
    for (const [y, said, tone] of ends) plot.text(edge, y, said, tone, "start", 640);
    const heavy = kept.map((name, i) => [name, result.weights[i]]).sort((a, b) => b[1] - a[1]).filter(one => one[1] > 0.005).slice(0, 3);
    const mix = estimator === "did" ? `All ${kept.length} count alike.` : `Heaviest in the mix: ${heavy.map(([name, share]) => `${name} ${number(100 * share)}%`).join(", ")}.`;
    return {
      plot,
      says: [`${estimators[estimator].replace(/^./, one => one.toUpperCase())}, ${start < begins ? `pretended for ${start}` : `from ${start} on`}: ${percent(result.percent, 1)}.`,
        `${start < begins ? "Nothing began then. " : ""}${this.judged(result, start < begins)} ${mix}`],
      code: {
        panel: { python: start < begins ? `panel.backdate(${start})` : "panel" },
        out: { python: `[${[...out].map(name => JSON.stringify(name)).join(", ")}]` },
        estimator: { python: `hub.${estimator}` },
      },
    };
  }
}
customElements.define("hub-pretend", Pretend);
}
