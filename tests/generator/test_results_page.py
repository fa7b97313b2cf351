"""The results page: the right sentence for every state of a release, and nothing that was not released."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from generator.instruments import instrument, shipped
from generator.pages import results
from generator.pages.data import published
from skm.breakdown import UNSTATED, Breakdowns, Row
from skm.breakdown_text import text_of
from skm.index import MUTU_TABLE, squares
from skm.periods import parse_period
from skm.results import Correction, ReleasedBlock, Result
from skm.tally import Tally, tally
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
    earlier: Biaya | None = None,
    noted: int = 0,
    set_aside: int = 0,
    corrections: tuple[Correction, ...] = (),
    breakdowns: Breakdowns | None = None,
) -> Result:
    """n people who gave every unsur the same value; `earlier`: the questionnaire of a first block of ten more."""
    home, blocks = parse_period(period), []
    for form, people, aside in ((earlier, 10, 0), (biaya, n, noted)):
        if form and people:
            asked = instrument("permenpan-14-2017", form)
            answers = [{i.key: value for i in asked.items() if i.key != without} for _ in range(people)]
            counted = replace(tally(answers), squares=squares(answers, asked))
            blocks.append(ReleasedBlock(home, len(blocks) + 1, counted, asked.versi, aside))
    versi = instrument("permenpan-14-2017", biaya).versi
    told = text_of(breakdowns or Breakdowns(0))
    return Result("7k3q", home, versi, tuple(blocks), final, held, example, set_aside, corrections, told)


def a_registry(*units: Unit, k: int = 10) -> Registry:
    site = Site("SKM", "http://127.0.0.1:8000", release=ReleaseRule(k=k))
    organisations = (Organisation("kota", "Kota Contoh"), Organisation("dukcapil", "Dinas", "kota"))
    return Registry(site, organisations, units, instruments=shipped())


def body_of(*found: Result, unit: Unit | None = None, others: tuple[Unit, ...] = (), k: int = 10) -> str:
    unit = unit or a_unit()
    return results.body(unit, a_registry(unit, *others, k=k), found)


def words_of(body: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body))


def range_of(result: Result) -> str:
    """The range as the page prints it."""
    figures = published(result, shipped()).figures
    assert figures and figures.interval
    return f"{figures.interval.lo}–{figures.interval.hi}".replace(".", ",")


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


def test_a_final_result_says_what_became_of_every_answer_that_was_received() -> None:
    words = words_of(body_of(a_result(held=4, set_aside=3)))
    assert "Pada Triwulan IV 2026 diterima 19 jawaban: 12 dihitung, 3 disisihkan, 4 belum dapat ditampilkan." in words


def test_where_every_answer_counts_that_is_all_there_is_to_say() -> None:
    assert "Pada Triwulan IV 2026 diterima 12 jawaban, semuanya dihitung." in words_of(body_of(a_result()))


def test_an_interim_result_does_not_say_how_many_answers_were_received() -> None:
    assert "diterima 12" not in body_of(a_result(final=False))


def test_answers_set_aside_too_late_are_named_while_they_still_count() -> None:
    words = words_of(body_of(a_result(noted=3)))
    assert (
        "3 jawaban yang sudah terbit kemudian disisihkan, tetapi masih dihitung: jawaban hanya keluar bersama" in words
    )


def test_corrections_are_told_in_both_directions_with_day_and_number() -> None:
    home = parse_period("2026-TW4")
    moves = (Correction(home, date(2027, 1, 20), 12, True), Correction(home, date(2027, 2, 1), 10, False))
    words = words_of(body_of(a_result(corrections=moves)))
    assert "20 Januari 2027: 12 jawaban disisihkan dan tidak lagi dihitung." in words
    assert "1 Februari 2027: 10 jawaban yang pernah disisihkan dihitung kembali." in words


def test_a_closed_period_without_a_release_is_told_beside_the_older_value() -> None:
    words = words_of(body_of(a_result("2026-TW4", n=0, held=4), a_result("2026-TW3")))
    assert "12 responden, Triwulan III 2026." in words
    assert "Triwulan IV 2026 belum diterbitkan 4 jawaban belum dapat ditampilkan" in words
    assert "Triwulan IV 2026: 4 jawaban belum dapat ditampilkan." in words


def test_every_unsur_has_its_number_of_the_rule_nrr_value_mutu_and_answers() -> None:
    rows = re.findall(r"<tr role=\"row\">\n<th role=\"rowheader\".*?</tr>", body_of(a_result(value=4)), re.DOTALL)
    assert len(rows) == 9
    assert words_of(rows[7]).strip() == ("U8 Penanganan Pengaduan, Saran dan Masukan 4,00 100,00 A Sangat baik 12")


def test_an_unsur_without_enough_answers_is_named_and_not_counted() -> None:
    words = words_of(body_of(a_result(without="waktu")))
    assert "U3 Waktu Penyelesaian belum cukup jawaban" in words
    assert "Nilai dihitung dari 8 unsur" in words


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


def test_where_the_users_of_the_year_are_known_a_quarter_has_the_quota_that_remains() -> None:
    unit = a_unit(users_per_period={"2026": 500})  # a year's sample of 217
    words = words_of(body_of(a_result("2026-TW4", n=31), a_result("2026-TW3", n=97), unit=unit))
    assert "Jumlah sampel setahun menurut tabel: 217; terkumpul pada tahun 2026 sampai Triwulan IV 2026: 128." in words
    assert "Bagian Triwulan IV 2026: 120." in words


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
    assert f"Tahun 2026 75,00 C {range_of(a_result('2026', n=60))} 60" in words


def test_where_only_a_longer_period_holds_enough_answers_it_leads() -> None:
    words = words_of(body_of(a_result("2026"), a_result("2026-TW4", n=0, held=6)))
    assert "12 responden, Tahun 2026." in words


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
    assert results.description(a_unit(), a_registry(a_unit()), found).endswith(
        "Nilai SKM 75,00 – Kurang baik (C). 12 responden, Triwulan IV 2026."
    )


def test_the_description_of_a_unit_without_results_is_a_sentence_too() -> None:
    assert results.description(a_unit(), a_registry(a_unit()), ()).endswith("Belum ada hasil yang diterbitkan.")


# the interval and what may be said of it


def test_the_range_stands_beside_a_final_value_with_its_word() -> None:
    words = words_of(body_of(a_result()))
    assert f"Rentang 95 %: {range_of(a_result())} dari 12 responden. Keyakinan lemah." in words


def test_a_class_with_others_in_its_range_names_them_all() -> None:
    assert "C; rentang 95 %: C–B." in words_of(body_of(a_result()))


def test_a_class_that_is_alone_in_its_range_is_not_named_again() -> None:
    assert "C; rentang" not in words_of(body_of(a_result(n=400)))


def test_an_interim_value_has_its_range_and_neither_word_nor_classes() -> None:
    words = words_of(body_of(a_result(final=False)))
    assert f"Rentang 95 %: {range_of(a_result())} dari 12 responden. Sementara" in words


def test_the_word_for_the_width_is_explained_once() -> None:
    assert words_of(body_of(a_result())).count("kuat bila setengah lebarnya paling banyak 2,5 poin") == 1


def test_where_two_questionnaires_were_used_the_range_is_said_to_be_unknown() -> None:
    words = words_of(body_of(a_result(biaya=Biaya.KESESUAIAN, earlier=Biaya.OFFICIAL)))
    assert "Rentang 95 % tidak dapat dihitung untuk angka ini." in words
    assert "Sebagian jawaban periode ini diberikan pada permenpan-14-2017.1.official." in words


# the line over the periods


def test_the_line_is_interrupted_where_the_questionnaire_changed() -> None:
    body = body_of(a_result("2026-TW4", biaya=Biaya.KESESUAIAN), a_result("2026-TW3"))
    assert (body.count("skm-trend-line"), body.count("skm-trend-break")) == (0, 1)
    assert ">Triwulan III 2026 75,00; kuesioner berganti; Triwulan IV 2026 75,00.</desc>" in body
    assert "Triwulan IV 2026 kuesioner berganti dari periode sebelumnya" in words_of(body)


def test_the_line_over_one_questionnaire_is_whole() -> None:
    body = body_of(a_result("2026-TW4"), a_result("2026-TW3"))
    assert (body.count("skm-trend-line"), body.count("skm-trend-break")) == (1, 0)


def test_a_questionnaire_that_changed_within_a_period_is_noted_and_cuts_both_sides() -> None:
    mixed = a_result("2026-TW3", biaya=Biaya.KESESUAIAN, earlier=Biaya.OFFICIAL)
    body = body_of(a_result("2026-TW4", biaya=Biaya.KESESUAIAN), mixed, a_result("2026-TW2"))
    assert "Pada Triwulan III 2026 kuesioner berganti di tengah periode." in body
    assert body.count("skm-trend-break") == 2


def test_a_change_across_a_period_without_release_is_marked_at_the_next_value() -> None:
    body = body_of(a_result("2026-TW4", biaya=Biaya.KESESUAIAN), a_result("2026-TW2"))
    assert "Triwulan III 2026 tidak ada terbitan; kuesioner berganti; Triwulan IV 2026 75,00" in body


# who answered


def test_a_page_that_an_interim_value_leads_tells_the_newest_final_one_with_its_people() -> None:
    told = Breakdowns(12, {"jenis_kelamin": (Row(("l",), 7), Row(("p",), 5), Row((UNSTATED,), 0))})
    found = (a_result(final=False), a_result("2026-TW3", breakdowns=told, set_aside=2), a_result("2026-TW2"))
    words = words_of(body_of(*found))
    assert "Hasil akhir terbaru (Triwulan III 2026): Nilai SKM 75,00 – Kurang baik (C). Rentang 95 %" in words
    assert "Perubahan dari Triwulan II 2026 masih dalam galat" in words
    assert "Pada Triwulan III 2026 diterima 14 jawaban: 12 dihitung, 2 disisihkan." in words
    assert "Triwulan III 2026, dihitung sekali saat periode ditutup, dari 12 responden." in words


def test_a_final_result_says_who_answered_and_an_interim_one_does_not() -> None:
    told = Breakdowns(12, {"jenis_kelamin": (Row(("l",), 7), Row(("p",), 5), Row((UNSTATED,), 0))})
    final, interim = (body_of(a_result(breakdowns=told, final=final)) for final in (True, False))
    assert "Responden menurut jenis kelamin Jenis kelamin Jawaban Bagian Laki-laki 7 58,3 % Perempuan 5 41,7 %" in (
        words_of(final)
    )
    assert "Siapa yang menjawab" not in interim


def test_the_labels_lead_to_their_definitions() -> None:
    told = Breakdowns(12, {}, {"burst": (Row(("ya",), 5), Row(("tidak",), 7))}, (Row(("skrip",), 0),))
    assert 'href="/integritas/"' in body_of(a_result(breakdowns=told))


def test_the_hostile_name_of_a_service_stays_text() -> None:
    told = Breakdowns(12, {"layanan": (Row(("<script>",), 7), Row(("</td>",), 5))})
    assert "<script>" not in body_of(a_result(breakdowns=told))


def test_an_index_is_called_by_the_short_name_of_its_instrument_and_biaya_is_named_where_it_is_asked() -> None:
    form = shipped().newest("ipak")
    answers = [{item.key: 3 for item in form.items()} for _ in range(12)]
    counted = Tally(12, tally(answers).counts, squares(answers, form))
    found = Result("7k3q", parse_period("2026-TW4"), form.versi, (), True, 0, False)
    found = replace(found, blocks=(ReleasedBlock(found.period, 1, counted, form.versi),))
    words = words_of(body_of(found))
    assert "Nilai IPAK 75,00" in words
    assert "Unsur biaya" not in words


def test_gratis_is_spoken_of_only_where_it_can_be_chosen() -> None:
    assert "Gratis" in words_of(body_of(a_result()))
    assert "Gratis" not in words_of(body_of(a_result(biaya=Biaya.KESESUAIAN)))


def test_a_share_of_straight_lines_above_the_usual_is_said() -> None:
    labels = {"straight_line": (Row(("ya",), 45), Row(("tidak",), 5))}
    told = Breakdowns(50, {"channel": (Row(("qr",), 50),)}, labels)
    assert "45 dari 50 jawaban memberi nilai yang sama" in words_of(body_of(a_result(breakdowns=told)))
