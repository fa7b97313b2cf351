"""The sum of squares that tells how far respondents differ from each other, and how tallies carry it."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.index import ikm, nrr, squares
from skm.instrument import Instrument, Item, Unsur
from skm.tally import EMPTY, Tally, tally, without_thin

ITEMS = ("waktu", "biaya.1", "biaya.2", "produk")
COMPLETE = st.lists(st.fixed_dictionaries(dict.fromkeys(ITEMS, st.integers(1, 4))), min_size=1, max_size=15)
GAPPY = st.lists(st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 4), min_size=1), min_size=1, max_size=15)


def _unsur(key: str, *items: str) -> Unsur:
    return Unsur(key, "U", 1, {"id": key}, tuple(Item(item, {"id": item}, {"id": ()}) for item in items))


FORM = Instrument(
    "contoh",
    1,
    {"id": "Contoh"},
    (_unsur("waktu", "waktu"), _unsur("biaya", "biaya.1", "biaya.2"), _unsur("produk", "produk")),
    {},
)


def _index(people: list[dict[str, int]]) -> Fraction:
    return ikm(nrr(tally(people), FORM)) / 25


def _linearised(people: list[dict[str, int]]) -> list[Fraction]:
    """The formula item by item, as DOMAIN.md writes it."""
    counts = tally(people)
    answered = [[i.key for i in u.items if counts.answered(i.key)] for u in FORM.unsur]
    answered = [keys for keys in answered if keys]

    def value(person: Mapping[str, int]) -> Fraction:
        steps = (
            Fraction(1, len(answered)) / len(keys) * Fraction(counts.n, counts.answered(key))
            * (person[key] - counts.mean(key))
            for keys in answered
            for key in keys
            if key in person
        )  # fmt: skip
        return _index(people) + sum(steps, Fraction(0))

    return [value(person) for person in people]


@given(COMPLETE)
def test_where_everybody_answered_everything_it_is_the_sum_of_the_squares_of_their_own_indices(
    people: list[dict[str, int]],
) -> None:
    assert squares(people, FORM) == sum(_index([person]) ** 2 for person in people)


@given(GAPPY)
def test_with_missing_answers_it_is_the_sum_of_the_squares_of_the_linearised_values(
    people: list[dict[str, int]],
) -> None:
    assert squares(people, FORM) == sum(y * y for y in _linearised(people))


@given(GAPPY)
def test_it_is_never_less_than_everybody_at_the_index_would_give(people: list[dict[str, int]]) -> None:
    assert squares(people, FORM) >= len(people) * _index(people) ** 2


@given(COMPLETE, COMPLETE)
def test_of_complete_answers_the_squares_of_two_groups_add_up_to_those_of_all(
    some: list[dict[str, int]], others: list[dict[str, int]]
) -> None:
    assert squares(some, FORM) + squares(others, FORM) == squares([*some, *others], FORM)


def test_nobody_adds_nothing() -> None:
    assert squares([], FORM) == 0


def test_people_who_answered_nothing_have_no_index_to_square() -> None:
    with pytest.raises(SkmError, match="at least one unsur"):
        squares([{}, {}], FORM)


def test_an_item_of_another_form_does_not_count() -> None:
    assert squares([{"waktu": 3, "lama": 1}], FORM) == 9


def test_adding_tallies_adds_their_squares() -> None:
    assert (Tally(1, {}, Fraction(9)) + Tally(1, {}, Fraction(16))).squares == 25


@pytest.mark.parametrize("known", [Fraction(9), None])
def test_squares_that_are_unknown_on_one_side_are_unknown_in_the_sum(known: Fraction | None) -> None:
    assert (Tally(1, {}, known) + Tally(1, {})).squares is None


def test_adding_nobody_keeps_the_squares() -> None:
    assert (EMPTY + Tally(1, {}, Fraction(9))).squares == 9


def test_squares_stay_with_a_tally_that_loses_no_item() -> None:
    assert without_thin(Tally(2, {"waktu": (0, 0, 2, 0)}, Fraction(18)), 2).squares == 18


def test_squares_go_with_an_item_that_is_taken_out() -> None:
    thin = Tally(2, {"waktu": (0, 0, 2, 0), "produk": (0, 0, 1, 0)}, Fraction(18))
    assert without_thin(thin, 2).squares is None
