"""A run looks at what changed, and decides as if it had looked at everything."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import a_registry, a_unit
from publishing import IN_TW3, IN_TW4, Answers, published
from sqlalchemy import update

from form_backend import publish
from form_backend.intake import Intake
from form_backend.publish import Publisher
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import Store, open_store
from form_backend.store.releases import ReleaseStore
from form_backend.store.schema import answers as table
from skm.release import Decision
from skm.responses import Response

UNITS = tuple(a_unit(code) for code in ("7k3q", "8m4r", "9n5s"))
REGISTRY = a_registry(*UNITS)
FIRST = date(2026, 2, 3)


def test_a_unit_that_nobody_answers_any_more_is_closed_with_the_others(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(25, IN_TW3)
    publisher.run(IN_TW3)
    publisher.run(date(2026, 10, 8))
    publisher.run(date(2027, 1, 8))
    assert published(remote, "site_src/results/2026-TW3/7k3q.json")["final"]
    assert published(remote, "site_src/results/2026/7k3q.json")["final"]


def test_where_nothing_waits_and_no_period_ended_no_unit_is_looked_at(publisher: Publisher, answers: Answers) -> None:
    answers(25, IN_TW3)
    publisher.run(date(2026, 10, 8))
    assert publisher._states(publisher._waiting(IN_TW4), IN_TW4) == {}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_day_is_decided_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    narrow = _live(tmp_path / "narrow", random.Random(seed))
    monkeypatch.setattr(publish, "may_close", lambda *_: True)
    assert narrow == _live(tmp_path / "wide", random.Random(seed))
    assert sum(map(len, narrow)) > 10


def _live(folder: Path, dice: random.Random) -> list[dict[str, Decision]]:
    """Answers come, some are set aside or restored, and now and then somebody publishes; gives what was decided."""
    store = open_store(f"sqlite:///{folder}/city.sqlite3")
    publisher = Publisher(ReleaseStore(store.engine), SiteRepository(folder, str(folder), "main"), REGISTRY, dict)
    intake = Intake(store, lambda: REGISTRY, lambda: datetime.now(UTC), b"s" * 32)
    day, came, decided = FIRST, 0, []
    while day < FIRST + timedelta(days=900):
        day += timedelta(days=dice.randint(1, 30))
        if unit := dice.choice([*UNITS, *[None] * 12]):
            came += _come(intake, unit, day, dice.randint(1, 45), dice)
        if came and dice.random() < 0.3:
            _decide_about(store, dice.sample(range(1, came + 1), min(came, 15)), dice.choice(["petugas", None]))
        if dice.random() < 0.8:
            decided.append(publisher.decide(day))
            if decided[-1]:
                publisher.store.release(decided[-1], (), day, publisher._known())
    store.close()
    return decided


def _come(intake: Intake, unit: Any, day: date, count: int, dice: random.Random) -> int:
    form = REGISTRY.instrument(unit)
    at = datetime.combine(day, time(3), UTC)
    made = Response({item.key: 3 for item in form.items()}, form.versi)
    late = replace(made, hari=day - timedelta(days=dice.randint(0, 12)))
    intake.record_many([(unit, late, at)] * count)
    return count


def _decide_about(store: Store, seqs: list[int], reason: str | None) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.seq.in_(seqs)).values(set_aside=reason))
