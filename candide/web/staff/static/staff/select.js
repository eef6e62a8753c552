// « Tout sélectionner sur cette page »: shown where script runs, and follows the boxes it stands for.
// A form with `data-selection="name"` keeps what was ticked while one goes through the pages of one
// search; what is ticked on other pages is counted in the open, sent along, and forgotten once sent.

const OF_THE_PAGE = ["after", "before", "page", "sort", "columns", "frozen"];

for (const form of document.querySelectorAll("form[data-selection]")) {
  const label = form.querySelector("[data-select-all]");
  const all = label.querySelector("input");
  const boxes = [...form.querySelectorAll("input[name=ids]")];
  const elsewhere = form.dataset.selection ? kept(form.dataset.selection) : new Set();
  label.hidden = false;

  for (const box of boxes) {
    if (elsewhere.delete(box.value)) box.checked = true;
  }
  follow();
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    follow();
  });
  form.addEventListener("change", follow);
  form.querySelector("[data-select-none]")?.addEventListener("click", () => {
    boxes.forEach((box) => (box.checked = false));
    elsewhere.clear();
    follow();
    all.focus();
  });
  form.addEventListener("formdata", (event) => {
    for (const key of elsewhere) event.formData.append("ids", key);
  });
  form.addEventListener("submit", () => {
    if (form.dataset.selection) sessionStorage.removeItem(keyOf(form.dataset.selection));
  });

  function follow() {
    const checked = boxes.filter((box) => box.checked).map((box) => box.value);
    all.checked = checked.length === boxes.length;
    all.indeterminate = checked.length > 0 && checked.length < boxes.length;
    if (!form.dataset.selection) return;
    keep(form.dataset.selection, [...elsewhere, ...checked]);
    const said = form.querySelector("[data-selected]");
    said.hidden = elsewhere.size === 0;
    said.querySelector("[data-selected-all]").textContent = elsewhere.size + checked.length;
    said.querySelector("[data-selected-elsewhere]").textContent = elsewhere.size;
  }
}

// A selection belongs to one search: another one begins with nothing ticked.
function keyOf(name) {
  const search = new URLSearchParams(location.search);
  OF_THE_PAGE.forEach((each) => search.delete(each));
  return `candide:selected:${name}:${search}`;
}

function kept(name) {
  return new Set(JSON.parse(sessionStorage.getItem(keyOf(name)) ?? "[]"));
}

function keep(name, keys) {
  try {
    if (keys.length) sessionStorage.setItem(keyOf(name), JSON.stringify(keys));
    else sessionStorage.removeItem(keyOf(name));
  } catch {
    // Storage is full or forbidden: a selection is of one page.
  }
}
