"""Who answered, in words: rows by name, and what could not be shown."""

import pytest

from generator.pages.breakdown_names import row_name
from generator.pages.breakdown_tables import Tables, tables
from skm.breakdown import UNSTATED, Breakdowns, Row
from skm.periods import parse_period

TW4 = parse_period("2026-TW4")


@pytest.mark.parametrize(
    ("attribute", "values", "name"),
    [
        ("pendidikan", ("sma",), "SMA"),
        ("pendidikan", ("sd", "smp"), "SD–SMP"),
        ("pendidikan", ("smp", "sma", "d1-d3"), "SMP sampai D1–D3"),
        ("pendidikan", ("d4-s1", "s2", "s3"), "D4/S1 ke atas"),
        ("pendidikan", ("tidak-sekolah", "sd", "smp"), "SMP ke bawah"),
        ("pendidikan", ("sd", "sma"), "SD atau SMA"),
        ("pendidikan", ("s2", "s3", UNSTATED), "S2 ke atas atau tidak diisi"),
        ("usia", ("18-25", "26-35"), "18–35 tahun"),
        ("usia", ("56-65", ">65"), "56 tahun ke atas"),
        ("usia", ("<18", "18-25", "26-35"), "35 tahun ke bawah"),
        ("jenis_kelamin", ("p", UNSTATED), "Perempuan atau tidak diisi"),
        ("jenis_kelamin", (UNSTATED,), "Tidak diisi"),
        ("pekerjaan", ("pns", "tni", "polri"), "PNS, TNI, atau Polri"),
        ("layanan", ("Kartu Keluarga", "KTP elektronik"), "Kartu Keluarga atau KTP elektronik"),
        ("channel", ("kertas",), "Formulir kertas"),
        ("channel", ("lorong",), "lorong"),
        ("week", ("2026-W41",), "5–11 Oktober"),
        ("week", ("2026-W40", "2026-W41"), "1–11 Oktober"),
        ("week", ("2026-W44", "2026-W45"), "26 Oktober–8 November"),
        ("week", ("2026-W41", "2026-W43"), "5–11 Oktober atau 19–25 Oktober"),
        ("week", ("2026-W53",), "28–31 Desember"),
    ],
)
def test_a_row_has_a_name_that_a_reader_understands(attribute: str, values: tuple[str, ...], name: str) -> None:
    assert row_name(attribute, values, TW4) == name


def told(found: Breakdowns) -> Tables:
    made = tables(found, TW4)
    assert made is not None
    return made


def test_rows_have_their_share_of_the_people_counted_at_the_close() -> None:
    made = told(Breakdowns(30, {"jenis_kelamin": (Row(("l",), 10), Row(("p",), 20), Row((UNSTATED,), 0))}))
    assert [(line.name, line.n, line.share) for line in made.attributes[0].lines] == [
        ("Laki-laki", "10", "33,3\u00a0%"),
        ("Perempuan", "20", "66,7\u00a0%"),
    ]


def test_an_attribute_of_one_row_is_hidden_and_named() -> None:
    made = told(Breakdowns(12, {"usia": (Row(("<18", "18-25", UNSTATED), 12),)}))
    assert (made.attributes, made.hidden) == ((), ("Umur",))


def test_a_unit_without_services_hides_nothing() -> None:
    assert told(Breakdowns(12, {"layanan": (Row((UNSTATED,), 12),)})).hidden == ()


def test_weeks_stand_in_the_order_of_time_those_without_answers_too() -> None:
    rows = (Row(("2026-W43",), 7), Row(("2026-W41", "2026-W42"), 5), Row(("2026-W44",), 0))
    lines = told(Breakdowns(12, {"week": rows})).attributes[0].lines
    assert [(line.name, line.n) for line in lines] == [
        ("5–18 Oktober", "5"),
        ("19–25 Oktober", "7"),
        ("26 Oktober–1 November", "0"),
    ]


def test_labels_are_one_table_of_those_who_carry_them() -> None:
    labels = {"burst": (Row(("ya",), 5), Row(("tidak",), 7)), "fast": (Row(("ya", "tidak"), 12),)}
    made = told(Breakdowns(12, {"week": (Row(("2026-W41",), 12),)}, labels))
    assert made.labels is not None
    assert [(line.name, line.n) for line in made.labels.lines] == [("Datang bertubi-tubi", "5")]
    assert made.hidden == ("Minggu", "Penanda “Terisi sangat cepat”")


def test_the_reasons_have_the_number_set_aside_as_their_whole() -> None:
    reasons = (Row(("petugas",), 15), Row(("skrip", "ganda"), 5), Row(("lainnya",), 0))
    made = told(Breakdowns(12, aside=reasons))
    assert made.reasons is not None
    assert made.reasons.caption == "20 jawaban yang disisihkan menurut alasan"
    assert [(line.name, line.share) for line in made.reasons.lines] == [
        ("Diisi oleh petugas", "75,0\u00a0%"),
        ("Dikirim oleh program atau Jawaban ganda", "25,0\u00a0%"),
    ]


def test_where_nobody_was_counted_there_are_no_tables() -> None:
    assert tables(Breakdowns(0), TW4) is None
