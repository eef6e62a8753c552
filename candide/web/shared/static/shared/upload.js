// Sending files: at once, with progress, dropped or chosen, stopped and tried again.
//
// form[data-upload] with hx-post, method="post", enctype="multipart/form-data" and {% upload_field %}.
// Without script the form is sent by its button.

const MEGABYTE = 1024 * 1024;

for (const form of document.querySelectorAll("form[data-upload]")) prepare(form);
document.addEventListener("htmx:load", (event) => {
  const root = event.detail.elt;
  if (root.matches?.("form[data-upload]")) prepare(root);
  for (const form of root.querySelectorAll?.("form[data-upload]") ?? []) prepare(form);
});

function prepare(form) {
  if (form.dataset.uploadReady || !form.hasAttribute("hx-post")) return;
  form.dataset.uploadReady = "true";
  const zone = form.querySelector("[data-upload-zone]");
  const part = (name) => zone.querySelector(`[data-upload-${name}]`);
  const input = zone.querySelector("input[type=file]");
  const bar = part("progress").querySelector("progress");
  const state = part("state");

  part("drop").hidden = false;
  zone.querySelector("button[type=submit]").hidden = true;

  input.addEventListener("change", () => input.files.length && send());
  part("again").addEventListener("click", send);
  part("cancel").addEventListener("click", () => {
    htmx.trigger(form, "htmx:abort");
    input.value = "";
    finish(state.dataset.stopped);
  });

  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.toggleAttribute("data-over", true);
  });
  zone.addEventListener("dragleave", () => zone.toggleAttribute("data-over", false));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.toggleAttribute("data-over", false);
    if (!event.dataTransfer.files.length) return;
    const files = new DataTransfer();
    const taken = input.multiple ? event.dataTransfer.files : [event.dataTransfer.files[0]];
    for (const file of taken) files.items.add(file);
    input.files = files.files;
    send();
  });

  form.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total } = event.detail;
    if (!total) return;
    const percent = Math.round((100 * loaded) / total);
    bar.value = percent;
    part("percent").textContent = `${percent} %`;
    if (percent === 100) state.textContent = state.dataset.checking;
  });
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    form.addEventListener(name, () => problem("failed", true));
  }

  function send() {
    part("problem").hidden = true;
    const limit = Number(input.dataset.maxMb) * MEGABYTE;
    if (limit && [...input.files].some((file) => file.size > limit)) {
      input.value = "";
      problem("tooLarge", false);
      return;
    }
    bar.value = 0;
    part("percent").textContent = "";
    part("progress").hidden = false;
    state.textContent = state.dataset.sending;
    form.requestSubmit();
  }

  function problem(code, canTryAgain) {
    finish("");
    const place = part("problem");
    // What is said of the file before this one says nothing of it.
    const about = form.closest("li") ?? form;
    for (const said of about.querySelectorAll(".candide-blockers, ul.candide-errors")) said.remove();
    input.classList.remove("is-invalid");
    input.removeAttribute("aria-invalid");
    input.setAttribute("aria-describedby", `${input.id}-help`);
    part("words").textContent = place.dataset[code];
    part("again").hidden = !canTryAgain;
    place.hidden = false;
  }

  function finish(words) {
    part("progress").hidden = true;
    state.textContent = words;
  }
}
