// The outbox: answers that wait on this phone, in IndexedDB. A copy is laid down before the first sending and goes
// with the receipt; so whatever is cut off, and whenever, the answer is here or there, and its id makes one of both.
const outbox = (() => {
  const hour = 3600e3;
  let opened;
  const open = () => opened = opened || new Promise((done, fail) => {
    // A private window may refuse, throw, or never answer.
    setTimeout(fail, 3000);
    const opening = indexedDB.open("sukma", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("jawaban", { keyPath: "id" });
    opening.onsuccess = () => done(opening.result);
    opening.onerror = fail;
  });
  const run = async (mode, act) => {
    const db = await open();
    return new Promise((done, fail) => {
      const work = db.transaction("jawaban", mode), wish = act(work.objectStore("jawaban"));
      work.oncomplete = () => done(wish.result);
      work.onabort = work.onerror = fail;
    });
  };
  const all = () => run("readonly", (store) => store.getAll());
  const keep = (item) => run("readwrite", (store) => store.put(item));
  const drop = (id) => run("readwrite", (store) => store.delete(id));

  // { place } of the receipt, { refused } with the status, { wait } in seconds where the server wants a pause, or {}.
  const post = async (item, late) => {
    try {
      const reply = await ask(item.to, 30, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(late ? { hari: item.hari, ...item.data } : item.data),
      });
      // A network's log-in page and a server that knows no surveys answer too, but not in JSON: that is no answer.
      const said = await reply.json().catch(() => 0);
      if (said.receipt) {
        return { place: new URL(reply.headers.get("Location") || "/terima/" + said.receipt, item.to).href };
      }
      if (said.status && said.status < 500 && said.status !== 429) return { refused: said.status };
      return reply.ok ? {} : { wait: Number(reply.headers.get("Retry-After")) || 60 };
    } catch (error) {
      return {};
    }
  };
  // Two tabs may send the same answer at once: its id makes it harmless.
  const deliver = async (item, late) => {
    const result = await post(item, late);
    if (result.place) await drop(item.id);
    if (result.refused) item.refused = result.refused;
    if (result.wait) {
      item.tries = (item.tries || 0) + 1;
      item.after = Date.now() + Math.min(Math.max(result.wait * 1000, 5000 * 2 ** item.tries), hour);
    }
    if (result.refused || result.wait) await keep(item);
    return result;
  };
  // A clock that was put back must not hold an answer for longer than any pause there is.
  const rests = (item) => item.after > Date.now() && item.after < Date.now() + hour;
  // Everything that waits, but for the answer of this page: { places } of receipts, one that is { refused }, and whether
  // any is { left } to be sent later.
  const flush = async (own) => {
    const found = { places: [] };
    for (const item of await all()) {
      if (item.id === own) continue;
      const result = item.refused ? {} : rests(item) ? { wait: 1 } : await deliver(item, true);
      if (result.place) found.places.push(result.place);
      else if (item.refused) found.refused = item;
      else found.left = true;
      if (!result.place && !result.wait && !item.refused) break; // no network
    }
    return found;
  };
  return { all, keep, drop, deliver, rests, flush };
})();
// What is told of answers that waited on this phone: those that were sent, and one that cannot be accepted.
const news = ({ places, refused }) => [
  ...(places[0] ? [element("p", {}, t.sent)] : []),
  ...places.map((href) => element("p", {}, element("a", { href }, t.receipt))),
  ...(refused ? [refusal(refused), ...ways(refused)] : []),
];
const refusal = (item) => {
  const lang = document.documentElement.lang === "en" ? "en-GB" : "id";
  const day = new Date(item.hari).toLocaleDateString(lang, { dateStyle: "long" });
  return element("h2", {}, t.refused.replace(/{day}/g, day).replace(/{unit}/g, () => item.unit || ""));
};
const ways = (item) => {
  const open = element("button", { type: "button" }, t.open), forget = element("button", { type: "button" }, t.forget);
  open.onclick = () => {
    history.pushState({ id: item.id }, "", item.page.replace("k=kiosk", ""));
    location.reload();
  };
  forget.onclick = () => outbox.drop(item.id).then(() => forget.closest(".note").remove());
  return (item.refused === 422 ? [open, forget] : [forget]).map((button) => element("p", {}, button));
};
