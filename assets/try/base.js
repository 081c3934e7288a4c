/* What all things to try share: reading the data that the library left in the page,
   controls, numbers in words, drawing in the page's own colours, the Python that gives
   the state shown. Without these scripts the page shows the static figure.
   A plain script, as modules do not load from a folder on disk: what the others use is
   handed out as `hubTry`. */

const hubTry = (() => {
const NARROWEST = 300;
// Numbers as words/numbers.py writes them: true minus, thousands apart, no minus zero.
const number = (value, digits = 0, sign = false) => {
  const power = 10 ** digits;
  // Python takes the even neighbour of an exact half, toFixed the larger.
  const half = Number.isInteger(value * 2 ** (digits + 1)) && Math.abs(value * power % 1) === 0.5;
  const size = Math.abs(half ? 2 * Math.round(value * power / 2) / power : value).toFixed(digits);
  const [whole, rest] = size.split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",") + (rest ? `.${rest}` : "");
  if (!/[1-9]/.test(text)) return text;
  return (value < 0 ? "−" : sign ? "+" : "") + text;
};
const percent = (value, digits = Math.abs(value) >= 5 ? 0 : 1) => `${number(value, digits, true)}%`;

// Elements: h("p", { class: "x" }, "words", child).
const grow = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(2).filter(child => child != null && child !== false));
  return element;
};
const h = (name, attributes, ...children) => grow(document.createElement(name), attributes, children);
const s = (name, attributes, ...children) =>
  grow(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

const ticksOf = (low, high, count) => {
  const rough = (high - low) / count, unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find(size => size * unit >= rough) * unit;
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-9; at += step) ticks.push(at);
  return ticks;
};

/* A drawing as wide as its place, one unit to a pixel; where letters are large, to more. */
class Plot {
  constructor(width, height, { x, y, left = 48, right = 16, top = 18, bottom = 30, log = false }) {
    Object.assign(this, { width, height, left, right: width - right, top, bottom: height - bottom, xs: x, ys: y, log });
    this.narrow = width < 480;
    this.svg = s("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img" });
  }
  x(value) {
    const of = this.log ? Math.log : v => v, [low, high] = this.xs.map(of);
    return this.left + (of(value) - low) / (high - low) * (this.right - this.left);
  }
  y(value) {
    const [low, high] = this.ys;
    return this.bottom - (value - low) / (high - low) * (this.bottom - this.top);
  }
  add(name, attributes, ...children) {
    const mark = s(name, attributes, ...children);
    this.svg.append(mark);
    return mark;
  }
  text(x, y, words, tone = "soft", anchor = "start", weight = 400) {
    return this.add("text", { x, y, "text-anchor": anchor, style: `fill: var(--hub-${tone}); font-weight: ${weight}` }, words);
  }
  grid(format, count = 4) {
    for (const at of ticksOf(...this.ys, count)) {
      this.add("path", { d: `M${this.left},${this.y(at)}H${this.right}`, style: "stroke: var(--hub-hair)" });
      this.text(this.left - 8, this.y(at) + 4, format(at), "soft", "end");
    }
  }
  axis(format, ticks = ticksOf(...this.xs, this.narrow ? 4 : 7)) {
    this.add("path", { d: `M${this.left},${this.bottom}H${this.right}`, style: "stroke: var(--hub-rule)" });
    for (const at of ticks) this.text(this.x(at), this.bottom + 20, format(at), "soft", "middle");
  }
  line(points, tone = "teal", { width = 2.5, dotted = false, title } = {}) {
    let d = "", pen = "M";
    for (const [x, y] of points) {
      if (Number.isFinite(y)) { d += `${pen}${this.x(x).toFixed(1)},${this.y(y).toFixed(1)}`; pen = "L"; } else pen = "M";
    }
    const style = `fill: none; stroke: var(--hub-${tone}); stroke-width: ${width}; stroke-linejoin: round`
      + (dotted ? "; stroke-dasharray: 2 5; stroke-linecap: round" : "");
    return this.add("path", { d, style }, title && s("title", {}, title));
  }
  // What fits, between two places across: the edge is what is seen of it.
  band(left, right, y, open = false) {
    const style = `fill: ${open ? "none" : "var(--hub-band)"}; stroke: var(--hub-edge)${open ? "; stroke-dasharray: 6 4" : ""}`;
    this.add("rect", { x: left, y: y - 6, width: Math.max(0, right - left), height: 12, rx: 2, style });
  }
  // A line down the whole drawing, or beside each of some heights, so that none runs through a name.
  down(x, style, rows, up = 10, low = 10) {
    const d = rows ? rows.map(y => `M${x},${y - up}V${y + low}`).join("") : `M${x},${this.top}V${this.bottom}`;
    this.add("path", { d, style });
  }
  dot(x, y, tone = "teal", { r = 6, hollow = false } = {}) {
    const style = hollow ? `fill: var(--hub-paper); stroke: var(--hub-${tone}); stroke-width: 2` : `fill: var(--hub-${tone})`;
    return this.add("circle", { cx: this.x(x), cy: this.y(y), r, style });
  }
  upright(x, words = "", dotted = true, anchor = "end") {
    const style = `stroke: var(--hub-${dotted ? "mute" : "ink"}); stroke-width: 1.5` + (dotted ? "; stroke-dasharray: 2 4" : "");
    this.add("path", { d: `M${this.x(x)},${this.top - 10}V${this.bottom}`, style });
    if (words) this.text(this.x(x) + (anchor === "end" ? -6 : 6), this.top - 1, words, dotted ? "soft" : "ink", anchor, dotted ? 400 : 640);
  }
  level(y) {
    this.add("path", { d: `M${this.left},${this.y(y)}H${this.right}`, style: "stroke: var(--hub-ink)" });
  }
}

