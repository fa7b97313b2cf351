// Thanks in kiosk mode end by themselves.
if (kiosk) {
  document.querySelector(".done").after(element("p", { role: "status" }, t.back));
  setTimeout(kiosk.home, 10000);
}
