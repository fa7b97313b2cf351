"""Organisation pages, the overview and the home page: roll-ups that say how they were made, and no ranking."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from generator.instruments import instrument, shipped
from generator.pages import home, organisation, overview
from generator.totals import Totals
from skm.index import squares
from skm.periods import parse_period
from skm.results import ReleasedBlock, Result
from skm.tally import tally
from skm.units import Biaya, Headline, Organisation, Registry, Site, Status, Unit

KOTA = Organisation("kota", "Kota Contoh")
DUKCAPIL = Organisation("dukcapil", "Dinas Kependudukan", "kota")
DINKES = Organisation("dinkes", "Dinas Kesehatan", "kota")


def a_unit(code: str, organisation: str = "dukcapil", **changes: Any) -> Unit:
    return Unit(
        **({"code": code, "name": f"Unit {code}", "organisation": organisation, "languages": ("id",)} | changes)
    )


def a_result(
    code: str,
    *,
    n: int = 10,
    value: int = 3,
    period: str = "2026-TW4",
    final: bool = True,
    biaya: Biaya = Biaya.OFFICIAL,
    example: bool = False,
) -> Result:
    form, home_ = instrument("permenpan-14-2017", biaya), parse_period(period)
    answers = [{item.key: value for item in form.items()} for _ in range(n)]
    counted = replace(tally(answers), squares=squares(answers, form))
    return Result(
        code, home_, form.versi, (ReleasedBlock(home_, 1, counted, form.versi),) if n else (), final, 0, example
    )


def another_form() -> ReleasedBlock:
    """A block of ten answers to another questionnaire."""
    form, home_ = shipped().newest("ipkp"), parse_period("2026-TW4")
    return ReleasedBlock(home_, 1, tally([{item.key: 3 for item in form.items()} for _ in range(10)]), form.versi)


def a_registry(*units: Unit, organisations: Sequence[Organisation] = (KOTA, DUKCAPIL, DINKES)) -> Registry:
    return Registry(Site("SKM", "http://127.0.0.1:8000"), tuple(organisations), units, instruments=shipped())


def by_code(*results: Result) -> Mapping[str, Sequence[Result]]:
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.code, []).append(result)
    return found


def page_of(node: Organisation, registry: Registry, results: Mapping[str, Sequence[Result]]) -> str:
    """The middle of an organisation's page, the organisation as given."""
    others = tuple(node if other.id == node.id else other for other in registry.organisations)
    registry = replace(registry, organisations=others)
    return organisation.body(node, registry, Totals.of(registry, results))


def overview_of(registry: Registry, results: Mapping[str, Sequence[Result]]) -> str:
    return overview.body(registry, Totals.of(registry, results))


def home_of(registry: Registry, results: Mapping[str, Sequence[Result]]) -> str:
    return home.body(registry, Totals.of(registry, results))


