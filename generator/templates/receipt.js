// Thanks, and other messages, end by themselves in kiosk mode. While the start cannot be had, nothing of the last person
// stays on the screen.
if (kiosk) {
  document.querySelector("h1").after(element("p", { role: "status" }, t.back));
  kiosk.anew = () => document.querySelector("main").replaceChildren(element("h1", { role: "status" }, t.wait));
  setTimeout(kiosk.home, 10000);
}
