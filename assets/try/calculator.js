/* What a design could see: hubs, refused applicants, years, outcome; and what would pay. */
{
const { Try, Plot, h, number } = hubTry;

const OWN = "own";
const few = value => number(value, value >= 10 ? 0 : value >= 1 ? 1 : value >= 0.1 ? 2 : 3);
const dollars = value => value >= 1e9 ? `$${few(value / 1e9)}bn` : value >= 1e6 ? `$${few(value / 1e6)}m` : `$${number(value)}`;

class Calculator extends Try {
  static shared = true;
  static follows = true;
  defaults() { return { ...this.data.start }; }
  build() {
    const { prices, presets, most } = this.data;
    const outcomes = [...new Set(prices.map(row => row.outcome))];
    const kinds = key => [...new Set(prices.map(row => row[key]))].sort((a, b) => a - b);
    const all = kinds("before").at(-1);
    this.tiles = h("dl", { class: "hub-tiles" });
    this.money = h("p", { class: "hub-says", role: "status" });
    return [
      h("div", { class: "hub-row hub-presets" }, h("span", {}, "Start from"),
        Object.entries(presets).map(([name, design]) => this.button(name, () => {
          const { cost, paid, output, jobs } = this.data.start;
          this.put({ cost, paid, output, jobs, ...design });
          this.write();
        }, true))),
      this.choice("outcome", "Outcome", [...outcomes.map(name => [name, name]), [OWN, "one of my own"]]),
      h("div", { class: "hub-grid" },
        this.slider("hubs", "Hubs", { min: 3, max: most.hubs }),
        this.slider("refused", "Refused applicants followed", { min: 3, max: most.refused }),
        this.slider("before", "Years before", { values: kinds("before"), words: years => years === all ? "all" : String(years) }),
        this.slider("years", "Years after", { values: kinds("years") })),
      h("div", { class: "hub-grid" }, this.own = this.amount("sd", "Own outcome: standard deviation of its change among places, percent", { min: 0.01, max: 500 })),
      this.picture, this.says, this.tiles,
      h("fieldset", { class: "hub-amounts" }, h("legend", {}, "What would pay, and what is claimed"),
        this.amount("cost", "Cost of a hub, million dollars", { min: 0.01, max: 1e5 }),
        this.amount("paid", "Years over which it is paid", { min: 1, max: 50 }),
        this.amount("output", "Output of its place a year, billion dollars", { min: 0.01, max: 1e5 }),
        this.amount("jobs", "Jobs claimed for it", { min: 0, max: 1e7 })),
      this.money,
      this.button("Copy a link to this design", async event => {
        this.write();
        await navigator.clipboard.writeText(location.href);
        event.target.textContent = "Copied";
      }, true),
    ];
  }
  changed() { this.own.querySelector("input").disabled = this.state.outcome !== OWN; }
  // Percent that the root of 1/hubs + 1/refused is multiplied by.
  price({ outcome, before, years, sd } = this.state) {
    if (outcome === OWN) return this.data.spread * sd;
    return this.data.prices.find(row => row.outcome === outcome && row.before === before && row.years === years).price;
  }
  get result() {
    const { hubs, refused, cost, paid, output, jobs } = this.state, price = this.price();
    const found = (k, n) => price * Math.sqrt(1 / k + 1 / n);
    const effect = found(hubs, refused);
    const oneRefused = effect - found(hubs, refused + 1), oneHub = effect - found(hubs + 1, refused);
    return {
      effect, oneRefused, oneHub, worth: cost * oneRefused / oneHub,
      pays: 100 * cost / paid / (1e3 * output), claimed: 100 * jobs * this.data.job / (1e9 * output),
    };
  }
  show(width) {
    const { hubs, refused, outcome, before, years, output } = this.state;
    const { most, sizes, job, all } = this.data, price = this.price(), result = this.result;
    const found = (k, n) => price * Math.sqrt(1 / k + 1 / n);
    const [half, twice] = [Math.max(3, Math.round(hubs / 2)), 2 * hubs];
    const lines = [[half, "grey"], [twice, "grey"], [hubs, "teal"]];
    const plot = new Plot(width, 260, { x: [3, most.refused], y: [0, 1.05 * found(half, 3)], right: 70, bottom: 50, log: true });
    plot.grid(at => `${number(at, at % 1 ? 1 : 0)}%`);
    plot.axis(String, [3, 10, 30, 100, most.refused]);
    plot.text((plot.left + plot.right) / 2, plot.bottom + 42, "refused applicants followed", "soft", "middle");
    const ends = [];
    for (const [k, tone] of lines) {
      plot.line(Array.from({ length: 40 }, (_, i) => 3 * (most.refused / 3) ** (i / 39)).map(n => [n, found(k, n)]), tone);
      ends.push([plot.y(found(k, most.refused)) + 4, `${k} hubs`, tone]);
    }
    ends.sort((a, b) => b[0] - a[0]).forEach((end, i) => { if (i) end[0] = Math.min(end[0], ends[i - 1][0] - 15); });
    for (const [y, words, tone] of ends) plot.text(plot.right + 6, y, words, tone === "teal" ? "teal" : "mute", "start", tone === "teal" ? 640 : 400);
    plot.dot(refused, result.effect);
    const late = refused > 60;
    plot.text(plot.x(refused) + (late ? 4 : -4), plot.y(found(twice, refused)) + 20, `this design, ${few(result.effect)}%`, "ink", late ? "end" : "middle", 640);

    const size = sizes[outcome], name = outcome === OWN ? "this outcome" : outcome;
    const against = before === all ? "all years before" : before === 1 ? "the year before" : `the ${before} years before`;
    const tile = (term, value, note) => h("div", {}, h("dt", {}, term), h("dd", {}, h("strong", {}, value), note));
    const inMoney = outcome !== OWN && size === null;
    this.tiles.replaceChildren(
      size ? tile("That is", number(result.effect / 100 * size), `${outcome} a year in the median hub`)
        : inMoney ? tile("That is", dollars(result.effect / 100 * output * 1e9), `a year a hub, or ${number(result.effect / 100 * output * 1e9 / job)} jobs at ${dollars(job)} of output a job`)
        : tile("That is", `${number(result.effect / (this.state.sd || 1), 2)}`, "standard deviations of its change"),
      tile("One more refused applicant", `${few(result.oneRefused)} points`, `as much as ${dollars(1e6 * result.worth)} spent on hubs`),
      tile("One more hub", `${few(result.oneHub)} points`, `for ${dollars(1e6 * this.state.cost)}`));
    const { pays, claimed, effect } = result, ratio = effect / pays;
    const claim = this.state.jobs ? `${number(this.state.jobs)} jobs are ${few(claimed)}% of it.` : "";
    const told = !inMoney ? "Choose output above to set this beside what can be found."
      : `What repays the award ${pays < effect ? `is ${number(ratio, ratio < 10 ? 1 : 0)} times too small to be found` : "would be found"}${claim ? `, the jobs claimed ${claimed < effect ? "are too few" : "would be found"}` : ""}.`
        + (Math.min(pays, claim ? claimed : pays) < effect ? " Count in the firms that the money reaches." : "");
    this.money.replaceChildren(h("strong", {}, `A year of the award is ${few(pays)}% of what the place makes.`), ` ${claim} ${told}`);
    return {
      plot,
      says: [`${few(result.effect)}% is the smallest effect on ${name} that this design finds four times in five:`,
        `${hubs} hubs, ${refused} refused applicants, ${years === 1 ? "one year" : `${years} years`} after against ${against}.`],
      code: { price: { python: outcome === OWN ? `${this.data.spread} * ${this.state.sd}` : price }, job: { python: job } },
    };
  }
}
customElements.define("hub-calculator", Calculator);
}
