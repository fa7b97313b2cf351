"""The results page: the right sentence for every state of a release, and nothing that was not released."""

import re
from typing import Any

import pytest

from generator.instruments import instrument
from generator.pages import results
from skm.index import MUTU_TABLE
from skm.periods import parse_period
from skm.results import ReleasedBlock, Result
from skm.tally import tally
from skm.units import Biaya, Organisation, Registry, ReleaseRule, Site, Status, Unit

HOSTILE = ('<script>alert("x")</script>', "</title><b>", "O'Brien & Anak", "{{ unit.code }} {% raw %}", "{n} {0}")


def a_unit(**changes: Any) -> Unit:
    values = {"code": "7k3q", "name": "Loket Administrasi", "organisation": "dukcapil", "languages": ("id",)}
    return Unit(**(values | changes))


def a_result(
    period: str = "2026-TW4",
    *,
    n: int = 12,
    value: int = 3,
    final: bool = True,
    held: int = 0,
    biaya: Biaya = Biaya.OFFICIAL,
    without: str = "",
    example: bool = False,
) -> Result:
    form, home = instrument("permenpan-14-2017", biaya), parse_period(period)
    answers = tally([{i.key: value for i in form.items() if i.key != without} for _ in range(n)])
    return Result("7k3q", home, form.versi, (ReleasedBlock(home, 1, answers),) if n else (), final, held, example)


def body_of(*found: Result, unit: Unit | None = None, others: tuple[Unit, ...] = (), k: int = 10) -> str:
    unit = unit or a_unit()
    site = Site("SKM", "http://127.0.0.1:8000", release=ReleaseRule(k=k))
    organisations = (Organisation("kota", "Kota Contoh"), Organisation("dukcapil", "Dinas", "kota"))
    return results.body(unit, Registry(site, organisations, (unit, *others)), found)


