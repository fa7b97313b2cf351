"""Without signal: the page opens, the answer waits on the phone, and goes when it can; never lost, never silent."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from network import Network
from phone import fill, kept_for_no_signal, kept_in, receipt, send, signal_returns, until, waiting
from playwright.sync_api import Browser, Error, Page
from served import Served

from generator.pages.worker import worker
from skm.units import Offline, Site

pytestmark = pytest.mark.browser
SITE = Site("Kota", "http://127.0.0.1:8000")
SCRIPT = {"Content-Type": "text/javascript"}
BUSY = b'{"status": 429}'


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page of a fresh phone."""
    with browser.new_context() as context:
        yield context.new_page()


def test_an_opened_page_opens_again_without_signal_and_nothing_but_the_worker_was_asked_for(
    network: Network, tab: Page
) -> None:
    tab.goto(f"{network.url}/s/7k3q/?k=tenda")
    kept_for_no_signal(tab)
    assert network.asked == [("GET", "/s/7k3q/?k=tenda"), ("GET", "/sw.js")]
    network.cut = "all"
    tab.goto(f"{network.url}/s/7k3q/?k=stiker")
    assert tab.locator("fieldset").count() == 9
    assert tab.input_value("[name=k]") == "stiker"


def test_with_signal_the_network_is_asked_first(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    network.instead["/s/7k3q/"] = (200, {"Content-Type": "text/html"}, b"<!doctype html><title>Baru</title>")
    tab.goto(f"{network.url}/s/7k3q/")
    assert tab.title() == "Baru"


def test_a_server_that_is_down_is_no_reason_not_to_show_the_page(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    network.instead["/s/7k3q/"] = (502, {"Content-Type": "text/html"}, b"rusak")
    tab.goto(f"{network.url}/s/7k3q/")
    assert tab.locator("fieldset").count() == 9


def test_an_answer_waits_over_the_closing_of_its_page_and_counts_on_its_day(
    city: Served, network: Network, tab: Page
) -> None:
    before, yesterday = len(city.answers()), datetime.now(ZoneInfo("Asia/Jakarta")).date() - timedelta(days=1)
    tab.clock.set_fixed_time(yesterday.isoformat() + "T12:00:00")
    tab.goto(f"{network.url}/s/7k3q/?k=tenda")
    network.cut = "all"
    fill(tab, 4, "Ramah")
    send(tab)
    note = tab.get_by_role("status").filter(has_text="Tersimpan di ponsel Anda, akan dikirim saat ada sinyal.")
    note.wait_for()
    assert tab.evaluate("document.activeElement.className") == "note"
    [item] = waiting(tab)
    assert item["hari"] == yesterday.isoformat()
    tab.close()
    network.cut = ""
    other = tab.context.new_page()
    other.goto(f"{network.url}/s/b4y4/")
    other.get_by_text("Jawaban yang tersimpan di sini sudah terkirim.").wait_for()
    assert waiting(other) == []
    [record] = city.answers()[before:]
    found = (record["unit"], record["day"], record["channel"], record["saran"])
    assert found == ("7k3q", yesterday.isoformat(), "tenda", "Ramah")
    other.get_by_role("link", name="Lihat kode bukti").click()
    assert receipt(other) == record["receipt"]


def test_a_reloaded_page_still_says_that_its_answer_waits_and_the_next_person_gets_an_empty_one(
    network: Network, tab: Page
) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    network.cut = "all"
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()
    tab.reload()
    tab.locator(".note").wait_for()
    assert tab.locator("form").is_hidden()
    tab.get_by_role("link", name="Isi untuk orang lain").click()
    tab.locator("form").wait_for()
    assert tab.locator("[type=radio]:checked").count() == 0
    assert waiting(tab)[0]["id"] != tab.input_value("[name=id]")


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (429, {"Retry-After": "1"}, BUSY, "akan dikirim dengan sendirinya"),
        (503, {"Content-Type": "text/html"}, b"rusak", "akan dikirim dengan sendirinya"),
        (200, {"Content-Type": "text/html"}, b"<title>Masuk ke Wi-Fi</title>", "akan dikirim saat ada sinyal"),
        (404, {"Content-Type": "text/html"}, b"tidak ada backend di sini", "akan dikirim dengan sendirinya"),
    ],
    ids=["too many", "broken", "a network's log-in page", "a host of files only"],
)
def test_what_is_no_receipt_keeps_the_answer_which_is_sent_again_by_itself(
    network: Network, tab: Page, status: int, headers: dict[str, str], body: bytes, said: str
) -> None:
    tab.clock.install()
    tab.goto(f"{network.url}/s/7k3q/")
    network.instead["/kirim/7k3q"] = (status, headers, body)
    fill(tab)
    send(tab)
    tab.locator(".note", has_text=said).wait_for()
    assert len(waiting(tab)) == 1
    del network.instead["/kirim/7k3q"]
    sent = network.posts()
    tab.clock.run_for(2000)
    assert network.posts() == sent
    for _ in range(60):  # in steps that give a reply its time before the clock says that none came
        tab.clock.run_for(5_000)
        tab.wait_for_timeout(50)
    receipt(tab)
    assert waiting(tab) == []


