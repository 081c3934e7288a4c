/* One published effect against every interval of the book. */
{
const { Try, Plot, h, number, percent } = hubTry;

class Against extends Try {
  defaults() { return { which: 0, effect: this.data.effects[0].effect }; }
  build() {
    return [
      this.select("which", "An effect in print", this.data.effects.map((one, i) => [i, `${one.name}: ${percent(one.effect)}`])),
      this.amount("effect", "or any other effect, percent", { min: -95, max: 1000 }),
      this.says, this.beside = h("p", { class: "hub-says hub-second" }), this.picture,
    ];
  }
  // A choice from the list goes into the field; a number of one's own is of no work.
  changed(key) {
    if (key === "which") this.fields.effect(this.state.effect = this.data.effects[this.state.which].effect);
  }
  get result() {
    const { effect } = this.state;
    const outside = this.data.spans.filter(({ low, high }) => (low !== null && effect < low) || (high !== null && effect > high));
    return { effect, outside: outside.map(span => span.name) };
  }
  show(width) {
    const { spans, effects, edge } = this.data, { effect, outside } = this.result, narrow = width < 480;
    const row = narrow ? 46 : 34;
    const plot = new Plot(width, row * spans.length + 64, { x: [-edge, edge], y: [-0.5, spans.length - 0.5], left: narrow ? 8 : 230, right: 12, top: 30, bottom: 34 });
    plot.axis(value => value ? percent(value, 0) : "0");
    const rows = narrow && spans.map((_, i) => plot.y(i) + 8);
    plot.down(plot.x(0), "stroke: var(--hub-ink)", rows);
    const inside = value => Math.max(-edge, Math.min(edge, value));
    const at = plot.x(inside(effect)), far = Math.abs(effect) > edge;
    const line = `stroke: var(--hub-wine); stroke-width: 2${far ? "; stroke-dasharray: 2 4" : ""}`;
    spans.forEach(({ name, low, high, estimate }, i) => {
      const y = plot.y(spans.length - 1 - i) + (narrow ? 8 : 0), out = outside.includes(name);
      const left = plot.x(low === null ? -edge : inside(low)), right = plot.x(high === null ? edge : inside(high));
      plot.text(narrow ? plot.left : plot.left - 12, narrow ? y - 14 : y + 4, name + (out ? " (outside)" : ""), out ? "wine" : "ink", narrow ? "start" : "end");
      plot.band(left, right, y, low === null || high === null);
      if (estimate !== null && Math.abs(estimate) <= edge) plot.add("circle", { cx: plot.x(estimate), cy: y, r: 5, style: "fill: var(--hub-teal)" });
    });
    plot.down(at, line, rows);
    plot.text(at, plot.top - 12, percent(effect) + (far ? ", further out" : ""), "wine", at > width * 0.75 ? "end" : at < width * 0.25 ? "start" : "middle", 640);
    const work = effects[this.state.which], own = work.effect !== effect;
    this.beside.textContent = own ? "An effect of your own, beside no work."
      : work.beside ? `A plan sets it beside ${work.beside}: there it is said to be "${work.reading}".`
      : "No plan sets it beside an outcome of its own: this is arithmetic and no verdict.";
    return {
      plot,
      says: [`${percent(effect)} lies outside what fits in ${number(outside.length)} of ${number(spans.length)} rows.`,
        outside.length ? `${outside.join("; ")}.` : "Nowhere does it lie outside."],
    };
  }
}
customElements.define("hub-against", Against);
}
