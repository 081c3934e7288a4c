"""What the tests ask of a page in the browser, in its own language."""

import re

# Compared with clientWidth: on a phone innerWidth grows with what is too wide.
OVERFLOW = """
(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth - clientWidth;
  if (wide <= 0) return null;
  const inBox = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true;
    return false; };
  const out = [...document.querySelectorAll("body *")].filter(e =>
    e.getBoundingClientRect().right > clientWidth + 1 && !inBox(e));
  return wide + " px too wide: " + out.slice(0, 3).map(e =>
    e.tagName + "." + (e.className.baseVal ?? e.className) + " "
    + e.textContent.trim().slice(0, 30)).join(", ");
})()
"""

CLIPPED = """
[...document.querySelectorAll(".bd-article table")].filter(t => {
  let wide = false;
  for (let p = t.parentElement; p && !p.matches(".bd-article"); p = p.parentElement) {
    const flow = getComputedStyle(p).overflowX;
    if (/auto|scroll/.test(flow)) return false;
    wide ||= p.scrollWidth > p.clientWidth + 1;
    if (wide && flow !== "visible") return true;
  }
  return wide;
}).map(t => t.outerHTML.slice(0, 200))
"""

# Everything that takes the focus shows it, by an outline of two pixels or more.
UNSEEN_FOCUS = """
[...document.querySelectorAll("a[href], button, summary, input, select, [tabindex]")]
  .filter(e => e.checkVisibility({ visibilityProperty: true }) && !e.disabled)
  .filter(e => {
    e.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== e) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return outlineStyle === "none" || parseFloat(outlineWidth) < 2;
  }).map(e => e.outerHTML.slice(0, 120))
"""

# Also what scrolls in a box of its own: the keyboard has to reach it.
OUT_OF_REACH = """
[...document.querySelectorAll(".bd-article *")].filter(e => {
  const { overflowX } = getComputedStyle(e);
  return /auto|scroll/.test(overflowX) && e.scrollWidth > e.clientWidth + 1
    && e.clientWidth && !(e.tabIndex >= 0)
    && !e.querySelector("a[href], button, input, [tabindex='0']");
}).map(e => e.outerHTML.slice(0, 120))
"""

# Of each thing found: its name, what is said beside that, and the text it is from.
FOUND = """
[...document.querySelectorAll("#search-results .search > li")].map(e => [
  e.querySelector("a").textContent, e.querySelector(":scope > span")?.textContent ?? "",
  e.querySelector(".context")?.textContent ?? ""])
"""

MOVING = """
[...document.querySelectorAll("body *")].filter(e => {
  const { transitionDuration, animationName } = getComputedStyle(e);
  return animationName !== "none" || transitionDuration.split(", ").some(
    t => parseFloat(t) > 0);
}).map(e => e.outerHTML.slice(0, 120))
"""

BROKEN_PICTURES = """
[...document.images].filter(i => i.loading !== "lazy" && !i.naturalWidth)
  .map(i => i.src)
"""

# On paper: a table as wide as the sheet, no fold open, no button.
TORN_TABLES = """
[...document.querySelectorAll(".bd-article table")].filter(t => {
  const box = t.getBoundingClientRect();
  return box.width && (box.right > document.documentElement.clientWidth + 1);
}).map(t => t.outerHTML.slice(0, 200))
"""

NOT_FOR_PAPER = """
[...document.querySelectorAll(
  "button, .site-header, .site-footer, .prev-next, .page-contents, details.solution,"
  + "details.hide .cell_input, a.headerlink")]
  .filter(e => e.checkVisibility() && e.getClientRects().length)
  .map(e => e.outerHTML.slice(0, 120))
"""

PAPER_COLOURS = """
(() => {
  const light = s => { const [r, g, b] = s.match(/[\\d.]+/g).map(Number);
    return (r + g + b) / 3; };
  const { backgroundColor, color } = getComputedStyle(document.body);
  return [light(backgroundColor), light(color)];
})()
"""

# Of cards, tables and captions: what they are set in.
LETTERS = """
[".hub-card dd", ".hub-sentence", ".hub-scroll td", ".hub-scroll caption",
  ".hub-sources summary", "figcaption"].map(name =>
  parseFloat(getComputedStyle(document.querySelector(name)).fontSize))
"""

COVERED_CODE = """
[...document.querySelectorAll(".cell_input .copy")].filter(e => e.checkVisibility()
  && e.getBoundingClientRect().bottom > e.previousElementSibling
    .getBoundingClientRect().top + parseFloat(
      getComputedStyle(e.previousElementSibling).paddingTop) + 1
).map(e => e.parentElement.textContent.slice(0, 80))
"""

# What each thing to try says first, all lots dealt; and the page without them.
TRIED = """
(() => {
  for (const deal of document.querySelectorAll("hub-deal"))
    deal.put({ dealt: deal.data.estimates.length });
  const page = document.querySelector(".bd-article").cloneNode(true);
  page.querySelectorAll(".hub-try").forEach(one => one.remove());
  const text = page.textContent.replaceAll("−", "-");
  const said = [...document.querySelectorAll(".hub-try")].map(one =>
    [one.localName, one.querySelector(".hub-says").textContent.replaceAll("−", "-")]);
  for (const deal of document.querySelectorAll("hub-deal")) deal.put({ dealt: 0 });
  return [text, said.map(([kind, words]) => [kind, words.split(/[.:] /)[0]])];
})()
"""
AMOUNT = re.compile(r"[+-]?([\d.,]+)(?=%| percent| in a hundred|$)")
