"""A device that many people use: it goes back to its start by itself, and the next person finds nothing of the last."""

import re
from collections.abc import Iterator

import pytest
from network import Network
from phone import fill, kept_for_no_signal, receipt, send, signal_returns, until, waiting
from playwright.sync_api import Browser, Page, expect
from served import Served

pytestmark = pytest.mark.browser
SECRET = "Kursi di loket 3 patah"
# Everything that a page can leave behind, but for the pages themselves.
LEFT = """async () => [localStorage.length, sessionStorage.length, document.cookie, history.length,
  JSON.stringify(history.state).length < 80]"""

_EMPTY = """(secret) => document.readyState == "complete" && document.querySelector("form")?.checkVisibility()
  && ![...document.querySelectorAll("textarea, select, [name=situs]")].some((field) => field.value)
  && !document.querySelector("[type=radio]:checked") && !document.body.innerText.includes(secret)"""


@pytest.fixture
def kiosk(browser: Browser, network: Network) -> Iterator[Page]:
    """The kiosk at its start, its clock in the hand of the test; the seconds that the test itself takes pass, too."""
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"{network.url}/s/7k3q/?k=kiosk")
        yield page


def filled(page: Page) -> None:
    """A person has filled in the form and rests; the browser has told the page of every touch."""
    fill(page, 2, SECRET)
    page.evaluate("window.last = true")
    page.wait_for_timeout(200)


def expect_empty(page: Page) -> None:
    """The page that is there, or that comes at any moment under the same address, is whole and nothing is filled in."""
    page.wait_for_function(_EMPTY, arg=SECRET)


def forget_copies(page: Page) -> None:
    """As on a kiosk that is reached by plain http, which has no worker."""
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.unregister())")
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")


def goes_home(page: Page, milliseconds: int) -> None:
    """Time passes, and in place of the page that a person has filled in is the start, whose address it may have had."""
    page.clock.run_for(milliseconds)
    page.wait_for_function("() => !window.last")


def expect_start(page: Page) -> None:
    page.wait_for_url("**/s/7k3q/?k=kiosk")
    expect_empty(page)


def test_no_link_leads_out(kiosk: Page) -> None:
    links = kiosk.locator("a").evaluate_all("(all) => all.map((a) => a.pathname + a.search)")
    assert links == ["/s/7k3q/en/?k=kiosk", "/s/7k3q/jv/?k=kiosk", "/s/7k3q/mad/?k=kiosk"]


@pytest.mark.parametrize("path", ["/s/7k3q/", "/s/m0ve/", "/terima/0000000000"])
def test_type_is_bigger(network: Network, kiosk: Page, path: str) -> None:
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    kiosk.goto(f"{network.url}{path}?k=kiosk")
    bigger = kiosk.evaluate(size)
    kiosk.goto(f"{network.url}{path}")
    assert bigger >= 1.2 * kiosk.evaluate(size)


def test_thanks_lead_back_to_the_start_in_10_seconds_and_nothing_is_left(city: Served, kiosk: Page) -> None:
    first = kiosk.evaluate("history.length")
    for value in (2, 2):  # two people with the same opinion are two
        fill(kiosk, value, SECRET)
        send(kiosk)
        receipt(kiosk)
        assert kiosk.locator("a").all_inner_texts() == ["Buka survei baru"]
        expect(kiosk.get_by_text("kembali ke awal")).to_be_visible()
        kiosk.clock.run_for(5_000)
        assert "/terima/" in kiosk.url
        kiosk.clock.run_for(5_500)
        expect_start(kiosk)
    assert [answer["channel"] for answer in city.answers()[-2:]] == ["kiosk", "kiosk"]
    assert kiosk.evaluate(LEFT) == [0, 0, "", first, True]
    assert waiting(kiosk) == []


def test_the_link_on_the_thanks_goes_back_to_the_start_too(kiosk: Page) -> None:
    fill(kiosk, 2, SECRET)
    send(kiosk)
    receipt(kiosk)
    first = kiosk.evaluate("history.length")
    kiosk.get_by_role("link", name="Buka survei baru").click()
    expect_start(kiosk)
    assert kiosk.evaluate("history.length") == first


def test_back_and_forward_show_empty_forms(network: Network, kiosk: Page) -> None:
    fill(kiosk, 2, SECRET)
    first = kiosk.evaluate("history.length")
    kiosk.get_by_role("link", name="English").click()
    kiosk.wait_for_url("**/en/?k=kiosk")
    assert kiosk.evaluate("history.length") == first
    fill(kiosk, 1, SECRET)
    kiosk.goto(f"{network.url}/s/b4y4/?k=kiosk")
    kiosk.go_back()
    expect_empty(kiosk)
    kiosk.go_forward()
    expect_empty(kiosk)
    kiosk.reload()
    expect_empty(kiosk)


