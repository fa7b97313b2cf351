"""The sample size: Krejcie & Morgan, rounded to nearest as the annex prints it (the printed table)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.sample import TABLE_N, formula, quota, sample_size, table_row

# N and S as printed.
PRINTED = """
10 10, 15 14, 20 19, 25 24, 30 28, 35 32, 40 36, 45 40, 50 44, 55 48, 60 52, 65 56, 70 59, 75 63, 80 66,
85 70, 90 73, 95 76, 100 80, 110 86, 120 92, 130 97, 140 103, 150 108, 160 113, 170 118, 180 123, 190 127,
200 132, 210 136, 220 140, 230 144, 240 148, 250 152, 260 155, 270 159, 280 162, 290 165, 300 169, 320 175,
340 181, 360 186, 380 191, 400 196, 420 201, 440 205, 460 210, 480 214, 500 217, 550 226, 600 234, 650 242,
700 248, 750 254, 800 260, 850 265, 900 269, 950 274, 1000 278, 1100 285, 1200 291, 1300 297, 1400 302,
1500 306, 1600 310, 1700 313, 1800 317, 1900 320, 2000 322, 2200 327, 2400 331, 2600 335, 2800 338,
3000 341, 3500 346, 4000 351, 4500 354, 5000 357, 6000 361, 7000 364, 8000 367, 9000 368, 10000 370,
15000 375, 20000 377, 30000 379, 40000 380, 50000 381, 75000 382, 1000000 384
"""
ROWS = {int(row.split()[0]): int(row.split()[1]) for row in PRINTED.split(",")}


@pytest.mark.parametrize(("users", "required"), ROWS.items())
def test_the_formula_gives_the_row_of_the_printed_table(users: int, required: int) -> None:
    assert sample_size(users) == required


def test_chi_square_is_taken_as_3_841_and_not_as_3_84() -> None:
    assert sample_size(275) == 161


@pytest.mark.parametrize("users", [1, 2, 3])
def test_of_very_few_users_everybody_is_asked(users: int) -> None:
    assert sample_size(users) == users


@given(st.integers(1, 10**9))
def test_more_users_never_need_fewer_respondents(users: int) -> None:
    assert sample_size(users) <= sample_size(users + 1)


@given(st.integers(1, 10**9))
def test_never_more_respondents_than_users_are_required(users: int) -> None:
    assert sample_size(users) <= users


def test_the_sample_of_the_largest_population_is_384() -> None:
    assert sample_size(10**12) == 384


@pytest.mark.parametrize("users", [0, -5])
def test_without_users_there_is_no_sample(users: int) -> None:
    with pytest.raises(SkmError, match=f"1 or more, not {users}"):
        sample_size(users)


def test_a_unit_reads_the_nearest_row() -> None:
    assert table_row(4384) == (4500, 354)


def test_between_two_equally_near_rows_the_larger_is_read() -> None:
    assert table_row(475) == (480, 214)
    assert table_row(525) == (550, 226)


def test_outside_the_table_its_ends_are_read() -> None:
    assert (table_row(1), table_row(10**9)) == ((10, 10), (1000000, 384))


def test_the_rows_of_the_table_are_those_that_are_printed() -> None:
    assert list(TABLE_N) == list(ROWS)


def test_the_formula_is_exact_before_it_is_rounded() -> None:
    assert formula(10) == Fraction(3841 * 10, 4 * 1000) / (Fraction(9, 400) + Fraction(3841, 4000))


def test_without_a_period_left_there_is_no_quota() -> None:
    with pytest.raises(SkmError, match="not 0"):
        quota(92, 31, 0)


@pytest.mark.parametrize(
    ("collected", "periods_left", "expected"),
    [(0, 4, 23), (31, 3, 21), (31, 1, 61), (91, 4, 1), (92, 2, 0), (500, 2, 0)],
)
def test_the_quota_of_a_quarter_is_what_remains_over_the_quarters_left(
    collected: int, periods_left: int, expected: int
) -> None:
    assert quota(92, collected, periods_left) == expected


@given(st.integers(0, 400), st.lists(st.integers(0, 150), min_size=4, max_size=4))
def test_quarters_that_reach_their_quota_reach_the_sample_of_the_year(required: int, more: list[int]) -> None:
    collected = 0
    for left, extra in zip((4, 3, 2, 1), more, strict=True):
        collected += quota(required, collected, left) + extra
    assert collected >= required
