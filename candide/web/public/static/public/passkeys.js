// Passkeys. Pages work without them: whatever needs script is hidden until script shows it.
//
// form[data-passkey="new"|"use"]  asks the browser for a passkey when it is sent, and sends what it
//                                 made in the field `credential`
//   data-options                  the id of the JSON that says what is asked for
//   [data-passkey-problem="…"]    in the form: shown when the browser gave up, "known" when this
//                                 device has a passkey of the account already, else "failed"
// [data-passkeys]                 shown where the browser knows passkeys
// [data-no-passkeys]              shown where it does not

const known = Boolean(window.PublicKeyCredential && navigator.credentials);
// What a browser answers with, of a new passkey and of one that is used.
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

for (const element of document.querySelectorAll("[data-passkeys]")) element.hidden = !known;
for (const element of document.querySelectorAll("[data-no-passkeys]")) element.hidden = known;

function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function askedBy(form) {
  const { publicKey } = JSON.parse(document.getElementById(form.dataset.options).textContent);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const one of [...(publicKey.allowCredentials ?? []), ...(publicKey.excludeCredentials ?? [])]) {
    one.id = bytes(one.id);
  }
  return { publicKey };
}

function saidWith(credential) {
  const parts = PARTS.filter((name) => credential.response[name]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(parts.map((name) => [name, text(credential.response[name])])),
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

function show(form, problem) {
  for (const element of form.querySelectorAll("[data-passkey-problem]")) {
    element.hidden = element.dataset.passkeyProblem !== problem;
  }
}

async function ask(form) {
  show(form, "");
  try {
    const asked = askedBy(form);
    const isNew = form.dataset.passkey === "new";
    const { credentials } = navigator;
    const credential = await (isNew ? credentials.create(asked) : credentials.get(asked));
    form.elements.credential.value = saidWith(credential);
    form.requestSubmit();
  } catch (error) {
    show(form, error.name === "InvalidStateError" ? "known" : "failed");
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    if (form.reportValidity()) ask(form);
  });
}
