// « Tout sélectionner sur cette page »: shown where script runs, and follows the boxes it stands for.

for (const form of document.querySelectorAll("form[data-selection]")) {
  const label = form.querySelector("[data-select-all]");
  const all = label.querySelector("input");
  const boxes = [...form.querySelectorAll("input[name=ids]")];
  label.hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => (box.checked = all.checked)));
  form.addEventListener("change", () => {
    const checked = boxes.filter((box) => box.checked).length;
    all.checked = checked === boxes.length;
    all.indeterminate = checked > 0 && checked < boxes.length;
  });
}
