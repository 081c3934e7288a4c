/* Python, beside the page so that the page stays alive. Told what to do by messages:
   {start: manifest}, {run: source, name, turn}, {file: name, bytes}. */

const home = new URL("python/", import.meta.url).href;
const compiledHere = `${home}compiled`;
let run = null, python = null;

// Files are kept under the name of this build, so that the next visit loads nothing.
const openStore = async build => {
  const name = `hub-live-${build}`;
  try {
    for (const old of await caches.keys())
      if (old.startsWith("hub-live-") && old !== name) await caches.delete(old);
    return await caches.open(name);
  } catch {
    return null; // a browser that keeps nothing loads again
  }
};

// All files are asked for at once; Pyodide, which asks one after another, gets them from here.
const loadFiles = ({ sizes }, store) => {
  const ask = self.fetch.bind(self), asked = new Map();
  const files = Object.keys(sizes).filter(file => !/\.m?js$/.test(file)); // the browser keeps those
  const whole = files.reduce((sum, file) => sum + sizes[file], 0);
  const packed = address => address.replace(/\.wasm$/, ".wasm.gz");
  const nameOf = address => packed(address).split("/").at(-1);
  let had = 0;
  const tell = bytes => postMessage({ loaded: (had += bytes) / whole });
  const count = async answer => {
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) tell(part.value.length);
  };
  // The core lies there compressed, whatever the host does.
  const load = async (address, how) => {
    const answer = await ask(packed(address), how);
    if (!answer.ok) throw new Error(`${address} was not found (${answer.status})`);
    count(answer.clone());
    if (packed(address) === address) return answer;
    const body = answer.body.pipeThrough(new DecompressionStream("gzip"));
    return new Response(body, { headers: { "Content-Type": "application/wasm" } });
  };
  const get = async (address, how) => {
    const found = await store?.match(address).catch(() => null);
    const answer = found ?? await load(address, how);
    if (found) tell(sizes[nameOf(address)] ?? 0);
    else store?.put(address, answer.clone()).catch(() => { /* no room */ });
    return answer;
  };
  for (const file of files) {
    const address = home + file.replace(/\.wasm\.gz$/, ".wasm");
    const answer = get(address);
    answer.catch(() => { /* told to whoever asks for it */ });
    asked.set(address, answer);
  }
  self.fetch = (what, how) => {
    const address = String(what.url ?? what), answer = asked.get(address);
    asked.delete(address);
    return answer ?? get(address, how);
  };
};

const start = async manifest => {
  const store = await openStore(manifest.build);
  loadFiles(manifest, store);
  const { loadPyodide } = await import(`${home}pyodide.mjs`);
  python = await loadPyodide({
    indexURL: home,
    env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0", MPLBACKEND: "agg", OPENBLAS_NUM_THREADS: "1" },
  });
  for (const name of ["kernel", "mend", "quick"]) {
    const text = await (await self.fetch(new URL(`${name}.py`, import.meta.url).href)).text();
    python.FS.writeFile(`/home/pyodide/hub_${name}.py`, text);
  }
  const kept = await store?.match(compiledHere).catch(() => null);
  const quick = python.pyimport("hub_quick");
  quick.load_late();
  quick.know(kept ? python.toPy(await kept.arrayBuffer()) : undefined);
  await python.loadPackage([...manifest.packages, home + manifest.wheel]);
  run = python.pyimport("hub_kernel").serve(text => postMessage({ said: JSON.parse(text) }));
  python.pyimport("hub_mend").mend();
  python.runPython("import hubanalysis");
  quick.settle();
  if (!kept) {
    const noted = quick.noted();
    store?.put(compiledHere, new Response(noted.toJs())).catch(() => { /* no room */ });
    noted.destroy();
  }
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
