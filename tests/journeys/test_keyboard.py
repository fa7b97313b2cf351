"""The way through the survey, and the menu of phones, by keyboard alone; the focus is seen wherever it is."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from served import Served

PHONE = {"width": 360, "height": 640}
# Where the focus is, whether it is marked (on the field or on the label around it), and whether anything covers it.
FOCUS = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect();
  const shown = [e, e.closest("label")].filter((one) => one && getComputedStyle(one).opacity !== "0");
  const marked = shown.some((one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && one.offsetWidth > 0;
  });
  const x = Math.min(box.x + box.width / 2, innerWidth - 1), y = Math.max(box.y + Math.min(box.height / 2, 24), 0);
  const over = document.elementFromPoint(x, y), field = e.closest("label") || e;
  return {
    tag: e.tagName, id: e.id, name: e.name, type: e.type, value: e.value, checked: e.checked,
    role: e.getAttribute("role"), text: e.innerText, marked,
    clear: over !== null && (field.contains(over) || over.contains(field)),
  };
}"""


def focus(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(FOCUS)
    return found


def tabs(page: Page, most: int = 80) -> Iterator[dict[str, Any]]:
    """Press Tab again and again; each stop must be marked and uncovered."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = focus(page)
        assert (stop["marked"], stop["clear"]) == (True, True), stop
        yield stop
    raise AssertionError(f"{most} stops, and not there yet")


def to_the_button(page: Page, *, leave_out: str = "") -> list[str]:
    """Answer each question that Tab comes to with the third answer, but for one; ends on the button."""
    asked = []
    for stop in tabs(page):
        if stop["type"] == "radio":
            asked.append(stop["name"])
            if stop["name"] != leave_out and not stop["checked"]:
                page.keyboard.press("Space")
                page.keyboard.press("ArrowDown")
                page.keyboard.press("ArrowDown")
                assert (focus(page)["value"], focus(page)["marked"]) == ("3", True)
        if stop["tag"] == "BUTTON":
            return asked
    return asked


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_the_whole_survey_is_answered_by_keyboard_and_a_forgotten_question_is_found(
    served: Served, browser: Browser, script: bool
) -> None:
    with browser.new_context(java_script_enabled=script, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{served.url}/s/7k3q/")
        asked = to_the_button(page, leave_out="waktu")
        assert asked == "persyaratan prosedur waktu biaya produk kompetensi perilaku sarana pengaduan".split()
        page.keyboard.press("Enter")
        page.get_by_role("alert").wait_for()
        assert page.title().startswith("Kesalahan: ")
        assert focus(page)["role"] == "alert"
        next(tabs(page))
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id === 'waktu-1'")
        assert focus(page)["marked"]
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        assert page.locator("input[type=radio]:checked").count() == 9
        to_the_button(page)
        page.keyboard.press("Enter")
        page.wait_for_url("**/terima/*")
        stops = [stop["text"] for _, stop in zip(page.locator("a").all(), tabs(page), strict=False)]
        assert stops == page.locator("a").all_inner_texts()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_a_reason_for_a_low_answer_is_the_next_stop_and_opens(served: Served, browser: Browser, script: bool) -> None:
    with browser.new_context(java_script_enabled=script, viewport=PHONE) as context:
        page = context.new_page()
        page.goto(f"{served.url}/s/7k3q/")
        next(stop for stop in tabs(page) if stop["type"] == "radio")
        page.keyboard.press("Space")
        assert next(tabs(page))["tag"] == "SUMMARY"
        page.keyboard.press("Enter")
        assert next(tabs(page))["name"] == "alasan_persyaratan"


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_the_menu_of_phones_opens_by_keyboard_and_holds_no_focus_while_it_is_closed(
    served: Served, browser: Browser, script: bool
) -> None:
    with browser.new_context(java_script_enabled=script, viewport=PHONE, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{served.url}/privasi/")
        menu, link = page.get_by_role("checkbox", name="Menu"), page.locator(".md-sidebar--primary a").first
        assert not link.is_visible()
        page.keyboard.press("Tab")
        assert menu.evaluate("(e) => e === document.activeElement")
        button = page.locator(".md-header label[for=__drawer]")
        assert button.evaluate("(e) => getComputedStyle(e).outlineStyle") == "solid"
        page.keyboard.press("Space")
        link.wait_for(state="visible")
        for _ in range(8):
            page.keyboard.press("Tab")
            if focus(page)["text"] == "Beranda":
                break
        page.keyboard.press("Enter")
        page.wait_for_url(f"{served.url}/")
