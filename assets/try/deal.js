/* Guess how often chance does as well; then deal the lots and watch the count. */
{
const { Try, Plot, h, number, percent } = hubTry;

const TIE = 2e-8; // estimates come with eight decimals

class Deal extends Try {
  defaults() { return { dealt: 0, guess: null }; }
  build() {
    const { estimates, observed, centre, barred, words } = this.data;
    const out = new Set(barred);
    this.up = observed >= 0 ? 1 : -1;
    // Of each lot: 1 gains (or loses) as much, -1 lies as far on the centre's other side.
    const reach = this.up * (observed - centre);
    this.mirrored = reach > 0;
    this.far = estimates.map((value, i) => {
      const side = this.up * (value - centre);
      return out.has(i) ? 0 : side >= reach - TIE ? 1 : this.mirrored && side <= TIE - reach ? -1 : 0;
    });
    this.ask = h("p", { class: "hub-ask" }, h("strong", {}, "Your guess first. "),
      `${words.dealt} In how many lots of a hundred will ${words.they} ${this.up > 0 ? "gain" : "lose"} ${this.size(observed)} or more, as ${words.real} did?`);
    const all = this.button(`Deal all ${number(estimates.length)} lots`, () => this.deal(estimates.length));
    all.disabled = true;
    this.all = all;
    return [
      this.ask,
      this.slider("guess", "Your guess, lots in a hundred", { max: 100, words: n => n === 0 ? "none" : n === 100 ? "all" : String(n) }),
      h("div", { class: "hub-row" }, all,
        this.button("Deal one", () => this.deal(this.state.dealt + 1), true),
        this.button("Deal ten", () => this.deal(this.state.dealt + 10), true),
        this.button("Collect the lots", () => { this.deal(0); }, true)),
      this.says, this.picture,
    ];
  }
  size(value, sign = false) {
    const shown = this.data.percent ? 100 * Math.expm1(value) : value;
    const text = percent(shown);
    return (sign ? text : text.replace(/^[+−]/, "")).replace("%", this.data.percent ? "%" : "");
  }
  changed(key) { if (key === "guess" && this.state.guess !== null) this.all.disabled = false; }
  // Fill up in about a second, at once for those who want no motion.
  deal(goal) {
    goal = Math.min(goal, this.data.estimates.length);
    cancelAnimationFrame(this.frame);
    const from = this.state.dealt, began = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || goal - from < 20;
    const step = now => {
      const share = still ? 1 : Math.min(1, (now - began) / 1200);
      this.state.dealt = Math.round(from + (goal - from) * share ** 2);
      this.update();
      if (share < 1) this.frame = requestAnimationFrame(step);
    };
    step(began);
  }
  get result() {
    const { dealt } = this.state, far = this.far.slice(0, dealt);
    const share = side => far.filter(one => one === side).length / dealt;
    return { dealt, own: share(1), other: share(-1) };
  }
  show(width) {
    const { estimates, observed, words } = this.data, { dealt, guess } = this.state, result = this.result;
    const of = value => this.data.percent ? 100 * Math.expm1(value) : value;
    const every = this.every ??= estimates.map(of), at = of(observed);
    const low = Math.min(...every), high = Math.max(...every);
    const bins = width < 480 ? 28 : 40, step = (high - low) / bins;
    const first = Math.floor((low - at) / step), last = Math.ceil((high - at) / step) + 1;
    const counts = Array.from({ length: last - first }, () => ({ 1: 0, 0: 0, "-1": 0 }));
    for (let i = 0; i < dealt; i++) counts[Math.floor((every[i] - at) / step + 1e-9) - first][this.far[i]] += 1;
    const most = Math.max(8, ...counts.map(one => one[1] + one[0] + one[-1]));
    const plot = new Plot(width, 250, { x: [at + step * first, at + step * last], y: [0, 1.1 * most], left: 18, right: 18, top: 46, bottom: 46 });
    counts.forEach((one, i) => {
      let base = 0;
      for (const [side, tone] of [[0, "grey"], [-1, "mute"], [1, "teal"]]) {
        if (!one[side]) continue;
        const left = plot.x(at + step * (first + i)), wide = plot.x(at + step * (first + i + 1)) - left;
        const top = plot.y(base + one[side]);
        plot.add("rect", { x: left, y: top, width: 0.9 * wide, height: plot.y(base) - top, style: `fill: var(--hub-${tone})` });
        base += one[side];
      }
    });
    plot.axis(value => value === 0 ? "0" : percent(value, Number.isInteger(value) ? 0 : 1).replace("%", this.data.percent ? "%" : ""));
    plot.text((plot.left + plot.right) / 2, plot.bottom + 40, words.axis, "soft", "middle");
    const right = plot.x(at) > width / 2, mirror = of(2 * this.data.centre - observed);
    const hundred = share => number(100 * share), does = this.up > 0 ? "gain" : "lose", undoes = this.up > 0 ? "lose" : "gain";
    plot.down(plot.x(at), "stroke: var(--hub-ink); stroke-width: 1.5", [plot.bottom], plot.bottom - plot.top + 34, 0);
    plot.text(plot.x(at) + (right ? -6 : 6), plot.top - 24, `${words.real}, ${this.size(observed, true)}`, "ink", right ? "end" : "start", 640);
    // How many lie beyond each line, on the side of it on which they lie.
    const beyond = (x, side, share, verb, tone) => {
      const told = `${hundred(share)} in 100${width < 480 ? "" : ` ${verb} as much`}`, room = 7.5 * told.length;
      const from = side > 0 ? Math.min(x + 6, plot.right - room) : Math.max(x - 6, plot.left + room);
      plot.text(from, plot.top - 4, told, tone, side > 0 ? "start" : "end", 640);
    };
    if (dealt >= 100) beyond(plot.x(at), this.up, result.own, does, "teal");
    if (dealt >= 100 && this.mirrored && mirror > plot.xs[0] && mirror < plot.xs[1]) {
      plot.down(plot.x(mirror), "stroke: var(--hub-mute); stroke-width: 1.5; stroke-dasharray: 2 4", [plot.bottom], plot.bottom - plot.top + 14, 0);
      beyond(plot.x(mirror), -this.up, result.other, undoes, "mute");
    }
    this.ask.classList.toggle("hub-done", dealt > 0);
    const count = side => this.far.slice(0, dealt).filter(one => one === side).length;
    let says;
    if (!dealt) says = ["No lot is dealt yet.", guess === null ? "Move the slider to your guess, then deal." : "Now deal."];
    else if (dealt < estimates.length) {
      const who = this.data.names && `The last: ${[...this.data.sets[dealt - 1]].map(one => this.data.names[parseInt(one, 36)]).join(", ")}, ${this.size(estimates[dealt - 1], true)}.`;
      says = [`Of ${number(dealt)} ${dealt === 1 ? "lot" : "lots"} ${count(1)} ${does}${count(1) === 1 ? "s" : ""} as much as ${words.real}.`, who ?? ""];
    } else says = [`${guess === null ? "" : `You guessed ${guess} in 100. `}It is ${hundred(result.own)}.`,
      `Of all ${number(dealt)} lots ${hundred(result.own)} in a hundred ${does} as much as ${words.real}${this.mirrored ? `, and ${hundred(result.other)} ${undoes} as much` : ""}.`];
    return { plot, says, title: !dealt ? "Guess first, then deal." : dealt < estimates.length ? says[0] : says[1] };
  }
}
customElements.define("hub-deal", Deal);
}
