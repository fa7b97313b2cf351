"""The finder: walking the tree without script, and searching in a real browser."""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from generator.pages import finder
from skm.units import Organisation, Registry, Site, Status, Unit

KOTA = Organisation("kota", "Kota Contoh")
DUKCAPIL = Organisation("dukcapil", "Dinas Kependudukan", "kota")
DINKES = Organisation("dinkes", "Dinas Kesehatan", "kota")
SITE = "http://sukma.test"
SCRIPT = (files("generator") / "templates" / "finder.js").read_text(encoding="utf-8")


def a_unit(code: str, organisation: str = "dukcapil", **changes: Any) -> Unit:
    return Unit(
        **({"code": code, "name": f"Unit {code}", "organisation": organisation, "languages": ("id",)} | changes)
    )


def a_registry(
    *units: Unit, organisations: Sequence[Organisation] = (KOTA, DUKCAPIL, DINKES), backend: str = ""
) -> Registry:
    return Registry(Site("SKM", SITE, backend=backend), tuple(organisations), units)


def links(body: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', body)


def test_an_active_unit_has_its_survey_results_and_poster() -> None:
    assert links(finder.browse(DUKCAPIL, a_registry(a_unit("7k3q"))))[-3:] == [
        "/s/7k3q/",
        "/hasil/7k3q/",
        "/poster/7k3q/",
    ]


def test_a_closed_unit_is_listed_with_its_state_and_its_results_alone() -> None:
    body = finder.browse(DUKCAPIL, a_registry(a_unit("7k3q", status=Status.CLOSED)))
    assert "ditutup" in body
    assert links(body)[-1:] == ["/hasil/7k3q/"]
    assert "/s/7k3q/" not in body


def test_a_merged_unit_leads_to_its_successor() -> None:
    registry = a_registry(a_unit("7k3q", status=Status.MERGED, moved_to="9m2x"), a_unit("9m2x", "dinkes"))
    body = finder.browse(DUKCAPIL, registry)
    assert "digabung" in body
    assert "/s/9m2x/" in links(body)


def test_the_tree_can_be_walked_from_the_finder_to_every_unit_and_back() -> None:
    registry = a_registry(a_unit("7k3q"), a_unit("9m2x", "dinkes"))
    assert {"/cari/dukcapil/", "/cari/dinkes/"} <= set(links(finder.body(registry)))
    assert links(finder.browse(DUKCAPIL, registry))[:2] == ["/cari/", "/cari/kota/"]


def test_the_finder_lists_the_roots_where_there_are_several() -> None:
    registry = a_registry(
        a_unit("7k3q"), organisations=(Organisation("dukcapil", "Dinas"), Organisation("lain", "Lain"))
    )
    assert links(finder.body(registry)) == ["/cari/dukcapil/", "/cari/lain/"]


def test_the_pages_of_a_long_list_hold_every_unit_once_and_at_most_a_hundred() -> None:
    registry = a_registry(*(a_unit(f"{number:04}") for number in range(230)))
    bodies = [finder.browse(DUKCAPIL, registry, page + 1) for page in range(finder.pages(DUKCAPIL, registry))]
    found = [re.findall(r"/hasil/(\d{4})/", body) for body in bodies]
    assert [len(codes) for codes in found] == [100, 100, 30]
    assert len(set().union(*found)) == 230


def test_the_pages_of_a_long_list_link_each_other() -> None:
    registry = a_registry(*(a_unit(f"{number:04}") for number in range(101)))
    assert links(finder.browse(DUKCAPIL, registry))[-2:] == ["/cari/dukcapil/", "/cari/dukcapil.2/"]


def test_an_organisation_without_units_says_so() -> None:
    assert "Belum ada unit di sini." in finder.browse(DINKES, a_registry(a_unit("7k3q")))


def test_the_code_form_goes_to_the_backend_where_that_is_elsewhere() -> None:
    assert 'action="https://skm.test/kirim/"' in finder.body(a_registry(backend="https://skm.test"))


def test_without_script_the_search_box_is_not_shown() -> None:
    assert re.search(r'<form[^>]*role="search"[^>]* hidden', finder.body(a_registry()))


def test_the_list_for_the_search_names_code_name_organisation_and_state() -> None:
    registry = a_registry(a_unit("7k3q", name="Loket “A”", status=Status.CLOSED))
    assert json.loads(finder.units_json(registry)) == [
        {"code": "7k3q", "name": "Loket “A”", "organisation": "Dinas Kependudukan", "status": "closed"}
    ]


def test_a_hostile_name_in_a_list_stays_text() -> None:
    body = finder.browse(DUKCAPIL, a_registry(a_unit("7k3q", name='"><script>alert(1)</script>')))
    assert "<script" not in body


# In a real browser

REGISTRY = a_registry(
    a_unit("7k3q", name="Loket <b>Akta</b>"),
    a_unit("7k3r", name="Loket Pindah Datang"),
    a_unit("9m2x", "dinkes", name="Puskesmas Kebonagung"),
    a_unit("9m2y", "dinkes", name="Puskesmas Lama", status=Status.CLOSED),
)


class FinderPage:
    """The finder open in a browser; `asked` lists what it fetched, `list_status` is the answer for the list."""

    def __init__(self, page: Page, list_status: int = 200) -> None:
        self.page, self.asked, self.list_status = page, list[str](), list_status
        page.route(f"{SITE}/**", self.answer)
        page.goto(f"{SITE}/cari/")

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        self.asked.append(path)
        if path == "/cari/":
            html = f'<!doctype html><html lang="id"><title>Cari</title>{finder.body(REGISTRY)}</html>'
            route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": "script-src 'self'"})
        elif path == "/assets/cari.js":
            route.fulfill(body=SCRIPT, content_type="text/javascript")
        elif path == "/cari/units.json":
            route.fulfill(status=self.list_status, body=finder.units_json(REGISTRY), content_type="application/json")
        elif path == "/s/7k3q/":
            route.fulfill(body="<title>survei</title>", content_type="text/html")
        else:
            route.fulfill(status=404, body="")


@pytest.fixture
def opened(browser: Browser) -> Iterator[FinderPage]:
    with browser.new_context() as context:
        yield FinderPage(context.new_page())


def search(page: Page, words: str) -> None:
    page.get_by_label("Nama unit, organisasi, atau kode").fill(words)


@pytest.mark.browser
def test_the_list_is_fetched_only_when_the_box_is_focused(opened: FinderPage) -> None:
    before = "/cari/units.json" in opened.asked
    with opened.page.expect_response("**/cari/units.json"):
        opened.page.get_by_label("Nama unit, organisasi, atau kode").focus()
    assert not before


@pytest.mark.browser
@pytest.mark.parametrize("words", ["kebon", "KESEHATAN kebonagung", "9m2x"])
def test_a_unit_is_found_by_name_organisation_or_code(opened: FinderPage, words: str) -> None:
    search(opened.page, words)
    expect(opened.page.get_by_role("status")).to_have_text("1 unit ditemukan.")
    expect(opened.page.get_by_role("link", name="Isi survei Puskesmas Kebonagung")).to_have_attribute(
        "href", "/s/9m2x/"
    )


@pytest.mark.browser
def test_nothing_found_is_said(opened: FinderPage) -> None:
    search(opened.page, "tidak ada")
    expect(opened.page.get_by_role("status")).to_have_text("Tidak ada unit yang cocok.")


@pytest.mark.browser
def test_a_closed_unit_is_found_with_its_state_and_without_a_survey(opened: FinderPage) -> None:
    search(opened.page, "puskesmas lama")
    line = opened.page.locator("[data-hasil] li")
    expect(line).to_contain_text("ditutup")
    expect(line.get_by_role("link")).to_have_text(["Hasil"])


@pytest.mark.browser
def test_a_hostile_name_is_text_in_the_search_results(opened: FinderPage) -> None:
    search(opened.page, "akta")
    expect(opened.page.locator("[data-hasil] strong")).to_have_text("Loket <b>Akta</b>")


@pytest.mark.browser
def test_enter_brings_the_keyboard_to_the_first_result(opened: FinderPage) -> None:
    search(opened.page, "loket")
    opened.page.keyboard.press("Enter")
    expect(opened.page.locator("[data-hasil] a").first).to_be_focused()


@pytest.mark.browser
def test_a_list_that_cannot_be_loaded_points_to_the_tree(browser: Browser) -> None:
    with browser.new_context() as context:
        opened = FinderPage(context.new_page(), list_status=500)
        search(opened.page, "loket")
        expect(opened.page.get_by_role("status")).to_contain_text("Silakan pilih dari daftar organisasi.")


@pytest.mark.browser
def test_a_code_goes_straight_to_its_survey_however_it_is_typed(opened: FinderPage) -> None:
    opened.page.get_by_label("Masukkan kode poster").fill(" 7K3-Q ")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url(f"{SITE}/s/7k3q/")
    assert opened.page.title() == "survei"


@pytest.mark.browser
@pytest.mark.parametrize("code", ["zzzz", "u!?u"])
def test_an_unknown_code_is_told_and_leads_back_to_the_box_where_it_stays(opened: FinderPage, code: str) -> None:
    box = opened.page.get_by_label("Masukkan kode poster")
    box.fill(code)
    opened.page.get_by_role("button", name="Buka survei").click()
    expect(opened.page.get_by_role("alert")).to_contain_text("Kode itu tidak ada di daftar.")
    expect(box).to_be_focused()
    expect(box).to_have_value(code)
