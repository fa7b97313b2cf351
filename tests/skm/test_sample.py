"""The sample size: Krejcie & Morgan, rounded to nearest as the annex prints it (the printed table)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.sample import TABLE_N, sample_size, table_row


@pytest.mark.parametrize(
    ("users", "required"),
    [
        (10, 10),
        (20, 19),
        (50, 44),
        (100, 80),
        (200, 132),
        (300, 169),
        (500, 217),
        (1000, 278),
        (2000, 322),
        (5000, 357),
        (10000, 370),
        (1000000, 384),
    ],
)
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


def test_the_rows_of_the_table_grow() -> None:
    assert list(TABLE_N) == sorted(set(TABLE_N))
