"""The poster: one page of paper whatever the unit is called, and a code that is read from it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from generator.instruments import shipped
from generator.pages.poster import poster_page
from skm.units import Organisation, Registry, Site, Unit

ADDRESS = "https://skm.pasuruankota.go.id/s/7k3q/"
ORDINARY = "Loket Administrasi Kependudukan"
NAMES = (
    ORDINARY,
    "Puskesmas",
    "PELAYANAN ADMINISTRASI TERPADU KECAMATAN " * 5,
    "Pelayanan administrasi terpadu kecamatan " * 5,
    "x" * 200,
    "W" * 200,
    "😀" * 200,
)
PAPER: ViewportSize = {"width": 718, "height": 1047}  # the printable part of A4 in CSS pixels


def a_poster(name: str = ORDINARY, *, example: bool = False, office: str = "Dinas", **changes: Any) -> str:
    values = {"code": "7k3q", "name": name, "organisation": "dinas", "languages": ("id", "en")} | changes
    site = Site("Survei", "https://skm.pasuruankota.go.id", ("id", "en"))
    unit = Unit(**values)
    registry = Registry(site, (Organisation("dinas", office),), (unit,), instruments=shipped())
    return poster_page(unit, registry, example=example)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport=PAPER)
    yield page
    page.close()


def on_paper(tab: Page, html: str) -> Page:
    tab.emulate_media(media="print")
    tab.set_content(html)
    return tab


def millimetres(pixels: float) -> float:
    return pixels * 25.4 / 96


def test_it_carries_what_a_poster_must_say() -> None:
    poster = a_poster()
    for words in (
        "Pindai untuk menilai",
        ORDINARY,
        "Dinas",
        "2 menit · tanpa nama, NIK, atau nomor telepon",
        "Tidak punya ponsel? Minta formulir kertas kepada petugas",
        "Kami tidak pernah meminta OTP, PIN, atau rekening",
        f'<a href="{ADDRESS}">skm.pasuruankota.go.id/s/7k3q/</a>',
    ):
        assert words in poster
    assert poster.count("<li>") == 3


def test_it_never_says_free_of_charge() -> None:
    assert "gratis" not in a_poster().lower()


def test_the_second_language_is_there_where_the_unit_has_it() -> None:
    assert '<span lang="en">· Scan to rate this service</span>' in a_poster()
    assert 'lang="en"' not in a_poster(languages=("id",))


def check_word(poster: str) -> str:
    found = re.search(r"Poster v1 · 7k3q · ([0-9a-f]{8})<", poster)
    assert found is not None
    return found[1]


def test_the_check_word_follows_what_is_printed_and_nothing_else() -> None:
    assert check_word(a_poster()) == check_word(a_poster(users_per_period=4384))
    others = [a_poster("Loket"), a_poster(office="Badan"), a_poster(languages=("id",)), a_poster(example=True)]
    assert len({check_word(poster) for poster in (a_poster(), *others)}) == 5


def test_an_example_says_so() -> None:
    assert "CONTOH – BUKAN HASIL SEBENARNYA" in a_poster(example=True)
    assert "CONTOH" not in a_poster()


def test_a_name_cannot_become_markup() -> None:
    assert "<b>" not in a_poster("<b>", office="<b>")


@pytest.mark.browser
@pytest.mark.parametrize("example", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_one_page_with_a_readable_code_and_all_its_words(tab: Page, name: str, example: bool) -> None:
    on_paper(tab, a_poster(name, example=example, office=name))
    paper = tab.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(tab.screenshot())))
    assert found.text == ADDRESS
    foot = tab.locator(".foot").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] <= PAPER["height"]


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES[:-1])
def test_a_name_of_200_letters_is_printed_whole(tab: Page, name: str) -> None:
    on_paper(tab, a_poster(name, example=True, office="Dinas Kependudukan dan Pencatatan Sipil"))
    hidden = tab.eval_on_selector(".words", "e => [e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth]")
    assert max(hidden) <= 1


@pytest.mark.browser
def test_the_code_is_120_mm_wide_and_its_quiet_zone_is_left_alone(tab: Page) -> None:
    on_paper(tab, a_poster())
    dark = tab.locator("svg path").nth(1).bounding_box()
    whole = tab.locator("svg").bounding_box()
    above, below = tab.locator(".words").bounding_box(), tab.locator(".address").bounding_box()
    assert dark is not None and whole is not None and above is not None and below is not None
    assert millimetres(dark["width"]) >= 119.9
    assert above["y"] + above["height"] <= whole["y"] + 1
    assert below["y"] >= whole["y"] + whole["height"] - 1


@pytest.mark.browser
def test_it_is_laid_out_for_the_paper_it_asks_for_so_that_no_printer_shrinks_it(tab: Page) -> None:
    poster = a_poster()
    margin = re.search(r"@page ?{size: ?A4;margin: ?(\d+)mm;?}", poster)
    assert margin is not None
    on_paper(tab, poster)
    box = tab.locator("main").bounding_box()
    assert box is not None
    assert millimetres(box["width"]) <= 210 - 2 * int(margin[1]) + 0.1
    assert millimetres(box["height"]) <= 297 - 2 * int(margin[1])


@pytest.mark.browser
def test_the_unit_is_the_largest_and_the_address_at_least_14_points(tab: Page) -> None:
    on_paper(tab, a_poster())
    size = "e => parseFloat(getComputedStyle(e).fontSize) * 0.75"
    sizes = {selector: tab.eval_on_selector(selector, size) for selector in ("h1", ".call", ".address", ".promise")}
    assert sizes["h1"] == max(sizes.values())
    assert sizes[".address"] >= 14


@pytest.mark.browser
def test_the_hint_to_print_is_on_the_screen_and_not_on_paper(tab: Page) -> None:
    tab.set_content(a_poster())
    assert tab.is_visible("text=Cetak: Ctrl+P")
    tab.emulate_media(media="print")
    assert not tab.is_visible("text=Cetak: Ctrl+P")


@pytest.mark.browser
def test_on_a_phone_it_does_not_scroll_sideways(tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.set_content(a_poster("x" * 200))
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_the_policy_of_the_page_forbids_nothing_that_it_has(tab: Page) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.set_content(a_poster())
    assert said == []
    assert tab.eval_on_selector(".steps", "e => getComputedStyle(e).display") == "grid"
