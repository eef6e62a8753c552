// « Double-cliquer sur la candidature »: a double click on a row opens it, as its link does.
document.addEventListener("dblclick", (event) => {
  if (event.target.closest("a, button")) return;
  event.target.closest("tr[data-open]")?.querySelector("a[href]")?.click();
});
