/* Growth since a base that one chooses: of one series against another, or of several. */
{
const { Try, Plot, number } = hubTry;

// Dotted amber is for what something is compared with, and for nothing else.
const TONES = { true: ["teal", "amber-line"], false: ["teal", "mute", "ink"] };
const LETTERS = { true: ["teal", "amber"], false: ["teal", "mute", "ink"] };
// Python for a period: a year as a number, a month as a text.
const spelled = label => ({ python: /^\d+$/.test(label) ? label : JSON.stringify(label) });
const mean = values => values.reduce((sum, one) => sum + one, 0) / values.length;

class Since extends Try {
  static follows = true;
  defaults() { return { base: this.data.base, end: this.data.ends.at(-1) }; }
  build() {
    const { bases, ends, labels, words } = this.data, say = at => labels[at];
    return [
      this.slider("base", words.base, { values: bases, words: say }),
      ends.length > 1 && this.slider("end", words.end, { values: ends, words: say }),
      this.says, this.picture,
    ];
  }
  // What is counted up to comes after what it is counted from: the other slider gives way.
  changed(key) {
    const { bases, ends, window } = this.data;
    if (window || ends.length < 2 || this.state.base < this.state.end) return;
    const before = bases.filter(at => at < this.state.end).at(-1);
    if (key === "end" && before !== undefined) { this.state.base = this.fields.base(before); return; }
    this.state.end = this.fields.end(ends.find(at => at > this.state.base));
  }
  // Places in the table over which the end is the mean, in logarithms.
  get last() { return this.data.window ?? [this.state.end]; }
  get result() {
    const { series, against } = this.data, { base } = this.state, growth = {};
    for (const [name, values] of Object.entries(series)) {
      growth[name] = mean(this.last.map(at => Math.log(values[at]))) - Math.log(values[base]);
    }
    const percents = Object.fromEntries(Object.entries(growth).map(([name, one]) => [name, 100 * Math.expm1(one)]));
    return against ? { ...percents, difference: 100 * Math.expm1(growth[against[0]] - growth[against[1]]) } : percents;
  }
  show(width) {
    const { times, series, labels, against, words } = this.data, { base } = this.state, result = this.result;
    const names = Object.keys(series), index = names.map(name => series[name].map(value => 100 * value / series[name][base]));
    const narrow = width < 480, from = against ? 0 : Math.min(base, this.state.end), to = against ? times.length - 1 : Math.max(base, this.state.end);
    const shown = index.map(one => one.slice(from, to + 1));
    const plot = new Plot(width, 290, {
      x: [times[from], Math.max(times[to], times[from] + 0.5)], y: [0, 1.06 * Math.max(120, ...shown.flat())], left: 44, right: 16 + 7 * Math.max(...names.map(name => name.length)), top: 30 });
    plot.grid(value => number(value));
    const years = [...new Set(times.slice(from, to + 1).map(Math.round))].filter(year => year >= plot.xs[0] && year <= plot.xs[1]);
    const every = Math.ceil(years.length / (narrow ? 3 : 7));
    plot.axis(String, years.filter((_, i) => i % every === 0));
    if (this.data.window) {
      const left = plot.x(times[this.last[0]] - 0.4), right = plot.x(times[this.last.at(-1)] + 0.4);
      plot.add("rect", { x: left, y: plot.top, width: Math.max(0, Math.min(right, plot.right) - left), height: plot.bottom - plot.top, style: "fill: var(--hub-sunk)" });
    }
    const ends = names.map((name, i) => {
      plot.line(times.map((time, at) => [time, index[i][at]]).slice(from, to + 1), TONES[!!against][i], { dotted: !!against && i === 1 });
      return [plot.y(index[i][to]) + 4, name, LETTERS[!!against][i]];
    }).sort((a, b) => a[0] - b[0]);
    ends.forEach((end, i) => { if (i) end[0] = Math.max(end[0], ends[i - 1][0] + 16); });
    for (const [y, name, tone] of ends) plot.text(plot.right + 8, y, name, tone, "start", 640);
    plot.dot(times[base], 100, "ink", { hollow: true });
    const near = times[base] > (plot.xs[0] + plot.xs[1]) / 2;
    plot.text(plot.x(times[base]) + (near ? -8 : 8), plot.bottom - 8, `${labels[base]} = 100`, "soft", near ? "end" : "start");
    const size = value => `${number(Math.abs(value))} percent`, way = value => value >= 0 ? "rose" : "fell";
    const end = this.data.window ? words.window : labels[this.state.end];
    const says = against
      ? [`From ${labels[base]} ${names[0]} ${result.difference >= 0 ? "gained" : "lost"} ${size(result.difference)} on ${names[1]}.`,
        `By ${end} ${names.map(name => `${name} ${way(result[name])} by ${size(result[name])}`).join(", ")}.`]
      : [`From ${labels[base]} to ${end} ${names[0]} ${way(result[names[0]])} by ${size(result[names[0]])}.`,
        `${names.slice(1).map(name => `${name} ${way(result[name])} by ${size(result[name])}`).join(", ").replace(/^./, one => one.toUpperCase())}.`];
    return { plot, says, code: { base: spelled(labels[base]), end: spelled(labels[this.state.end]) } };
  }
}
customElements.define("hub-since", Since);
}
