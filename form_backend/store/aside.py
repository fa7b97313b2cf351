"""Setting answers aside and putting them back: a decision of people, with a reason, written down with who made it.

What it does to published figures is the release's affair (docs/release-rule.md, rule 5): here only the mark is set.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Text, cast, select, update

from form_backend.store.audit import PUT_BACK, SET_ASIDE, note
from form_backend.store.database import for_writing
from form_backend.store.schema import answers

T = TypeVar("T")
_CHUNK = 5000  # databases limit the parameters of one statement (SQLite: 32.766)


@dataclass(frozen=True)
class Choice:
    """Which answers are meant; what is given narrows the others down, and nothing given means all."""

    receipts: Sequence[str] = ()
    numbers: Sequence[range] = ()  # of `seq`
    unit: str | None = None
    period: str | None = None
    label: str | None = None
    aside: bool = False  # only those set aside


@dataclass(frozen=True)
class Listed:
    """What people decide by: never what an answer says. `hour` is that of receipt, ISO, UTC."""

    seq: int
    unit: str
    period: str
    day: str
    hour: str
    channel: str
    labels: Sequence[str]
    set_aside: str | None
    released: bool


@dataclass(frozen=True)
class Found:
    """The chosen answers in record order, and the receipts and single numbers that no answer has."""

    answers: Sequence[Listed]
    unknown: Sequence[str]


def find(engine: Engine, choice: Choice) -> Found:
    """The chosen answers."""
    with engine.connect() as connection:
        rows = {row.seq: row for query in _queries(choice) for row in connection.execute(query)}
    missing = [receipt for receipt in choice.receipts if receipt not in {row.receipt for row in rows.values()}]
    missing += [_span(numbers) for numbers in choice.numbers if not any(seq in numbers for seq in rows)]
    return Found([_listed(rows[seq]) for seq in sorted(rows)], missing)


def change(engine: Engine, seqs: Iterable[int], reason: str | None, actor: str, now: datetime) -> list[Listed]:
    """Set answers aside for a reason, or put them back (None); those that this changed, as they were.

    One transaction with its line in the audit. The second time changes nothing and writes nothing.
    """
    with for_writing(engine).begin() as connection:
        changed = list(_changed(connection, sorted(set(seqs)), reason))
        if changed:
            act, seqs = SET_ASIDE if reason else PUT_BACK, [one.seq for one in changed]
            note(connection, now, actor, act, reason, {"seqs": seqs})
    return changed


def _changed(connection: Connection, seqs: Sequence[int], reason: str | None) -> Iterator[Listed]:
    for some in _chunks(seqs):
        mine = answers.c.seq.in_(some) & answers.c.set_aside.is_distinct_from(reason)
        yield from map(_listed, connection.execute(_COLUMNS.where(mine).order_by(answers.c.seq)).all())
        connection.execute(update(answers).where(mine).values(set_aside=reason))


_COLUMNS: Select[Any] = select(
    answers.c.seq,
    answers.c.receipt,
    answers.c.unit,
    answers.c.period,
    answers.c.day,
    answers.c.received_hour,
    answers.c.channel,
    answers.c.labels,
    answers.c.set_aside,
    answers.c.block,
)


def _queries(choice: Choice) -> Iterator[Select[Any]]:
    narrow: list[ColumnElement[bool]] = []
    if choice.unit is not None:
        narrow.append(answers.c.unit == choice.unit)
    if choice.period is not None:
        narrow.append(answers.c.period == choice.period)
    if choice.label is not None:
        narrow.append(cast(answers.c.labels, Text).contains(f'"{choice.label}"'))
    if choice.aside:
        narrow.append(answers.c.set_aside.is_not(None))
    named: list[ColumnElement[bool]] = [answers.c.receipt.in_(some) for some in _chunks(choice.receipts)]
    named += [answers.c.seq.between(numbers.start, numbers.stop - 1) for numbers in choice.numbers]
    for one in named:
        yield _COLUMNS.where(one, *narrow)
    if not named:
        yield _COLUMNS.where(*narrow)


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        seq=row.seq,
        unit=row.unit,
        period=row.period,
        day=row.day,
        hour=row.received_hour,
        channel=row.channel,
        labels=row.labels,
        set_aside=row.set_aside,
        released=row.block is not None,
    )


def _span(numbers: range) -> str:
    return str(numbers.start) if len(numbers) == 1 else f"{numbers.start}-{numbers.stop - 1}"


def _chunks(every: Sequence[T]) -> Iterator[Sequence[T]]:
    return (every[start : start + _CHUNK] for start in range(0, len(every), _CHUNK))
