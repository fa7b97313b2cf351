// The finder: a search box over the list of units, and the code form that goes straight to the survey.
// The list is fetched when the box is first focused. Nothing is stored, nothing leaves the page but the code.
"use strict";

(() => {
  const SHOWN = 50;
  const CODE = /^[0-9a-hjkmnp-tv-z]{4,5}$/;

  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // People read o as 0 and i or l as 1 where codes have neither letter.
  const codeOf = (text) => text.toLowerCase().replace(/[\s.-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");

  const form = document.querySelector("[data-cari]");
  if (form) search(form);
  const codeForm = document.querySelector("[data-kode]");
  if (codeForm) enterCode(codeForm);

  function search(form) {
    const words = form.dataset;
    const box = form.elements.q;
    const status = form.querySelector("[data-kabar]");
    const results = form.querySelector("[data-hasil]");
    let loading = null;
    let pending = 0;

    const load = () => {
      loading ??= fetch("/cari/units.json")
        .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
        .then((units) => units.map((unit) => ({ ...unit, text: fold(`${unit.name} ${unit.organisation} ${unit.code}`) })))
        .catch((error) => {
          loading = null; // the next focus tries again
          throw error;
        });
      return loading;
    };

    const show = async () => {
      clearTimeout(pending);
      const wanted = fold(box.value).split(/\s+/).filter(Boolean);
      if (!wanted.length) {
        results.replaceChildren();
        status.textContent = "";
        return;
      }
      try {
        const units = await load();
        const found = units.filter((unit) => wanted.every((word) => unit.text.includes(word)));
        found.sort((a, b) => (b.code === wanted[0]) - (a.code === wanted[0])); // stable: the registry's order stays
        results.replaceChildren(...found.slice(0, SHOWN).map((unit) => line(unit, words)));
        status.textContent = count(found.length, words);
      } catch {
        results.replaceChildren();
        status.textContent = words.failed;
      }
    };

    form.hidden = false;
    box.addEventListener("focus", () => load().catch(() => (status.textContent = words.failed)), { once: true });
    box.addEventListener("input", () => {
      clearTimeout(pending);
      pending = setTimeout(show, 200); // one announcement for a word, not one for each letter
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await show();
      results.querySelector("a")?.focus();
    });
  }

  function count(number, words) {
    if (number === 0) return words.none;
    if (number === 1) return words.one;
    const n = number.toLocaleString("id-ID");
    return number > SHOWN ? words.more.replace("{n}", n).replace("{shown}", SHOWN) : words.some.replace("{n}", n);
  }

  function line(unit, words) {
    const item = element("li", "");
    const links = element("span", "skm-links");
    if (unit.status === "active") links.append(link(`/s/${unit.code}/`, words.survey, unit.name), " ");
    links.append(link(`/hasil/${unit.code}/`, words.results, unit.name));
    item.append(element("strong", "", unit.name), " ", element("span", "skm-code", unit.code), " ");
    if (words[unit.status]) item.append(element("span", "skm-state", words[unit.status]), " ");
    item.append(element("span", "skm-note", unit.organisation), links);
    return item;
  }

  function element(name, className, text = "") {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.textContent = text;
    return made;
  }

  function link(address, text, name) {
    const made = element("a", "", text);
    made.href = address;
    made.setAttribute("aria-label", `${text} ${name}`);
    return made;
  }

  function enterCode(form) {
    const box = form.elements.kode;
    const problem = form.querySelector("[role=alert]");

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const code = codeOf(box.value);
      const address = `/s/${code}/`;
      let known = CODE.test(code);
      if (known) {
        try {
          known = (await fetch(address, { method: "HEAD" })).status !== 404;
        } catch {
          known = true; // no network: the survey may still be in the phone's own store
        }
      }
      if (known) {
        location.assign(address);
        return;
      }
      problem.textContent = form.dataset.unknown;
      box.setAttribute("aria-invalid", "true");
      box.focus();
    });
    box.addEventListener("input", () => {
      problem.textContent = "";
      box.removeAttribute("aria-invalid");
    });
  }
})();
