/* Python, beside the page so that the page stays alive. Told what to do by messages:
   {start: manifest}, {run: source, name, turn}, {file: name, bytes}. */

const home = new URL("python/", import.meta.url).href;
let run = null, python = null;

// Files are kept under the name of this build, so that the next visit loads nothing.
const keepFiles = async manifest => {
  const name = `hub-live-${manifest.build}`, ask = self.fetch.bind(self);
  const whole = Object.values(manifest.sizes).reduce((a, b) => a + b, 0);
  let had = 0, cache = null;
  try {
    for (const old of await caches.keys())
      if (old.startsWith("hub-live-") && old !== name) await caches.delete(old);
    cache = await caches.open(name);
  } catch { /* a browser that keeps nothing loads again */ }
  const count = async answer => {
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      had += part.value.length;
      postMessage({ loaded: had / whole });
    }
  };
  // The core lies there compressed, whatever the host does.
  const load = async (address, how) => {
    const packed = address.endsWith(".wasm");
    const answer = await ask(packed ? `${address}.gz` : address, how);
    if (!answer.ok) throw new Error(`${address} was not found (${answer.status})`);
    count(answer.clone());
    if (!packed) return answer;
    const body = answer.body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
  };
  self.fetch = async (what, how) => {
    const found = await cache?.match(what).catch(() => null);
    const answer = found ?? await load(String(what.url ?? what), how);
    if (!found) cache?.put(what, answer.clone()).catch(() => { /* no room */ });
    return answer;
  };
};

const start = async manifest => {
  await keepFiles(manifest);
  const { loadPyodide } = await import(`${home}pyodide.mjs`);
  // Known in time to load beside the core.
  python = await loadPyodide({
    indexURL: home,
    packages: manifest.packages,
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", MPLBACKEND: "agg", OPENBLAS_NUM_THREADS: "1" },
  });
  await python.loadPackage(home + manifest.wheel);
  const kernel = await (await self.fetch(new URL("kernel.py", import.meta.url).href)).text();
  python.FS.writeFile("/home/pyodide/hub_kernel.py", kernel);
  postMessage({ starting: true });
  run = python.pyimport("hub_kernel").serve(text => postMessage({ said: JSON.parse(text) }));
  python.runPython("import hubanalysis");
};

addEventListener("message", async ({ data }) => {
  try {
    if (data.start) {
      await start(data.start);
      postMessage({ ready: true });
    } else if (data.file) {
      python.FS.writeFile(`/home/pyodide/${data.file}`, new Uint8Array(data.bytes));
      postMessage({ kept: data.file });
    } else {
      postMessage({ ended: data.turn, well: run(data.run, data.name) });
    }
  } catch (error) {
    postMessage({ failed: String(error.message ?? error) });
  }
});