def words_of(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


TWO = a_registry(a_unit("1111"), a_unit("2222"))


def test_pooled_and_mean_differ_where_units_differ_in_size_and_both_are_named() -> None:
    found = by_code(a_result("1111", n=30, value=4), a_result("2222", n=10, value=2))
    words = words_of(page_of(DUKCAPIL, TWO, found))
    assert "Angka utama: nilai gabungan 87,50 B Baik Rentang" in words
    assert "Rata-rata nilai unit 75,00 Rentang" in words


def test_the_figure_that_the_organisation_named_leads_and_only_it_has_a_mutu() -> None:
    found = by_code(a_result("1111", n=30, value=4), a_result("2222", n=10, value=2))
    body = page_of(replace(DUKCAPIL, headline=Headline.MEAN), TWO, found)
    words = words_of(body)
    assert "Rata-rata nilai unit 75,00 – Kurang baik (C). 40 responden dari 2 unit" in words
    assert words.index("Angka utama: rata-rata nilai unit 75,00 C Kurang baik") < words.index("Nilai gabungan 87,50")
    assert body.count('class="skm-mutu') == 1


def test_both_figures_have_their_range_and_say_of_how_many() -> None:
    found = by_code(a_result("1111", n=30, value=4), a_result("2222", n=10, value=2))
    words = words_of(page_of(DUKCAPIL, TWO, found))
    assert re.search(r"87,50 B Baik Rentang 95 %: \S+ dari 40 responden\.", words)
    assert re.search(r"unit 75,00 Rentang 95 %: \S+ dari 2 unit\.", words)


def test_a_headline_that_does_not_exist_leaves_the_lead_to_the_other_without_a_mutu() -> None:
    other = replace(a_result("2222"), instrument="ipkp.1.official", blocks=(another_form(),))
    body = page_of(DUKCAPIL, TWO, by_code(a_result("1111"), other))
    assert "Rata-rata nilai unit 75,00. 20 responden dari 2 unit" in words_of(body)
    assert "Tidak dihitung: unit memakai instrumen yang berbeda." in body
    assert 'class="skm-mutu' not in body


def test_the_lead_counts_units_and_respondents() -> None:
    found = by_code(a_result("1111", n=30), a_result("2222", n=10))
    words = words_of(page_of(DUKCAPIL, TWO, found))
    assert "Nilai gabungan 75,00 – Kurang baik (C). 40 responden dari 2 unit, Triwulan IV 2026." in words


def test_one_unit_that_is_not_final_makes_the_organisation_provisional() -> None:
    found = by_code(a_result("1111"), a_result("2222", final=False))
    body = page_of(DUKCAPIL, TWO, found)
    assert "Nilai gabungan sementara 75,00." in body
    assert "skm-mutu" not in body


def test_only_units_with_a_release_in_the_newest_period_are_pooled() -> None:
    found = by_code(a_result("1111", n=30), a_result("2222", n=10, period="2026-TW3"))
    assert "30 responden dari 1 unit, Triwulan IV 2026." in words_of(page_of(DUKCAPIL, TWO, found))


def test_the_half_year_and_the_year_around_the_newest_period_have_both_figures() -> None:
    periods = ("2026-TW4", "2026-S2", "2026")
    found = by_code(
        *(a_result(code, n=n, value=v, period=p) for p in periods for code, n, v in (("1111", 10, 3), ("2222", 30, 4)))
    )
    words = words_of(page_of(DUKCAPIL, TWO, found))
    assert "Semester II 2026 40 responden dari 2 unit 93,75 A 87,50" in words
    assert "Tahun 2026 40 responden dari 2 unit 93,75 A 87,50" in words


def test_silent_units_are_counted_and_named() -> None:
    words = words_of(page_of(DUKCAPIL, TWO, by_code(a_result("1111"))))
    assert "1 dari 2 unit sudah punya hasil pada Triwulan IV 2026; 1 unit belum." in words
    assert "Unit 2222 belum ada hasil" in words


def test_a_closed_unit_is_not_awaited() -> None:
    registry = a_registry(a_unit("1111"), a_unit("2222", status=Status.CLOSED))
    words = words_of(page_of(DUKCAPIL, registry, by_code(a_result("1111"))))
    assert "1 dari 1 unit" in words
    assert "Unit 2222 ditutup" in words


def test_units_stand_in_the_order_of_the_registry_whatever_their_value() -> None:
    found = by_code(a_result("1111", value=2), a_result("2222", value=4))
    assert re.findall(r"/hasil/(\d{4})/", page_of(DUKCAPIL, TWO, found)) == ["1111", "2222"]


def test_an_organisation_counts_the_units_of_those_below_it() -> None:
    registry = a_registry(a_unit("1111"), a_unit("2222"), a_unit("3333", "dinkes"))
    words = words_of(page_of(KOTA, registry, by_code(a_result("1111"), a_result("3333"))))
    assert "20 responden dari 2 unit" in words
    assert "Dinas Kependudukan 1 dari 2" in words
    assert "Dinas Kesehatan 1 dari 1" in words


def test_units_that_ask_for_biaya_differently_are_pooled_with_a_warning() -> None:
    found = by_code(a_result("1111", n=10, value=4), a_result("2222", n=10, value=2, biaya=Biaya.NONE))
    assert "cara yang berbeda" in page_of(DUKCAPIL, TWO, found)


def test_nothing_released_is_a_sentence_and_the_units_are_listed_all_the_same() -> None:
    body = page_of(DUKCAPIL, TWO, {})
    assert "Belum ada hasil yang diterbitkan." in body
    assert 'href="/hasil/2222/"' in body


def test_more_than_a_hundred_rows_lead_on_to_the_list_of_units() -> None:
    registry = a_registry(*(a_unit(f"{number:04}") for number in range(130)))
    body = page_of(DUKCAPIL, registry, {})
    assert len(re.findall(r"<tr><th scope=\"row\">", body)) == 100
    assert "30 baris lain ada di daftar unit." in body
    assert 'href="/cari/dukcapil/"' in body


def test_the_breadcrumb_leads_to_the_organisations_above() -> None:
    crumbs = page_of(DUKCAPIL, TWO, {}).split("<h1>")[0]
    assert re.findall(r'href="([^"]*)"', crumbs) == ["/hasil/", "/hasil/org/kota/"]


def test_simulated_figures_of_an_organisation_say_that_they_are_an_example() -> None:
    assert "CONTOH" in page_of(DUKCAPIL, TWO, by_code(a_result("1111", example=True)))


def test_the_description_of_an_organisation_tells_its_lead() -> None:
    words = organisation.description(DUKCAPIL, Totals.of(TWO, by_code(a_result("1111"))))
    assert words.endswith("Nilai gabungan 75,00 – Kurang baik (C). 10 responden dari 1 unit, Triwulan IV 2026.")


def test_a_hostile_name_of_an_organisation_stays_text() -> None:
    hostile = Organisation("dukcapil", '"><script>alert(1)</script>')
    registry = a_registry(a_unit("1111", name="<b>&"), organisations=(hostile,))
    body = page_of(hostile, registry, {}) + overview_of(registry, {})
    assert "<script" not in body
    assert "<b>" not in body


def test_the_overview_tells_the_newest_period_and_links_the_tree() -> None:
    body = overview_of(a_registry(a_unit("1111"), a_unit("3333", "dinkes")), by_code(a_result("1111")))
    assert "1 dari 2 unit sudah punya hasil. 10 responden, Triwulan IV 2026." in words_of(body)
    assert re.findall(r"/hasil/org/([^/]+)/", body) == ["kota", "dukcapil", "dinkes"]


def test_the_overview_of_a_large_tree_shows_its_roots_alone() -> None:
    many = [KOTA, *(Organisation(f"opd-{number}", f"OPD {number}", "kota") for number in range(120))]
    body = overview_of(a_registry(a_unit("1111", "opd-1"), organisations=many), {})
    assert re.findall(r"/hasil/org/([^/]+)/", body) == ["kota"]


def test_the_overview_before_the_first_release_says_so() -> None:
    assert "Belum ada hasil yang diterbitkan." in overview_of(TWO, {})


def test_the_home_page_tells_latest_period_and_size_and_asks_for_the_code() -> None:
    body = home_of(a_registry(a_unit("1111"), a_unit("2222", status=Status.CLOSED)), by_code(a_result("1111", n=12)))
    words = words_of(body)
    assert "Triwulan IV 2026: 1 unit sudah punya hasil dari 12 responden." in words
    assert "1 unit layanan di 3 organisasi." in words
    assert 'action="/kirim/"' in body


def test_pages_that_fill_a_written_page_bring_no_second_heading_of_the_first_level() -> None:
    assert "<h1" not in home_of(TWO, {}) + overview_of(TWO, {})
