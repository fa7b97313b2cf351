"""Answers for the operator, in no order: neither the order of record nor a receipt says whose is whose."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, func, select

from form_backend.store.schema import answers

_AT_ONCE = 1000  # rows in memory


@dataclass(frozen=True)
class Exported:
    """An answer; `hour` of receipt is ISO, UTC. `counted`: it is not set aside. `released`: it is in a block."""

    id: str | None
    unit: str
    period: str
    day: str
    hour: str
    channel: str
    language: str
    versi: str
    answers: Mapping[str, int]
    attributes: Mapping[str, str]
    saran: str | None
    alasan: Mapping[str, str]
    labels: Collection[str]
    counted: bool
    set_aside: str | None
    released: bool


@contextmanager
def exported(engine: Engine, units: Collection[str] | None, period: str | None) -> Iterator[Iterator[Exported]]:
    """The answers of some units (None: of all) and a period, shuffled, read while the block runs."""
    narrow: list[ColumnElement[bool]] = [] if period is None else [answers.c.period == period]
    if units is not None and len(units) == 1:
        narrow.append(answers.c.unit == next(iter(units)))
    query = select(answers).where(*narrow).order_by(func.random())
    with engine.connect() as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(query)
        yield (
            Exported(
                id=row.id,
                unit=row.unit,
                period=row.period,
                day=row.day,
                hour=row.received_hour,
                channel=row.channel,
                language=row.language,
                versi=row.versi,
                answers=row.answers,
                attributes=row.attributes,
                saran=row.saran,
                alasan=row.alasan,
                labels=row.labels,
                counted=row.set_aside is None,
                set_aside=row.set_aside,
                released=row.block is not None,
            )
            for row in rows
            if units is None or row.unit in units
        )


def forms_of(engine: Engine) -> list[str]:
    """The forms (`versi`) that answers are to."""
    with engine.connect() as connection:
        return sorted(connection.scalars(select(answers.c.versi).distinct()))
