"""The store's release side: what waits, which answer belongs to which block, what was published.

A block's members are recorded in the same transaction as the block (docs/release-rule.md, rule 7); the commit follows,
so a release without a commit is what the next run has to publish.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, and_, func, insert, not_, select, union, update

from form_backend.store.database import for_writing, in_one_view
from form_backend.store.release_records import Known, Recorder
from form_backend.store.schema import CHANGED, answers, blocks, closings, corrections, release_files, releases, terms
from skm.breakdown import Breakdowns, from_mapping
from skm.periods import Period, PeriodKind, parse_period
from skm.release import Decision, Member, Pooled, Shown, Waiting
from skm.results import Correction, ReleasedBlock
from skm.tally import Tally

NO_COMMIT = ""  # a release that changed no file: nothing of it is in the remote, or has to be
FileKey = tuple[Period, str]  # period, unit: one published file
_COUNTS = answers.c.set_aside.is_(None)


@dataclass(frozen=True)
class UnitState:
    """What the release rule needs to know of one unit."""

    waiting: Sequence[Waiting]
    begun: Collection[Period]  # base periods with answers in them, not closed yet
    closed: Collection[Period]  # base and longer
    pooled: Collection[Pooled]  # answers that went out with others of the year
    shown: Collection[Shown]  # released blocks with answers on the wrong side, or noted as being there


@dataclass(frozen=True)
class ClosedPeriod:
    """What was fixed when a unit's period closed; `versi`: the form of the newest answer that no block held then."""

    release: int
    held: int
    set_aside: int
    versi: str | None
    breakdowns: Breakdowns


@dataclass(frozen=True)
class UnitHistory:
    """What was released of one unit: the blocks that count, its closed periods, what was corrected afterwards."""

    blocks: Sequence[ReleasedBlock]
    closed: Mapping[Period, ClosedPeriod]
    corrections: Sequence[tuple[int, Correction]]  # with the release that made it
    withdrawn: Mapping[Period, str]  # home → form, of parts that do not count


