"""What is said of two periods: up, down, within chance, or that they cannot be compared."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from generator.instruments import instrument, shipped
from generator.pages.change import change_text
from generator.pages.data import published
from skm.breakdown import Breakdowns, Row
from skm.breakdown_text import text_of
from skm.interval import Interval
from skm.periods import parse_period
from skm.results import Published, ReleasedBlock, Result
from skm.tally import tally
from skm.units import Biaya


def a_result(
    period: str,
    ikm: int,
    *,
    final: bool = True,
    biaya: Biaya = Biaya.OFFICIAL,
    channels: tuple[Row, ...] = (),
    known: bool = True,
) -> Published:
    """A value with a range from 3 points below to 4 above; `known` False: without a range."""
    form, home = instrument("permenpan-14-2017", biaya), parse_period(period)
    counted = tally([{item.key: 3 for item in form.items()} for _ in range(200)])
    told = Breakdowns(200, {"channel": channels}) if channels else Breakdowns(0)
    blocks = (ReleasedBlock(home, 1, counted, form.versi),)
    found = published(
        Result("7k3q", home, form.versi, blocks, final, 0, False, breakdown_text=text_of(told)), shipped()
    )
    assert found.figures is not None
    interval = Interval(Decimal(f"{ikm - 3}.00"), Decimal(f"{ikm + 4}.00")) if known else None
    return replace(found, figures=replace(found.figures, ikm=Fraction(ikm), interval=interval))


def text(before: Published, after: Published) -> str:
    return (change_text(before, after) or "").replace("\u00a0", " ")


def test_a_rise_whose_range_leaves_out_zero_is_called_one() -> None:
    said = text(a_result("2026-TW3", 80), a_result("2026-TW4", 90))
    assert said == "Naik 10,00 poin dari Triwulan III 2026 (rentang 95 %: 5,00–15,00)."


def test_a_fall_is_told_with_its_size_and_no_sign() -> None:
    said = text(a_result("2026-TW3", 90), a_result("2026-TW4", 80))
    assert said == "Turun 10,00 poin dari Triwulan III 2026 (rentang 95 %: 5,00–15,00)."


def test_a_change_that_chance_could_have_made_is_within_it() -> None:
    said = text(a_result("2026-TW3", 80), a_result("2026-TW4", 84))
    assert said == ("Perubahan dari Triwulan III 2026 masih dalam galat (+4,00; rentang 95 %: −1,00 sampai +9,00).")


def test_another_way_of_asking_for_biaya_is_another_questionnaire() -> None:
    said = text(a_result("2026-TW3", 80), a_result("2026-TW4", 90, biaya=Biaya.KESESUAIAN))
    assert said == "Tidak dapat dibandingkan dengan Triwulan III 2026: kuesioner berganti."


PHONES = (Row(("qr",), 150), Row(("tenda", "stiker"), 50))
PAPER = (Row(("qr",), 20), Row(("kertas",), 180))


def test_a_move_from_phones_to_paper_cannot_be_compared() -> None:
    said = text(a_result("2026-TW3", 80, channels=PHONES), a_result("2026-TW4", 90, channels=PAPER))
    assert said.startswith("Tidak dapat dibandingkan dengan Triwulan III 2026: cara menjawab")


def test_a_row_that_joins_phones_only_is_still_phones() -> None:
    other = (Row(("qr",), 60), Row(("stiker",), 140))
    assert text(a_result("2026-TW3", 80, channels=PHONES), a_result("2026-TW4", 90, channels=other)).startswith("Naik")


def test_a_row_that_joins_phones_and_paper_tells_nothing_so_the_form_decides() -> None:
    joined = (Row(("qr",), 150), Row(("tenda", "kertas"), 50))
    assert text(a_result("2026-TW3", 80, channels=joined), a_result("2026-TW4", 90, channels=PAPER)).startswith("Naik")


def test_without_the_squares_of_both_there_is_no_comparison() -> None:
    said = text(a_result("2026-TW3", 80, known=False), a_result("2026-TW4", 90))
    assert said == "Tidak dapat dibandingkan dengan Triwulan III 2026: rentang 95 % tidak diketahui."


def test_an_interim_value_is_compared_with_nothing() -> None:
    assert change_text(a_result("2026-TW3", 80), a_result("2026-TW4", 90, final=False)) is None


def test_without_a_period_before_there_is_no_change() -> None:
    assert change_text(None, a_result("2026-TW4", 90)) is None
