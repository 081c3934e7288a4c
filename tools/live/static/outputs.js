/* What a cell gave, as the book shows it; errors in words; numbers in sentences. */

export const element = (name, with_ = {}, ...children) => {
  const made = Object.assign(document.createElement(name), with_);
  made.append(...children);
  return made;
};

// The gaps of the page's sentences, by the names of their numbers.
export const numbersOf = names => {
  const gaps = [...document.querySelectorAll("article.bd-article .pasted-text")];
  const kept = gaps.map(gap => gap.textContent);
  const put = (gap, text, book) => {
    gap.textContent = text;
    gap.dataset.filled = "here";
    gap.classList.toggle("live-number", text !== book);
    if (text === book) gap.removeAttribute("title");
    else gap.title = `In the book: ${book}`;
  };
  return {
    set: (name, text) => gaps.forEach((gap, at) => { if (names[at] === name) put(gap, text, kept[at]); }),
    reset: () => gaps.forEach((gap, at) => { put(gap, kept[at], kept[at]); delete gap.dataset.filled; }),
    changed: () => gaps.filter(gap => gap.classList.contains("live-number")).length,
  };
};

// What cannot be mended by another try of the same cell.
export const useless = error =>
  /memory|allocat/i.test(error.message)
    ? "The browser ran out of memory, and Python was ended. Close other tabs, then run again."
    : /fetch|network|load|found/i.test(error.message)
      ? "Python could not be loaded. Are you online? Run again to try once more; the page itself is unchanged."
      : `Python was ended by an error of its own (${error.message}). Run again to start it afresh.`;

const block = (kind, text) =>
  element("div", { className: `output ${kind}` },
    element("div", { className: "highlight" }, element("pre", { textContent: text })));

// A figure keeps the number and the address that the page gave it.
const figure = (html, step) => {
  const made = element("div", { className: "output text_html", innerHTML: html });
  const drawn = made.querySelector(".hub-figure[data-name]");
  const name = drawn?.dataset.name;
  const old = name && step.book.find(node => node.id === name && node.matches("figure"));
  if (!old) return made;
  const kept = old.cloneNode(true);
  const [title, unit] = drawn.querySelector(".hub-heading")?.innerHTML.split("<br>") ?? [];
  const words = kept.querySelector(".caption-text");
  if (words && title) words.replaceChildren(element("strong", { innerHTML: title }), ` ${element("i", { innerHTML: unit ?? "" }).textContent}`);
  drawn.querySelector(".hub-heading")?.remove();
  kept.querySelector(".hub-figure").replaceWith(drawn);
  return kept;
};

// A file that the cell made lies in this browser only, until it is saved.
const offer = ({ html, file, content }) => {
  const type = file.endsWith(".html") ? "text/html" : "text/plain";
  const href = URL.createObjectURL(new Blob([content], { type }));
  const { textContent } = element("div", { innerHTML: html });
  return element("p", {}, element("a", { href, download: file, textContent: `${textContent} (download)` }));
};

const wrong = ({ error, kind, line, trace }) => {
  const where = line ? ` (line ${line})` : "";
  const words = {
    HubError: error,
    NameError: `${error}. Has the cell that makes it run, and did it keep the name?`,
    SyntaxError: `Python cannot read this cell${where}: ${error}.`,
    MemoryError: "The browser has no memory left for this. Restart, and ask for less.",
  }[kind] ?? `${kind}${where}: ${error}`;
  return element("div", { className: "live-error", role: "alert" },
    element("p", { textContent: words }),
    element("details", {}, element("summary", { textContent: "What Python says" }), block("error", trace)));
};

export const show = (step, heard) => {
  const error = heard.find(said => "error" in said);
  if (step.notHere) {
    const why = error.kind === "NotHere" ? error.error : "This cell builds on one that could not run here. What the book found stays on the page.";
    step.output.querySelector(":scope > .live-note")?.remove();
    step.output.prepend(element("p", { className: "live-note", textContent: why }));
    return;
  }
  step.book = step.original.flatMap(node => (node.querySelectorAll ? [node, ...node.querySelectorAll("figure")] : []));
  const shown = [];
  let printed = "";
  const print = () => { if (printed) shown.push(block("stream", printed)); printed = ""; };
  for (const said of heard) {
    if ("printed" in said) { printed += said.printed; continue; }
    print();
    if ("file" in said) shown.push(offer(said));
    else if ("html" in said) shown.push(figure(said.html, step));
    else if ("text" in said) shown.push(block("text_plain", said.text));
    else if ("error" in said) shown.push(wrong(said));
  }
  print();
  step.output.replaceChildren(...shown);
  for (const box of step.output.querySelectorAll("pre, table")) {
    const wide = box.matches("table") ? box.parentElement : box;
    if (wide.scrollWidth > wide.clientWidth + 1) Object.assign(wide, { tabIndex: 0, role: "group", ariaLabel: box.matches("pre") ? "Text" : "Table" });
  }
};