def test_an_answer_that_waited_while_the_questionnaire_changed_is_sent_under_the_form_it_was_given_to(
    served: Served, tab: Page
) -> None:
    registry = served.folder / "units.yaml"
    with Network(served.url) as network:
        tab.goto(f"{network.url}/s/7k3q/")
        fill(tab, 4)
        network.cut = "all"
        send(tab)
        tab.locator(".note").wait_for()
        changed = registry.read_text(encoding="utf-8").replace("code: 7k3q\n", "code: 7k3q\n    biaya: kesesuaian\n")
        registry.write_text(changed, encoding="utf-8")
        served.sukma("build")
        network.cut = ""
        other = tab.context.new_page()
        tab.close()
        other.goto(f"{network.url}/s/7k3q/")
        assert other.locator("[name=versi]").input_value().endswith(".kesesuaian")
        other.get_by_text("sudah terkirim").wait_for()
        assert [answer["versi"] for answer in served.answers()] == ["permenpan-14-2017.1.official"]


def mended_and_kept(page: Page, words: str) -> None:
    """What was written last is there after a reload and after a way round."""
    page.locator("textarea[name=saran]").fill(words)
    page.reload()
    page.get_by_text("tidak dapat diterima").wait_for()
    assert page.locator("textarea[name=saran]").input_value() == words
    page.locator("textarea[name=saran]").press_sequentially("!")
    page.goto(page.url.replace("/s/7k3q/", "/cari/"))
    page.go_back()
    page.get_by_text("tidak dapat diterima").wait_for()
    assert page.locator("textarea[name=saran]").input_value() == words + "!"


def test_an_answer_that_is_refused_late_on_its_open_page_counts_on_its_day(
    city: Served, network: Network, tab: Page
) -> None:
    yesterday = datetime.now(ZoneInfo("Asia/Jakarta")).date() - timedelta(days=1)
    tab.clock.set_fixed_time(yesterday.isoformat() + "T12:00:00")
    tab.goto(f"{network.url}/s/7k3q/")
    network.cut = "all"
    fill(tab, 2)
    tab.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    signal_returns(tab)
    tab.locator(".problems").wait_for()
    send(tab)
    assert receipt(tab) == city.answers()[-1]["receipt"]
    assert city.answers()[-1]["day"] == yesterday.isoformat()


