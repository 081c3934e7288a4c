/* Makes the page a notebook: its cells run, its figures are drawn and the numbers in its
   sentences are filled in anew. The prose stays the book's. */

import { Kernel } from "./kernel.js";
import { download } from "./download.js";
import { element, numbersOf, show, useless } from "./outputs.js";

const home = new URL(".", import.meta.url);
const get = async name => {
  const answer = await fetch(new URL(name, home), { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
};

export const open = async chapter => {
  const [manifest, known] = await Promise.all([get("live.json"), get(`chapters/${chapter}.json`)]);
  document.head.append(element("link", { rel: "stylesheet", href: new URL("live.css", home) }));
  new Notebook(chapter, manifest, known);
};

class Notebook {
  constructor(chapter, manifest, known) {
    this.chapter = chapter;
    this.numbers = numbersOf(known.numbers);
    this.steps = stepsOf(known.cells);
    this.files = [];
    this.kernel = new Kernel(manifest, data => this.#hear(data));
    this.size = Math.round(Object.values(manifest.sizes).reduce((a, b) => a + b, 0) / 1e6);
    this.#dress();
    const others = known.cells.some(({ source }) => /^\s*(import|from) (statsmodels|linearmodels)/m.test(source));
    this.#say(`Nothing is loaded yet. Run all loads Python once (${this.size} MB) into this browser; what you change stays here.${
      others ? " Cells that call statsmodels or linearmodels, which browsers lack, keep what the book found." : ""}`);
    this.bar.focus();
  }

  #dress() {
    const button = (text, does) => element("button", { type: "button", textContent: text, onclick: does });
    this.status = element("p", { role: "status" });
    this.meter = element("progress", { max: 1, hidden: true, ariaLabel: "How far it is" });
    this.file = element("input", { type: "file", hidden: true, onchange: () => this.#keep() });
    this.all = button("Run all", () => this.#go(this.steps, true));
    this.again = button("Restart", () => this.#restart("Python starts afresh with the next cell that you run."));
    this.all.className = "live-first";
    const controls = element("div", { className: "live-controls" },
      this.all,
      this.again,
      ...this.#folds(button),
      button("Reset to the book", () => this.#reset()),
      button("Download as .ipynb", () => download(this.chapter, this.steps, this.files, home)),
      button("Add your file", () => this.file.click()),
      this.file);
    this.bar = element("section", { className: "live-bar", tabIndex: -1, ariaLabel: "This chapter, running here" },
      this.status, this.meter, controls);
    document.querySelector(".page-tools").after(this.bar);
    document.documentElement.classList.add("live");
    this.steps.forEach((step, at) => this.#equip(step, at));
  }

  // One button for all folded code, where there is any.
  #folds(button) {
    const folds = this.steps.flatMap(({ box }) => [...box.querySelectorAll(":scope > details")]);
    const made = button("Show code", () => {
      const open = made.textContent === "Show code";
      folds.forEach(fold => { fold.open = open; });
      made.textContent = open ? "Hide code" : "Show code";
    });
    return folds.length ? [made] : [];
  }

  // Buttons below the code of a cell, and a field in its place once it is edited.
  #equip(step, at) {
    const input = step.box.querySelector(".cell_input");
    if (!input) return;
    const code = input.querySelector(".highlight");
    const name = step.own ? `the cell of ${step.own}` : `cell ${at + 1}`;
    step.field = element("textarea", {
      className: "live-field", value: step.source, spellcheck: false, hidden: true, ariaLabel: `Code of ${name}`,
      onkeydown: event => {
        if (event.key === "Enter" && event.shiftKey) {
          event.preventDefault();
          this.#go([step]);
        } else if (event.key === "Escape") step.run.focus();
      },
      oninput: () => { fit(); step.changed.hidden = step.field.value === step.source; },
    });
    step.field.setAttribute("autocapitalize", "off");
    const fit = () => { step.field.rows = step.field.value.split("\n").length; };
    const edit = element("button", { type: "button", textContent: "Edit", ariaLabel: `Edit ${name}`, onclick: () => step.edit() });
    const open = editing => {
      fit();
      step.field.hidden = !editing;
      code.hidden = edit.hidden = editing;
    };
    step.edit = () => { open(true); step.field.setSelectionRange(0, 0); step.field.focus(); };
    step.restore = () => { step.field.value = step.source; step.changed.hidden = true; open(false); };
    step.run = element("button", { type: "button", textContent: "Run", ariaLabel: `Run ${name}`, onclick: () => this.#go([step]) });
    step.changed = element("span", { className: "live-changed-cell", textContent: "changed by you", hidden: true });
    input.append(step.field, element("div", { className: "live-tools" }, step.run, edit, step.changed));
  }

  #loading() {
    this.#measure(NaN);
    this.#say(`Loading Python (${this.size} MB the first time) …`);
  }

  #say(text) { this.status.textContent = text; }

  // From 0 to 1; NaN while nobody can tell; null when nothing is going on.
  #measure(value) {
    this.meter.hidden = value === null;
    if (Number.isNaN(value)) this.meter.removeAttribute("value");
    else if (value !== null) this.meter.value = Math.min(1, value);
  }

  #hear(data) {
    if (data.loaded < 1) this.#measure(data.loaded);
    else if (data.loaded) {
      this.#measure(NaN);
      this.#say("Loaded. Python is starting …");
    } else if (data.said.doing) this.#measure(data.said.of ? data.said.done / data.said.of : null);
    else if ("number" in data.said) this.numbers.set(data.said.name, data.said.number);
    else this.heard.push(data.said);
  }

  // Cells above that have not run are run first: a cell builds on them.
  async #go(asked, all = false) {
    if (this.kernel.running || this.busy) return this.#say("Wait until the cell that runs has ended, or stop it.");
    this.busy = true;
    this.all.disabled = true;
    this.again.textContent = "Stop";
    const last = this.steps.indexOf(asked.at(-1));
    const alone = all || asked.every(step => step.own);
    const todo = alone ? asked : this.steps.filter((step, at) => asked.includes(step) || (at < last && !step.ran));
    const began = performance.now();
    let stopped = null;
    try {
      if (!this.loaded) this.#loading();
      await this.kernel.start();
      this.loaded = true;
      this.#measure(null);
      for (const step of todo) {
        this.#say(step.own ? "Running your own cell …" : `Running cell ${this.steps.indexOf(step) + 1} of ${this.steps.length} …`);
        if (!await this.#step(step)) { stopped = step; break; }
      }
      this.#finish(stopped, (performance.now() - began) / 1000);
    } catch (error) {
      this.#measure(null);
      if (!error.stopped) this.#restart(useless(error));
    } finally {
      this.busy = false;
      this.all.disabled = false;
      this.again.textContent = "Restart";
    }
  }

  #finish(stopped, seconds) {
    const changed = this.numbers.changed();
    const numbers = changed ? ` ${changed} number${changed > 1 ? "s" : ""} in the text now differ${changed > 1 ? "" : "s"} from the book's, and are marked.` : "";
    const left = this.steps.filter(step => step.notHere).length;
    const absent = left ? ` ${left} cell${left > 1 ? "s" : ""} could not run here and say why.` : "";
    this.#say(stopped
      ? `Stopped at ${stopped.own ? "your own cell" : `cell ${this.steps.indexOf(stopped) + 1}`}, which says what went wrong.`
      : `Done in ${seconds.toFixed(0)} seconds.${absent}${numbers}`);
    if (stopped) stopped.box.scrollIntoView({ block: "nearest" });
  }

  // Run what a cell shows, then the cells behind it that only fill numbers in.
  async #step(step) {
    this.heard = [];
    step.box.setAttribute("aria-busy", "true");
    let well = true;
    try {
      for (const [at, source] of step.sources().entries()) {
        const name = step.own ? `cell of ${step.own}` : `cell ${this.steps.indexOf(step) + 1}`;
        well = await this.kernel.run(source, `${name}${at ? ` (${at})` : ""}`);
        this.#measure(null);
        if (!well) break;
      }
    } finally {
      step.box.removeAttribute("aria-busy");
    }
    const error = this.heard.find(said => "error" in said);
    const gone = this.steps.some(other => other.notHere);
    // The book's own cells fail only for want of what a cell above could not make here.
    const books = !step.own && (!step.field || step.field.value === step.source);
    step.notHere = error?.kind === "NotHere" || Boolean(gone && error && (books || error.kind === "NameError"));
    step.ran = well || step.notHere;
    show(step, this.heard);
    return step.ran;
  }

  #restart(text) {
    this.kernel.stop();
    this.loaded = false;
    this.steps.forEach(step => { step.ran = false; });
    this.#measure(null);
    this.#say(text);
  }

  #reset() {
    this.#restart("Text, figures and numbers are the book's again.");
    this.numbers.reset();
    for (const step of this.files.splice(0)) step.box.remove();
    for (const step of this.steps) {
      step.restore?.();
      step.output.replaceChildren(...step.original.map(node => node.cloneNode(true)));
      step.notHere = false;
    }
  }

  // A cell behind the chapter that makes a report of a file, to be changed as needed.
  async #own(file) {
    const step = newStep(file.name, reportOf(file.name, await columnsOf(file)));
    document.querySelector("article.bd-article").append(step.box);
    this.files.push(step);
    this.#equip(step);
    step.edit();
    step.box.scrollIntoView({ block: "center" });
  }

  async #keep() {
    const [file] = this.file.files;
    if (!file) return;
    if (this.busy) return this.#say("Wait until the cell that runs has ended, then add the file.");
    try {
      if (!this.loaded) this.#loading();
      await this.kernel.keep(file);
      this.loaded = true;
      this.#measure(null);
      this.#say(`Cells can read "${file.name}". It has not left this browser, and does not. A cell at the end of the page makes a report of it: name its column and run it.`);
      await this.#own(file);
    } catch (error) {
      if (!error.stopped) this.#restart(useless(error));
    }
  }
}

