"""Clocks that are set back, and the borders of days, periods and years in the unit's own zone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import a_registry, a_site, a_unit
from installation import Clock
from sqlalchemy import Row, select

from form_backend.guard import Ceilings, Limit
from form_backend.intake import Intake, Outcome
from form_backend.labelling import label_answers
from form_backend.store.answers import Store
from form_backend.store.labels import LabelStore
from form_backend.store.schema import answers, repeats
from form_backend.submission import Submission
from skm.periods import PeriodKind
from skm.units import ReleaseRule

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")  # WIB, WITA, WIT
Fields = Callable[..., dict[str, str]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def intake_of(store: Store, clock: Clock, zone: str = "Asia/Jakarta") -> Intake:
    registry = a_registry(a_unit(), site=a_site(timezone=zone))
    return Intake(store, lambda: registry, clock, b"s" * 32)


def send(intake: Intake, fields: dict[str, str]) -> Outcome:
    return intake.record(
        "7k3q", Submission({name: [it] for name, it in fields.items()}), "203.0.113.9", may_repeat=False
    )


def rows(store: Store) -> list[Row]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(answers).order_by(answers.c.seq)))


# Borders


@pytest.mark.parametrize(("zone", "posts"), [("Asia/Jakarta", 1), ("UTC", 2)])
def test_a_sender_is_known_until_the_units_midnight_so_seven_in_the_morning_divides_no_double_tap(
    store: Store, clock: Clock, filled: Fields, zone: str, posts: int
) -> None:
    for moment in (datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC), datetime(2026, 11, 24, 0, 0, 1, tzinfo=UTC)):
        clock.now = moment
        send(intake_of(store, clock, zone), filled())
    assert store.count() == posts


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("moment", "day", "period"),
    [
        ("2026-09-30T23:59:59.999", "2026-09-30", "2026-TW3"),
        ("2026-10-01T00:00:00", "2026-10-01", "2026-TW4"),
        ("2026-11-24T23:59:59.999999", "2026-11-24", "2026-TW4"),
        ("2026-11-25T00:00:00", "2026-11-25", "2026-TW4"),
        ("2026-12-31T23:59:59.999", "2026-12-31", "2026-TW4"),
        ("2027-01-01T00:00:00", "2027-01-01", "2027-TW1"),
        ("2028-02-29T23:59:59.999", "2028-02-29", "2028-TW1"),
    ],
)
def test_an_answer_belongs_to_the_day_that_the_units_own_clocks_show(
    store: Store, clock: Clock, filled: Fields, zone: str, moment: str, day: str, period: str
) -> None:
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    send(intake_of(store, clock, zone), filled())
    assert [(row.day, row.period) for row in rows(store)] == [(day, period)]


@pytest.mark.parametrize("zone", ZONES)
def test_the_terms_of_a_new_year_begin_at_its_first_midnight_there(
    store: Store, clock: Clock, filled: Fields, zone: str
) -> None:
    registry = a_registry(a_unit(), site=a_site(timezone=zone))
    changed = replace(registry, site=replace(registry.site, period=PeriodKind.MONTH, release=ReleaseRule(k=12)))
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    for now, valid in ((midnight - timedelta(days=9), registry), (midnight - timedelta(milliseconds=1), changed)):
        clock.now = now
        send(Intake(store, lambda valid=valid: valid, clock, b"s"), filled())
    clock.now = midnight
    send(Intake(store, lambda: changed, clock, b"s"), filled(2))
    assert [row.period for row in rows(store)] == ["2026-TW4", "2026-TW4", "2027-01"]
    assert [store.terms(year, 99, PeriodKind.YEAR)[0] for year in (2026, 2027)] == [10, 12]


@pytest.mark.parametrize(
    ("moment", "period"), [("2027-01-07T23:59:59.999", "2026-TW4"), ("2027-01-08T00:00:00", "2027-TW1")]
)
def test_a_day_of_last_year_counts_until_the_last_midnight_of_its_grace(
    store: Store, clock: Clock, filled: Fields, moment: str, period: str
) -> None:
    clock.now = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Jakarta")).astimezone(UTC)
    send(intake_of(store, clock), filled(hari="2026-12-31"))
    assert rows(store)[0].period == period


# Set back


@pytest.mark.parametrize("back", [{"seconds": 5}, {"hours": 1}, {"days": 400}])
def test_a_clock_set_back_keeps_nobody_waiting_longer_than_a_window(back: dict[str, float]) -> None:
    ceilings, now = Ceilings(Limit(2)), datetime(2026, 11, 24, 3, tzinfo=UTC)
    for _ in range(3):
        ceilings.admit("somebody", now.timestamp())
    waits = [ceilings.admit("somebody", (now - timedelta(**back)).timestamp()) for _ in range(5)]
    assert waits[-1] is not None
    assert all(wait is None or 1 <= wait <= 601 for wait in waits)


@pytest.mark.parametrize("back", [-3, 3, 10])
def test_a_double_tap_over_a_small_step_of_the_clock_is_one_answer(
    store: Store, clock: Clock, filled: Fields, back: float
) -> None:
    first = send(intake_of(store, clock), filled())
    clock.turn(seconds=-back)
    assert send(intake_of(store, clock), filled()).recorded.receipt == first.recorded.receipt
    assert store.count() == 1


def test_the_same_answer_after_a_large_step_back_is_another_one_with_a_label(
    store: Store, clock: Clock, filled: Fields
) -> None:
    send(intake_of(store, clock), filled())
    clock.turn(hours=-2)
    send(intake_of(store, clock), filled())
    assert [row.labels[-1:] for row in rows(store)] == [["straight_line"], ["repeated"]]


def test_what_a_clock_that_was_ahead_recorded_keeps_no_exact_time(store: Store, clock: Clock, filled: Fields) -> None:
    clock.turn(days=30)
    send(intake_of(store, clock), filled())
    clock.turn(days=-30)
    send(intake_of(store, clock), filled())
    store.purge(clock.now + timedelta(minutes=1))
    with store.engine.connect() as connection:
        digests = connection.scalars(select(repeats.c.at)).all()
    assert [row.received_at is None for row in rows(store)] == [True, False]
    assert len(digests) == 1


def test_an_hour_ahead_is_forgotten_in_time_all_the_same(store: Store, clock: Clock, filled: Fields) -> None:
    send(intake_of(store, clock), filled())
    came = clock.now - timedelta(minutes=59)  # what everybody else's clocks showed
    store.purge(came)
    assert rows(store)[0].received_at is not None
    store.purge(came + timedelta(hours=48))
    assert rows(store)[0].received_at is None


def test_a_step_back_hides_no_answer_from_the_labels(store: Store, clock: Clock, filled: Fields) -> None:
    intake = intake_of(store, clock)
    for number in range(20):
        clock.turn(seconds=20 if number != 10 else -100)
        send(intake, filled(1 + number % 4, saran=f"nomor {number}"))
    label_answers(LabelStore(store.engine), ZoneInfo("Asia/Jakarta"), clock.now)
    assert sum("burst" in row.labels for row in rows(store)) == 20
