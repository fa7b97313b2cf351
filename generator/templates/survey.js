// Adds to a page that is complete without it: an id that makes a repeated sending harmless, the channel of the
// address, the seconds it took, a count of what is answered, the server's check before sending, and the outbox.
// A page that answers a form sent without outbox (`/kirim/…`) has all of it but the outbox.
const form = document.forms[0], field = form.elements, header = document.querySelector("header");
const title = document.title.replace(t.error_prefix, "");
const onSite = /^\/s\//.test(location.pathname), state = history.state || {};
// A UUID of version 4 (RFC 9562, 5.4); the browser's own exists over https only.
const uuid = () => {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join("");
  return hex.replace(/(.{8})(.{4}).(.{3}).(.{3})/, "$1-$2-4$3-8$4-");
};
// The history entry remembers the id, so that reload and back send the same answer again, not a second one. A page
// that answers a sending has its id already; to touch its entry would make a reload forget what was sent.
const answered = field.id.defaultValue;
if (!answered) {
  field.id.value = (!kiosk && state.id) || uuid();
  if (field.id.value !== state.id) history.replaceState({ id: field.id.value }, "");
}
const content = () => {
  const data = {};
  for (const [name, value] of new FormData(form)) if (value) data[name] = value;
  return data;
};
const put = (data) => {
  for (const name in data) {
    // Its answers are seen, and sent, on the form that is there now.
    if (!field[name] || name === "versi") continue;
    field[name].value = data[name];
    if (/^alasan_/.test(name)) field[name].parentNode.open = true;
  }
};
const asked = field.k.value || new URLSearchParams(location.search).get("k");
if (/^(qr|tenda|stiker|kiosk|pesan|kertas)$/.test(asked)) {
  field.k.value = asked;
  for (const link of document.querySelectorAll("nav a")) link.search = "?k=" + asked;
}
// Seconds before this page was opened; what the form says already is of an earlier page.
let before;
const resume = () => {
  before = (Number(field.durasi.value) || 0) - Math.round(performance.now() / 1000);
};
resume();
const say = (text) => {
  form.querySelector("#progress").innerHTML = text;
};
const count = () => {
  const done = form.querySelectorAll("[type=radio]:checked").length;
  say(done ? form.querySelector("#progress").dataset.text.replace(/#/g, done) : "");
};
form.addEventListener("input", () => {
  count();
  if ((history.state || {}).data) remember();
});

const mend = () => {
  document.title = title;
  for (const old of document.querySelectorAll(".problems, .wrong")) old.remove();
  for (const told of form.querySelectorAll("[aria-invalid]")) {
    for (const name of ["aria-invalid", "aria-describedby", "class"]) told.removeAttribute(name);
    // The comment has its hint besides.
    if (told === field.saran) told.setAttribute("aria-describedby", "saran-hint");
  }
};
// What the server's own page would show, in its markup (templates/survey.html); a test compares the two.
const check = () => {
  mend();
  const list = element("ul");
  [...form.querySelectorAll("fieldset")].forEach((set, index) => {
    if (set.querySelector(":checked")) return;
    const first = set.querySelector("input"), id = first.name + "-wrong", text = t.item_missing.replace(/{n}/g, index + 1);
    set.className = "bad";
    set.setAttribute("aria-invalid", "true");
    set.setAttribute("aria-describedby", id);
    set.querySelector("legend").after(element("p", { class: "wrong", id }, text));
    list.append(element("li", {}, element("a", { href: "#" + first.id }, text)));
  });
  const bad = list.childElementCount > 0;
  if (bad) {
    document.title = t.error_prefix + title;
    const named = { class: "problems", role: "alert", tabindex: -1, autofocus: "", "aria-labelledby": "problems" };
    header.prepend(element("div", named, element("h2", { id: "problems" }, t.problems), list));
    show(header.firstChild);
  }
  remember();
  return !bad;
};
const show = (told) => {
  told.tabIndex = -1;
  told.focus();
  scrollTo(0, 0); // a list longer than the screen would be shown from its middle
};
// From the first look at the answers on, a reload tells again what is to be mended, as it does where the server told it,
// and keeps what was mended since.
const remember = () => {
  try {
    if (!kiosk && !answered) history.replaceState({ id: field.id.value, data: content() }, "");
  } catch (error) {
    // A browser that counts the calls: it must not stop the sending.
  }
};
// To a question without a new history entry, which would not know the answers.
header.addEventListener("click", (event) => {
  const link = event.target.closest(".problems a");
  if (!link) return;
  event.preventDefault();
  const to = document.getElementById(link.hash.slice(1));
  to.closest("fieldset, .field").scrollIntoView();
  to.focus({ preventScroll: true });
});

// `mine` is the answer of this page once it was sent; `stored` says that the page shows it as waiting.
let busy = false, flushing = false, stored = false, mine, timer, pause = 5000, note = element("div");
const tell = (...inside) => {
  note.remove();
  note = element("div", { class: "note", role: "status", tabindex: -1 }, ...inside);
  header.prepend(note);
};
const saved = (text) => {
  mend();
  stored = form.hidden = true;
  busy = false;
  const another = element("a", { href: location.href }, t.another);
  // A link to the page itself keeps its history entry, and with it the id.
  another.onclick = () => history.replaceState(null, "");
  tell(element("h2", {}, text), ...(kiosk ? [] : [element("p", {}, t.saved_more), element("p", {}, another)]));
  note.focus();
  if (kiosk) setTimeout(kiosk.home, 10000);
};
if (kiosk) {
  kiosk.anew = () => {
    note.remove();
    document.querySelector("main").replaceChildren(form);
    busy = stored = form.hidden = header.hidden = false;
    field.id.value = uuid();
    field.durasi.value = "";
    resume();
    mend();
    count();
    scrollTo(0, 0);
  };
}
const thank = async (place) => {
  if (!kiosk) return location.assign(place);
  // A kiosk must not end at a browser's own page about a broken network, from which nobody comes back.
  if (await ask(place, 8).then((reply) => reply.ok, () => false)) return location.replace(place);
  return saved(t.sent);
};
// The server's own page says why, with every answer kept: what it holds takes the place of what this one holds. To go
// there would leave an entry in the history, for the next person to find.
const refused = async () => {
  const reply = await ask(form.action, 30, { method: "POST", body: new URLSearchParams(mine.data) });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html"), theirs = page.forms[0];
  if (gone()) return;
  if (reply.redirected) {
    await outbox.drop(mine.id);
    thank(reply.url);
    return;
  }
  const main = page.querySelector("main").childNodes; // a network's log-in page has none
  if (reply.status > 499) throw main;
  note.remove();
  busy = stored = form.hidden = header.hidden = false;
  document.title = page.title;
  if (theirs) {
    header.replaceChildren(...page.querySelector("header").childNodes);
    form.replaceChildren(...theirs.childNodes);
    again(mine);
  } else {
    header.hidden = true;
    document.querySelector("main").replaceChildren(...main);
    if (kiosk) setTimeout(kiosk.home, 10000);
  }
  show(document.querySelector(".problems, main h1"));
  if (!kiosk) return;
  kiosk.tidy();
  await outbox.drop(mine.id);
};
// The form is its person's again, who mends it; it counts on the day that it was given on.
const again = (item) => {
  if (!field.hari) form.append(element("input", { type: "hidden", name: "hari", value: item.hari }));
  resume();
  remember();
  count();
};
// In a kiosk the next person may have begun meanwhile.
const gone = () => field.id.value !== mine.id;
const settle = async (result) => {
  if (gone()) return later();
  if (result.place) return thank(result.place);
  if (result.refused) {
    try {
      return await refused();
    } catch (error) {
      // No network any more: it waits like any other.
    }
  }
  if (!stored) saved(kiosk || result.wait ? t.saved_later : t.saved);
  return later();
};
const later = () => {
  clearTimeout(timer);
  timer = setTimeout(flush, pause);
  pause = Math.min(pause * 2, 300000);
};
const flush = async () => {
  if (flushing || busy) return;
  flushing = true;
  try {
    const own = stored && !kiosk;
    if (own) {
      // Another tab may have sent it: the server says which receipt it has.
      const item = (await outbox.all()).find(({ id }) => id === mine.id) || mine;
      const result = outbox.rests(item) ? {} : await outbox.deliver(item, true);
      if (result.place || result.refused) return await settle(result);
    }
    // On the page that it came back to, an answer is sent by its person.
    const found = await outbox.flush(field.id.value), told = news(found);
    if (!kiosk && !stored && told.length) tell(...told);
    if (own || found.left) later();
  } catch (error) {
    // No storage, nothing waits in it.
  } finally {
    flushing = false;
  }
};
const retry = () => {
  pause = 5000;
  flush();
};
addEventListener("online", retry);
document.addEventListener("visibilitychange", () => document.hidden || retry());
const today = () => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};
form.addEventListener("submit", async (event) => {
  const goes = !busy && check();
  if (onSite || !goes) event.preventDefault();
  field.durasi.value = Math.min(before + Math.round(performance.now() / 1000), 999999);
  if (!onSite || !goes) return;
  busy = true;
  say(t.sending);
  const data = content();
  const unit = document.querySelector("h1").innerHTML;
  mine = { id: data.id, to: form.action, page: location.href, hari: today(), unit, data };
  try {
    await outbox.keep(mine);
  } catch (error) {
    // Without a storage the form goes as it goes without script; its id still makes a second sending harmless.
    form.submit();
    return;
  }
  settle(await outbox.deliver(mine, false));
});
addEventListener("pageshow", async (event) => {
  busy = false;
  if (state.data && !event.persisted && !kiosk) {
    put(state.data);
    check();
  }
  count();
  if (!onSite) return;
  const waiting = kiosk || stored ? [] : await outbox.all().catch(() => []);
  const own = waiting.find((item) => item.id === field.id.value);
  if (own && !own.refused) {
    mine = own;
    put(own.data);
    saved(t.saved);
  } else if (own && !event.persisted) {
    // Its person mends it and sends it; what is to be mended, the server says.
    mine = own;
    if (state.data) tell(refusal(own));
    else put(own.data);
    again(own);
    if (!state.data) await refused().catch(() => tell(refusal(own)));
  }
  retry();
});

// The worker that keeps this page for a place without signal. Where the site has none any more, it and its copies go.
if (onSite && navigator.serviceWorker) {
  // One that is there is looked for again: `register` alone does not ask whether it still is.
  navigator.serviceWorker.register("/sw.js").then((found) => found.active && found.update()).catch(async () => {
    const { status } = await fetch("/sw.js", { cache: "no-store" });
    if (status !== 404 && status !== 410) return;
    for (const worker of await navigator.serviceWorker.getRegistrations()) worker.unregister();
    for (const name of await caches.keys()) if (/^sukma-/.test(name)) caches.delete(name);
  }).catch(() => {});
}
