// Thanks in kiosk mode end by themselves.
if (kiosk) {
  document.querySelector("h1").after(element("p", { role: "status" }, t.back));
  setTimeout(kiosk.home, 10000);
}
