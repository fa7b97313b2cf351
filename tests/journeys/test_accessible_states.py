"""WCAG 2.2 AA in the states that only a script brings about: what waits, what was sent, what is missing, the kiosk.

The states that a server sends are in `test_accessibility`.
"""

from collections.abc import Callable, Iterator

import pytest
from axe import COLOURS, violations, with_axe
from network import Network
from phone import fill, receipt, send
from playwright.sync_api import Browser, Page, expect

from generator.pages.lean import LANGUAGES

pytestmark = pytest.mark.browser
PHONE, ZOOMED = {"width": 360, "height": 640}, {"width": 320, "height": 256}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page of a fresh browser at 400 % zoom, with axe and with its clock in the hand of the test."""
    with with_axe(browser.new_context(viewport=ZOOMED)) as context:
        page = context.new_page()
        page.clock.install()
        yield page


def opened(tab: Page, network: Network, lang: str, channel: str = "qr", unit: str = "7k3q") -> None:
    """The survey page in a language."""
    tab.goto(f"{network.url}/s/{unit}/{'' if lang == 'id' else f'{lang}/'}?k={channel}")


def missing(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang)
    send(tab)
    tab.locator(".problems").wait_for()


def saved(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang)
    network.cut = "all"
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()


def sent_later(tab: Page, network: Network, lang: str) -> None:
    saved(tab, network, lang)
    network.cut = ""
    opened(tab, network, lang, unit="b4y4")
    tab.locator(".note").wait_for()


def refused_later(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang)
    tab.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    network.cut = "all"
    fill(tab)
    send(tab)
    tab.locator(".note").wait_for()
    network.cut = ""
    opened(tab, network, lang, unit="b4y4")
    tab.locator(".note button").first.wait_for()


def kiosk_start(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang, "kiosk")


def kiosk_warning(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang, "kiosk")
    tab.locator("textarea[name=saran]").click()
    tab.clock.run_for(41_000)
    tab.get_by_role("alertdialog").wait_for()


def kiosk_thanks(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang, "kiosk")
    fill(tab)
    send(tab)
    receipt(tab)


STATES: tuple[Callable[[Page, Network, str], None], ...] = (
    missing,
    saved,
    sent_later,
    refused_later,
    kiosk_start,
    kiosk_warning,
    kiosk_thanks,
)


@pytest.mark.parametrize("lang", ["jv", "mad"])
@pytest.mark.parametrize("state", [missing, saved, sent_later, kiosk_warning, kiosk_thanks], ids=lambda s: s.__name__)
def test_what_the_script_says_in_a_draft_has_the_indonesian_beside_it_as_indonesian(
    tab: Page, network: Network, state: Callable[[Page, Network, str], None], lang: str
) -> None:
    state(tab, network, lang)
    said = tab.locator(".note, dialog, .problems h2, h1 + [role=status]").last
    assert said.locator("small[lang=id]").count() > 0


@pytest.mark.parametrize("lang", ["jv", "mad"])
def test_the_count_of_answers_has_the_indonesian_beside_it(tab: Page, network: Network, lang: str) -> None:
    opened(tab, network, lang)
    tab.locator("[type=radio]").first.check()
    expect(tab.locator("#progress small[lang=id]")).to_have_text("1 dari 9 terjawab")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("script", [True, False], ids=["script", "none"])
def test_the_way_from_an_error_to_its_question_shows_the_question(
    browser: Browser, network: Network, lang: str, script: bool
) -> None:
    with browser.new_context(viewport=PHONE, java_script_enabled=script) as context:
        page = context.new_page()
        opened(page, network, lang)
        send(page)
        page.locator(".problems a").nth(4).click()
        box, radio = (
            page.locator("legend").nth(4).bounding_box(),
            page.locator("fieldset").nth(4).locator("label").first,
        )
        assert box is not None
        assert -1 < box["y"] < PHONE["height"]  # a part of a pixel is nobody's loss
        expect(radio).to_be_in_viewport()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_at_400_percent_axe_finds_nothing_light_or_dark_and_nothing_scrolls_sideways(
    tab: Page, network: Network, state: Callable[[Page, Network, str], None], lang: str
) -> None:
    state(tab, network, lang)
    found = {"light": violations(tab)}
    tab.emulate_media(color_scheme="dark")
    found["dark"] = violations(tab, COLOURS)
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert tab.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
