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
    this.kernel = new Kernel(manifest, data => this.#hear(data));
    this.size = Math.round(Object.values(manifest.sizes).reduce((a, b) => a + b, 0) / 1e6);
    this.#dress();
    this.#say(`Nothing is loaded yet. Run all loads Python once (${this.size} MB) into this browser; what you change stays here.`);
    this.bar.focus();
  }

  #dress() {
    const button = (text, does) => element("button", { type: "button", textContent: text, onclick: does });
    this.status = element("p", { role: "status" });
    this.meter = element("progress", { max: 1, hidden: true, ariaLabel: "How far it is" });
    this.file = element("input", { type: "file", hidden: true, onchange: () => this.#keep() });
    this.all = button("Run all", () => this.#go(this.steps, true));
    this.again = button("Restart", () => this.#restart("Python starts afresh with the next cell that you run."));
    const controls = element("div", { className: "live-controls" },
      this.all,
      this.again,
      button("Reset to the book", () => this.#reset()),
      button("Download as .ipynb", () => download(this.chapter, this.steps, home)),
      button("Add a file of yours", () => this.file.click()),
      this.file);
    this.bar = element("section", { className: "live-bar", tabIndex: -1, ariaLabel: "This chapter, running here" },
      this.status, this.meter, controls);
    document.querySelector(".page-tools").after(this.bar);
    document.documentElement.classList.add("live");
    this.steps.forEach((step, at) => this.#equip(step, at));
  }

  // Buttons below the code of a cell, and a field in its place once it is edited.
  #equip(step, at) {
    const input = step.box.querySelector(".cell_input");
    if (!input) return;
    const code = input.querySelector(".highlight");
    const number = at + 1;
    step.field = element("textarea", {
      className: "live-field", value: step.source, spellcheck: false, hidden: true, ariaLabel: `Code of cell ${number}`,
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
    const edit = element("button", { type: "button", textContent: "Edit", ariaLabel: `Edit cell ${number}`, onclick: () => { open(true); step.field.focus(); } });
    const open = editing => {
      fit();
      step.field.hidden = !editing;
      code.hidden = edit.hidden = editing;
    };
    step.restore = () => { step.field.value = step.source; step.changed.hidden = true; open(false); };
    step.run = element("button", { type: "button", textContent: "Run", ariaLabel: `Run cell ${number}`, onclick: () => this.#go([step]) });
    step.changed = element("span", { className: "live-changed-cell", textContent: "changed by you", hidden: true });
    input.append(step.field, element("div", { className: "live-tools" }, step.run, edit, step.changed));
  }

  #say(text) { this.status.textContent = text; }

  #measure(value) {
    this.meter.hidden = value === null;
    if (value !== null) this.meter.value = Math.min(1, value);
  }

  #hear(data) {
    if ("loaded" in data) {
      this.#measure(data.loaded);
    } else if (data.starting) {
      this.#measure(null);
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
    const todo = all ? asked : this.steps.filter((step, at) => asked.includes(step) || (at < last && !step.ran));
    const began = performance.now();
    let stopped = null;
    try {
      if (!this.loaded) this.#say(`Loading Python (${this.size} MB the first time) …`);
      await this.kernel.start();
      this.loaded = true;
      this.#measure(null);
      for (const step of todo) {
        this.#say(`Running cell ${this.steps.indexOf(step) + 1} of ${this.steps.length} …`);
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
      ? `Stopped at cell ${this.steps.indexOf(stopped) + 1}, which says what went wrong.`
      : `Done in ${seconds.toFixed(0)} seconds.${absent}${numbers}`);
    if (stopped) this.steps[this.steps.indexOf(stopped)].box.scrollIntoView({ block: "nearest" });
  }

  // Run what a cell shows, then the cells behind it that only fill numbers in.
  async #step(step) {
    this.heard = [];
    step.box.setAttribute("aria-busy", "true");
    let well = true;
    try {
      for (const [at, source] of step.sources().entries()) {
        well = await this.kernel.run(source, `cell ${this.steps.indexOf(step) + 1}${at ? ` (${at})` : ""}`);
        this.#measure(null);
        if (!well) break;
      }
    } finally {
      step.box.removeAttribute("aria-busy");
    }
    const error = this.heard.find(said => "error" in said);
    const gone = this.steps.some(other => other.notHere);
    // The book's own cells fail only for want of what a cell above could not make here.
    const own = !step.field || step.field.value === step.source;
    step.notHere = error?.kind === "NotHere" || Boolean(gone && error && (own || error.kind === "NameError"));
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
    for (const step of this.steps) {
      step.restore?.();
      step.output.replaceChildren(...step.original.map(node => node.cloneNode(true)));
      step.notHere = false;
    }
  }

  async #keep() {
    const [file] = this.file.files;
    if (!file) return;
    if (this.busy) return this.#say("Wait until the cell that runs has ended, then add the file.");
    try {
      this.#say("Loading Python, to hand it the file …");
      await this.kernel.keep(file);
      this.loaded = true;
      this.#measure(null);
      this.#say(`Cells can read the file as "${file.name}". It has not left this browser.`);
    } catch (error) {
      if (!error.stopped) this.#restart(useless(error));
    }
  }
}

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
