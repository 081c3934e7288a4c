/* Suppose that an effect were true: how often would this test find it? */
{
const { Try, Plot, number, percent } = hubTry;

class Effect extends Try {
  static follows = true;
  defaults() { return { effect: this.data.start, ...Object.fromEntries(Object.keys(this.data.choices).map(key => [key, this.data.rows[0][key]])) }; }
  build() {
    const { choices, most, step, words } = this.data;
    return [
      Object.entries(choices).map(([key, names]) => this[names.length > 4 ? "select" : "choice"](key, key, names.map(name => [name, name]))),
      this.slider("effect", words.suppose, { max: most, step, words: value => percent(value, 1) }),
      this.says, this.picture,
    ];
  }
  // Which effect is supposed changes nothing that the title says.
  get touched() { return Object.keys(this.data.choices).some(key => this.state[key] !== this.data.rows[0][key]); }
  get row() { return this.data.rows.find(row => Object.keys(this.data.choices).every(key => row[key] === this.state[key])); }
  // Counted by the library at each step of the slider.
  get result() {
    const { chances, low, high, estimate, mde } = this.row;
    return { chance: chances[Math.round(this.state.effect / this.data.step)], low, high, estimate, mde };
  }
  show(width) {
    const { most, step, words } = this.data, { effect } = this.state, { chance, low, high, estimate, mde } = this.result;
    const floor = Math.min(0, ...this.data.rows.map(row => row.low)) - 0.3;
    const below = width < 480 ? 16 : 0; // where there is no room beside the band
    const plot = new Plot(width, 260 + below, { x: [floor, most], y: [0, 1], left: 48, right: 20, top: 22, bottom: 70 + below });
    plot.grid(value => `${number(100 * value)}%`, 5);
    plot.axis(value => value ? percent(value, Number.isInteger(value) ? 0 : 1) : "0");
    plot.line([[plot.xs[0], 0.8], [plot.xs[1], 0.8]], "mute", { width: 1, dotted: true });
    plot.line(this.row.chances.map((one, i) => [i * step, one]), "teal");
    // Below the axis: what fits, by the figures that there are.
    const y = plot.bottom + 40;
    plot.band(plot.x(low), plot.x(high), y);
    plot.dot(estimate, 0, "teal", { r: 5 }).setAttribute("cy", y);
    plot.text(below ? plot.x(low) : plot.x(high) + 8, y + 4 + 1.5 * below, `fits: ${percent(low, 1)} to ${percent(high, 1)}`, "soft");
    plot.add("path", { d: `M${plot.x(0)},${y - 12}V${y + 12}`, style: "stroke: var(--hub-ink)" });
    plot.dot(effect, chance, "teal", { r: 8 });
    const right = plot.x(effect) > width * 0.7;
    plot.text(plot.x(effect) + (right ? -12 : 12), plot.y(chance) + (chance > 0.85 ? 22 : 18), `${number(100 * chance)} in 100`, "ink", right ? "end" : "start", 640);
    const inside = effect >= low && effect <= high;
    return {
      plot,
      says: [`If ${words.true} ${percent(effect, 1)}, the test would find it ${number(100 * chance)} times in a hundred.`,
        `Four times in five it finds effects from ${percent(mde, 1)} on. The estimate is ${percent(estimate, 1)}. ${percent(effect, 1)} ${inside ? "fits what was seen" : "lies outside what fits"}: ${percent(low, 1)} to ${percent(high, 1)}.`],
      code: { lot: { python: this.row.python } },
    };
  }
}
customElements.define("hub-effect", Effect);
}
