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
        body: JSON.stringify(late ? Object.assign({ hari: item.hari }, item.data) : item.data),
      });
      const busy = reply.status === 429 || reply.status > 499;
      if (busy) return { wait: Number(reply.headers.get("Retry-After")) || 60 };
      // A network's log-in page and a server that knows no surveys answer too, but not in JSON: that is no answer.
      const said = await reply.json();
      if (said.receipt) {
        return { place: new URL(reply.headers.get("Location") || "/terima/" + said.receipt, item.to).href };
      }
      return said.status ? { refused: said.status } : {};
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
  return { all, keep, drop, deliver, rests };
})();
