/* What a page does beyond HTML: the theme, notes on terms and works, copying code.
   Without this script all else works. */

// The theme: the page's head has set it before the first paint.
const root = document.documentElement;
const themeSwitch = document.querySelector(".theme-switch");
const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* not kept */ } };
const sayTheme = () => themeSwitch.setAttribute("aria-pressed", root.dataset.theme === "dark");
themeSwitch.hidden = false;
sayTheme();
themeSwitch.addEventListener("click", () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  keep("theme", root.dataset.theme);
  sayTheme();
});

// Where the header needs more rows, a jump ends below all of them.
const header = document.querySelector(".site-header");
new ResizeObserver(() => {
  const tall = getComputedStyle(header).position === "sticky" ? header.offsetHeight : 0;
  root.style.setProperty("--header", `${tall}px`);
}).observe(header);

// Notes on terms and cited works: shown on focus, under the pointer, or by a first touch.
const note = Object.assign(document.createElement("div"), { id: "note" });
note.setAttribute("role", "tooltip");
note.setAttribute("popover", "manual");
(document.querySelector("main") ?? document.body).append(note);
let noted = null, leaving = 0;
const hideNote = () => {
  noted?.removeAttribute("aria-describedby");
  noted = null;
  if (note.matches(":popover-open")) note.hidePopover();
};
const place = () => {
  const at = noted.getClientRects()[0], box = note.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, root.clientWidth - box.width - 8));
  const below = at.bottom + 6 + box.height < innerHeight;
  note.style.left = `${left}px`;
  note.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - box.height - 6)}px`;
};
const showNote = link => {
  clearTimeout(leaving);
  if (noted === link) return;
  hideNote();
  noted = link;
  note.textContent = link.dataset.note;
  link.setAttribute("aria-describedby", "note");
  note.showPopover();
  place();
};
const leave = () => { clearTimeout(leaving); leaving = setTimeout(hideNote, 250); };
for (const link of document.querySelectorAll("a.has-note")) {
  let touched = false;
  link.addEventListener("pointerenter", e => { if (e.pointerType === "mouse") showNote(link); });
  link.addEventListener("pointerleave", e => { if (e.pointerType === "mouse") leave(); });
  link.addEventListener("pointerdown", e => { touched = e.pointerType === "touch" && noted !== link; });
  link.addEventListener("focus", () => { if (link.matches(":focus-visible")) showNote(link); });
  link.addEventListener("blur", leave);
  link.addEventListener("click", e => { if (touched) { e.preventDefault(); showNote(link); } });
}
note.addEventListener("pointerenter", () => clearTimeout(leaving));
note.addEventListener("pointerleave", leave);
addEventListener("keydown", e => { if (e.key === "Escape") hideNote(); });
addEventListener("scroll", () => { if (noted) place(); }, { passive: true });

// A menu is done with when it has led somewhere.
for (const menu of document.querySelectorAll("nav[popover]"))
  menu.addEventListener("click", e => {
    if (e.target.closest("a") && menu.matches(":popover-open"))
      document.querySelectorAll("nav:popover-open").forEach(one => one.hidePopover());
  });

// Paper has no folds: all of them are printed but code and solutions (print.css).
const opened = new Set();
addEventListener("beforeprint", () => document.querySelectorAll("main details:not([open], .hide, .solution, .more)").forEach(fold => {
  fold.open = true;
  opened.add(fold);
}));
addEventListener("afterprint", () => { opened.forEach(fold => { fold.open = false; }); opened.clear(); });

// What scrolls sideways is reached with the keyboard.
const reach = box => {
  if (box.scrollWidth <= box.clientWidth + 1 || box.hasAttribute("tabindex")) return;
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", box.matches("pre") ? "Code" : box.matches(".math") ? "Formula" : box.matches(".hub-drawn") ? "Drawing" : "Table");
};
const sizes = new ResizeObserver(changes => changes.forEach(change => reach(change.target)));
const boxes = document.querySelectorAll("pre, .table-container, .pst-scrollable-table-container, .output, .math, .hub-drawn");
boxes.forEach(box => sizes.observe(box));
document.fonts.ready.then(() => boxes.forEach(reach));

// Copy code with one click.
for (const code of document.querySelectorAll(".cell_input .highlight, .cite-this-page")) {
  const button = Object.assign(document.createElement("button"), { className: "copy", type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.querySelector("pre").innerText);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  code.append(button);
}

// A link into a fold opens it; so does a search within the page.
const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest?.("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
};
openTarget();
addEventListener("hashchange", openTarget);

// Ctrl+K, as elsewhere, leads to the search.
addEventListener("keydown", e => {
  const typing = e.target.closest("input, textarea, select, [contenteditable]");
  if (e.key === "k" && (e.ctrlKey || e.metaKey) && !typing) {
    e.preventDefault();
    document.querySelector('.site-header a[aria-label="Search"]').click();
  }
});