def words_of(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def test_a_final_result_leads_with_value_mutu_respondents_and_period() -> None:
    assert "Nilai SKM 75,00 – Kurang baik (C). 12 responden, Triwulan IV 2026." in words_of(body_of(a_result()))


def test_thousands_of_respondents_are_written_with_a_point() -> None:
    assert "1.234 responden" in body_of(a_result(n=1234))


def test_an_interim_result_is_called_sementara_and_says_when_the_final_one_comes() -> None:
    words = words_of(body_of(a_result(final=False)))
    assert "Nilai SKM sementara 75,00. 12 responden, Triwulan IV 2026." in words
    assert "paling cepat 8 Januari 2027" in words


def test_an_interim_result_shows_no_mutu_and_no_border_to_read_one_from() -> None:
    body = body_of(a_result(final=False))
    assert "skm-mutu" not in body
    assert "skm-bar-mark" not in body


def test_a_final_result_of_fewer_than_ten_says_why_it_has_no_mutu() -> None:
    words = words_of(body_of(a_result(n=7), k=5))
    assert "Nilai SKM 75,00. 7 responden" in words
    assert "Mutu tidak dicantumkan: kurang dari 10 responden." in words


def test_without_a_release_the_page_says_so_and_leads_to_the_survey() -> None:
    body = body_of(k=5)
    assert "Belum diterbitkan: belum ada 5 responden yang dapat ditampilkan bersama." in body
    assert 'href="/s/7k3q/"' in body
    assert "<table" not in body


def test_answers_that_stay_out_are_counted_in_words() -> None:
    assert "4 jawaban belum dapat ditampilkan." in body_of(a_result(held=4))


def test_a_closed_period_without_a_release_is_told_beside_the_older_value() -> None:
    words = words_of(body_of(a_result("2026-TW4", n=0, held=4), a_result("2026-TW3")))
    assert "12 responden, Triwulan III 2026." in words
    assert "Triwulan IV 2026 belum diterbitkan 4 jawaban belum dapat ditampilkan" in words


def test_every_unsur_has_its_number_of_the_rule_nrr_value_mutu_and_answers() -> None:
    rows = re.findall(r"<tr role=\"row\">\n<th role=\"rowheader\".*?</tr>", body_of(a_result(value=4)), re.DOTALL)
    assert len(rows) == 9
    assert words_of(rows[7]).strip() == ("U8 Penanganan Pengaduan, Saran dan Masukan 4,00 100,00 A Sangat baik 12")


def test_an_unsur_without_enough_answers_is_named_and_not_counted() -> None:
    words = words_of(body_of(a_result(without="waktu")))
    assert "U3 Waktu Penyelesaian belum cukup jawaban" in words
    assert "Nilai SKM dihitung dari 8 unsur" in words


def test_the_index_without_biaya_stands_beside_the_index() -> None:
    assert "Tanpa unsur biaya: 75,00 ." in words_of(body_of(a_result()))


def test_a_unit_that_is_free_by_law_has_eight_unsur_and_no_index_without_biaya() -> None:
    words = words_of(body_of(a_result(biaya=Biaya.NONE), unit=a_unit(biaya=Biaya.NONE)))
    assert "Tanpa unsur biaya" not in words
    assert "jumlah NRR × 1/8 × 25" in words


def test_too_small_a_sample_is_a_sentence_of_its_own_and_hides_nothing() -> None:
    words = words_of(body_of(a_result(n=31), unit=a_unit(users_per_period=121)))
    assert "Jumlah sampel menurut tabel: 92; terkumpul 31." in words
    assert "Nilai SKM 75,00 – Kurang baik (C)." in words


def test_users_of_another_period_say_nothing_about_this_one() -> None:
    assert "Jumlah sampel" not in body_of(a_result(), unit=a_unit(users_per_period={"2026-TW3": 120}))


def test_the_trend_tells_its_values_in_words_the_gap_too() -> None:
    body = body_of(a_result("2026-TW4", final=False), a_result("2026-TW2", value=4))
    assert (
        ">Triwulan II 2026 100,00; Triwulan III 2026 tidak ada terbitan; Triwulan IV 2026 75,00 (sementara).</desc>"
        in body
    )


def test_one_value_is_no_trend() -> None:
    assert "<desc" not in body_of(a_result())


def test_longer_periods_have_a_table_of_their_own_and_never_lead() -> None:
    words = words_of(body_of(a_result("2026", n=60), a_result("2026-TW4")))
    assert "12 responden, Triwulan IV 2026." in words
    assert "Periode lain" in words
    assert "Tahun 2026 75,00 C 60" in words


def test_the_method_names_convention_instrument_release_rule_and_sampling() -> None:
    words = words_of(body_of(a_result()))
    for part in ("exact: 1/9", "permenpan-14-2017 versi 1", "paling sedikit berisi 10 orang", "Bukan sampel acak"):
        assert part in words


def test_the_borders_in_words_are_those_of_the_table() -> None:
    words = words_of(body_of(a_result()))
    for row in MUTU_TABLE:
        assert f"{row.letter} {str(row.lowest).replace('.', ',')}–" in words


def test_the_data_can_be_downloaded() -> None:
    assert 'href="/hasil/7k3q/data.json"' in body_of(a_result())


def test_simulated_figures_say_that_they_are_an_example() -> None:
    bodies = [body_of(a_result(example=example)) for example in (True, False)]
    assert ["CONTOH" in body for body in bodies] == [True, False]


def test_the_breadcrumb_leads_up_the_tree() -> None:
    links = re.findall(r'href="(/hasil/[^"]*)"', body_of(a_result()).split("<h1>")[0])
    assert links == ["/hasil/", "/hasil/org/kota/", "/hasil/org/dukcapil/"]


def test_a_moved_unit_points_to_the_one_that_asks_today() -> None:
    unit = a_unit(status=Status.MOVED, moved_to="9m2x")
    body = body_of(a_result(), unit=unit, others=(a_unit(code="9m2x", name="Loket Baru"),))
    assert 'href="/s/9m2x/">Loket Baru</a>' in body
    assert 'href="/s/7k3q/"' not in body


def test_a_closed_unit_keeps_its_results_and_asks_nobody() -> None:
    body = body_of(a_result(), unit=a_unit(status=Status.CLOSED))
    assert "Unit ini sudah ditutup." in body
    assert "/s/7k3q/" not in body


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(name: str) -> None:
    plain, hostile = (body_of(a_result(), a_result("2026-TW3"), unit=a_unit(name=n)) for n in ("Loket", name))
    assert re.findall(r"<[^>]*>", hostile) == re.findall(r"<[^>]*>", plain)
    assert name in results.title(a_unit(name=name))


def test_a_body_holds_nothing_that_the_policy_refuses() -> None:
    body = body_of(a_result(), a_result("2026-TW3"), unit=a_unit(users_per_period=120))
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", body)


def test_equal_results_give_equal_bytes() -> None:
    assert body_of(a_result(), a_result("2026-TW3")) == body_of(a_result(), a_result("2026-TW3"))


def test_the_description_tells_the_newest_quarter_not_the_running_year() -> None:
    found = (a_result("2026", n=60, final=False), a_result("2026-TW4"), a_result("2025", n=60))
    assert results.description(a_unit(), found).endswith(
        "Nilai SKM 75,00 – Kurang baik (C). 12 responden, Triwulan IV 2026."
    )


def test_the_description_of_a_unit_without_results_is_a_sentence_too() -> None:
    assert results.description(a_unit(), ()).endswith("Belum ada hasil yang diterbitkan.")
