// One key for one action, for those who work here all day.
//
// [data-hotkey="v"] is clicked (or focused, if it is a field) when its key is pressed outside
// fields. [data-hotkey-first="#comment"] is a field that has to be filled in before: as long as it
// is empty it takes the focus instead. In a field, Ctrl + Enter sends its form, by the button
// [data-submit-key] if there is one, and Escape leaves it. [data-hotkeys-switch] is a checkbox that
// turns keys off; the choice is remembered.

const OFF = "candide:hotkeys-off";
const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select";
const toggle = document.querySelector("[data-hotkeys-switch]");

function isOn() {
  return localStorage.getItem(OFF) === null;
}

if (toggle) {
  toggle.checked = isOn();
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "true");
  });
}

function inField(event) {
  const field = event.target.closest(FIELDS);
  if (!field) return false;
  if (event.key === "Escape") field.blur();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form) {
    event.preventDefault();
    field.form.requestSubmit(field.form.querySelector("[data-submit-key]"));
  }
  return true;
}

function reveal(element) {
  for (let one = element.closest("details"); one; one = one.parentElement.closest("details")) {
    one.open = true;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.repeat || !isOn() || event.target.isContentEditable) return;
  if (inField(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("[popover]:popover-open") && event.key !== "?") return;
  const element = [...document.querySelectorAll("[data-hotkey]")].find(
    (one) => one.dataset.hotkey.toLowerCase() === event.key.toLowerCase() && !one.disabled,
  );
  if (!element) return;
  event.preventDefault();
  const first = document.querySelector(element.dataset.hotkeyFirst ?? ":not(*)");
  if (first && !first.value.trim()) {
    first.focus();
  } else if (element.matches(FIELDS)) {
    reveal(element);
    element.focus();
  } else {
    element.click();
  }
});