/* A thing to try: `defaults()` is the chapter's state, `build()` gives the controls,
   `show(width)` the drawing and the sentence for `this.state`. */
class Try extends HTMLElement {
  static shared = false; // whether the state stands in the page's address
  static follows = false; // whether the figure's title is about the state
  connectedCallback() {
    if (this.dataset.live !== undefined) return;
    this.data = JSON.parse(this.querySelector("script").textContent);
    this.state = this.defaults();
    this.fields = {};
    this.picture = h("div", { class: "hub-picture" });
    this.says = h("p", { class: "hub-says", role: "status" });
    this.python = h("code");
    const fold = h("details", { class: "hub-python" }, h("summary", {}, "Python for what you see"), h("pre", {}, this.python));
    const live = h("div", { class: "hub-live" }, this.build(), this.data.code && fold);
    this.constructor.over ? this.querySelector(".hub-static").before(live) : this.append(live);
    this.dataset.live = "";
    this.changed();
    if (this.constructor.shared) this.read();
    this.update();
    let width = this.picture.clientWidth;
    const again = () => { this.says.style.minHeight = ""; this.update(); };
    document.fonts.ready.then(again); // other letters, other lines
    new ResizeObserver(() => {
      if (this.picture.clientWidth !== width) { width = this.picture.clientWidth; again(); }
    }).observe(this.picture);
  }
  update() {
    const width = this.picture.clientWidth, large = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 16);
    if (!width && !this.constructor.over) return;
    // As narrow as on a phone at most: beyond that it scrolls.
    const units = Math.max(width / large, Math.min(width, NARROWEST)), scrolls = units * large > width + 1;
    const { plot, plots = plot ? [plot] : [], says, code, title } = this.show(units);
    this.entitle(title ?? (this.constructor.follows && this.touched ? says[0].replace(/:$/, ".") : null));
    this.says.replaceChildren(h("strong", {}, says[0]), says.length > 1 ? ` ${says.slice(1).join(" ")}` : "");
    // Once it has needed more lines it keeps them, so that the picture below stays.
    this.says.style.minHeight = `${this.says.offsetHeight}px`;
    plots.forEach(({ svg }, i) => i ? svg.setAttribute("aria-hidden", "true") : svg.setAttribute("aria-label", says.join(" ").trim()));
    for (const { svg, height } of plots) {
      svg.setAttribute("width", units * large);
      svg.setAttribute("height", height * large);
    }
    if (scrolls) this.picture.tabIndex = 0; else this.picture.removeAttribute("tabindex");
    this.picture.replaceChildren(...plots.map(one => one.svg));
    if (this.data.code) this.python.textContent = this.filled(code);
  }
  // A "{name}" of the Python becomes the value of that name.
  filled(values) {
    return this.data.code.replace(/\{([\w ]+)\}/g, (all, name) => {
      const value = { ...this.state, ...values }[name];
      return value === undefined ? all : typeof value === "number" || value?.python ? value.python ?? value : JSON.stringify(value);
    });
  }
  // The chapter's title is of the chapter's state: another state has its own.
  get touched() {
    const seen = state => JSON.stringify(Object.keys(this.fields).map(key => state[key] instanceof Set ? [...state[key]] : state[key]));
    return seen(this.state) !== seen(this.defaults());
  }
  entitle(words) {
    const title = this.closest("figure")?.querySelector("figcaption .caption-text > strong:first-child");
    if (!title) return;
    this.chapters ??= title.innerHTML;
    if (words) title.textContent = words; else title.innerHTML = this.chapters;
  }
  set(key, value) {
    this.state[key] = value;
    this.changed(key);
    this.update();
  }
  changed() {}
  // Put a state that did not come from the controls into them.
  put(state) {
    for (const [key, value] of Object.entries(state)) {
      this.state[key] = this.fields[key] ? this.fields[key](value) ?? this.state[key] : value;
      this.changed(key);
    }
    this.update();
  }
  read() {
    const asked = new URLSearchParams(location.search), state = {};
    for (const key of Object.keys(this.fields)) if (asked.has(key)) state[key] = asked.get(key);
    this.put(state);
  }
  write() {
    if (!this.constructor.shared) return;
    const address = new URL(location.href);
    for (const key of Object.keys(this.fields)) address.searchParams.set(key, this.state[key]);
    history.replaceState(history.state, "", address);
  }

  // Controls. Each is native, so that keyboard, touch and screen readers know it.
  slider(key, label, { values, min = 0, max = values?.length - 1, step = 1, words = String, ends = true }) {
    const of = at => values ? values[at] : at;
    const output = h("b", { "aria-hidden": "true" }), input = h("input", { type: "range", min, max, step });
    const say = () => {
      output.textContent = words(of(+input.value));
      input.setAttribute("aria-valuetext", output.textContent);
      input.style.setProperty("--at", `${100 * (input.value - min) / (max - min)}%`);
    };
    this.fields[key] = value => {
      const at = values ? values.findIndex(one => String(one) === String(value)) : Number(value);
      if (!(at >= min) || value === "") return undefined;
      input.value = at;
      say();
      return of(+input.value);
    };
    this.fields[key](this.state[key]);
    input.addEventListener("input", () => { say(); this.set(key, of(+input.value)); });
    input.addEventListener("change", () => this.write());
    return h("label", { class: "hub-slider" }, h("span", {}, label), output, input,
      ends && [min, max].map(end => h("small", { "aria-hidden": "true" }, words(of(end)))));
  }
  amount(key, label, { min = 0, max = 1e6, step = "any" }) {
    const input = h("input", { type: "number", inputmode: "decimal", min, max, step, value: this.state[key] });
    const good = value => value !== "" && Number(value) >= min && Number(value) <= max;
    this.fields[key] = value => good(value) ? +(input.value = value) : undefined;
    input.addEventListener("input", () => { if (good(input.value)) this.set(key, +input.value); });
    input.addEventListener("change", () => this.write());
    return h("label", { class: "hub-amount" }, h("span", {}, label), input);
  }
  choice(key, label, options) {
    const name = `${this.localName}-${key}-${document.querySelectorAll(this.localName).length}-${[...document.querySelectorAll(this.localName)].indexOf(this)}`;
    const inputs = options.map(([value]) => h("input", { type: "radio", name, value }));
    this.fields[key] = value => {
      const at = options.findIndex(([one]) => String(one) === String(value));
      if (at < 0) return undefined;
      inputs[at].checked = true;
      return options[at][0];
    };
    this.fields[key](this.state[key]);
    inputs.forEach((input, at) => input.addEventListener("change", () => { this.set(key, options[at][0]); this.write(); }));
    return h("fieldset", { class: "hub-chips" }, h("legend", {}, label),
      inputs.map((input, at) => h("label", {}, input, h("span", {}, options[at][1]))));
  }
  // Of many options one.
  select(key, label, options) {
    const field = h("select", {}, options.map(([, words], at) => h("option", { value: at }, words)));
    this.fields[key] = value => {
      const at = options.findIndex(([one]) => String(one) === String(value));
      if (at < 0) return undefined;
      field.value = at;
      return options[at][0];
    };
    this.fields[key](this.state[key]);
    field.addEventListener("change", () => { this.set(key, options[field.value][0]); this.write(); });
    return h("label", { class: "hub-field" }, h("span", {}, label), field);
  }
  // Which of the options are left out: a set under `key`.
  toggles(key, label, options) {
    const inputs = options.map(([value]) => h("input", { type: "checkbox", checked: !this.state[key].has(value) }));
    this.fields[key] = names => {
      const out = new Set(names);
      options.forEach(([value], at) => { inputs[at].checked = !out.has(value); });
      return out;
    };
    inputs.forEach((input, at) => input.addEventListener("change", () => {
      const out = new Set(this.state[key]);
      input.checked ? out.delete(options[at][0]) : out.add(options[at][0]);
      this.set(key, out);
    }));
    return h("fieldset", { class: "hub-chips" }, h("legend", {}, label),
      inputs.map((input, at) => h("label", {}, input, h("span", {}, options[at][1]))));
  }
  button(words, act, quiet = false) {
    return h("button", { type: "button", class: quiet ? "hub-quiet" : "hub-button", onclick: act }, words);
  }
}
return { Try, Plot, h, number, percent };
})();
