/* What the search shows, mended: an excerpt of the text alone, each place once, prose first. */
{
// What stands on a page without being its text.
const APART = "script, style, svg, button, form, details.hide, .headerlink, .page-tools, .hub-try, .hub-links";
const BLOCKS = "p, div, li, dt, dd, td, th, caption, h1, h2, h3, h4, pre";
const AROUND = 240; // letters

Search.htmlToText = (page, anchor) => {
  const article = new DOMParser().parseFromString(page, "text/html").querySelector(".bd-article");
  const found = anchor ? article?.querySelector(`[id="${CSS.escape(anchor.slice(1))}"]`) : null;
  // A term is told by what follows it.
  const place = (found?.matches("dt") ? found.parentElement.querySelector(`[id="${found.id}"] ~ dd`) : found) || article;
  place?.querySelectorAll(APART).forEach(element => element.remove());
  place?.querySelectorAll(BLOCKS).forEach(block => block.append(" "));
  return (place?.textContent ?? "").replace(/\s+/g, " ").trim();
};

Search.makeSearchSummary = (page, words, anchor) => {
  const text = Search.htmlToText(page, anchor), lower = text.toLowerCase();
  const at = [...words].map(word => lower.indexOf(word.toLowerCase())).filter(place => place > -1);
  let start = Math.max(0, Math.min(...at, text.length) - AROUND / 2);
  if (!at.length || start < 40) start = 0;
  else start = text.indexOf(" ", start) + 1;
  let end = text.length <= start + AROUND ? text.length : text.lastIndexOf(" ", start + AROUND);
  if (end <= start) end = start + AROUND;
  const told = (start ? "… " : "") + text.slice(start, end) + (end < text.length ? " …" : "");
  return Object.assign(document.createElement("p"), { className: "context", textContent: told });
};

// A page and its own title are one place; a term of the index is called by its name.
const all = Search._performSearch;
Search._performSearch = (...asked) => {
  const { titles, docnames, indexentries } = Search._index, seen = new Set(), kept = [];
  const { first } = document.getElementById("search-results").dataset;
  for (const result of all(...asked).reverse()) {
    const [page, title, anchor, told] = result, file = docnames.indexOf(page);
    if (told === null && anchor && title === titles[file]) {
      const named = Object.entries(indexentries).find(([, places]) =>
        places.some(([at, id]) => at === file && "#" + id === anchor));
      if (named) result[1] = `${title} > ${named[0]}`;
      else result[2] = "";
    }
    if (page === first) result[0] = "index"; // it stands at the root
    const place = result[0] + result[2];
    if (!seen.has(place)) kept.push(result);
    seen.add(place);
  }
  // Pages in prose come first; of the library each class or function once.
  const library = kept.filter(([page]) => page.startsWith("chapters/api")), listed = new Set();
  const once = library.filter(([page, , anchor]) => {
    const [, owner] = anchor.match(/^(#.*\.[A-Z]\w*)\.\w+$/) ?? [];
    const named = page + (owner ?? anchor);
    if (owner && (listed.has(named) || library.some(one => one[0] + one[2] === named))) return false;
    return listed.add(named);
  });
  // Who writes a name of the library as it is asks for that.
  const exact = once.filter(([, title]) => title.split(".").at(-1) === asked[0].trim());
  const prose = kept.filter(one => !library.includes(one));
  return [...exact, ...prose, ...once.filter(one => !exact.includes(one))].reverse();
};

Object.assign(Documentation.TRANSLATIONS, {
  "Search Results": "What was found",
  "Search finished, found ${resultCount} page(s) matching the search query.": "Places found: ${resultCount}.",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "No page has all of these words. Fewer of them may be found, or others.",
});
}
