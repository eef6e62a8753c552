// Inserts a variable where the text was last being written, by the button beside its name.

for (const form of document.querySelectorAll("form[data-mail-text]")) {
  let last = null;
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea, input[type=text]") && !event.target.disabled) last = event.target;
  });
  for (const button of document.querySelectorAll("button[data-insert]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = last ?? form.querySelector("textarea:not(:disabled)");
      if (!field) return;
      field.focus();
      field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
