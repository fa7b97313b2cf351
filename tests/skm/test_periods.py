"""Survey periods: their days, their names, what contains what, and until when they are open."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm.errors import SkmError
from skm.periods import Period, PeriodKind, day_of, parse_period, period_of

DAYS = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31))
KINDS = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (PeriodKind.MONTH, "2026-11"),
        (PeriodKind.QUARTER, "2026-TW4"),
        (PeriodKind.HALF_YEAR, "2026-S2"),
        (PeriodKind.YEAR, "2026"),
    ],
)
def test_a_period_is_written_as_the_regulation_reports_it(kind: PeriodKind, text: str) -> None:
    assert str(period_of(date(2026, 11, 30), kind)) == text


@given(DAYS, KINDS)
def test_what_a_period_writes_it_also_reads(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert parse_period(str(period)) == period


@given(DAYS, KINDS)
def test_a_day_lies_in_its_period(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.first_day <= day <= period.last_day


@given(DAYS, KINDS)
def test_periods_of_one_length_follow_each_other_without_a_gap(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert period.next().first_day == period.last_day + timedelta(days=1)
    assert period.next().previous() == period


@given(DAYS, KINDS)
def test_a_period_knows_its_length(day: date, kind: PeriodKind) -> None:
    assert period_of(day, kind).kind is kind


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "2026-1", "2026-TW5", "2026-TW0", "2026-S3", "2026-tw1", "26", "0000", "2026-TW1 "],
)
def test_anything_else_is_not_a_period_and_the_sentence_says_how_to_write_one(text: str) -> None:
    with pytest.raises(SkmError, match="is not a period: write 2026-11, 2026-TW4, 2026-S2 or 2026"):
        parse_period(text)


def test_a_quarter_has_its_half_year_and_its_year_shortest_first() -> None:
    assert [str(period) for period in parse_period("2026-TW3").longer()] == ["2026-S2", "2026"]


def test_a_month_has_its_quarter_too() -> None:
    assert [str(period) for period in parse_period("2026-04").longer()] == ["2026-TW2", "2026-S1", "2026"]


def test_a_year_has_no_longer_period() -> None:
    assert parse_period("2026").longer() == ()


@given(DAYS, KINDS)
def test_every_longer_period_contains_it_and_not_the_other_way_round(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)
    assert all(longer.contains(period) and not period.contains(longer) for longer in period.longer())


def test_a_period_contains_itself() -> None:
    assert parse_period("2026-S1").contains(parse_period("2026-S1"))


def test_a_half_year_does_not_contain_a_quarter_of_the_other_half() -> None:
    assert not parse_period("2026-S1").contains(parse_period("2026-TW3"))


def test_the_fourth_quarter_ends_with_the_year_and_a_leap_february_on_the_29th() -> None:
    assert parse_period("2026-TW4").last_day == date(2026, 12, 31)
    assert parse_period("2028-02").last_day == date(2028, 2, 29)


def test_a_period_is_open_through_seven_whole_days_after_its_last() -> None:
    period = parse_period("2026-TW4")
    assert period.is_open(date(2027, 1, 7), grace=7)
    assert not period.is_open(date(2027, 1, 8), grace=7)


def test_without_grace_a_period_is_open_through_its_last_day() -> None:
    period = parse_period("2026-TW4")
    assert period.is_open(date(2026, 12, 31), grace=0)
    assert not period.is_open(date(2027, 1, 1), grace=0)


def test_whether_the_last_period_of_the_calendar_is_open_can_be_asked() -> None:
    assert parse_period("9999-TW4").is_open(date(2026, 1, 1), grace=7)


def test_periods_sort_by_first_day_and_then_shortest_first() -> None:
    texts = ["2026-01", "2026-TW1", "2026-S1", "2026", "2026-02", "2026-TW2", "2027-01"]
    assert [str(period) for period in sorted(map(parse_period, reversed(texts)))] == texts


def test_the_last_hours_of_a_year_in_papua_are_still_the_afternoon_before_in_utc() -> None:
    instant = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    assert day_of(instant, ZoneInfo("Asia/Jayapura")) == date(2027, 1, 1)
    assert day_of(instant, ZoneInfo("Asia/Jakarta")) == date(2026, 12, 31)


def test_the_first_quarter_is_a_value_like_any_other() -> None:
    assert parse_period("2026-TW1") == Period(2026, 1, 3)
