/* A long table that can be filtered, searched and sorted; without a script it is whole. */
{
const { h, number, Try } = hubTry;

class Sift extends Try {
  static over = true; // the static table is what moves
  defaults() { return { ...Object.fromEntries(this.data.by.map(name => [name, ""])), words: "", sort: "" }; }
  build() {
    this.table = this.querySelector("table");
    const heads = [...this.table.tHead.rows[0].cells].map(cell => cell.textContent.trim());
    this.rows = [...this.table.tBodies[0].rows].map((row, place) =>
      ({ row, place, cells: [...row.cells].map(cell => cell.textContent.trim()) }));
    this.at = Object.fromEntries(heads.map((name, i) => [name, i]));
    return [
      h("div", { class: "hub-row" },
        this.data.by.map(name => this.select(name, name, ["", ...this.values(name)], "all")),
        this.data.sort.length > 0 && this.select("sort", "Sorted by", ["", ...this.data.sort], "as it stands"),
        this.search(), this.reset()),
      this.says,
    ];
  }
  values(name) { return [...new Set(this.rows.map(one => one.cells[this.at[name]]))].filter(Boolean).sort(); }
  select(key, label, options, none) {
    const field = h("select", {}, options.map(value => h("option", { value }, value || none)));
    this.fields[key] = value => options.includes(value) ? (field.value = value) : undefined;
    field.addEventListener("change", () => this.set(key, field.value));
    return h("label", { class: "hub-field" }, h("span", {}, label[0].toUpperCase() + label.slice(1)), field);
  }
  search() {
    const field = h("input", { type: "search", autocomplete: "off" });
    this.fields.words = value => field.value = value;
    field.addEventListener("input", () => this.set("words", field.value));
    return h("label", { class: "hub-field" }, h("span", {}, "With the words"), field);
  }
  reset() {
    this.again = h("button", { type: "button", class: "hub-quiet" }, "Show all");
    this.again.addEventListener("click", () => this.put(this.defaults()));
    return this.again;
  }
  get result() {
    const { words, sort } = this.state, asked = words.toLowerCase().split(/\s+/).filter(Boolean);
    const kept = this.rows.filter(({ cells }) =>
      this.data.by.every(name => !this.state[name] || cells[this.at[name]] === this.state[name])
      && asked.every(word => cells.join(" ").toLowerCase().includes(word)));
    const key = one => one.cells[this.at[sort]];
    // By code point, as Python sorts.
    if (sort) kept.sort((a, b) => key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.place - b.place);
    return { places: kept.map(one => one.place) };
  }
  show() {
    const { places } = this.result, body = this.table.tBodies[0], shown = new Set(places);
    body.append(...places.map(place => this.rows[place].row), ...this.rows.filter(one => !shown.has(one.place)).map(one => one.row));
    for (const { row, place } of this.rows) row.hidden = !shown.has(place);
    this.again.disabled = Object.values(this.state).every(value => !value);
    const filters = this.data.by.filter(name => this.state[name]).map(name => `(table[${JSON.stringify(name)}] == ${JSON.stringify(this.state[name])})`);
    for (const word of this.state.words.split(/\s+/).filter(Boolean)) filters.push(`said.str.contains(${JSON.stringify(word.toLowerCase())}, regex=False)`);
    const lines = [filters.length ? `shown = table[${filters.join("\n    & ")}]` : "shown = table"];
    if (this.state.sort) lines.push(`shown = shown.sort_values(${JSON.stringify(this.state.sort)}, kind="stable")`);
    return {
      says: [`${number(places.length)} of ${number(this.rows.length)} ${this.data.what}.`],
      code: { shown: { python: lines.join("\n") } },
    };
  }
}
customElements.define("hub-sift", Sift);
}
