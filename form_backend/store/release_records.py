"""What one release writes of a unit: new blocks, blocks divided for good, closed periods.

An answer is in one block. A block's tally is made once, from its members, and again only where it is divided.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, not_, select, update

from form_backend.store.schema import answers, blocks, closings, corrections
from skm.breakdown import Breakdowns, Respondent, breakdowns, iso_week, to_mapping, weeks_of
from skm.index import squares
from skm.instrument import Instrument
from skm.integrity import LABELS
from skm.periods import Period, parse_period
from skm.release import REASONS, Closing, Decision, Move, NewBlock
from skm.responses import SIMULATED
from skm.tally import Tally, divided, tally, without_thin


@dataclass(frozen=True)
class Known:
    """What the database does not know of years, forms and units: `k(year)`, `instrument(versi)`, `services(unit)`."""

    k: Callable[[int], int]
    instrument: Callable[[str], Instrument]
    services: Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Recorder:
    """Writes the decisions of one release into its transaction."""

    connection: Connection
    release: int
    known: Known

    def record(self, unit: str, decision: Decision) -> None:
        """Everything that was decided of a unit."""
        forms = {closing: self._newest_form(unit, closing.period) for closing in decision.closings}
        for move in decision.moves:
            self._move(unit, move)
        for note in decision.notes:
            self.connection.execute(update(blocks).where(blocks.c.id == note.block).values(noted=note.noted))
        for block in decision.blocks:
            self._add(unit, block)
        for closing in decision.closings:
            self._close(unit, closing, forms[closing])

    def _add(self, unit: str, block: NewBlock) -> None:
        rows = self._members(block.members)
        content = without_thin(tally(row.answers for row in rows), self.known.k(block.home.year))
        number = self._insert(unit, block.home, aside=False, content=self._content(rows, content))
        self._claim(number, block.members, answers.c.block.is_(None) & answers.c.set_aside.is_(None))

    def _move(self, unit: str, move: Move) -> None:
        """The part gets a row of its own; a block that moves as a whole only changes sides."""
        source = blocks.c.id == move.block
        before = self.connection.execute(select(blocks.c.n, blocks.c.counts).where(source)).one()
        if before.n == len(move.members):
            self.connection.execute(update(blocks).where(source).values(aside=move.aside, noted=0))
        else:
            rest = set(self.connection.scalars(select(answers.c.seq).where(answers.c.block == move.block)))
            rows = [self._members(part) for part in (move.members, sorted(rest - set(move.members)))]
            parts = divided(
                [tally(row.answers for row in part) for part in rows], before.counts, self.known.k(move.home.year)
            )
            moved, stayed = map(self._content, rows, parts)
            number = self._insert(unit, move.home, aside=move.aside, content=moved)
            self._claim(number, move.members, answers.c.block == move.block)
            self.connection.execute(update(blocks).where(source).values(stayed))
        row = {"unit": unit, "home": str(move.home), "n": len(move.members), "aside": move.aside}
        self.connection.execute(insert(corrections).values(row | {"release": self.release}))

    def _close(self, unit: str, closing: Closing, versi: str | None) -> None:
        row: dict[str, Any] = {"unit": unit, "period": str(closing.period), "held": closing.held, "versi": versi}
        row |= {"set_aside": self._set_aside(unit, closing.period), "release": self.release}
        row["breakdowns"] = to_mapping(self._breakdowns(unit, closing.period, versi))
        self.connection.execute(insert(closings).values(row))

    def _breakdowns(self, unit: str, period: Period, versi: str | None) -> Breakdowns:
        """Those of the people at home in the period, as they count today: it is made once (rule 6)."""
        home = blocks.c.unit == unit, blocks.c.home == str(period), not_(blocks.c.aside)
        columns = select(answers.c.day, answers.c.channel, answers.c.attributes, answers.c.labels, answers.c.versi)
        rows = self.connection.execute(columns.join(blocks, blocks.c.id == answers.c.block).where(*home)).all()
        newest = max((row.versi for row in rows), default=versi)
        return breakdowns(
            [
                Respondent(iso_week(date.fromisoformat(row.day)), row.channel, row.attributes, frozenset(row.labels))
                for row in rows
            ],
            self.known.instrument(newest).ladders if newest else {},
            self.known.services(unit),
            weeks_of(period),
            LABELS,
            self._reasons(unit, period),
        )

    def _reasons(self, unit: str, period: Period) -> dict[str, int]:
        """Reason → how many answers of the base period do not count today for it, zeros too."""
        mine = answers.c.unit == unit, answers.c.period == str(period), answers.c.set_aside.is_not(None)
        sides = select(answers.c.set_aside).outerjoin(blocks, blocks.c.id == answers.c.block)
        given = self.connection.scalars(sides.where(*mine, answers.c.block.is_(None) | blocks.c.aside))
        return dict.fromkeys(REASONS, 0) | Counter(given)

    def _newest_form(self, unit: str, period: Period) -> str | None:
        """The form of the newest answer that no block holds: it names a file in which nothing can be shown."""
        waits = answers.c.unit == unit, answers.c.period == str(period), answers.c.block.is_(None)
        return self.connection.scalar(select(answers.c.versi).where(*waits).order_by(answers.c.seq.desc()).limit(1))

    def _set_aside(self, unit: str, period: Period) -> int:
        """How many answers of the period do not count today: those of no block and those of parts set aside."""
        never = select(answers.c.period, func.count()).where(
            answers.c.unit == unit, answers.c.set_aside.is_not(None), answers.c.block.is_(None)
        )
        later = select(blocks.c.parts).where(blocks.c.unit == unit, blocks.c.aside)
        counts: Counter[str] = Counter()
        for base, n in self.connection.execute(never.group_by(answers.c.period)):
            counts[base] = n
        for parts in self.connection.scalars(later):
            counts.update(parts)
        return sum(n for base, n in counts.items() if period.contains(parse_period(base)))

    def _members(self, seqs: Sequence[int]) -> list[Row[Any]]:
        columns = select(answers.c.seq, answers.c.answers, answers.c.versi, answers.c.channel, answers.c.period)
        found: list[Row[Any]] = []
        for some in _chunks(seqs):
            found += self.connection.execute(columns.where(answers.c.seq.in_(some)).order_by(answers.c.seq))
        return found

    def _content(self, rows: Collection[Row[Any]], counted: Tally) -> dict[str, Any]:
        """What a block is published as."""
        rows = list(rows)
        forms = {row.versi for row in rows}
        shown = [{item: row.answers[item] for item in counted.counts if item in row.answers} for row in rows]
        # Respondents of two forms have no index in common.
        alike = len(forms) == 1 and bool(counted.counts)
        return {
            "n": counted.n,
            "parts": dict(sorted(Counter(row.period for row in rows).items())),
            "versi": rows[-1].versi,
            "forms": sorted(forms - {rows[-1].versi}),
            "counts": {item: list(counts) for item, counts in counted.counts.items()},
            "squares": str(squares(shown, self.known.instrument(rows[-1].versi))) if alike else None,
            "example": any(row.channel == SIMULATED for row in rows),
        }

    def _insert(self, unit: str, home: Period, *, aside: bool, content: dict[str, Any]) -> int:
        of_home = blocks.c.unit == unit, blocks.c.home == str(home)
        last = self.connection.scalar(select(func.max(blocks.c.no)).where(*of_home)) or 0
        row = {"unit": unit, "home": str(home), "no": last + 1, "aside": aside, "release": self.release}
        key = self.connection.execute(insert(blocks).values(row | content)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _claim(self, block: int, members: Sequence[int], free: ColumnElement[bool]) -> None:
        taken = 0
        for some in _chunks(members):
            mine = update(answers).where(answers.c.seq.in_(some), free)
            taken += self.connection.execute(mine.values(block=block)).rowcount
        if taken != len(members):
            raise RuntimeError(f"block {block}: {taken} of {len(members)} answers were still where they had been")


def _chunks(members: Sequence[int], size: int = 5000) -> Iterator[Sequence[int]]:
    """Databases limit the parameters of one statement (SQLite: 32.766)."""
    return (members[start : start + size] for start in range(0, len(members), size))
