// « Tout cocher », « Tout décocher »: shown where script runs.

for (const group of document.querySelectorAll("[data-ticks]")) {
  const boxes = [...group.querySelectorAll("input[type=checkbox]")];
  group.querySelector("[data-tick-all]").hidden = false;
  for (const button of group.querySelectorAll("[data-tick]")) {
    button.addEventListener("click", () => boxes.forEach((box) => (box.checked = Boolean(button.dataset.tick))));
  }
}
