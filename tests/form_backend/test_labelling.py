"""Labelling on a real database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import a_registry, a_unit
from sqlalchemy import select, update

from form_backend.intake import Intake
from form_backend.labelling import label_answers
from form_backend.store.answers import Store
from form_backend.store.database import is_shared
from form_backend.store.labels import LabelStore
from form_backend.store.schema import answers
from skm.responses import Response
from skm.units import Unit

pytestmark = pytest.mark.engines
ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
UNIT, OTHER = a_unit("7k3q"), a_unit("8m4r")

Come = Callable[..., None]


@pytest.fixture
def labels_of(store: Store) -> Callable[[str], list[list[str]]]:
    def read(unit: str) -> list[list[str]]:
        with store.engine.connect() as connection:
            query = select(answers.c.labels).where(answers.c.unit == unit).order_by(answers.c.seq)
            return list(connection.scalars(query))

    return read


@pytest.fixture
def come(store: Store) -> Come:
    """`come(20, every=30)`: so many people, one every 30 seconds, each with a profile of his own."""
    registry = a_registry(UNIT, OTHER)
    intake = Intake(store, lambda: registry, lambda: NOW, b"s" * 32)
    form = registry.instrument(UNIT)
    items = [item.key for item in form.items()]

    def send(count: int, every: float, unit: Unit = UNIT, begin: datetime = NOW, channel: str = "qr") -> None:
        def response(n: int) -> Response:
            profile = {item: 1 + (n * n + n * place) % 4 for place, item in enumerate(items)}
            return Response(profile, form.versi, channel=channel)

        moments = (begin + timedelta(seconds=every * n) for n in range(count))
        intake.record_many([(unit, response(n), at) for n, at in enumerate(moments)])

    return send


def test_a_burst_is_labelled(store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]) -> None:
    come(20, every=20)
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 20
    assert all("burst" in labels for labels in labels_of(UNIT.code))


def test_a_second_run_adds_nothing(store: Store, come: Come) -> None:
    come(20, every=20)
    label_answers(LabelStore(store.engine), ZONE, LATER)
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 0


def without_labels(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(answers).values(labels=[]))


def test_a_unit_is_looked_at_again_once_somebody_came(
    store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]
) -> None:
    come(20, every=20)
    come(20, every=20, unit=OTHER)
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 40
    without_labels(store)
    assert label_answers(LabelStore(store.engine), ZONE, LATER + timedelta(hours=1)) == 0
    come(1, every=0, begin=LATER + timedelta(hours=1))
    assert label_answers(LabelStore(store.engine), ZONE, LATER + timedelta(hours=2)) == 20
    assert not any(labels_of(OTHER.code))


def test_what_was_seen_is_not_read_again(store: Store, come: Come) -> None:
    come(20, every=20)
    assert label_answers(LabelStore(store.engine), ZONE, NOW + timedelta(minutes=10)) == 20
    without_labels(store)
    # Where several write at once a number says nothing of what was there: ten minutes are looked at again.
    again = 20 if is_shared(store.engine) else 0
    assert label_answers(LabelStore(store.engine), ZONE, NOW + timedelta(minutes=11)) == again


def test_an_answer_that_was_on_its_way_during_the_last_run_is_labelled(store: Store, come: Come) -> None:
    come(10, every=20)
    assert label_answers(LabelStore(store.engine), ZONE, NOW + timedelta(minutes=5)) == 0
    come(10, every=20, begin=NOW + timedelta(minutes=3))
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 20


def test_a_clock_that_was_put_back_leaves_nobody_out(store: Store, come: Come) -> None:
    come(20, every=20)
    label_answers(LabelStore(store.engine), ZONE, NOW + timedelta(days=30))
    without_labels(store)
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 20


def test_labels_of_intake_stay(store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]) -> None:
    come(20, every=20)
    with store.engine.begin() as connection:
        connection.execute(update(answers).values(labels=["repeated"]))
    label_answers(LabelStore(store.engine), ZONE, LATER)
    assert all(labels[0] == "repeated" and "burst" in labels for labels in labels_of(UNIT.code))


def test_the_labels_of_a_unit_do_not_depend_on_another(
    store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]
) -> None:
    come(5, every=20)
    come(20, every=20, unit=OTHER)
    label_answers(LabelStore(store.engine), ZONE, LATER)
    assert not any("burst" in labels for labels in labels_of(UNIT.code))


def test_a_forgotten_time_gets_no_label_more(
    store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]
) -> None:
    come(20, every=20)
    store.purge(NOW + timedelta(days=3))
    assert label_answers(LabelStore(store.engine), ZONE, LATER) == 0
    assert not any("burst" in labels for labels in labels_of(UNIT.code))


def test_a_busy_past_makes_many_usual(store: Store, come: Come, labels_of: Callable[[str], list[list[str]]]) -> None:
    for day in range(3, 31):
        come(180, every=20, begin=NOW - timedelta(days=day))
    store.purge(NOW - timedelta(hours=1))
    come(30, every=20)
    label_answers(LabelStore(store.engine), ZONE, LATER)
    assert not any("burst" in labels for labels in labels_of(UNIT.code)[-30:])


def test_no_answer_is_set_aside_by_a_label(store: Store, come: Come) -> None:
    come(20, every=20)
    label_answers(LabelStore(store.engine), ZONE, LATER)
    with store.engine.connect() as connection:
        assert set(connection.scalars(select(answers.c.set_aside))) == {None}
        assert store.count() == 20
