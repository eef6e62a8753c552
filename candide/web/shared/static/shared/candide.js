// Small comforts for every page. Everything works without them.
//
// form[data-submit-once]      is not sent twice
// form[data-confirm-leave]    asks before what was typed is left behind
// [data-focus]                takes the focus when it appears (error summaries)
// details[data-menu]          closes on Escape and outside
// [data-countdown="seconds"]  counts the last day down
// a[data-print]               prints
// button, a                   are clicked although the page moved under the mouse while pressed

const body = document.body;

// -- Not twice -------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-submit-once") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  // After this turn: a button disabled now would not send its name and value.
  setTimeout(() => setBusy(form, true), 0);
});

// Back from the browser's cache: the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    setBusy(form, false);
  }
});

function setBusy(form, busy) {
  form.setAttribute("aria-busy", busy);
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.disabled = busy;
  }
}

// -- Not missed: what was saved on leaving a field may move the page between press and release ---

let pressed = null;
document.addEventListener("pointerdown", (event) => {
  const { altKey, ctrlKey, metaKey, shiftKey, button } = event;
  const isPlain = button === 0 && !(altKey || ctrlKey || metaKey || shiftKey);
  const control = isPlain && event.target.closest("button, a[href]");
  pressed = control ? { control, place: control.getBoundingClientRect() } : null;
});
document.addEventListener("pointercancel", () => (pressed = null));
document.addEventListener("pointerup", ({ target, clientX, clientY }) => {
  const { control, place } = pressed ?? {};
  pressed = null;
  if (!control?.isConnected || control.contains(target)) return;
  const now = control.getBoundingClientRect();
  const moved = now.x !== place.x || now.y !== place.y;
  const inside =
    place.left <= clientX && clientX <= place.right && place.top <= clientY && clientY <= place.bottom;
  // Whoever slid off the button means not to press it.
  if (moved && inside) control.click();
});

// -- Not lost --------------------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-confirm-leave")) form.dataset.dirty = "true";
});
document.addEventListener("submit", (event) => delete event.target.dataset.dirty);
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-confirm-leave][data-dirty]")) event.preventDefault();
});

// -- Session lost while htmx was asking: sign in, and come back here --------------------------

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const answered = xhr.responseURL && new URL(xhr.responseURL).pathname;
  if (answered !== body.dataset.loginUrl || location.pathname === answered) return;
  event.detail.shouldSwap = false;
  for (const form of document.querySelectorAll("form[data-dirty]")) delete form.dataset.dirty;
  const back = encodeURIComponent(location.pathname + location.search);
  location.assign(`${body.dataset.loginUrl}?next=${back}`);
});

// -- Focus, menus, print ----------------------------------------------------------------------

function focusFirst(root) {
  root.querySelector("[data-focus]")?.focus();
}
focusFirst(document);
document.addEventListener("htmx:afterSettle", (event) => focusFirst(event.target));

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest("[data-print]")) window.print();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

// -- The last day of a deadline ----------------------------------------------------------------

const began = performance.now();
const countdowns = [...document.querySelectorAll("[data-countdown]")];

function tick() {
  for (const element of countdowns) {
    const seconds = Number(element.dataset.countdown) - (performance.now() - began) / 1000;
    const minutes = Math.max(0, Math.floor(seconds / 60));
    const words = seconds <= 0 ? element.dataset.over : element.dataset.words;
    element.textContent = words
      .replace("{h}", Math.floor(minutes / 60))
      .replace("{m}", minutes % 60);
  }
}
if (countdowns.length) {
  tick();
  setInterval(tick, 15_000);
}
