// A device that many people use one after another: nothing of the last person is left, and nobody can leave the form.
const element = (name, attributes, ...inside) => {
  const made = document.createElement(name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  // Words are markup: the Indonesian stands beside a draft.
  for (const one of inside) one.nodeType ? made.append(one) : made.insertAdjacentHTML("beforeend", one);
  return made;
};
// A network that does not answer is none.
const ask = (address, seconds, options) => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), seconds * 1000);
  return fetch(address, { signal: stop.signal, ...options });
};
const kiosk = (() => {
  const form = document.forms[0], given = document.querySelector("[name=k]");
  // What a server in front says knows no channel, and a receipt that is unknown no unit: the page before knows both.
  const places = [location.href, form ? "" : document.referrer];
  if (!/(^|[?&]k=)kiosk\b/.test((given && given.value) || places)) return null;
  // A link to a survey, or to its results, names site and unit, of a unit that has moved its successor; so does the
  // address of a reply. The next person begins in Indonesian.
  const link = document.querySelector("main a[href*='/s/'], a[href*='/hasil/']") || location;
  const unit = /\/(s|hasil|kirim)\/([^/?]+).*/;
  const named = [link.href, ...places].find((place) => unit.test(place)) || location.href;
  const start = named.replace(unit, "/s/$2/?k=kiosk");
  let warning, end, touched = 0;
  const made = { home: () => home(), tidy: () => tidy(), anew() {}, rest() {} };
  document.documentElement.className = "kiosk";
  const clear = () => {
    if (!form) return;
    // What the server gave back is in the page itself, as defaults.
    for (const one of form.querySelectorAll("[checked], [selected]")) one.defaultChecked = one.defaultSelected = false;
    for (const one of form.elements) {
      if (one.type === "radio") one.checked = false;
      else if (one.type !== "hidden") one.value = one.defaultValue = "";
    }
    for (const reason of form.querySelectorAll("details")) reason.open = false;
  };
  // A page that can be had; of the worker's copies only where the network or the server fails.
  const there = async (href) => {
    try {
      const { ok, status } = await ask(href, 8);
      if (status < 500) return ok;
    } catch (error) {
      // No network.
    }
    return self.caches && caches.match(new URL(href).pathname);
  };
  // In place of this page, so that there is nothing to go back to. But never to the browser's own page about a broken
  // network, from which nobody comes back: then this page begins anew, and tries again while nobody uses it.
  const home = async () => {
    made.rest();
    clear();
    history.replaceState(null, "", new URL(start).pathname + "?k=kiosk");
    const before = touched, can = await there(start);
    if (touched !== before) return;
    if (can) return location.replace(start);
    made.anew();
    end = setTimeout(home, 10000);
  };
  const tidy = () => {
    for (const out of document.querySelectorAll("footer, main a")) {
      if (/\/s\//.test(out.href)) out.onclick = (event) => home(event.preventDefault());
      else if (out.host && out.host !== location.host) out.replaceWith(out.textContent);
      else (out.closest("li") || out).remove();
    }
    for (const other of document.querySelectorAll("nav a")) {
      other.onclick = async (event) => {
        event.preventDefault();
        if (await there(other.href)) location.replace(other.href);
      };
    }
  };
  tidy();
  addEventListener("pagehide", clear);
  if (form) {
    form.autocomplete = "off";
    // What a browser puts back by itself; a page that answers a sending has this person's own answers.
    if (/^\/s\//.test(location.pathname)) {
      clear();
      addEventListener("pageshow", clear);
    }
    const stay = element("button", { type: "button" }, t.idle_stay);
    const dialog = element("dialog", { role: "alertdialog", "aria-labelledby": "idle" },
      element("h2", { id: "idle" }, t.idle), stay);
    document.body.append(dialog);
    // Twenty seconds to say "still here" (WCAG 2.2.1).
    made.rest = () => {
      clearTimeout(warning);
      clearTimeout(end);
      if (dialog.open) dialog.close();
    };
    const live = () => {
      made.rest();
      warning = setTimeout(() => dialog.showModal(), 40000);
      end = setTimeout(home, 60000);
    };
    // While it asks, a key or a touch answers the question and does nothing to the form beneath.
    addEventListener("keydown", (event) => dialog.open ? event.preventDefault() : live());
    addEventListener("keyup", (event) => {
      if (dialog.open) event.preventDefault();
      live();
    });
    addEventListener("click", live);
    addEventListener("input", () => touched++);
    for (const kind of ["pointerdown", "input", "wheel"]) addEventListener(kind, () => dialog.open || live());
    // The way back of the device itself is an answer, too.
    dialog.oncancel = live;
    // Only the start may be left alone for ever.
    if (location.pathname !== new URL(start).pathname) live();
  }
  return made;
})();
