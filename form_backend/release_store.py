"""The store's release side: what waits, which answer belongs to which block, what was published.

A block's members are recorded in the same transaction as the block (docs/release-rule.md, rule 7); the commit follows,
so a release without a commit is what the next run has to publish.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, Insert, func, insert, select, update

from form_backend.database import for_writing
from form_backend.schema import answers, blocks, closings, release_files, releases, terms
from skm.periods import Period, PeriodKind, parse_period
from skm.release import Closing, Decision, NewBlock, Pooled, Waiting
from skm.responses import SIMULATED
from skm.results import ReleasedBlock
from skm.tally import Tally, tally, without_thin

NO_COMMIT = ""  # a release that changed no file: nothing of it is in the remote, or has to be
FileKey = tuple[Period, str]  # period, unit: one published file


@dataclass(frozen=True)
class UnitState:
    """What the release rule needs to know of one unit."""

    waiting: Sequence[Waiting]
    begun: Collection[Period]  # base periods with answers in them, not closed yet
    closed: Collection[Period]  # base and longer
    pooled: Collection[Pooled]  # answers that went out with others of the year


@dataclass(frozen=True)
class UnitHistory:
    """What was released of one unit: its blocks with the form each was given under, and its closed periods."""

    blocks: Sequence[tuple[ReleasedBlock, str, bool]]  # block, versi, example
    closed: Mapping[Period, tuple[int, str | None]]  # period → (answers held back, the form of the newest of them)


@dataclass(frozen=True)
class NewTally:
    """What a new block is published as."""

    tally: Tally
    parts: Mapping[str, int]  # base period → how many of its answers are in the block
    versi: str
    example: bool


class ReleaseStore:
    """Release side of the store on an engine; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def terms(self) -> dict[int, tuple[int, PeriodKind]]:
        """Year → (k, period length), fixed when the year's first answer came."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(terms.c.year, terms.c.k, terms.c.period_kind))
            return {year: (k, PeriodKind(kind)) for year, k, kind in rows}

    def states(self) -> dict[str, UnitState]:
        """Unit → its state, for every unit where something waits or a begun period is still to be closed."""
        with self._engine.connect() as connection:
            waiting: dict[str, list[Waiting]] = defaultdict(list)
            query = select(answers.c.seq, answers.c.unit, answers.c.period).where(
                answers.c.block.is_(None), answers.c.set_aside.is_(None)
            )
            for seq, unit, period in connection.execute(query.order_by(answers.c.seq)):
                waiting[unit].append(Waiting(seq, parse_period(period)))
            begun: dict[str, set[Period]] = defaultdict(set)
            pooled: dict[str, list[Pooled]] = defaultdict(list)
            for unit, home, parts in connection.execute(select(blocks.c.unit, blocks.c.home, blocks.c.parts)):
                begun[unit].add(parse_period(home))
                pooled[unit] += [
                    Pooled(parse_period(part), parse_period(home), n) for part, n in parts.items() if part != home
                ]
            closed = self._closed(connection)
        found = {}
        for unit in waiting.keys() | begun.keys():
            periods = begun[unit] | {answer.period for answer in waiting[unit]}
            over = closed.get(unit, set())
            found[unit] = UnitState(waiting[unit], frozenset(periods - over), frozenset(over), pooled[unit])
        return found

    @staticmethod
    def _closed(connection: Connection) -> dict[str, set[Period]]:
        found: dict[str, set[Period]] = defaultdict(set)
        for unit, period in connection.execute(select(closings.c.unit, closings.c.period)):
            found[unit].add(parse_period(period))
        return found

    def closed_units(self, period: Period) -> set[str]:
        """The units whose file of a period is final."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(closings.c.unit).where(closings.c.period == str(period))))

    def release(
        self, decisions: Mapping[str, Decision], files: Iterable[FileKey], today: date, k: Callable[[int], int]
    ) -> int:
        """Record blocks, their members, closings and the files they change as one release; gives its number.

        `k(year)`: an item that fewer people of a block answered is left out of it.
        """
        with for_writing(self._engine).begin() as connection:
            release = _new(connection, insert(releases).values(day=today.isoformat()))
            for unit, decision in sorted(decisions.items()):
                for closing in decision.closings:  # first, while the answers it holds back are in no block
                    self._add_closing(connection, release, unit, closing)
                for block in decision.blocks:
                    self._add_block(connection, release, unit, block, k(block.home.year))
            for period, unit in sorted(set(files)):
                connection.execute(insert(release_files).values(release=release, period=str(period), unit=unit))
            return release

    @staticmethod
    def _add_closing(connection: Connection, release: int, unit: str, closing: Closing) -> None:
        period = str(closing.period)
        waits = answers.c.unit == unit, answers.c.period == period, answers.c.block.is_(None)
        newest = select(answers.c.versi).where(*waits, answers.c.set_aside.is_(None)).order_by(answers.c.seq.desc())
        versi = connection.scalar(newest.limit(1))
        row = {"unit": unit, "period": period, "held": closing.held, "versi": versi, "release": release}
        connection.execute(insert(closings).values(row))

    def _add_block(self, connection: Connection, release: int, unit: str, block: NewBlock, k: int) -> None:
        home, members = block.home, block.members
        content = self._tally(connection, members, k)
        last = connection.scalar(select(func.max(blocks.c.no)).where(blocks.c.unit == unit, blocks.c.home == str(home)))
        number = _new(
            connection,
            insert(blocks).values(
                unit=unit,
                home=str(home),
                parts=content.parts,
                no=(last or 0) + 1,
                versi=content.versi,
                n=content.tally.n,
                counts={item: list(counts) for item, counts in content.tally.counts.items()},
                example=content.example,
                release=release,
            ),
        )
        taken = 0
        for some in _chunks(members):
            free = answers.c.seq.in_(some), answers.c.block.is_(None), answers.c.set_aside.is_(None)
            taken += connection.execute(update(answers).where(*free).values(block=number)).rowcount
        if taken != len(members):
            raise RuntimeError(f"block of {unit} {home}: {taken} of {len(members)} answers were still free")

    @staticmethod
    def _tally(connection: Connection, members: tuple[int, ...], k: int) -> NewTally:
        columns = select(answers.c.answers, answers.c.versi, answers.c.channel, answers.c.period)
        rows = [
            row
            for some in _chunks(members)
            for row in connection.execute(columns.where(answers.c.seq.in_(some)).order_by(answers.c.seq))
        ]
        return NewTally(
            tally=without_thin(tally(row.answers for row in rows), k),
            parts=dict(sorted(Counter(row.period for row in rows).items())),
            versi=rows[-1].versi,  # the newest form names a block that spans a change
            example=any(row.channel == SIMULATED for row in rows),
        )

    def histories(self, units: Collection[str]) -> dict[str, UnitHistory]:
        """Unit → everything released of it."""
        found: dict[str, tuple[list[tuple[ReleasedBlock, str, bool]], dict[Period, tuple[int, str | None]]]] = {
            unit: ([], {}) for unit in units
        }
        with self._engine.connect() as connection:
            for row in connection.execute(select(blocks).where(blocks.c.unit.in_(units)).order_by(blocks.c.id)):
                block = ReleasedBlock(parse_period(row.home), row.no, _tally_of(row.n, row.counts))
                found[row.unit][0].append((block, row.versi, row.example))
            for row in connection.execute(select(closings).where(closings.c.unit.in_(units))):
                found[row.unit][1][parse_period(row.period)] = (row.held, row.versi)
        return {unit: UnitHistory(released, closed) for unit, (released, closed) in found.items()}

    def pending(self) -> tuple[int, set[FileKey]]:
        """(newest release that no commit holds yet, files it and those before it change); (0, nothing) if none."""
        return self._files(releases.c.commit_sha.is_(None))

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

    def _files(self, which: object) -> tuple[int, set[FileKey]]:
        with self._engine.connect() as connection:
            newest = connection.scalar(select(func.max(releases.c.seq)).where(which))  # type: ignore[arg-type]
            query = select(release_files.c.period, release_files.c.unit).join(
                releases, releases.c.seq == release_files.c.release
            )
            rows = connection.execute(query.where(which).distinct())  # type: ignore[arg-type]
            return newest or 0, {(parse_period(period), unit) for period, unit in rows}

    def mark_published(self, release: int, commit: str) -> None:
        """Releases up to this number are in the remote, held by this commit."""
        with self._engine.begin() as connection:
            connection.execute(
                update(releases)
                .where(releases.c.seq <= release, releases.c.commit_sha.is_(None) | (releases.c.seq == release))
                .values(commit_sha=commit)
            )


def _new(connection: Connection, statement: Insert) -> int:
    """Insert a row with a number of its own and give that number."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def _chunks(members: tuple[int, ...], size: int = 5000) -> Iterable[tuple[int, ...]]:
    """Databases limit the parameters of one statement (SQLite: 32.766)."""
    return (members[start : start + size] for start in range(0, len(members), size))


def _tally_of(n: int, counts: Mapping[str, Sequence[int]]) -> Tally:
    return Tally(n, {item: (c[0], c[1], c[2], c[3]) for item, c in counts.items()})
