"""The store's side of labelling: the answers whose exact time is still known, what came before, the unit's hours."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BigInteger, Connection, Engine, Row, Text, bindparam, cast, func, not_, select, update

from form_backend.store.database import for_writing, is_shared
from form_backend.store.marks import LABELLED, last, mark, seen
from form_backend.store.schema import answers
from skm.integrity import BURST, EARLIER
from skm.integrity.record import ON_SITE, Record


@dataclass(frozen=True)
class UnitAnswers:
    """What labels of a unit are decided by; `hours` are (local day, hour, number of on-site answers) of the past."""

    recent: tuple[Record, ...]
    earlier: tuple[Record, ...]
    hours: tuple[tuple[date, int, int], ...]


class LabelStore:
    """Reads what labelling needs and adds labels; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def newest(self) -> int:
        """The `seq` of the newest answer; 0 where there is none."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(answers.c.seq))) or 0

    def units(self, now: datetime, newest: int) -> dict[str, int]:
        """Each unit with an answer whose exact time is still known, one of them unknown to the last run → the `seq` of
        its first one. `newest`: of all answers."""
        unit = answers.c.unit.concat("")  # the bare column would be grouped by its index, and all answers read
        first = select(unit.label("unit"), func.min(answers.c.seq).label("first")).where(_EXACT)
        first = first.group_by(unit).order_by(unit)
        ran, known = last(self._engine).get(LABELLED), seen(self._engine, LABELLED)
        if ran is None or ran > now:
            pass  # a clock was put back: everything again
        elif known is not None and not is_shared(self._engine):
            if newest <= known:
                return {}  # a question that looks at all answers of two days
            first = first.having(func.max(answers.c.seq) > known)
        else:  # several write at once, so one that has a lower number may be committed later
            since = (ran - _RECORDED_WITHIN).isoformat(timespec="microseconds")
            first = first.having(func.max(answers.c.received_at) >= since)
        with self._engine.connect() as connection:
            return {row.unit: row.first for row in connection.execute(first)}

    def note_run(self, now: datetime, newest: int) -> None:
        """All units have the labels of their answers until now, of which this is the newest."""
        mark(self._engine, LABELLED, now, newest)

    def read(self, unit: str, first: int, zone: tzinfo, days: int) -> UnitAnswers:
        """The unit's answers with exact times, from `first` on, those just before, and the hours of the `days` before
        the first."""
        with self._engine.connect() as connection:
            recent = _records(connection.execute(_RECENT, {"of": unit, "first": first}), zone)
            if not recent:
                return UnitAnswers((), (), ())
            earlier = _records(connection.execute(_BEFORE, {"of": unit, "first": recent[0].seq}), zone)
            hours = _hours(connection, unit, recent[0], days)
        return UnitAnswers(recent, earlier, hours)

    def add(self, found: Mapping[int, Sequence[str]]) -> int:
        """Add labels to answers, by `seq`; none is ever taken away. Gives how many answers got a new one."""
        changed = 0
        for seqs in _chunks(sorted(found)):
            with for_writing(self._engine).begin() as connection:
                held = connection.execute(select(answers.c.seq, answers.c.labels).where(answers.c.seq.in_(seqs)))
                more = [(seq, labels, [one for one in found[seq] if one not in labels]) for seq, labels in held]
                values = [{"this": seq, "all": [*labels, *new]} for seq, labels, new in more if new]
                if values:
                    connection.execute(_LABEL, values)
                changed += len(values)
        return changed


# An answer is recorded a moment after it came, a file of paper forms a little later, and clocks of hosts differ.
_RECORDED_WITHIN = timedelta(minutes=10)
_EXACT = answers.c.received_at > ""  # not null, said so that the index of exact times is used
_COLUMNS = select(
    answers.c.seq,
    answers.c.day,
    answers.c.received_at,
    answers.c.received_hour,
    answers.c.channel,
    answers.c.answers,
    answers.c.saran,
    answers.c.alasan,
    answers.c.durasi,
    answers.c.labels,
)


_OF, _FIRST = bindparam("of", type_=Text), bindparam("first", type_=BigInteger)
# Said for thousands of units, and so made once.
_RECENT = _COLUMNS.where(answers.c.unit == _OF, answers.c.seq >= _FIRST, _EXACT)
_BEFORE = _COLUMNS.where(answers.c.unit == _OF, answers.c.seq < _FIRST).order_by(answers.c.seq.desc()).limit(EARLIER)
# Hours go on as answers are recorded; days need not. All that came after this one may have been given since.
_OLDER = (
    select(answers.c.seq)
    .where(answers.c.unit == _OF, answers.c.seq < _FIRST, answers.c.received_hour < bindparam("hour"))
    .order_by(answers.c.seq.desc())
    .limit(1)
)
_BY_HOUR = (
    select(answers.c.day, answers.c.received_hour, func.count())
    .where(
        answers.c.unit == _OF,
        answers.c.seq > bindparam("last", type_=BigInteger),
        answers.c.seq < _FIRST,
        answers.c.day >= bindparam("since"),
        answers.c.day < bindparam("until"),
        answers.c.channel.in_(ON_SITE),
        answers.c.set_aside.is_(None),
        not_(cast(answers.c.labels, Text).contains(f'"{BURST}"')),
    )
    .group_by(answers.c.day, answers.c.received_hour)
)
_LABEL = update(answers).where(answers.c.seq == bindparam("this")).values(labels=bindparam("all"))


def _chunks(seqs: Sequence[int], size: int = 1000) -> Iterator[Sequence[int]]:
    """Who writes keeps answers waiting: not for long at once."""
    return (seqs[start : start + size] for start in range(0, len(seqs), size))


def _records(rows: Iterable[Row[Any]], zone: tzinfo) -> tuple[Record, ...]:
    """In record order, whatever the order of the query."""
    return tuple(sorted((_record(row, zone) for row in rows), key=lambda record: record.seq))


def _record(row: Any, zone: tzinfo) -> Record:
    return Record(
        seq=row.seq,
        at=datetime.fromisoformat(row.received_at or row.received_hour).astimezone(zone),
        day=date.fromisoformat(row.day),
        answers=row.answers,
        exact=row.received_at is not None,
        durasi=row.durasi,
        texts=tuple(text for text in (row.saran, *row.alasan.values()) if text),
        channel=row.channel,
        labels=row.labels,
    )


def _hours(connection: Connection, unit: str, first: Record, days: int) -> tuple[tuple[date, int, int], ...]:
    """On-site answers per local day and hour in the `days` days before that of `first`.

    Those in a burst or set aside are left out: else a repeated trick becomes the usual.
    """
    since_hour = (first.at - timedelta(days=days + 2)).astimezone(UTC).isoformat()
    these = {"of": unit, "first": first.seq}
    last = connection.scalar(_OLDER, these | {"hour": since_hour}) or 0
    since = (first.at.date() - timedelta(days=days)).isoformat()
    these |= {"last": last, "since": since, "until": first.at.date().isoformat()}
    found: Counter[tuple[date, int]] = Counter()
    for day, hour, count in connection.execute(_BY_HOUR, these):
        local = datetime.fromisoformat(hour).astimezone(first.at.tzinfo)
        if local.date().isoformat() == day:  # else it was sent later than given
            found[local.date(), local.hour] += count
    return tuple((day, hour, count) for (day, hour), count in sorted(found.items()))
