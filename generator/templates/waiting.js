// A unit that moved or closed has no form any more; what waited for it, and for others, is sent from its page, too.
if (!kiosk && /^\/s\//.test(location.pathname)) {
  (async () => {
    const main = document.querySelector("main"), { id } = history.state || {};
    const mine = (await outbox.all()).find((item) => item.refused && item.id === id);
    const successor = main.querySelector("a[href*='/s/']");
    // It was opened to be mended: that is done on the form of the successor.
    if (mine && successor) {
      history.replaceState({ id }, "", successor.href);
      return location.reload();
    }
    const told = news(await outbox.flush());
    if (told.length) main.prepend(element("div", { class: "note", role: "status" }, ...told));
  })().catch(() => {});
}