def test_a_minute_without_a_touch_empties_the_form(kiosk: Page) -> None:
    filled(kiosk)
    kiosk.clock.run_for(35_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_hidden()
    kiosk.clock.run_for(6_000)
    expect(kiosk.get_by_role("alertdialog", name="Masih mengisi?")).to_be_visible()
    kiosk.clock.run_for(13_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_visible()
    kiosk.clock.run_for(6_000)
    kiosk.locator("[role=alertdialog]").wait_for(state="hidden")
    expect_start(kiosk)


@pytest.mark.parametrize("how", ["button", "key"])
def test_the_warning_can_be_answered_and_touches_nothing_else(network: Network, kiosk: Page, how: str) -> None:
    filled(kiosk)
    kiosk.locator("form button").focus()
    kiosk.clock.run_for(46_000)
    if how == "button":
        kiosk.get_by_role("button", name="Ya, lanjutkan").click()
    else:
        kiosk.keyboard.press("Enter")
    expect(kiosk.get_by_role("alertdialog")).to_be_hidden()
    kiosk.clock.run_for(34_000)
    assert kiosk.locator("textarea[name=saran]").input_value() == SECRET
    assert network.posts() == 0


def test_the_warning_that_the_device_itself_takes_away_is_answered(kiosk: Page) -> None:
    filled(kiosk)
    kiosk.clock.run_for(41_000)
    kiosk.evaluate("document.querySelector('dialog').requestClose()")
    kiosk.clock.run_for(30_000)
    assert kiosk.locator("[name=saran]").input_value() == SECRET
    goes_home(kiosk, 35_000)
    expect_start(kiosk)


def test_another_language_that_nobody_touches_gives_way_to_the_start(kiosk: Page) -> None:
    kiosk.get_by_role("link", name="English").click()
    kiosk.wait_for_url("**/en/?k=kiosk")
    kiosk.clock.run_for(65_000)
    expect_start(kiosk)


def test_what_the_server_gave_back_without_a_storage_is_gone_in_a_minute_though_nobody_touched_it(
    kiosk: Page,
) -> None:
    kiosk.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error() } })")
    kiosk.reload()
    fill(kiosk, 2, SECRET)
    kiosk.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(kiosk)
    kiosk.wait_for_url("**/kirim/7k3q", wait_until="load")
    assert kiosk.locator("[name=saran]").input_value() == SECRET
    kiosk.clock.run_for(65_000)
    expect_start(kiosk)


def test_the_page_of_the_server_in_front_has_no_way_out_and_ends_by_itself(city: Served, kiosk: Page) -> None:
    down = city.get("/50x.html")
    kiosk.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new Error() } })")
    kiosk.reload()
    kiosk.route("**/kirim/**", lambda route: route.fulfill(status=502, content_type="text/html", body=down))
    fill(kiosk, 2, SECRET)
    send(kiosk)
    kiosk.wait_for_url("**/kirim/7k3q", wait_until="load")
    assert kiosk.locator("a").count() == 0
    kiosk.clock.run_for(11_000)
    expect_start(kiosk)


def test_a_receipt_that_nobody_knows_leads_back_to_the_unit_of_the_page_before(kiosk: Page) -> None:
    kiosk.evaluate("location.replace('/terima/0000000000?lang=id&k=kiosk')")
    kiosk.wait_for_url("**/terima/*", wait_until="load")
    assert kiosk.locator("a").count() == 0
    kiosk.clock.run_for(11_000)
    expect_start(kiosk)


