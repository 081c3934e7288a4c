/* Steps, keys, and notes in a window of their own. Without this the slides scroll. */
"use strict";
document.documentElement.classList.add("live");

// Before each slide that has an answer, the same without it.
for (const whole of document.querySelectorAll("section[data-first]")) {
  const first = whole.cloneNode(true);
  first.removeAttribute("id");
  first.classList.add("first");
  first.querySelector("h1, h2").textContent = whole.dataset.first;
  for (const part of first.querySelectorAll(".answer, details")) part.remove();
  for (const drawing of first.querySelectorAll("svg")) {
    drawing.setAttribute("aria-label", "The drawing of the next slide, without its answer");
  }
  whole.before(first);
}

const shown = () => [...document.querySelectorAll("section")]
  .filter(section => section.getClientRects().length);
const current = () => {
  const tops = shown().map(section => Math.abs(section.getBoundingClientRect().top));
  return tops.indexOf(Math.min(...tops));
};

let beside = null;
function tell(number) {
  if (!beside || beside.closed) return;
  const slides = shown();
  // A first step has no notes of its own: those of its slide.
  const notes = [slides[number], slides[number + 1]]
    .map(slide => slide && slide.querySelector("details")).find(Boolean);
  beside.document.body.innerHTML = notes ? notes.innerHTML : "<p>No notes.</p>";
}
function go(number) {
  const slides = shown();
  number = Math.max(0, Math.min(slides.length - 1, number));
  slides[number].scrollIntoView();
  tell(number);
}

addEventListener("keydown", event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const steps = {ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1};
  if (event.key in steps) go(current() + steps[event.key]);
  else if (event.key === " ") go(current() + (event.shiftKey ? -1 : 1));
  else if (event.key === "Home") go(0);
  else if (event.key === "End") go(Infinity);
  else if (event.key === "p") document.body.classList.toggle("sheets");
  else if (event.key === "n") {
    beside = open("", "notes", "width=700,height=700");
    if (!beside) return;
    beside.document.title = "Notes";
    beside.document.body.style.cssText = "font: 20px/1.5 system-ui, sans-serif; margin: 2em";
    tell(current());
  } else return;
  event.preventDefault();
});