def test_a_refused_answer_is_told_kept_and_can_be_mended(city: Served, network: Network, tab: Page) -> None:
    before, yesterday = len(city.answers()), datetime.now(ZoneInfo("Asia/Jakarta")).date() - timedelta(days=1)
    tab.clock.set_fixed_time(yesterday.isoformat() + "T12:00:00")
    tab.goto(f"{network.url}/s/7k3q/")
    network.cut = "all"
    fill(tab, 2)
    tab.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(tab)
    tab.locator(".note").wait_for()
    tab.close()
    network.cut = ""
    other = tab.context.new_page()
    other.goto(f"{network.url}/s/b4y4/")
    other.get_by_text("Jawaban untuk Loket Contoh tanggal").wait_for()
    other.get_by_role("button", name="Buka dan perbaiki").click()
    other.wait_for_url("**/s/7k3q/")
    other.locator(".problems", has_text="Formulir ini telah diganti").wait_for()
    assert other.locator(":checked[type=radio]").count() == 9
    mended_and_kept(other, "Antre lama")
    other.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    send(other)
    other.locator(".problems").wait_for()
    assert other.title().startswith("Kesalahan: ")
    other.locator("[name=waktu]").last.check()
    for words in ("Antre, tetapi ramah", "Ramah"):
        mended_and_kept(other, words)
        assert other.locator("[name=waktu]").last.is_checked()
    send(other)
    assert receipt(other) == city.answers()[-1]["receipt"]
    assert city.answers()[-1]["day"] == yesterday.isoformat()
    assert len(city.answers()) == before + 1
    assert waiting(other) == []


def test_a_waiting_answer_can_be_deleted_where_it_was_refused(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    network.instead["/kirim/7k3q"] = (410, {"Content-Type": "application/problem+json"}, b'{"status": 410}')
    network.cut = "request"
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    other = tab.context.new_page()
    tab.close()
    other.goto(f"{network.url}/s/b4y4/")
    other.get_by_role("button", name="Hapus dari ponsel").click()
    other.locator(".note").wait_for(state="detached")
    assert waiting(other) == []


def becomes(served: Served, status: str) -> None:
    """The unit has this status from now on, beside another unit; its pages are built and the server knows it."""
    file = served.folder / "units.yaml"
    text = file.read_text(encoding="utf-8").replace("code: 7k3q\n", f"code: 7k3q\n    {status}\n")
    other = "  - {code: b4y4, name: Puskesmas Contoh, organisation: dinas}\n"
    file.write_text(text + other, encoding="utf-8")
    served.sukma("build")
    end = time.monotonic() + 20
    while served.status("/kirim/?kode=b4y4") != 200:
        assert time.monotonic() < end
        time.sleep(0.2)


def waited_while_it_moved(served: Served, network: Network, tab: Page, versi: str = "") -> Page:
    """An answer waits for the unit, which then moves to another one, and its page is opened again with signal."""
    tab.goto(f"{network.url}/s/7k3q/")
    network.cut = "all"
    fill(tab, 4)
    if versi:
        tab.locator("[name=versi]").evaluate("(field, versi) => { field.value = versi; }", versi)
    send(tab)
    tab.locator(".note").wait_for()
    becomes(served, "status: moved\n    moved_to: b4y4")
    network.cut = ""
    other = tab.context.new_page()
    tab.close()
    other.goto(f"{network.url}/s/7k3q/")
    return other


def test_what_waits_for_a_unit_that_moved_is_sent_from_its_page_to_the_successor(served: Served, tab: Page) -> None:
    with Network(served.url) as network:
        other = waited_while_it_moved(served, network, tab)
        other.get_by_role("status").get_by_text("sudah terkirim").wait_for()
        other.get_by_role("link", name="Lihat kode bukti").click()
        thanked = receipt(other)
        assert [(a["unit"], a["receipt"]) for a in served.answers()] == [("b4y4", thanked)]


def test_what_was_refused_for_a_unit_that_moved_is_mended_on_the_form_of_the_successor(
    served: Served, tab: Page
) -> None:
    with Network(served.url) as network:
        other = waited_while_it_moved(served, network, tab, "lama.1.none")
        other.get_by_role("button", name="Buka dan perbaiki").click()
        other.wait_for_url("**/s/b4y4/")
        other.locator(".problems", has_text="Formulir ini telah diganti").wait_for()
        assert other.locator(":checked[type=radio]").count() == 9
        send(other)
        thanked = receipt(other)
        assert [(a["unit"], a["receipt"]) for a in served.answers()] == [("b4y4", thanked)]


def test_a_recorded_answer_whose_reply_was_lost_is_thanked_for_though_its_unit_is_closed_by_now(
    served: Served, tab: Page
) -> None:
    with Network(served.url) as network:
        tab.goto(f"{network.url}/s/7k3q/")
        network.cut = "reply"
        fill(tab, 4)
        send(tab)
        tab.locator(".note").wait_for()
        network.cut = ""
        becomes(served, "status: closed")
        other = tab.context.new_page()
        tab.close()
        other.goto(f"{network.url}/s/7k3q/")
        other.get_by_role("link", name="Lihat kode bukti").click()
        thanked = receipt(other)
        assert [answer["receipt"] for answer in served.answers()] == [thanked]


def test_a_browser_that_stores_nothing_sends_the_form_as_without_script(
    city: Served, network: Network, tab: Page
) -> None:
    before = len(city.answers())
    tab.add_init_script("Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no'); } })")
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab)
    tab.locator("form button").dblclick()
    receipt(tab)
    assert len(city.answers()) == before + 1