def test_without_signal_it_goes_on_and_shows_nobody_what_waits(city: Served, network: Network, kiosk: Page) -> None:
    kept_for_no_signal(kiosk)
    before, network.cut = len(city.answers()), "all"
    filled(kiosk)
    send(kiosk)
    expect(kiosk.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
    assert kiosk.locator(".note a, .note button").count() == 0
    kiosk.clock.run_for(10_500)
    expect_start(kiosk)
    assert len(waiting(kiosk)) == 1
    network.cut = ""
    signal_returns(kiosk)
    until(kiosk, lambda: not waiting(kiosk))
    assert len(city.answers()) == before + 1
    assert kiosk.locator(".note").count() == 0


def refused(page: Page) -> None:
    """The server takes back what a person has sent, and says so on the page."""
    filled(page)
    page.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(page)
    page.locator(".problems").wait_for()
    assert page.locator("textarea[name=saran]").input_value() == SECRET
    assert page.locator("a[href*='/privasi/'], footer a").count() == 0


def test_a_refused_answer_is_gone_with_its_person(kiosk: Page) -> None:
    entries = kiosk.evaluate("history.length")
    refused(kiosk)
    kiosk.locator("textarea[name=saran]").click()
    goes_home(kiosk, 61_000)
    expect_start(kiosk)
    assert waiting(kiosk) == []
    assert kiosk.evaluate("history.length") == entries
    kiosk.reload()
    expect_start(kiosk)


def test_a_refusal_that_finds_no_network_for_its_words_waits_as_any_answer(kiosk: Page) -> None:
    filled(kiosk)
    form = re.compile("^(?!{)")
    kiosk.route(
        "**/kirim/7k3q",
        lambda route: route.abort() if form.match(route.request.post_data or "") else route.fallback(),
    )
    kiosk.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(kiosk)
    expect(kiosk.get_by_role("status").filter(has_text="dengan sendirinya")).to_be_visible()
    assert len(waiting(kiosk)) == 1
    goes_home(kiosk, 10_500)
    expect_start(kiosk)


def test_a_waiting_answer_that_is_refused_is_kept_unseen_and_told_to_who_opens_the_page_without_kiosk(
    network: Network, kiosk: Page
) -> None:
    network.cut = "all"
    filled(kiosk)
    kiosk.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(kiosk)
    expect(kiosk.get_by_role("status").filter(has_text="dengan sendirinya")).to_be_visible()
    network.cut = ""
    kiosk.clock.run_for(6_000)  # the thanks are still there
    kiosk.wait_for_timeout(300)
    assert kiosk.locator(".problems").count() == 0
    tried = network.posts()
    goes_home(kiosk, 5_000)
    expect_start(kiosk)
    until(kiosk, lambda: network.posts() > tried)
    signal_returns(kiosk)
    kiosk.wait_for_timeout(300)
    assert kiosk.locator(".note").count() == 0
    assert len(waiting(kiosk)) == 1
    kiosk.goto(f"{network.url}/s/b4y4/")
    kiosk.get_by_role("button", name="Hapus dari ponsel").click()
    kiosk.locator(".note").wait_for(state="detached")
    assert waiting(kiosk) == []


@pytest.mark.parametrize("lang", ["", "en/"])
def test_without_signal_and_without_a_copy_of_the_start_the_next_person_begins_on_the_page_itself(
    city: Served, network: Network, kiosk: Page, lang: str
) -> None:
    """As on every kiosk that is reached by plain http; a browser's own page about the network would be its end."""
    kiosk.goto(f"{network.url}/s/7k3q/{lang}?k=kiosk")
    forget_copies(kiosk)
    before, first = len(city.answers()), kiosk.input_value("[name=id]")
    network.cut = "all"
    for _ in range(2):
        filled(kiosk)
        send(kiosk)
        expect(
            kiosk.get_by_role("status").filter(has_text="by itself" if lang else "dengan sendirinya")
        ).to_be_visible()
        kiosk.clock.run_for(10_500)
        expect(kiosk.locator("form")).to_be_visible()
        expect_empty(kiosk)
        assert kiosk.locator(".note").count() == 0
    assert kiosk.input_value("[name=id]") != first
    kiosk.clock.run_for(61_000)
    expect_empty(kiosk)
    network.cut = ""
    goes_home(kiosk, 11_000)
    expect_start(kiosk)
    signal_returns(kiosk)
    until(kiosk, lambda: not waiting(kiosk))
    assert len(city.answers()) == before + 2


def test_the_minute_of_the_last_person_does_not_end_the_next_ones_form(network: Network, kiosk: Page) -> None:
    forget_copies(kiosk)  # while there is a network: a worker that never came would be waited for without end
    network.cut = "all"
    filled(kiosk)
    send(kiosk)
    expect(kiosk.get_by_role("status").filter(has_text="dengan sendirinya")).to_be_visible()
    kiosk.clock.run_for(10_500)
    for _ in range(3):  # the next person answers, without haste, over that minute
        kiosk.clock.run_for(9_000)
        kiosk.locator("label", has_text="Kurang cepat").click()
        kiosk.clock.run_for(9_000)
        kiosk.locator("label", has_text="Mudah").nth(0).click()
    assert kiosk.locator(":checked[type=radio]").count() == 2
    expect(kiosk.get_by_role("alertdialog")).to_be_hidden()


def test_who_begins_while_it_looks_for_the_network_is_not_interrupted(network: Network, kiosk: Page) -> None:
    filled(kiosk)
    network.cut = "all"
    kiosk.clock.run_for(61_000)
    expect(kiosk.locator("form")).to_be_visible()
    fill(kiosk, 1, SECRET)
    network.cut = ""
    kiosk.clock.run_for(30_000)
    assert kiosk.input_value("textarea[name=saran]") == SECRET


def test_a_refusal_in_words_leads_back_to_the_start_and_nowhere_else(kiosk: Page) -> None:
    kiosk.locator("form").evaluate("(form) => { form.action = form.action.replace('7k3q', 'c105'); }")
    fill(kiosk, 2, SECRET)
    send(kiosk)
    expect(kiosk.get_by_role("heading", name="Unit ini sudah ditutup")).to_be_visible()
    expect(kiosk.locator("a:visible")).to_have_count(0)
    goes_home(kiosk, 10_500)
    expect_start(kiosk)


def test_the_page_of_a_unit_that_moved_leads_the_kiosk_to_its_successor(network: Network, kiosk: Page) -> None:
    kiosk.goto(f"{network.url}/s/m0ve/?k=kiosk")
    assert kiosk.locator("a").evaluate_all("(all) => all.map((a) => a.pathname)") == ["/s/7k3q/"]
    kiosk.clock.run_for(10_500)
    expect_start(kiosk)


def test_the_question_goes_with_the_form_that_nobody_answered(network: Network, kiosk: Page) -> None:
    forget_copies(kiosk)
    filled(kiosk)
    network.cut = "all"
    kiosk.clock.run_for(41_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_visible()
    kiosk.clock.run_for(20_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_hidden()
    expect_empty(kiosk)
    kiosk.clock.run_for(45_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_hidden()


def test_a_page_that_the_server_sent_back_begins_anew_at_its_top_and_holds_nothing(
    network: Network, kiosk: Page
) -> None:
    forget_copies(kiosk)
    refused(kiosk)
    kiosk.locator("textarea[name=saran]").click()
    network.cut = "all"
    kiosk.clock.run_for(61_000)
    expect(kiosk.locator(".problems")).to_have_count(0)
    expect_empty(kiosk)
    assert SECRET not in kiosk.content()
    assert (kiosk.evaluate("scrollY"), kiosk.url) == (0, f"{network.url}/s/7k3q/?k=kiosk")


def test_a_language_that_cannot_be_had_leaves_the_kiosk_where_it_is(network: Network, kiosk: Page) -> None:
    forget_copies(kiosk)
    network.cut = "all"
    asked = len(network.asked)
    kiosk.get_by_role("link", name="English").click()
    until(kiosk, lambda: len(network.asked) > asked)
    kiosk.wait_for_timeout(300)
    expect_start(kiosk)


def test_the_thanks_to_the_last_person_go_though_the_start_cannot_be_had(network: Network, kiosk: Page) -> None:
    forget_copies(kiosk)
    fill(kiosk, 2, SECRET)
    send(kiosk)
    number = receipt(kiosk)
    network.cut = "all"
    kiosk.clock.run_for(10_500)
    expect(kiosk.get_by_role("status")).to_have_text(
        "Halaman awal belum dapat dibuka. Perangkat ini mencoba lagi dengan sendirinya."
    )
    assert number[:4] not in kiosk.content()
    network.cut = ""
    kiosk.clock.run_for(10_500)
    expect_start(kiosk)


def test_a_unit_that_is_no_more_leads_to_no_page_with_ways_out(network: Network, kiosk: Page) -> None:
    gone = (404, {"Content-Type": "text/html"}, b"<!doctype html><title>x</title><a href=/>Beranda</a>")
    network.instead["/s/7k3q/"] = gone
    filled(kiosk)
    asked = len(network.asked)
    for seconds in (61, 11):
        before = len(network.asked)
        kiosk.clock.run_for(seconds * 1000)
        until(kiosk, lambda before=before: len(network.asked) > before)
        kiosk.wait_for_timeout(300)  # for the answer: the page's own patience is measured by the clock in our hand
    assert network.asked[asked:] == [("GET", "/s/7k3q/?k=kiosk")] * 2
    expect_start(kiosk)
    assert kiosk.locator("a", has_text="Beranda").count() == 0
