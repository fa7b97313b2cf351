"""What all lean pages share, and the thank-you and message pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

import pytest
from playwright.sync_api import Browser, Page

from generator.csp import inline_hashes
from generator.i18n import drafts, texts
from generator.instruments import shipped
from generator.pages import lean
from generator.pages.beside import both
from generator.pages.message import FRONT_PAGES, Kind, front_page, message_page
from generator.pages.poster import poster_page
from generator.pages.receipt import receipt_page
from generator.pages.survey import closed_page, survey_page
from skm.periods import PeriodKind
from skm.units import Organisation, Registry, ReleaseRule, Site, Status, Unit

SITE = Site("Survei Kepuasan Masyarakat", "http://127.0.0.1:8000", ("id", "en"))
UNIT = Unit("7k3q", "Loket Administrasi Kependudukan", "dinas", lean.LANGUAGES)
CLOSED = Unit("8m4r", "Loket Lama", "dinas", lean.LANGUAGES, status=Status.CLOSED)
REGISTRY = Registry(SITE, (Organisation("dinas", "Dinas"),), (UNIT, CLOSED), instruments=shipped())
RECEIPT = "7k3q8w2m1z0x"
KINDS: tuple[Kind, ...] = get_args(Kind)


def every_page(*, example: bool = False) -> Iterator[str]:
    yield poster_page(UNIT, REGISTRY, example=example)
    for kind in FRONT_PAGES.values():
        yield front_page(kind, SITE, example=example)
    for lang in lean.LANGUAGES:
        yield survey_page(UNIT, REGISTRY, lang, example=example)
        yield closed_page(CLOSED, REGISTRY, lang, example=example)
        for repeat in ("", "sama", "id"):
            yield receipt_page(UNIT, REGISTRY, lang, RECEIPT, repeat=repeat, example=example)
        for kind in KINDS:
            yield message_page(kind, lang, SITE, example=example)


def with_site(**changes: object) -> Registry:
    site = Site(SITE.title, SITE.url, SITE.languages, **changes)  # type: ignore[arg-type]
    return replace(REGISTRY, site=site)


# All lean pages


def test_each_page_allows_exactly_its_own_style_and_script() -> None:
    for page in every_page():
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
        assert policy is not None
        scripts, styles = inline_hashes(page)
        assert set(re.findall(r"'sha256-[^']+'", policy[1])) == scripts | styles


def test_the_policy_of_the_backend_covers_every_page() -> None:
    found = [inline_hashes(page) for page in every_page()]
    scripts, styles = (frozenset().union(*hashes) for hashes in zip(*found, strict=True))
    assert lean.policy_hashes() == (scripts, styles)


def test_no_page_has_a_style_attribute_an_event_attribute_or_an_address_to_fetch() -> None:
    for page in every_page():
        assert not re.search(r'<[^>]+ (style|src|srcset|on[a-z]+)="', page)
        assert re.findall(r"<link[^>]*>", page) == ['<link rel="icon" href="data:,">']
        assert "url(" not in page
        assert "@import" not in page


def test_each_page_names_language_charset_viewport_and_referrer() -> None:
    for page in every_page():
        assert re.match(r'<!doctype html>\n<html lang="(id|en|jv|mad)">\n<head>\n<meta charset="utf-8">', page)
        assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
        assert '<meta name="referrer" content="same-origin">' in page
        assert page.count("<h1") == 1


def test_an_example_is_marked_on_every_page_and_nothing_else_is() -> None:
    assert all(page.count("CONTOH – BUKAN HASIL SEBENARNYA") == 1 for page in every_page(example=True))
    assert not any("CONTOH" in page for page in every_page())


@pytest.mark.parametrize("kind", ["survey", "receipt", "message", "poster"])
@pytest.mark.parametrize("lang", [lang for lang in lean.LANGUAGES if lang != "id"])
def test_every_language_has_every_text_with_the_same_places(kind: str, lang: str) -> None:
    needed, found = dict(texts(kind, "id")), texts(kind, lang)
    if kind == "poster":  # one line of it is translated, under the Indonesian
        needed = {key: needed[key] for key in ("call", "promise")}
    places = {key: sorted(re.findall(r"{\w+}|#", text)) for key, text in needed.items()}
    assert {key: sorted(re.findall(r"{\w+}|#", text)) for key, text in found.items()} == places


@pytest.mark.parametrize("kind", ["survey", "receipt", "message", "poster"])
def test_texts_that_wait_for_a_native_writer_are_marked_as_drafts(kind: str) -> None:
    assert drafts(kind) == {"jv", "mad"}


@pytest.mark.parametrize("lang", ["jv", "mad"])
def test_a_draft_shows_the_indonesian_beside_it_in_its_own_language(lang: str) -> None:
    words, indonesian = texts("receipt", lang), texts("receipt", "id")
    page = receipt_page(UNIT, REGISTRY, lang, RECEIPT)
    assert f'<html lang="{lang}">' in page
    assert f'<h1>{words["thanks"]} <small lang="id">{indonesian["thanks"]}</small></h1>' in page
    assert "<small" not in receipt_page(UNIT, REGISTRY, "en", RECEIPT)


def test_no_text_place_is_left_open_on_a_page() -> None:
    for page in every_page():
        visible = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)
        assert "{" not in visible


# The thank-you page


def test_the_receipt_is_shown_in_groups_of_four() -> None:
    assert ">7k3q 8w2m 1z0x</p>" in receipt_page(UNIT, REGISTRY, "id", RECEIPT)


def test_thanks_say_when_results_appear_in_the_numbers_of_the_site() -> None:
    registry = with_site(period=PeriodKind.MONTH, release=ReleaseRule(k=25, grace=3))
    page = receipt_page(UNIT, registry, "id", RECEIPT)
    assert "paling sedikit 25 orang" in page
    assert "3 hari sesudah bulan ini berakhir" in page


@pytest.mark.parametrize("period", list(PeriodKind))
@pytest.mark.parametrize("lang", lean.LANGUAGES)
def test_thanks_know_every_length_of_period(period: PeriodKind, lang: str) -> None:
    assert texts("receipt", lang)[f"period_{period}"] in receipt_page(UNIT, with_site(period=period), lang, RECEIPT)


def test_thanks_lead_to_results_to_the_complaint_channel_and_back() -> None:
    page = receipt_page(UNIT, REGISTRY, "en", RECEIPT)
    assert re.findall(r'<a href="([^"]+)"', page) == [
        "/hasil/7k3q/",
        "https://www.lapor.go.id",
        "/s/7k3q/en/",
    ]


def test_a_duplicate_is_told_so_and_given_a_way_to_send_all_the_same() -> None:
    page = receipt_page(UNIT, REGISTRY, "id", RECEIPT, repeat="sama")
    assert "tidak dihitung dua kali" in page
    assert "Tunggu 10 detik" in page
    assert '<a href="/s/7k3q/">Buka survei baru</a>' in page
    assert "Jawaban Anda sudah disimpan." not in page


def test_an_answer_in_a_language_without_texts_is_thanked_for_in_indonesian() -> None:
    unit = replace(UNIT, languages=("id", "en"))
    assert receipt_page(unit, REGISTRY, "mad", RECEIPT) == receipt_page(unit, REGISTRY, "id", RECEIPT)


def test_thanks_of_a_backend_elsewhere_link_to_the_site() -> None:
    page = receipt_page(UNIT, with_site(backend="https://kirim.example"), "id", RECEIPT)
    assert 'href="http://127.0.0.1:8000/hasil/7k3q/"' in page


# Messages


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", lean.LANGUAGES)
def test_a_message_says_what_happened_and_where_to_go_on(kind: Kind, lang: str) -> None:
    page = message_page(kind, lang, SITE)
    words = both("message", lang)
    assert f"<h1>{words[f'{kind}_title']}</h1>" in page
    assert words[f"{kind}_text"] in page
    assert 'href="/cari/"' in page
    assert 'href="/"' in page


def test_messages_answer_in_indonesian_where_the_language_has_no_texts() -> None:
    assert message_page("not_found", "fr", SITE) == message_page("not_found", "id", SITE)


@pytest.mark.parametrize("kind", FRONT_PAGES.values())
def test_a_page_for_the_web_server_in_front_says_what_to_do_in_every_language_without_script(kind: Kind) -> None:
    page = re.sub(r"<script>.*?</script>", "", front_page(kind, SITE), flags=re.DOTALL)
    assert all(texts("message", lang)[f"{kind}_text"] in page for lang in lean.LANGUAGES)
    assert [f'<section lang="{lang}">' in page for lang in ("en", "jv", "mad")] == [True] * 3


# A real browser


CONTRAST = """() => {
  const light = (c) => {
    const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map((v) => {
      const s = v / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (c !== "rgba(0, 0, 0, 0)") return c;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  };
  const texts = [...document.body.querySelectorAll("*")].filter((e) =>
    e.checkVisibility() && !e.closest(".trap, svg, script") &&
    [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
  return texts.map((e) => {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), e.textContent.slice(0, 40)];
  });
}"""


def show(tab: Page, html: str) -> None:
    """A page in a document of its own: written into the last one, it would be under that one's policy too."""
    tab.goto("about:blank")
    tab.set_content(html)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_7_to_1_on_every_page(browser: Browser, scheme: Literal["light", "dark"]) -> None:
    with browser.new_context(color_scheme=scheme) as context:
        tab = context.new_page()
        for page in every_page(example=True):
            show(tab, page)
            found = tab.evaluate(CONTRAST)
            assert len(found) > 3
            assert [text for ratio, text in found if ratio < 7] == []


@pytest.mark.browser
def test_no_page_scrolls_sideways_on_a_narrow_phone_or_says_a_word_on_the_console(browser: Browser) -> None:
    said: list[str] = []
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        tab = context.new_page()
        tab.on("console", lambda message: said.append(message.text))
        for page in every_page(example=True):
            show(tab, page)
            assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    assert said == []
