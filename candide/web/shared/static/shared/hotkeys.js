// One key for one action, for those who work here all day.
//
// [data-hotkey="v"] is clicked (or focused, if it is a field) when its key is pressed outside
// fields. [data-hotkeys-switch] is a checkbox that turns keys off; the choice is remembered.

const OFF = "candide:hotkeys-off";
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !isOn()) return;
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select");
  if (typing || event.target.isContentEditable) return;
  const element = [...document.querySelectorAll("[data-hotkey]")].find(
    (one) => one.dataset.hotkey.toLowerCase() === event.key.toLowerCase() && !one.disabled,
  );
  if (!element) return;
  event.preventDefault();
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
});
