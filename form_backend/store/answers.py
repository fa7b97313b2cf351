"""The store's intake side: an answer is recorded durably and exactly once.

What makes an answer unique is decided by the database in the statement that records it, never by looking first.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Engine, delete, exists, func, not_, or_, select, update
from sqlalchemy.engine import URL

from form_backend.store.database import empty_log, insert_into, open_engine
from form_backend.store.marks import WRITTEN, put
from form_backend.store.migrations import is_current, is_older, migrate
from form_backend.store.schema import answers, blocks, ceilings, repeats, terms
from form_backend.store.writer import Writer
from skm.codes import word
from skm.periods import Period, PeriodKind
from skm.responses import SIMULATED, Response

RECEIPT_LENGTH = 10
REPEAT_WINDOW = timedelta(seconds=10)
EXACT_TIMES = timedelta(hours=47)  # the promise is 48 h; purges come every few minutes, not every second
COUNTS = timedelta(hours=1)  # a ceiling looks back at no more than two windows of ten minutes
CLOCK_AHEAD = timedelta(hours=1)  # with the hours above it is 48 at most
REPEATED = "repeated"
Row = Mapping[str, Any]  # column → value


class NewAnswer(NamedTuple):
    """An answer to record. `digest` says who posted what, for posts that the no-script rule is about."""

    unit: str
    period: Period
    day: str  # ISO
    received_at: datetime  # aware, UTC
    response: Response
    labels: tuple[str, ...] = ()
    digest: str | None = None


class Recorded(NamedTuple):
    """`duplicate`: this answer had been recorded before, and the receipt is the first one's.

    `differs`: its `id` came with other content this time, which was not kept.
    """

    receipt: str
    duplicate: bool
    differs: bool = False


@dataclass(frozen=True)
class ReceiptRecord:
    """What the thank-you page needs to know."""

    unit: str
    language: str


class Store:
    """Answers on an engine; safe to use from many threads. `engine` serves the release side too."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = Writer(engine)
        self._terms: dict[int, tuple[int, PeriodKind]] = {}

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def add(self, new: Sequence[NewAnswer]) -> list[Recorded]:
        """Record all or none, on the disk when it returns; one result per answer, in order."""
        return self._writer.run_together(_add_all, new)

    def add_with(self, new: Sequence[NewAnswer], act: Callable[[Connection, int], None]) -> list[Recorded]:
        """The same; `act(connection, recorded)` knows how many were new; it writes with them, or raises."""

        def work(connection: Connection) -> list[Recorded]:
            done = _add(connection, new)
            act(connection, sum(not one.duplicate for one in done))
            return done

        return self._writer.run(work)

    def known(self, ids: Sequence[str]) -> set[str]:
        """Those of these ids that are recorded."""
        found: set[str] = set()
        with self.engine.connect() as connection:
            for start in range(0, len(ids), 5000):  # databases limit the parameters of one statement
                some = answers.c.id.in_(ids[start : start + 5000])
                found.update(connection.scalars(select(answers.c.id).where(some)))
        return found

    def receipt_of(self, answer_id: str) -> str | None:
        """The receipt of the answer that came with this `id`."""
        with self.engine.connect() as connection:
            return connection.scalar(select(answers.c.receipt).where(answers.c.id == answer_id))

    def by_receipt(self, receipt: str) -> ReceiptRecord | None:
        """The answer that got this receipt."""
        query = select(answers.c.unit, answers.c.language).where(answers.c.receipt == receipt)
        with self.engine.connect() as connection:
            row = connection.execute(query).first()
            return ReceiptRecord(row.unit, row.language) if row else None

    def terms(self, year: int, k: int, kind: PeriodKind) -> tuple[int, PeriodKind]:
        """k and period length of a year: these, if the year has none yet, else what its first answer fixed."""
        if year not in self._terms:
            self._terms[year] = self._writer.run(lambda connection: _fix_terms(connection, year, k, kind))
        return self._terms[year]

    def purge(self, now: datetime) -> None:
        """Forget exact times and the digests of posts before they are 48 h old (UU 27/2022), and counts of long ago.

        Those of a clock that was ahead go too: nobody knows how old they are.
        """
        before, after = now - EXACT_TIMES, now + CLOCK_AHEAD

        def work(connection: Connection) -> None:
            for wrong in (answers.c.received_at < _instant(before), answers.c.received_at > _instant(after)):
                connection.execute(update(answers).where(wrong).values(received_at=None))
            for wrong in (repeats.c.at < _milliseconds(before), repeats.c.at > _milliseconds(after)):
                connection.execute(delete(repeats).where(wrong))
            connection.execute(delete(ceilings).where(ceilings.c.since < (now - COUNTS).timestamp()))

        self._writer.run(work)
        empty_log(self.engine, lambda connection: put(connection, WRITTEN, now))

    def count(self) -> int:
        """How many answers are recorded."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(answers)) or 0

    def holds_real_answers(self) -> bool:
        """True where a person answered: the clock and the answers of such a database are not to be played with.

        Of disposed answers the blocks are left.
        """
        real = or_(exists().where(answers.c.channel != SIMULATED), exists().where(not_(blocks.c.example)))
        with self.engine.connect() as connection:
            return bool(connection.scalar(select(real)))

    def begins_simulated(self) -> bool:
        """True where the first answer was simulated: what this installation shows is an example.

        Simulation is refused where people have answered, so the first answer tells, without reading the others.
        """
        with self.engine.connect() as connection:
            return connection.scalar(select(answers.c.channel).order_by(answers.c.seq).limit(1)) == SIMULATED

    def check_writable(self, now: datetime) -> None:
        """Raises what recording an answer would raise (locked, read-only, full, unreachable), by writing something."""
        self._writer.run(lambda connection: put(connection, WRITTEN, now))


def open_store(url: str | URL, before: Callable[[Engine], object] | None = None) -> Store:
    """The store of a database URL, its tables brought up to date; `before` that it is called where they are older.

    NewerSchema where they are newer.
    """
    engine = open_engine(url)
    if not is_current(engine):
        if is_older(engine) and before:
            before(engine)
        migrate(engine)
    return Store(engine)


def _receipts(count: int) -> list[str]:
    """50 random bits each; two alike would be refused by the database.

    One call for all: whoever asks the system for chance gives the interpreter away to those who parse.
    """
    chance = secrets.token_bytes(RECEIPT_LENGTH * count)
    return [word(chance[at : at + RECEIPT_LENGTH]) for at in range(0, len(chance), RECEIPT_LENGTH)]


def _add_all(connection: Connection, calls: Sequence[Sequence[NewAnswer]]) -> list[list[Recorded]]:
    """Record what several callers brought, one list of results for each."""
    recorded = iter(_add(connection, [new for call in calls for new in call]))
    return [list(islice(recorded, len(call))) for call in calls]


def _add(connection: Connection, arrived: Sequence[NewAnswer]) -> list[Recorded]:
    """One call of the driver for all of them: each costs the threads that parse as much as it costs the database."""
    found: list[Recorded | None] = []
    fresh: list[tuple[NewAnswer, Row]] = []
    for new, receipt in zip(arrived, _receipts(len(arrived)), strict=True):
        first, again = _claim(connection, new, receipt) if new.digest is not None else (None, False)
        found.append(Recorded(first, duplicate=True) if first else None)
        if not first:
            fresh.append((new, _row(new, receipt, (REPEATED,) if again else ())))
    added = _insert_new(connection, [row for _, row in fresh])
    rest = (
        Recorded(row["receipt"], duplicate=False) if row["receipt"] in added else _known(connection, new.response)
        for new, row in fresh
    )
    return [one or next(rest) for one in found]


def _insert_new(connection: Connection, rows: Sequence[Row]) -> set[str]:
    """The receipts of those that were recorded: the `id` of the others was known, or twice among them."""
    if not rows:
        return set()
    sent = {row["receipt"] for row in rows}
    statement, values = _add_answers(connection.dialect)
    done = connection.exec_driver_sql(statement, [values(row) for row in rows], execution_options=_COUNTED)
    if done.rowcount == len(rows):
        return sent
    return set(connection.scalars(select(answers.c.receipt).where(answers.c.receipt.in_(sent))))


def _known(connection: Connection, response: Response) -> Recorded:
    known = connection.execute(select(answers).where(answers.c.id == response.id)).one()
    differs = any(getattr(known, name) != said for name, said in _content(response).items())
    return Recorded(known.receipt, duplicate=True, differs=differs)


_json = json.JSONEncoder().encode
_HOUR, _ZONE = len("2026-11-30T14"), len("2026-11-30T14:04:50.000000")  # where they end in an instant's text
_COUNTED = {"preserve_rowcount": True}
_LATER = {answers.c.seq, answers.c.set_aside, answers.c.block}  # columns that no answer comes with


def _content(response: Response) -> Row:
    """What the sender said, not how and when it came, nor to whom: a unit may have a successor since."""
    objects = {name: dict(getattr(response, name)) for name in ("answers", "attributes", "alasan")}
    return {**objects, "saran": response.saran}


def _claim(connection: Connection, new: NewAnswer, receipt: str) -> tuple[str | None, bool]:
    """(The receipt of the post that holds the window, where one does; whether this was ever posted before).

    One statement decides who takes the window.
    """
    at, window = _milliseconds(new.received_at), REPEAT_WINDOW // timedelta(milliseconds=1)
    again = connection.scalar(select(exists().where(repeats.c.digest == new.digest))) or False
    row = {"at": at, "receipt": receipt}
    expired = not_(repeats.c.at.between(at - window, at + window))
    statement = insert_into(connection.dialect.name, repeats).values(digest=new.digest, **row)
    statement = statement.on_conflict_do_update(index_elements=["digest"], set_=row, where=expired)
    if connection.execute(statement.returning(repeats.c.digest)).first() is not None:
        return None, again
    return connection.scalar(select(repeats.c.receipt).where(repeats.c.digest == new.digest)), again


def _fix_terms(connection: Connection, year: int, k: int, kind: PeriodKind) -> tuple[int, PeriodKind]:
    wanted = insert_into(connection.dialect.name, terms).values(year=year, k=k, period_kind=str(kind))
    connection.execute(wanted.on_conflict_do_nothing(index_elements=["year"]))
    row = connection.execute(select(terms.c.k, terms.c.period_kind).where(terms.c.year == year)).one()
    return row.k, PeriodKind(row.period_kind)


@cache
def _add_answers(dialect: Dialect) -> tuple[str, Callable[[Row], Any]]:
    """The statement as its driver takes it, and what makes a row its parameters.

    Made once, and the columns' types left out: both cost the threads that parse more than the database takes for it.
    """
    names = [column.name for column in answers.columns if column not in _LATER]
    statement = insert_into(dialect.name, answers).inline().on_conflict_do_nothing(index_elements=["id"])
    compiled = statement.compile(dialect=dialect, column_keys=names)
    return compiled.string, itemgetter(*compiled.positiontup) if compiled.positiontup else dict


def _row(new: NewAnswer, receipt: str, more_labels: tuple[str, ...]) -> Row:
    """The columns of an answer, JSON as text."""
    response, instant = new.response, _instant(new.received_at)
    return {
        "id": response.id,
        "receipt": receipt,
        "unit": new.unit,
        "period": str(new.period),
        "day": new.day,
        "received_at": instant,
        "received_hour": f"{instant[:_HOUR]}:00:00{instant[_ZONE:]}",
        "versi": response.versi,
        "channel": response.channel,
        "language": response.lang,
        "answers": _json(dict(response.answers)),
        "attributes": _json(dict(response.attributes)),
        "saran": response.saran,
        "alasan": _json(dict(response.alasan)) if response.alasan else "{}",
        "durasi": response.durasi,
        "labels": _json([*new.labels, *more_labels]) if new.labels or more_labels else "[]",
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
