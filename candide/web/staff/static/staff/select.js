// « Tout sélectionner sur cette page »: shown where script runs, and follows the boxes it stands for.
// A form with `data-selection="name"` keeps what was ticked while one goes through the pages of one
// search (`data-search`, as the server understood the address); what is ticked on other pages is
// counted in the open and sent along. The page of what was begun with it forgets it (taken.js).

const OF_THE_PAGE = ["after", "before", "page", "sort", "columns", "frozen"];

for (const form of document.querySelectorAll("form[data-selection]")) {
  const label = form.querySelector("[data-select-all]");
  const all = label.querySelector("input");
  const boxes = [...form.querySelectorAll("input[name=ids]")];
  const key = form.dataset.selection ? keyOf(form.dataset) : "";
  let elsewhere = new Set();
  label.hidden = false;

  restore();
  addEventListener("pageshow", (event) => {
    if (event.persisted) restore();
  });
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
  if (key) {
    form.autocomplete = "off"; // what a browser remembers of the page may have been sent since
    form.addEventListener("formdata", (event) => sendWhole(event.formData));
    form.addEventListener("submit", () => note(key));
  }

  // In one field: a server takes but so many. What is asked of the whole search needs none.
  function sendWhole(data) {
    const ids = [...data.getAll("ids"), ...elsewhere];
    data.delete("ids");
    if (ids.length && !data.has("query")) data.set("ids", ids.join(","));
  }

  function restore() {
    if (key) {
      elsewhere = kept(key);
      boxes.forEach((box) => (box.checked = elsewhere.delete(box.value)));
    }
    follow();
  }

  function follow() {
    const checked = boxes.filter((box) => box.checked).map((box) => box.value);
    all.checked = checked.length === boxes.length;
    all.indeterminate = checked.length > 0 && checked.length < boxes.length;
    if (!key) return;
    keep(key, [...elsewhere, ...checked]);
    const said = form.querySelector("[data-selected]");
    said.hidden = elsewhere.size === 0;
    said.querySelector("[data-selected-all]").textContent = elsewhere.size + checked.length;
    said.querySelector("[data-selected-elsewhere]").textContent = elsewhere.size;
  }
}

// A selection belongs to one search: another one begins with nothing ticked.
function keyOf({ selection, search }) {
  const asked = new URLSearchParams(search);
  OF_THE_PAGE.forEach((each) => asked.delete(each));
  return `candide:selected:${selection}:${asked}`;
}

function kept(key) {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
  } catch {
    return new Set();
  }
}

function keep(key, keys) {
  try {
    if (keys.length) sessionStorage.setItem(key, JSON.stringify(keys));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is full or forbidden: a selection is of one page.
  }
}

function note(key) {
  try {
    const from = location.href.split("#")[0];
    sessionStorage.setItem("candide:sent", JSON.stringify({ key, from }));
  } catch {
    // As above.
  }
}
