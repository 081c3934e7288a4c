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
  const nameOf = address => address.split("/").at(-1);
  let had = 0;
  const tell = bytes => postMessage({ loaded: (had += bytes) / whole });
  const count = async answer => {
    const reader = answer.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) tell(part.value.length);
  };
  // What is large lies there compressed, whatever the host does, and is kept unpacked.
  const load = async (address, how) => {
    const packed = `${nameOf(address)}.gz` in sizes;
    const answer = await ask(packed ? `${address}.gz` : address, how);
    if (!answer.ok) throw new Error(`${address} was not found (${answer.status})`);
    count(answer.clone());
    if (!packed) return answer;
    const body = answer.body.pipeThrough(new DecompressionStream("gzip"));
    const type = address.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(body, { headers: { "Content-Type": type } });
  };
  const get = async (address, how) => {
    const found = await store?.match(address).catch(() => null);
    const answer = found ?? await load(address, how);
    if (found) tell(sizes[nameOf(address)] ?? sizes[`${nameOf(address)}.gz`] ?? 0);
    else store?.put(address, answer.clone()).catch(() => { /* no room */ });
    return answer;
  };
  for (const file of files) {
    const address = home + file.replace(/\.gz$/, "");
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

// Files of packages lie one after another: each gets its part of the whole, uncopied.
const unpack = ({ FS }, files, bytes) => {
  const folders = new Set();
  let at = 0;
  for (const [path, size] of files) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    FS.writeFile(path, bytes.subarray(at, at += size), { canOwn: true });
  }
};

const start = async manifest => {
  const store = await openStore(manifest.build);
  loadFiles(manifest, store);
  const packages = Promise.all([
    self.fetch(`${home}packages.json`).then(answer => answer.json()),
    self.fetch(`${home}packages`).then(answer => answer.arrayBuffer()),
  ]);
  packages.catch(() => { /* told below */ });
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
  quick.know(kept ? python.toPy(await kept.arrayBuffer()) : undefined);
  const [files, bytes] = await packages;
  unpack(python, files, new Uint8Array(bytes));
  python.pyimport("importlib").invalidate_caches();
  // Others are linked with these; what Python imports is loaded when it is imported.
  for (const [path] of files)
    if (path.startsWith("/usr/lib/")) await python._api.loadDynlib(path, true);
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