// The columns of a file of text; of a workbook or another, none.
const columnsOf = async file => {
  const head = await file.slice(0, 10_000).text();
  if (head.includes("\0")) return [];
  const [line] = head.replace("\ufeff", "").split(/\r?\n/);
  const mark = [";", "\t", ","].find(mark => line.includes(mark)) ?? ",";
  return line.split(mark).map(name => name.trim().replace(/^"(.*)"$/, "$1"));
};

const reportOf = (name, columns) => {
  const says = columns.find(column => /treat|award|adopt|start|since|first/i.test(column)) ?? columns.at(-1) ?? "";
  return `import hubanalysis as hub

case = hub.Case.from_table(
    ${JSON.stringify(name)},
    # The column that says since when a place is treated:
    treated=${JSON.stringify(says)},
    question="What would have happened without it?",
)
case.report("report.html")
hub.Offer("report.html", "The report")`;
};

const newStep = (own, source) => {
  const output = element("div", { className: "cell_output docutils container" });
  const input = element("div", { className: "cell_input docutils container" }, element("div", { className: "highlight" }));
  const box = element("div", { className: "cell docutils container" }, element("p", { textContent: `Your file ${own}:` }), input, output);
  const step = { own, source, box, output, before: [], behind: [], original: [], ran: false };
  step.sources = () => [step.field.value];
  return step;
};

// A step is a cell that the page shows, with those behind it that it does not show.
const stepsOf = cells => {
  const boxes = [...document.querySelectorAll("article.bd-article div.cell")];
  const steps = [];
  let before = [];
  for (const { source, shown } of cells) {
    if (shown) {
      const box = boxes[steps.length];
      let output = box.querySelector(".cell_output");
      if (!output) box.append(output = element("div", { className: "cell_output docutils container" }));
      const step = { box, output, source, before, behind: [], ran: false };
      step.original = [...output.childNodes].map(node => node.cloneNode(true));
      step.sources = () => [...step.before, step.field?.value ?? step.source, ...step.behind];
      steps.push(step);
      before = [];
    } else if (steps.length) steps.at(-1).behind.push(source);
    else before.push(source);
  }
  return steps;
};
