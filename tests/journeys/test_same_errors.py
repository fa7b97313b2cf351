"""A forgotten question looks the same whether the server found it or the script: words, marks, links, title, focus."""

from typing import Any

import pytest
from phone import fill
from playwright.sync_api import Browser, Page
from served import Served

from generator.pages.lean import LANGUAGES

# Tags, attributes and words of the parts that say what is wrong; white space between elements says nothing.
TOLD = """() => {
  const plain = (node) => node.nodeType === 3 ? node.data.trim() : [
    node.tagName,
    [...node.attributes].map((a) => a.name + "=" + a.value).sort(),
    [...node.childNodes].map(plain).filter((one) => one.length),
  ];
  return {
    title: document.title,
    header: plain(document.querySelector("header")),
    sets: [...document.querySelectorAll("fieldset")].map((set) =>
      [plain(set.cloneNode(false)), [...set.children].filter((one) => one.matches("legend, .wrong")).map(plain)]),
    kept: [...document.querySelectorAll("[type=radio]:checked, textarea, select")].map((one) => one.value),
    focus: document.activeElement.className,
  };
}"""


def told(page: Page, url: str, *, script: bool) -> Any:
    page.goto(url)
    fill(page, 2, "Ramah")
    # A radio that is chosen cannot be let go by hand: these two were never chosen.
    page.locator("[name=waktu]:checked, [name=sarana]:checked").evaluate_all(
        "(all) => all.forEach((one) => { one.checked = false; })"
    )
    page.select_option("[name=usia]", "26-35")
    page.locator("form button").click()
    page.locator(".problems").wait_for()
    if script:  # a second look says the same
        page.locator("form button").click()
    assert ("/kirim/" in page.url) is not script
    return page.evaluate(TOLD)


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_script_and_server_say_the_same_of_a_forgotten_question(browser: Browser, city: Served, lang: str) -> None:
    said = []
    for script in (True, False):
        with browser.new_context(java_script_enabled=script) as context:
            url = f"{city.url}/s/7k3q/{'' if lang == 'id' else lang + '/'}"
            said.append(told(context.new_page(), url, script=script))
    assert said[0] == said[1]
    assert said[0]["focus"] == "problems"
    assert len([one for one in said[0]["sets"] if len(one[1]) == 2]) == 2


@pytest.mark.browser
def test_a_long_list_of_what_is_missing_is_shown_from_its_beginning(page: Page, city: Served) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{city.url}/s/7k3q/")
    page.locator("form button").click()
    page.locator(".problems").wait_for()
    assert page.locator(".problems h2").evaluate("(one) => one.getBoundingClientRect().top") >= 0


@pytest.mark.browser
def test_a_reload_tells_it_again_and_a_mended_form_is_sent(page: Page, city: Served) -> None:
    told(page, f"{city.url}/s/7k3q/", script=True)
    entries = page.evaluate("history.length")
    page.get_by_role("alert").locator("a").last.click()
    assert page.evaluate("document.activeElement.id") == "sarana-1"
    assert page.evaluate("history.length") == entries
    page.reload()
    page.locator(".problems").wait_for()
    assert page.locator("textarea[name=saran]").input_value() == "Ramah"
    for name in ("waktu", "sarana"):
        page.get_by_role("alert").locator(f'[href="#{name}-1"]').click()
        page.keyboard.press("Space")
    page.locator("form button").click()
    page.wait_for_url("**/terima/*")


@pytest.mark.browser
def test_words_that_were_just_written_are_there_after_a_way_round(page: Page, city: Served) -> None:
    """Whoever goes back in the history does not leave the field before."""
    told(page, f"{city.url}/s/7k3q/", script=True)
    page.locator("textarea[name=saran]").press_sequentially(" sekali")
    page.evaluate("location.assign('/cari/')")
    page.wait_for_url("**/cari/")
    page.go_back()
    page.locator(".problems").wait_for()
    assert page.locator("textarea[name=saran]").input_value() == "Ramah sekali"


@pytest.mark.browser
def test_a_browser_that_counts_what_is_remembered_sends_all_the_same(page: Page, city: Served) -> None:
    """WebKit refuses more than so many calls in a while."""
    told(page, f"{city.url}/s/7k3q/", script=True)
    failures: list[object] = []
    page.on("pageerror", lambda error: failures.append(error))
    page.evaluate("() => { history.replaceState = () => { throw new DOMException('too often'); }; }")
    fill(page, 3, "Ramah")
    page.locator("form button").click()
    page.wait_for_url("**/terima/*")
    assert failures == []


@pytest.mark.browser
def test_what_was_mended_is_there_after_every_reload(page: Page, city: Served) -> None:
    told(page, f"{city.url}/s/7k3q/", script=True)
    for words in ("Ramah", "Ramah sekali", ""):
        fill(page, 3, words)
        page.reload()
        page.wait_for_function("() => document.querySelectorAll(':checked[type=radio]').length === 9")
        assert page.locator("textarea[name=saran]").input_value() == words
        assert page.locator(".problems").count() == 0
