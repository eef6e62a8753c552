// What somebody types is kept in this tab until the server has it.
//
// form[data-keep]        typed values come back after a lost session or a reload
// form[data-autosave]    the same, and htmx saves each field as one leaves it; <c-save-state />
//                        inside the form shows the state
// form[data-forget-entries]  (signing out) forgets everything kept
//
// A form is known by the address of its page and its id. Passwords, files and hidden fields are
// never kept. What another person typed in this tab is thrown away.

const PREFIX = "candide:entry:";
const LOST = "candide:session-lost";
const LAST_SENT = "candide:last-sent"; // the key of its entry; nothing for a form that is not kept
const RETRY_AFTER = [5_000, 20_000, 60_000];
const owner = document.body.dataset.owner ?? "";

// -- Keeping ----------------------------------------------------------------------------------

function keyOf(form) {
  return `${PREFIX}${location.pathname}#${form.id}`;
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type),
  );
}

// What stands in the form, or what the server sent: a browser that reloads fills in by itself what
// stood there before.
function valuesOf(form, asSent = false) {
  const values = {};
  for (const field of fieldsOf(form)) {
    values[field.name] ??= [];
    if (field.type === "checkbox" || field.type === "radio") {
      if (asSent ? field.defaultChecked : field.checked) values[field.name].push(field.value);
    } else if (field.options) {
      values[field.name].push(...chosenIn(field, asSent).map((option) => option.value));
    } else {
      values[field.name].push(asSent ? field.defaultValue : field.value);
    }
  }
  return values;
}

function chosenIn(select, asSent) {
  if (!asSent) return [...select.selectedOptions];
  const chosen = [...select.options].filter((option) => option.defaultSelected);
  return chosen.length || select.multiple ? chosen : [...select.options].slice(0, 1);
}

function keep(form, sent = false) {
  const entry = { owner, sent, values: valuesOf(form), at: Date.now() };
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(entry));
  } catch {
    // Storage is full or forbidden: the page works without it.
  }
}

function noteSent(form) {
  try {
    sessionStorage.removeItem(LAST_SENT);
    if (isKept(form)) sessionStorage.setItem(LAST_SENT, keyOf(form));
  } catch {
    // As above.
  }
  if (isKept(form)) keep(form, true);
}

function forget(form) {
  sessionStorage.removeItem(keyOf(form));
}

function isKept(form) {
  return form?.matches?.("form[data-keep], form[data-autosave]") ?? false;
}

document.addEventListener("input", (event) => {
  if (isKept(event.target.form)) keep(event.target.form);
});
document.addEventListener("submit", (event) => {
  noteSent(event.target);
  if (event.target.hasAttribute("data-forget-entries")) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("candide:")) sessionStorage.removeItem(key);
    }
  }
});

// -- Coming back -------------------------------------------------------------------------------

function restore(form, lost) {
  const entry = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
  if (!entry) return;
  // Sent, and no sign-in came between: the server answered and shows what it knows.
  if (entry.owner !== owner || (entry.sent && !lost)) {
    forget(form);
    return;
  }
  const saved = valuesOf(form, true);
  const changed = Object.keys(entry.values).filter(
    (name) => name in saved && String(saved[name]) !== String(entry.values[name]),
  );
  if (!changed.length) {
    forget(form);
    return;
  }
  for (const name of changed) fill(form, name, entry.values[name]);
  showNotice(form, changed, saved);
}

function fill(form, name, values) {
  const fields = fieldsOf(form).filter((field) => field.name === name);
  fields.forEach((field, index) => {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = values.includes(field.value);
    } else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = values.includes(option.value);
    } else {
      field.value = values[index] ?? "";
    }
  });
}

function showNotice(form, names, saved) {
  const notice = document.getElementById("kept-entry").content.cloneNode(true).firstElementChild;
  const list = notice.querySelector("ul");
  for (const name of names) {
    const field = fieldsOf(form).find((candidate) => candidate.name === name);
    const item = document.createElement("li");
    const before = wordsFor(form, name, saved[name]) || notice.dataset.nothing;
    item.textContent = `${labelOf(field)} – ${notice.dataset.before} ${before}`;
    list.append(item);
  }
  notice.querySelector("[data-drop]").addEventListener("click", () => {
    for (const name of names) fill(form, name, saved[name]);
    forget(form);
    notice.remove();
    fieldsOf(form)[0]?.focus();
  });
  form.prepend(notice);
}

