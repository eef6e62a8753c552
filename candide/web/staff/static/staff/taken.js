// On the page of what was begun with a selection: it is ticked no more in the list (select.js).
// Only the page the list itself led to forgets it: a refusal, a sign-in in between or a line that
// was cut leave it as it was.

try {
  const sent = JSON.parse(sessionStorage.getItem("candide:sent") ?? "null");
  if (sent?.from === document.referrer) sessionStorage.removeItem(sent.key);
  sessionStorage.removeItem("candide:sent");
} catch {
  // Storage is forbidden: nothing was kept.
}
