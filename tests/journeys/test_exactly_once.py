"""One answer is one record, whatever the person, the browser and the network do; and its receipt is shown."""

from collections.abc import Iterator

import pytest
from network import Network
from phone import fill, kept_for_no_signal, receipt, send, signal_returns, waiting
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as BrowserError
from served import Served

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("tab", [True, False], ids=["script on", "script off"], indirect=True)


@pytest.fixture
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a fresh phone, with script unless the test says otherwise."""
    with browser.new_context(java_script_enabled=getattr(request, "param", True)) as context:
        yield context.new_page()


@pytest.fixture
def added(city: Served) -> Iterator[list[str]]:
    """Put the receipts that were shown into it: afterwards there is one record, and they are all of it."""
    before, shown = len(city.answers()), []  # type: tuple[int, list[str]]
    yield shown
    assert [answer["receipt"] for answer in city.answers()[before:]] == list(dict.fromkeys(shown))
    assert len(set(shown)) == 1


@BOTH
def test_a_double_tap(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, saran=f"dua kali {tab.viewport_size}")
    tab.locator("form button").dblclick()
    added.append(receipt(tab))


@BOTH
def test_reload_after_sending(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, 2)
    send(tab)
    added.append(receipt(tab))
    tab.reload()
    added.append(receipt(tab))


@BOTH
def test_back_forward_back_and_sending_again(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, 4)
    send(tab)
    added.append(receipt(tab))
    tab.go_back()
    tab.go_forward()
    added.append(receipt(tab))
    tab.go_back()
    send(tab)
    added.append(receipt(tab))


def test_a_change_after_going_back_is_told_that_the_first_sending_counts(
    network: Network, tab: Page, added: list[str]
) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, 4)
    send(tab)
    added.append(receipt(tab))
    tab.go_back()
    fill(tab, 1)
    send(tab)
    added.append(receipt(tab))
    assert "Perubahan sesudahnya tidak disimpan" in tab.locator(".done").inner_text()


def test_the_same_page_in_two_tabs(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    other = tab.context.new_page()
    other.goto(f"{network.url}/s/7k3q/")
    # What "duplicate tab" does: the history goes along.
    other.evaluate("(id) => history.replaceState({ id }, '')", tab.input_value("[name=id]"))
    other.reload()
    for one in (tab, other):
        fill(one)
    for one in (tab, other):
        one.locator("form button").dispatch_event("click")
    added += [receipt(tab), receipt(other)]


def test_two_tabs_that_see_one_waiting_answer(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    other = tab.context.new_page()
    other.goto(f"{network.url}/s/b4y4/")
    network.cut = "request"
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    for one in (tab, other):
        signal_returns(one)
    added.append(receipt(tab))
    assert waiting(other) == []


@pytest.mark.parametrize("cut", ["request", "reply"])
def test_the_network_is_cut_during_sending_or_after_the_record(
    network: Network, tab: Page, added: list[str], cut: str
) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab)
    network.cut = cut
    send(tab)
    tab.get_by_text("Tersimpan di ponsel Anda, akan dikirim saat ada sinyal.").wait_for()
    assert len(waiting(tab)) == 1
    network.cut = ""
    signal_returns(tab)
    added.append(receipt(tab))
    assert waiting(tab) == []


def test_a_reply_is_lost_and_the_page_reloaded(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab)
    network.cut = "reply"
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    tab.reload()
    added.append(receipt(tab))
    assert waiting(tab) == []


@pytest.mark.parametrize("tab", [False], ids=["script off"], indirect=True)
@pytest.mark.parametrize("cut", ["request", "reply"])
def test_without_script_the_browser_sends_again_what_the_network_cut(
    network: Network, tab: Page, city: Served, added: list[str], cut: str
) -> None:
    before = len(city.answers())
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, saran=cut)
    network.cut = cut
    with pytest.raises(BrowserError):  # the browser's own page says that there is no connection
        send(tab)
        tab.wait_for_url("**/terima/*", timeout=2000)
    assert len(city.answers()) - before == (1 if cut == "reply" else 0)  # the reply is lost, its record is not
    network.cut = ""
    tab.reload()
    added.append(receipt(tab))


def test_the_network_is_gone_before_the_page_is_opened_again(network: Network, tab: Page, added: list[str]) -> None:
    tab.goto(f"{network.url}/s/7k3q/")
    kept_for_no_signal(tab)
    network.cut = "all"
    tab.goto(f"{network.url}/s/7k3q/?k=tenda")
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    signal_returns(tab)
    added.append(receipt(tab))


# Without script: a post without id counts once in ten seconds (docs/interface.md)

NO_SCRIPT = pytest.mark.parametrize("tab", [False], ids=["script off"], indirect=True)


@NO_SCRIPT
def test_without_script_two_tabs_that_send_the_same_at_once_are_one_answer_and_each_shows_its_receipt(
    network: Network, tab: Page, added: list[str]
) -> None:
    other = tab.context.new_page()
    for one in (tab, other):
        one.goto(f"{network.url}/s/7k3q/")
        fill(one, saran="dua tab")
    for one in (tab, other):
        one.locator("form button").click(no_wait_after=True)
    added += [receipt(tab), receipt(other)]


@NO_SCRIPT
def test_without_script_a_page_that_could_not_be_had_records_nothing_and_opens_when_the_network_is_back(
    network: Network, tab: Page, city: Served, added: list[str]
) -> None:
    before = len(city.answers())
    network.cut = "all"
    with pytest.raises(BrowserError):
        tab.goto(f"{network.url}/s/7k3q/")
    tab.wait_for_url("chrome-error://**")  # the browser's own page has come, and interrupts no later one
    assert len(city.answers()) == before
    network.cut = ""
    tab.goto(f"{network.url}/s/7k3q/")
    fill(tab, saran="sesudah putus")
    send(tab)
    added.append(receipt(tab))