def test_a_service_that_has_another_name_by_now_does_not_hold_back_an_answer_that_waited(
    city: Served, network: Network, tab: Page
) -> None:
    before = len(city.answers())
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab)
    tab.locator("form").evaluate(
        "(form) => form.insertAdjacentHTML('beforeend', '<input type=hidden name=layanan value=Lama>')"
    )
    network.cut = "all"
    send(tab)
    tab.locator(".note").wait_for()
    tab.close()
    network.cut = ""
    other = tab.context.new_page()
    other.goto(f"{network.url}/s/b4y4/")
    other.get_by_text("sudah terkirim").wait_for()
    assert len(city.answers()) == before + 1


# The worker's life


def test_a_network_that_neither_answers_nor_fails_is_given_five_seconds(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    network.cut = "stall"
    tab.goto(f"{network.url}/s/7k3q/?k=qr", timeout=20_000)
    network.goes_on.set()
    assert tab.locator("fieldset").count() == 9


def test_a_new_version_of_the_forms_brings_new_copies_of_the_pages_that_were_kept(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/b4y4/")
    kept_for_no_signal(tab)
    tab.goto(f"{network.url}/s/7k3q/")
    [old] = kept_in(tab)
    network.instead["/sw.js"] = (200, SCRIPT, worker(SITE, "f" * 64).encode())
    tab.reload()
    until(tab, lambda: old not in kept_in(tab) != [])
    network.cut = "all"
    for code in ("7k3q", "b4y4"):
        tab.goto(f"{network.url}/s/{code}/")
        assert tab.locator("fieldset").count() == 9


@pytest.mark.parametrize("gone", [False, True], ids=["offline: none", "no sw.js"])
def test_the_operator_can_take_worker_and_copies_back(network: Network, tab: Page, gone: bool) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    off = worker(Site("Kota", SITE.url, offline=Offline.NONE), "f" * 64)
    network.instead["/sw.js"] = (404, {}, b"") if gone else (200, SCRIPT, off.encode())
    tab.reload()
    workers = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
    until(tab, lambda: kept_in(tab) == [] and tab.evaluate(workers) == 0)
    network.cut = "all"
    with pytest.raises(Error, match="ERR_EMPTY_RESPONSE"):
        tab.goto(f"{network.url}/s/7k3q/?k=qr")


def test_the_worker_lets_everything_pass_but_the_opening_of_survey_pages(network: Network, tab: Page) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    for path in ("/hasil/7k3q/", "/cari/"):
        tab.goto(network.url + path)
    kept = tab.evaluate(
        "async () => { const all = []; for (const name of await caches.keys())"
        " all.push(...(await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)); return all; }"
    )
    assert kept == ["/s/7k3q/"]
