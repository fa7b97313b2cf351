"""Counting answers and adding counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.tally import EMPTY, Tally, tally

PEOPLE = st.lists(st.dictionaries(st.sampled_from(["waktu", "biaya", "produk"]), st.integers(1, 4)), max_size=20)


def test_a_tally_counts_how_many_answered_each_value() -> None:
    assert tally([{"waktu": 1}, {"waktu": 4}, {"waktu": 4}]) == Tally(3, {"waktu": (1, 0, 0, 2)})


def test_a_person_who_left_an_item_empty_is_a_respondent_but_not_in_its_denominator() -> None:
    counts = tally([{"waktu": 4, "biaya": 2}, {"biaya": 3}])
    assert (counts.n, counts.answered("waktu"), counts.answered("biaya")) == (2, 1, 2)


def test_an_item_that_nobody_was_asked_has_no_answers() -> None:
    assert tally([{"waktu": 4}]).answered("biaya") == 0


@pytest.mark.parametrize("value", [0, 5, -1])
def test_a_value_outside_1_to_4_is_refused_with_its_item(value: int) -> None:
    with pytest.raises(SkmError, match=f"waktu: {value} is not a value from 1 to 4"):
        tally([{"waktu": value}])


def test_a_mean_is_exact() -> None:
    assert tally([{"waktu": 3}, {"waktu": 3}, {"waktu": 4}]).mean("waktu") == Fraction(10, 3)


@pytest.mark.parametrize("counts", [EMPTY, Tally(3, {"waktu": (0, 0, 0, 0)})])
def test_a_mean_over_no_answers_does_not_exist(counts: Tally) -> None:
    with pytest.raises(SkmError, match="nobody answered waktu"):
        counts.mean("waktu")


def test_adding_keeps_an_item_that_only_one_side_asked() -> None:
    total = Tally(1, {"waktu": (0, 0, 0, 1)}) + Tally(1, {"biaya": (1, 0, 0, 0)})
    assert total == Tally(2, {"waktu": (0, 0, 0, 1), "biaya": (1, 0, 0, 0)})


@given(PEOPLE, PEOPLE)
def test_the_sum_of_two_tallies_is_the_tally_of_all_their_people(
    some: list[dict[str, int]], others: list[dict[str, int]]
) -> None:
    assert tally(some) + tally(others) == tally([*some, *others])


@given(PEOPLE)
def test_adding_nobody_changes_nothing(people: list[dict[str, int]]) -> None:
    assert tally(people) + EMPTY == tally(people) == EMPTY + tally(people)