function labelOf(field) {
  const legend = field.type === "radio" || field.type === "checkbox" ? field.closest("fieldset") : null;
  const label = legend?.querySelector("legend") ?? field.labels?.[0];
  return label ? label.firstChild.textContent.trim() : field.name;
}

function wordsFor(form, name, values) {
  const fields = fieldsOf(form).filter((field) => field.name === name);
  return values
    .map((value) => {
      const option = fields.find((field) => field.value === value && field.labels?.length);
      if (option && ["checkbox", "radio"].includes(option.type)) return labelOfChoice(option);
      const select = fields.find((field) => field.options);
      return select ? [...select.options].find((one) => one.value === value)?.text : value;
    })
    .filter(Boolean)
    .join(", ");
}

function labelOfChoice(option) {
  return option.labels[0].textContent.trim();
}

// The server took nothing of what was sent last (maintenance, read only, too many people): if it
// is of a form that is kept, it is still only here.
function keepLastSent() {
  const key = sessionStorage.getItem(LAST_SENT);
  const entry = key && JSON.parse(sessionStorage.getItem(key));
  if (entry) sessionStorage.setItem(key, JSON.stringify({ ...entry, sent: false }));
}

if (document.querySelector("[data-not-recorded]")) {
  keepLastSent();
} else if (location.pathname === document.body.dataset.loginUrl) {
  sessionStorage.setItem(LOST, "true");
} else {
  const forms = [...document.querySelectorAll("form[data-keep], form[data-autosave]")];
  const lost = sessionStorage.getItem(LOST) !== null;
  for (const form of forms) restore(form, lost);
  if (forms.length) sessionStorage.removeItem(LOST);
}

// -- Saving as one goes (htmx sends; the answer replaces fragments out of band) -------------------

const attempts = new WeakMap();

function show(form, state) {
  const element = form.querySelector("[data-save-state]");
  if (element) element.dataset.saveState = state;
}

function failed(form) {
  show(form, "failed");
  const count = attempts.get(form) ?? 0;
  attempts.set(form, count + 1);
  if (count < RETRY_AFTER.length) setTimeout(() => again(form), RETRY_AFTER[count]);
}

function again(form) {
  const state = form.querySelector("[data-save-state]")?.dataset.saveState;
  if (form.isConnected && state === "failed") form.dispatchEvent(new Event("save-again"));
}

function autosaveForm(event) {
  const form = event.detail.elt;
  return form?.matches?.("form[data-autosave]") ? form : null;
}

// The session was lost; candide.js leads to the sign-in page, and what was typed stays kept.
function isLogin(xhr) {
  return Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname === document.body.dataset.loginUrl;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = autosaveForm(event);
  if (!form) return;
  show(form, "saving");
  form.dataset.saving = JSON.stringify(valuesOf(form));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = autosaveForm(event);
  const { xhr } = event.detail;
  if (!form || xhr.status === 0 || xhr.status >= 500 || isLogin(xhr)) return;
  attempts.delete(form);
  if (xhr.status >= 400) {
    show(form, "refused");
    return;
  }
  // What was typed while it was being sent is still only here.
  if (form.dataset.saving === JSON.stringify(valuesOf(form))) forget(form);
  show(form, "saved");
});
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const form = autosaveForm(event);
    const status = event.detail.xhr?.status ?? 0;
    if (form && (status === 0 || status >= 500)) failed(form);
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-save-again]");
  if (button) again(button.form);
});
addEventListener("online", () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) again(form);
});

// Fragments replaced after a save carry the errors of fields; the fields follow.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const place = event.target;
  const field = place?.dataset?.errorsOf && document.getElementById(place.dataset.errorsOf);
  if (!field) return;
  const invalid = place.childElementCount > 0;
  field.classList.toggle("is-invalid", invalid);
  if (invalid) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
});