class ReleaseStore:
    """Release side of the store on an engine; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = in_one_view(engine)

    def terms(self) -> dict[int, tuple[int, PeriodKind]]:
        """Year → (k, period length), fixed when the year's first answer came."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(terms.c.year, terms.c.k, terms.c.period_kind))
            return {year: (k, PeriodKind(kind)) for year, k, kind in rows}

    def waiting(self, since: int, least: int) -> dict[str, dict[Period, int]]:
        """Unit → period → how many counted answers are in no block; of years before `since` only `least` or more.

        The rests of finished years stay out for good, and every year leaves some.
        """
        n = func.count()
        groups = select(answers.c.unit, answers.c.period, n).where(answers.c.block.is_(None), _COUNTS)
        groups = groups.group_by(answers.c.unit, answers.c.period)
        found: dict[str, dict[Period, int]] = defaultdict(dict)
        with self._engine.connect() as connection:
            for unit, base, count in connection.execute(
                groups.having((answers.c.period >= f"{since:04}") | (n >= least))
            ):
                found[unit][parse_period(base)] = count
        return found

    @classmethod
    def _shown(cls, connection: Connection) -> dict[str, list[Shown]]:
        """The blocks with an answer on the wrong side, and those of which one was published as noted."""
        changed = select(answers.c.block).where(answers.c.block.is_not(None), not_(_COUNTS))
        divided = select(blocks.c.id).where(CHANGED)
        suspect = connection.execute(select(blocks).where(blocks.c.id.in_(union(changed, divided))))
        found: dict[str, list[Shown]] = defaultdict(list)
        for row in suspect.all():
            members = cls._members(connection, row.id)
            if row.noted or any(member.aside is not row.aside for member in members):
                found[row.unit].append(Shown(row.id, parse_period(row.home), row.aside, row.noted, members))
        return found

    @staticmethod
    def _members(connection: Connection, block: int) -> tuple[Member, ...]:
        columns = select(answers.c.seq, answers.c.period, answers.c.set_aside).where(answers.c.block == block)
        rows = connection.execute(columns.order_by(answers.c.seq))
        return tuple(Member(seq, parse_period(base), reason is not None) for seq, base, reason in rows)

    def states(self, since: int, units: Collection[str] | None = None) -> dict[str, UnitState]:
        """Unit → its state since a year: of these units, else of all that have answers. Units of which a released
        answer changed sides are always among them, and the years of its block."""
        with self._engine.connect() as connection:
            shown = self._shown(connection)
            since = min([since, *(block.home.year for changed in shown.values() for block in changed)])
            units = None if units is None else {*units, *shown}
            waiting, begun = self._waiting(connection, _of(answers.c.unit, answers.c.period, units, since))
            pooled = self._released(connection, begun, _of(blocks.c.unit, blocks.c.home, units, since))
            closed = self._closed(connection, _of(closings.c.unit, closings.c.period, units, since))
        return {
            unit: UnitState(
                waiting.get(unit, ()),
                frozenset(periods - closed[unit]),
                frozenset(closed[unit]),
                pooled.get(unit, ()),
                shown.get(unit, ()),
            )
            for unit, periods in begun.items()
        }

    @staticmethod
    def _waiting(
        connection: Connection, which: ColumnElement[bool]
    ) -> tuple[dict[str, list[Waiting]], dict[str, set[Period]]]:
        """By unit the answers in no block that count, and the periods of all answers in no block."""
        waiting: dict[str, list[Waiting]] = defaultdict(list)
        begun: dict[str, set[Period]] = defaultdict(set)
        columns = select(answers.c.seq, answers.c.unit, answers.c.period).where(answers.c.block.is_(None), which)
        for seq, unit, base in connection.execute(columns.where(_COUNTS)):
            waiting[unit].append(Waiting(seq, parse_period(base)))
            begun[unit].add(waiting[unit][-1].period)
        for _, unit, base in connection.execute(columns.where(not_(_COUNTS))):
            begun[unit].add(parse_period(base))
        return waiting, begun

    @staticmethod
    def _released(
        connection: Connection, begun: dict[str, set[Period]], which: ColumnElement[bool]
    ) -> dict[str, list[Pooled]]:
        """What went out with others of the year; the homes of all blocks are added to `begun`."""
        pooled: dict[str, list[Pooled]] = defaultdict(list)
        shape = select(blocks.c.unit, blocks.c.home, blocks.c.parts, blocks.c.aside).where(which)
        for unit, home_text, parts, aside in connection.execute(shape):
            home = parse_period(home_text)
            begun[unit].add(home)
            counted = {parse_period(part): n for part, n in parts.items() if not aside}
            pooled[unit] += [Pooled(part, home, n) for part, n in counted.items() if part != home]
        return pooled

    @staticmethod
    def _closed(connection: Connection, which: ColumnElement[bool]) -> dict[str, set[Period]]:
        found: dict[str, set[Period]] = defaultdict(set)
        for unit, period in connection.execute(select(closings.c.unit, closings.c.period).where(which)):
            found[unit].add(parse_period(period))
        return found

    def last_day(self) -> date | None:
        """The day of the newest release."""
        newest = select(releases.c.day).order_by(releases.c.seq.desc()).limit(1)
        with self._engine.connect() as connection:
            day = connection.scalar(newest)
            return date.fromisoformat(day) if day else None

    def closed_units(self, period: Period) -> set[str]:
        """The units whose file of a period is final."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(closings.c.unit).where(closings.c.period == str(period))))

    def release(
        self,
        decisions: Mapping[str, Decision],
        files: Iterable[FileKey],
        today: date,
        known: Known,
    ) -> int:
        """Record blocks, their members, closings and the files they change as one release; gives its number."""
        with for_writing(self._engine).begin() as connection:
            key = connection.execute(insert(releases).values(day=today.isoformat())).inserted_primary_key
            assert key is not None
            recorder = Recorder(connection, int(key[0]), known)
            for unit, decision in sorted(decisions.items()):
                recorder.record(unit, decision)
            rows = [{"release": recorder.release, "period": str(p), "unit": unit} for p, unit in sorted(set(files))]
            if rows:
                connection.execute(insert(release_files), rows)
            return recorder.release

    def histories(self, units: Collection[str], since: int = 1) -> dict[str, UnitHistory]:
        """Unit → everything released of it that counts, and what was corrected; of blocks and closings since a year."""
        released: dict[str, list[ReleasedBlock]] = defaultdict(list)
        closed: dict[str, dict[Period, ClosedPeriod]] = defaultdict(dict)
        corrected: dict[str, list[tuple[int, Correction]]] = defaultdict(list)
        withdrawn: dict[str, dict[Period, str]] = defaultdict(dict)
        with self._engine.connect() as connection:
            which = _of(blocks.c.unit, blocks.c.home, units, since)
            for row in connection.execute(select(blocks).where(which).order_by(blocks.c.id)):
                if row.aside:
                    withdrawn[row.unit][parse_period(row.home)] = row.versi
                else:
                    released[row.unit].append(_block_of(row))
            which = _of(closings.c.unit, closings.c.period, units, since)
            for row in connection.execute(select(closings).where(which)):
                closed[row.unit][parse_period(row.period)] = _closed_of(row)
            changes = select(corrections, releases.c.day).join(releases, releases.c.seq == corrections.c.release)
            for row in connection.execute(changes.where(corrections.c.unit.in_(units)).order_by(corrections.c.id)):
                day = date.fromisoformat(row.day)
                corrected[row.unit].append((row.release, Correction(parse_period(row.home), day, row.n, row.aside)))
        return {unit: UnitHistory(released[unit], closed[unit], corrected[unit], withdrawn[unit]) for unit in units}

    def people(self, units: Collection[str], since: int) -> dict[tuple[str, Period], int]:
        """(unit, home) → how many are in the released blocks that count; of homes since a year."""
        which = _of(blocks.c.unit, blocks.c.home, units, since), not_(blocks.c.aside)
        sums = select(blocks.c.unit, blocks.c.home, func.sum(blocks.c.n)).where(*which)
        with self._engine.connect() as connection:
            rows = connection.execute(sums.group_by(blocks.c.unit, blocks.c.home))
            return {(unit, parse_period(home)): int(n) for unit, home, n in rows}

    def pending(self) -> tuple[int, set[FileKey]]:
        """(newest release that no commit holds yet, files it and those before it change); (0, nothing) if none."""
        # Those are the newest ones: whatever is marked as published is marked with all before it.
        marked = (
            select(releases.c.seq).where(releases.c.commit_sha.is_not(None)).order_by(releases.c.seq.desc()).limit(1)
        )
        return self._files(releases.c.seq > func.coalesce(marked.scalar_subquery(), 0))

    def everything(self) -> tuple[int, set[FileKey]]:
        """(newest release, every file that was ever released)."""
        return self._files(releases.c.seq > 0)

    def last_published(self) -> tuple[int, str]:
        """(the newest release that the remote is known to have taken, its commit); (0, "") if none."""
        query = select(releases.c.seq, releases.c.commit_sha).where(releases.c.commit_sha != NO_COMMIT)
        with self._engine.connect() as connection:
            row = connection.execute(query.order_by(releases.c.seq.desc()).limit(1)).first()
            return (row.seq, row.commit_sha) if row else (0, "")

    def newest(self) -> int:
        """The newest release; 0 if none."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(releases.c.seq))) or 0

    def _files(self, which: ColumnElement[bool]) -> tuple[int, set[FileKey]]:
        with self._engine.connect() as connection:
            newest = connection.scalar(select(func.max(releases.c.seq)).where(which))
            query = select(release_files.c.period, release_files.c.unit).join(
                releases, releases.c.seq == release_files.c.release
            )
            rows = connection.execute(query.where(which).distinct())
            return newest or 0, {(parse_period(period), unit) for period, unit in rows}

    def mark_published(self, release: int, commit: str) -> None:
        """Releases up to this number are in the remote, held by this commit."""
        with self._engine.begin() as connection:
            connection.execute(
                update(releases)
                .where(releases.c.seq <= release, releases.c.commit_sha.is_(None) | (releases.c.seq == release))
                .values(commit_sha=commit)
            )


def _of(
    unit: ColumnElement[str], period: ColumnElement[str], units: Collection[str] | None, since: int
) -> ColumnElement[bool]:
    """Rows of these units (None: of all) and of periods since a year."""
    recent = period >= f"{since:04}"
    return recent if units is None else and_(unit.in_(units), recent)


def _block_of(row: Row[Any]) -> ReleasedBlock:
    counts = {item: (c[0], c[1], c[2], c[3]) for item, c in row.counts.items()}
    counted = Tally(row.n, counts, Fraction(row.squares) if row.squares else None)
    return ReleasedBlock(
        parse_period(row.home), row.no, counted, row.versi, row.noted, row.example, tuple(row.forms or ())
    )


def _closed_of(row: Row[Any]) -> ClosedPeriod:
    found = from_mapping(row.breakdowns) if row.breakdowns else Breakdowns(0)
    return ClosedPeriod(row.release, row.held, row.set_aside, row.versi, found)
