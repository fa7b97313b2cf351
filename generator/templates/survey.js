// Adds to a page that is complete without it: an id that makes a repeated sending harmless, the channel of the
// address, the seconds it took, and a count of what is answered.
(() => {
  const form = document.forms[0], field = form.elements, progress = document.getElementById("progress");
  const bytes = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => (b + 256).toString(16).slice(1));
  const uuid = () => {
    // crypto.randomUUID exists over https only.
    if (crypto.randomUUID) return crypto.randomUUID();
    const b = bytes();
    b[6] = "4" + b[6][1];
    b[8] = "89ab"[parseInt(b[8][0], 16) & 3] + b[8][1];
    return b.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  };
  // The history entry remembers the id, so that reload and back send the same answer again, not a second one. A page
  // that answers a sending has its id already; to touch its entry would make a reload forget what was sent.
  if (!field.id.defaultValue) {
    field.id.value = (history.state || {}).id || uuid();
    history.replaceState({ id: field.id.value }, "");
  }
  const asked = field.k.value || new URLSearchParams(location.search).get("k");
  if (/^(qr|tenda|stiker|kiosk|pesan|kertas)$/.test(asked)) {
    field.k.value = asked;
    for (const link of document.querySelectorAll("nav a")) link.search = "?k=" + asked;
  }
  const before = Number(field.durasi.value) || 0;
  form.addEventListener("submit", () => {
    field.durasi.value = Math.min(before + Math.round(performance.now() / 1000), 999999);
  });
  const count = () => {
    const done = form.querySelectorAll("[type=radio]:checked").length;
    const text = done ? progress.dataset.text.replace("#", done) : "";
    if (progress.textContent !== text) progress.textContent = text;
  };
  form.addEventListener("change", count);
  addEventListener("pageshow", count);
})();
