"""NRR, IKM, rounding and mutu (PermenPANRB 14/2017; PermenPANRB 14/2017)."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.index import MUTU_TABLE, Convention, ikm, mutu, mutu_of_nrr, nrr, round_half_up, weight
from skm.instrument import Instrument, Item, Unsur
from skm.tally import Tally


def instrument(**items: int) -> Instrument:
    """`instrument(waktu=2)`: an unsur of two items, keyed `waktu.1` and `waktu.2`; of one item, keyed like itself."""
    unsur = []
    for place, (key, number) in enumerate(items.items(), start=1):
        keys = [key] if number == 1 else [f"{key}.{i}" for i in range(1, number + 1)]
        unsur.append(Unsur(key, f"U{place}", place, {"id": key}, tuple(Item(k, {"id": k}, {"id": ()}) for k in keys)))
    return Instrument("contoh", 1, {"id": "Contoh"}, tuple(unsur), {})


@pytest.mark.parametrize(
    ("value", "letter"),
    [
        ("25", "D"),
        ("64.99", "D"),
        ("64.994", "D"),
        ("64.995", "C"),
        ("65", "C"),
        ("76.60", "C"),
        ("76.604", "C"),
        ("76.605", "B"),
        ("76.61", "B"),
        ("88.30", "B"),
        ("88.304", "B"),
        ("88.305", "A"),
        ("88.31", "A"),
        ("100", "A"),
    ],
)
def test_an_ikm_is_rounded_half_up_to_two_decimals_first_and_then_classified(value: str, letter: str) -> None:
    assert mutu(Fraction(value)).letter == letter


def test_the_performance_words_are_those_of_the_regulation() -> None:
    assert [(row.letter, row.kinerja) for row in MUTU_TABLE] == [
        ("A", "Sangat baik"),
        ("B", "Baik"),
        ("C", "Kurang baik"),
        ("D", "Tidak baik"),
    ]


@pytest.mark.parametrize("value", ["24.99", "100.01", "0", "-25"])
def test_outside_25_to_100_there_is_no_mutu(value: str) -> None:
    with pytest.raises(SkmError, match="between 25 and 100"):
        mutu(Fraction(value))


@pytest.mark.parametrize(
    ("value", "letter"), [("1", "D"), ("2.5996", "D"), ("2.6", "C"), ("3.064", "C"), ("3.0644", "B"), ("3.5324", "A")]
)
def test_an_unsur_is_classified_on_its_nrr_times_25(value: str, letter: str) -> None:
    assert mutu_of_nrr(Fraction(value)).letter == letter


@given(st.fractions(min_value=25, max_value=100, max_denominator=10**6))
def test_a_better_index_never_has_a_worse_letter(value: Fraction) -> None:
    assert mutu(min(value + Fraction(1, 1000), Fraction(100))).letter <= mutu(value).letter


@given(st.decimals(min_value=0, max_value=10**6, places=9), st.integers(0, 6))
def test_rounding_half_up_agrees_with_the_decimal_arithmetic_of_python(value: Decimal, places: int) -> None:
    with localcontext(prec=40):
        expected = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert str(round_half_up(Fraction(value), places)) == str(expected)


@given(st.fractions(min_value=0, max_value=100))
def test_rounding_moves_a_figure_by_half_a_unit_at_most_and_a_half_upwards(value: Fraction) -> None:
    moved = Fraction(round_half_up(value)) - value
    assert -Fraction(1, 200) < moved <= Fraction(1, 200)


def test_a_third_is_exact_until_it_is_rounded() -> None:
    assert ikm({"a": Fraction(10, 3), "b": Fraction(10, 3), "c": Fraction(10, 3)}) == Fraction(250, 3)


def test_each_of_nine_unsur_weighs_a_ninth() -> None:
    assert weight(9) == Fraction(1, 9)


def test_a_dropped_unsur_leaves_an_eighth_to_each_of_the_others() -> None:
    assert weight(8) == Fraction(1, 8)


@pytest.mark.parametrize(
    ("convention", "expected"),
    [(Convention.EXACT, "100.00"), (Convention.PERMENPAN_011, "99.00"), (Convention.W0111, "99.90")],
)
def test_what_a_perfect_unit_shows_depends_on_the_convention(convention: Convention, expected: str) -> None:
    assert str(round_half_up(ikm({f"U{n}": Fraction(4) for n in range(1, 10)}, convention))) == expected


@pytest.mark.parametrize("convention", [Convention.PERMENPAN_011, Convention.W0111])
def test_the_printed_weights_exist_for_nine_unsur_only(convention: Convention) -> None:
    with pytest.raises(SkmError, match="nine unsur, not for 8"):
        weight(8, convention)


def test_there_is_no_index_over_no_unsur() -> None:
    with pytest.raises(SkmError, match="at least one unsur"):
        ikm({})


def test_an_unsur_of_several_items_is_the_mean_of_their_means_however_many_answered_each() -> None:
    counts = Tally(11, {"waktu.1": (0, 0, 0, 10), "waktu.2": (1, 0, 0, 0)})
    assert nrr(counts, instrument(waktu=2)) == {"waktu": Fraction(5, 2)}


def test_an_empty_answer_is_not_in_the_denominator_of_its_unsur() -> None:
    counts = Tally(10, {"waktu": (0, 0, 0, 4), "biaya": (0, 0, 10, 0)})
    assert nrr(counts, instrument(waktu=1, biaya=1)) == {"waktu": Fraction(4), "biaya": Fraction(3)}


def test_an_unsur_that_nobody_answered_is_absent_and_not_zero() -> None:
    assert nrr(Tally(10, {"biaya": (0, 0, 10, 0)}), instrument(waktu=1, biaya=1)) == {"biaya": Fraction(3)}


def test_an_item_that_nobody_answered_does_not_pull_its_unsur_down() -> None:
    assert nrr(Tally(1, {"waktu.2": (0, 0, 1, 0)}), instrument(waktu=2)) == {"waktu": Fraction(3)}


FOUR_COUNTS = st.tuples(*[st.integers(0, 500)] * 4).filter(any)


@given(st.lists(FOUR_COUNTS, min_size=1, max_size=12))
def test_the_exact_index_of_any_answers_lies_between_25_and_100(counts: list[tuple[int, int, int, int]]) -> None:
    keys = [f"unsur-{n}" for n in range(len(counts))]
    found = nrr(Tally(2000, dict(zip(keys, counts, strict=True))), instrument(**dict.fromkeys(keys, 1)))
    assert 25 <= ikm(found) <= 100
