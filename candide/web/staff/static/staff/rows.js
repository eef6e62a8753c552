// In a table one types in ([data-rows]), keys go from line to line within a column ([data-column]):
// Enter to the line below, with Shift to the one above; in a field of one line arrows too.

for (const table of document.querySelectorAll("[data-rows]")) {
  table.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-column]");
    if (!field || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = stepOf(event, field);
    if (!step) return;
    event.preventDefault();
    const column = [...table.querySelectorAll(`[data-column="${field.dataset.column}"]`)];
    const next = column[column.indexOf(field) + step];
    next?.focus();
    next?.select?.();
  });
}

function stepOf(event, field) {
  if (event.key === "Enter") return event.shiftKey ? -1 : 1;
  if (!field.matches("input") || event.shiftKey) return 0;
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
}
