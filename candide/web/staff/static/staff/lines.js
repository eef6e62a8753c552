// In the list of applications J and K go from line to line, O opens the one they are at: buttons
// that keys click (shared/hotkeys.js) say which step, as [data-line]. Space ticks the line.

const boxes = [...document.querySelectorAll(".staff-grid [name=ids]")];

for (const button of document.querySelectorAll("[data-line]")) {
  button.addEventListener("click", () => {
    const here = boxes.findIndex((box) => box.closest("tr").contains(document.activeElement));
    const step = Number(button.dataset.line);
    if (!step) boxes[here]?.closest("tr").querySelector("a").click();
    else boxes[here < 0 ? 0 : Math.min(Math.max(here + step, 0), boxes.length - 1)]?.focus();
  });
}
