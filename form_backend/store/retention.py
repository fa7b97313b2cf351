"""Old answers are reduced to what was counted of them: blocks, closings and corrections stay, the answers go.

Only those of a unit's year whose file is final and pushed: nothing of such a year is ever counted from answers again.
Afterwards no block of the year can be divided, so what is set aside by then is set aside for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Text, cast, delete, func, select, update

from form_backend.store.audit import DISPOSE, note
from form_backend.store.database import empty_log, for_writing
from form_backend.store.marks import WRITTEN, put
from form_backend.store.schema import answers, blocks, closings, releases
from skm.units import Retention

_year = func.substr(answers.c.period, 1, 4)
_written = answers.c.saran.is_not(None) | (cast(answers.c.alasan, Text) != "{}")


@dataclass(frozen=True)
class Due:
    """What of a unit's year is kept longer than it is to be: answers to be reduced, others to lose their free text."""

    unit: str
    year: str
    answers: int
    texts: int


def due(engine: Engine, retention: Retention, today: date) -> list[Due]:
    """What is due on a day, by year and unit; nothing while a release waits for the remote."""
    with engine.connect() as connection:
        return _due(connection, retention, today)


def dispose(engine: Engine, retention: Retention, today: date, report: str, actor: str, now: datetime) -> list[Due]:
    """Reduce what is due, in one transaction with its line in the audit; gives what it was.

    `report` is the number of the report of disposal (berita acara). A block that does not hold the answers that it
    says stops it: RuntimeError, nothing is changed.
    """
    with for_writing(engine).begin() as connection:
        found = _due(connection, retention, today)
        for one in found:
            mine = (answers.c.unit == one.unit) & (_year == one.year)
            if one.answers:
                _check(connection, one)
                connection.execute(delete(answers).where(mine))
            else:
                connection.execute(update(answers).where(mine, _written).values(saran=None, alasan={}))
        if found:
            detail = {"report": report, "schedule": retention.schedule, "of": [_told(one) for one in found]}
            note(connection, now, actor, DISPOSE, None, detail)
    empty_log(engine, lambda connection: put(connection, WRITTEN, now))
    return found


def _due(connection: Connection, retention: Retention, today: date) -> list[Due]:
    if connection.scalar(select(func.count()).where(releases.c.commit_sha.is_(None))):
        return []  # the remote has not seen everything yet that follows from them
    last, last_text = (f"{today.year - 1 - years:04}" for years in (retention.answers, retention.text))
    final = select(closings.c.unit).where(closings.c.unit == answers.c.unit, closings.c.period == _year).exists()
    columns = select(answers.c.unit, _year.label("year"), func.count(), func.count().filter(_written))
    rows = connection.execute(columns.where(_year <= max(last, last_text), final).group_by(answers.c.unit, _year)).all()
    found = [
        Due(unit, year, count, 0) if year <= last else Due(unit, year, 0, texts) for unit, year, count, texts in rows
    ]
    return sorted((one for one in found if one.answers or one.texts), key=lambda one: (one.year, one.unit))


def _check(connection: Connection, one: Due) -> None:
    members = select(answers.c.block, func.count().label("held")).where(answers.c.unit == one.unit, _year == one.year)
    held = members.where(answers.c.block.is_not(None)).group_by(answers.c.block).subquery()
    wrong = select(blocks.c.no).join(held, held.c.block == blocks.c.id).where(held.c.held != blocks.c.n)
    if connection.execute(wrong.limit(1)).first():
        raise RuntimeError(f"{one.unit} {one.year}: a block does not hold the answers that it says")


def _told(one: Due) -> Sequence[Any]:
    return [one.year, one.unit, one.answers, one.texts]
