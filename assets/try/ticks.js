/* A list of boxes keeps what was ticked, in this browser and under the words beside the
   box, so that a new edition of the page finds them again. */
{
const key = `ticked ${location.pathname}`;
const boxes = [...document.querySelectorAll(".task-list-item-checkbox")];
const words = box => box.closest("label")?.textContent.trim() ?? "";
let ticked = [];
try { ticked = JSON.parse(localStorage.getItem(key)) ?? []; } catch { /* not kept */ }
for (const box of boxes) {
  box.checked ||= ticked.includes(words(box));
  box.addEventListener("change", () => {
    try { localStorage.setItem(key, JSON.stringify(boxes.filter(one => one.checked).map(words))); } catch { /* not kept */ }
  });
}
}
