"""Published figures of real reports, recomputed: from answers where they are known, else from the printed NRR."""

from collections.abc import Iterable
from fractions import Fraction

import pytest
from published_cases import PERPUSNAS, respondents

from skm.index import Convention, ikm, mutu, nrr, round_half_up
from skm.instrument import Instrument, Item, Unsur
from skm.tally import Tally, tally

NINE = [f"U{n}" for n in range(1, 10)]
INSTRUMENT = Instrument(
    "laporan",
    1,
    {"id": "Laporan"},
    tuple(
        Unsur(key, key, place, {"id": key}, (Item(key, {"id": key}, {"id": ()}),))
        for place, key in enumerate(NINE, start=1)
    ),
    {},
)

# A public institution that is not named, first quarter of 2025: NRR with three decimals.
ANON_2025 = ("3.868", "3.67", "3.758", "3.879", "3.879", "3.868", "3.835", "3.549", "3.725")
# Kelurahan Sengkuang, 110 respondents: NRR with two decimals.
SENGKUANG = ("3.75", "3.04", "3.05", "3.84", "3.75", "3.76", "3.52", "3.76", "3.73")
# Sekretariat Daerah Kab. Mahakam Ulu, November 2025, 26 respondents: the sum of the values of each unsur.
MAHULU_N, MAHULU = 26, (93, 94, 93, 103, 95, 95, 98, 96, 102)


def printed(values: Iterable[str]) -> dict[str, Fraction]:
    """Printed NRR by unsur."""
    return {key: Fraction(value) for key, value in zip(NINE, values, strict=True)}


def figure(values: dict[str, Fraction], convention: Convention = Convention.EXACT, places: int = 2) -> tuple[str, str]:
    """(IKM, mutu) as a report prints them."""
    value = ikm(values, convention)
    return str(round_half_up(value, places)), mutu(value).letter


def perpusnas() -> Tally:
    """The library's tally, from its respondents."""
    return tally(respondents(PERPUSNAS))


def test_perpusnas_2023_from_its_respondents_is_87_641_b() -> None:
    assert figure(nrr(perpusnas(), INSTRUMENT), places=3) == ("87.641", "B")


def test_perpusnas_2023_had_187_respondents() -> None:
    assert perpusnas().n == 187


def test_perpusnas_2023_prints_the_nrr_of_each_unsur_with_three_decimals() -> None:
    rounded = {key: str(round_half_up(value, 3)) for key, value in nrr(perpusnas(), INSTRUMENT).items()}
    assert rounded == {
        "U1": "3.369",
        "U2": "3.439",
        "U3": "3.401",
        "U4": "3.850",
        "U5": "3.326",
        "U6": "3.492",
        "U7": "3.524",
        "U8": "3.781",
        "U9": "3.369",
    }


@pytest.mark.parametrize(
    ("convention", "expected"), [(Convention.PERMENPAN_011, "86.7647"), (Convention.W0111, "87.5535")]
)
def test_perpusnas_2023_is_not_reproduced_by_a_printed_weight(convention: Convention, expected: str) -> None:
    assert figure(nrr(perpusnas(), INSTRUMENT), convention, places=4) == (expected, "B")


def test_disdukcapil_tubaba_2023_one_respondent_with_nine_fours_is_100_a() -> None:
    assert figure(nrr(tally([dict.fromkeys(NINE, 4)]), INSTRUMENT)) == ("100.00", "A")


@pytest.mark.parametrize(("convention", "expected"), [(Convention.PERMENPAN_011, "99.00"), (Convention.W0111, "99.90")])
def test_disdukcapil_tubaba_2023_by_the_weight_its_page_names_is_not_100(convention: Convention, expected: str) -> None:
    assert figure(nrr(tally([dict.fromkeys(NINE, 4)]), INSTRUMENT), convention) == (expected, "A")


def test_anon_2025_tw1_from_its_printed_nrr_is_94_53_a() -> None:
    assert figure(printed(ANON_2025)) == ("94.53", "A")


@pytest.mark.parametrize(
    ("convention", "expected"), [(Convention.PERMENPAN_011, "93.5853"), (Convention.W0111, "94.4360")]
)
def test_anon_2025_tw1_by_the_printed_weights(convention: Convention, expected: str) -> None:
    assert figure(printed(ANON_2025), convention, places=4) == (expected, "A")


def test_anon_2025_tw1_from_totals_of_91_people_would_be_a_hundredth_more_for_its_nrr_were_rounded() -> None:
    totals = (352, 334, 342, 353, 353, 352, 349, 323, 339)
    assert figure({key: Fraction(total, 91) for key, total in zip(NINE, totals, strict=True)}) == ("94.54", "A")


def test_lurah_sengkuang_is_89_44_a_and_not_the_published_80_50() -> None:
    assert figure(printed(SENGKUANG)) == ("89.44", "A")


def test_the_published_figure_of_lurah_sengkuang_took_a_tenth_for_a_ninth() -> None:
    assert sum(printed(SENGKUANG).values()) / 10 * 25 == Fraction("80.50")


def test_setda_mahulu_2025_by_its_totals_is_92_84_a() -> None:
    assert figure({key: Fraction(total, MAHULU_N) for key, total in zip(NINE, MAHULU, strict=True)}) == ("92.84", "A")


@pytest.mark.parametrize(
    ("convention", "expected"), [(Convention.PERMENPAN_011, "91.9135"), (Convention.W0111, "92.7490")]
)
def test_setda_mahulu_2025_by_the_printed_weights(convention: Convention, expected: str) -> None:
    by_totals = {key: Fraction(total, MAHULU_N) for key, total in zip(NINE, MAHULU, strict=True)}
    assert figure(by_totals, convention, places=4) == (expected, "A")


def test_pagar_gunung_has_an_index_only_and_3_20_times_25_is_80_00_b() -> None:
    # Published as 80,07: its index was rounded for print after the conversion.
    value = Fraction("3.20") * 25
    assert (str(round_half_up(value)), mutu(value).letter) == ("80.00", "B")
