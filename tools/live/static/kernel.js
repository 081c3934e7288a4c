/* The page's side of the worker: one question at a time, and an end to it if it dies. */

export class Kernel {
  #manifest; #heard; #worker = null; #waiting = null; #ready = null;

  // `heard` gets what arrives meanwhile: {loaded}, {said}.
  constructor(manifest, heard) {
    this.#manifest = manifest;
    this.#heard = heard;
  }

  get running() { return this.#waiting !== null; }

  #ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(message, transfer);
    });
  }

  #answer(how, what) {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.[how](what);
  }

  start() {
    this.#ready ??= (() => {
      this.#worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      this.#worker.addEventListener("message", ({ data }) => {
        if (data.failed) this.#fail(data.failed);
        else if ("ready" in data || "ended" in data || "kept" in data) this.#answer("resolve", data);
        else this.#heard(data);
      });
      this.#worker.addEventListener("error", event => this.#fail(event.message ?? "the worker did not start"));
      return this.#ask({ start: this.#manifest });
    })();
    return this.#ready;
  }

  async run(source, name) {
    await this.start();
    return (await this.#ask({ run: source, name, turn: name })).well;
  }

  async keep(file) {
    await this.start();
    const bytes = await file.arrayBuffer();
    await this.#ask({ file: file.name, bytes }, [bytes]);
  }

  #fail(reason) {
    this.#end(new Error(reason));
  }

  // Python cannot be interrupted without headers that the site's host does not send: it
  // is ended, and started again from the kept files.
  stop() {
    this.#end(Object.assign(new Error("stopped"), { stopped: true }));
  }

  #end(error) {
    this.#worker?.terminate();
    this.#worker = this.#ready = null;
    this.#answer("reject", error);
  }
}
