"""Counting answers and adding counts."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.tally import EMPTY, Tally, divided, tally, tally_of_profiles, without_thin

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


def test_profiles_with_their_numbers_give_the_tally_of_those_people() -> None:
    profiles = [((4, 0), 3), ((1, 2), 2)]
    assert tally_of_profiles(["waktu", "biaya"], profiles) == Tally(5, {"waktu": (2, 0, 0, 3), "biaya": (0, 2, 0, 0)})


def test_without_thin_items_the_respondents_and_the_other_items_stay() -> None:
    counted = Tally(12, {"waktu": (0, 0, 0, 12), "biaya": (0, 0, 0, 9)}, Fraction(192))
    assert without_thin(counted, 10) == Tally(12, {"waktu": (0, 0, 0, 12)}, None)


def part(n: int, **answered: int) -> Tally:
    """n people, of whom so many gave an item the value 4."""
    return Tally(n, {item: (0, 0, 0, count) for item, count in answered.items()}, Fraction(16 * n))


def test_the_parts_of_a_block_keep_the_items_that_k_of_each_part_or_none_answered() -> None:
    parts = [part(12, waktu=12, biaya=10), part(11, waktu=11)]
    assert divided(parts, ["waktu", "biaya"], 10) == parts


@pytest.mark.parametrize("few", [1, 9])
def test_an_item_that_fewer_than_k_of_one_part_answered_is_left_out_of_both(few: int) -> None:
    parts = [part(12, waktu=12, biaya=12), part(11, waktu=11, biaya=few)]
    assert divided(parts, ["waktu", "biaya"], 10) == [part(12, waktu=12), part(11, waktu=11)]


def test_an_item_that_the_block_did_not_show_stays_out_of_its_parts() -> None:
    parts = [part(12, waktu=12, biaya=12), part(11, waktu=11, biaya=11)]
    assert divided(parts, ["waktu"], 10) == [part(12, waktu=12), part(11, waktu=11)]


@pytest.mark.parametrize("profile", [(4,), (4, 3, 2)])
def test_a_profile_with_a_value_too_few_or_too_many_is_refused(profile: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="argument 2 is"):
        tally_of_profiles(["waktu", "biaya"], [(profile, 1)])


@pytest.mark.parametrize("counts", [(0, 0, 1), (0, 0, 1, 0, 0)])
def test_a_mean_over_counts_that_are_not_four_is_refused(counts: Any) -> None:
    with pytest.raises(ValueError, match="values to unpack"):
        Tally(1, {"waktu": counts}).mean("waktu")
