"""The release rule: which answers of a unit are shown, when, and together with whom (docs/release-rule.md).

Published states are kept for ever in a public git history, and the difference of two states that differ by one answer
*is* that answer; comparing three states, or a year with its quarters, isolates people whom no pair shows. So answers
are released in blocks of at least k. A block is shown whole and never changes, an answer enters one block once, and
every figure is a sum of whole blocks, never of people: whatever is added or subtracted, at least k stay together.

While a period is open, 2k waiting answers let all but the k newest out: the last block is then never a rest below k.
When it closes (`grace` days after its last day) the rest becomes the last block, if it is k or more. A smaller rest
stays out of the period's file for good. The rests of one year wait together and become one block when they are k;
its home is the shortest period that holds all of them, so it counts in that period and the longer ones around it.

A closed period's file is final. Answers that still come to it (a restored one, a clock that was wrong) are rests like
the others, and wait for the shortest longer period that is not final yet; when the year is final they stay out.

Setting an answer aside before its release takes it off the waiting ones, and that is all. Afterwards it is noted, and
takes effect only by splitting the block for good into two parts of at least k: the part set aside no longer counts.
Where too few are noted, or the others would be too few, the part is made as large as both limits allow, or the split
waits. A part is a block like any other: it is restored, or split again, by the same rule. Blocks are only ever
divided, never joined, so every state ever published is a sum of the parts that exist today, each of at least k.

What the rule does not protect against: somebody who files k-1 answers himself, or knows k-1 of a block, learns the
next citizen's. k counts answers, not persons, where one person answers often. A block whose people all say the same
tells what each of them said. Who sees the queue knows who is among the answers of a block, not which answer is whose.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from skm.errors import SkmError
from skm.periods import Period, PeriodKind

# Why people set an answer aside; a fixed list, because a reason that exists for one answer would be a cell of one.
REASONS = ("petugas", "skrip", "ganda", "uji-coba", "salah-unit", "lainnya")


@dataclass(frozen=True)
class Terms:
    """What holds for a year: least people in a block, days of grace, base period. k and kind never change within it."""

    k: int
    grace: int
    kind: PeriodKind


@dataclass(frozen=True)
class Waiting:
    """A counted answer (not set aside) of the unit that is in no block; `seq` is its place in the order of record."""

    seq: int
    period: Period


@dataclass(frozen=True)
class Pooled:
    """`n` answers of the base period `period` went out in blocks with a longer `home`."""

    period: Period
    home: Period
    n: int


@dataclass(frozen=True)
class Member:
    """An answer of a released block; `aside`: people have decided that it shall not count."""

    seq: int
    period: Period
    aside: bool


@dataclass(frozen=True)
class Shown:
    """A released block, `id` in the store; `aside`: it is a part that does not count. `noted` was published of it."""

    id: int
    home: Period
    aside: bool
    noted: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class NewBlock:
    """At least k answers, by `seq`, shown together from now on in `home` and in the longer periods around it."""

    home: Period
    members: tuple[int, ...]


@dataclass(frozen=True)
class Move:
    """At least k answers, by `seq`, leave the block `block` as a part of their own, or are all of it.

    The part is set aside where the block counts, and restored where it does not; k or more stay, or none.
    """

    block: int
    home: Period
    members: tuple[int, ...]
    aside: bool


@dataclass(frozen=True)
class Note:
    """So many of a block's answers are to change sides, without effect so far: published as a number."""

    block: int
    home: Period
    noted: int


@dataclass(frozen=True)
class Closing:
    """The unit's file of `period` is final; `held` counted answers of the period stay out of it for good."""

    period: Period
    held: int


@dataclass(frozen=True)
class Decision:
    """What one run records of one unit, both in the order of the decisions."""

    blocks: tuple[NewBlock, ...]
    closings: tuple[Closing, ...]
    moves: tuple[Move, ...] = ()
    notes: tuple[Note, ...] = ()


NOTHING = Decision((), ())


def released_in(period: Period, home: Period, closed: Collection[Period]) -> bool:
    """True where a block at home in `home` is part of its unit's published figure of `period`.

    A period counts the blocks at home in it, and those at home in a shorter period inside it once that is in `closed`
    (the periods closed for the unit): a half-year takes over finished quarters, always as sums of whole blocks.
    """
    return period == home or (period.contains(home) and home in closed)


def decide(
    waiting: Sequence[Waiting],
    begun: Collection[Period],
    closed: Collection[Period],
    today: date,
    terms: Callable[[int], Terms],
    pooled: Collection[Pooled],
    shown: Collection[Shown] = (),
) -> Decision:
    """What a run on `today` (the unit's own calendar day) releases and closes for one unit.

    `begun`: periods in which the unit has any answer (waiting, released or set aside) and that are not closed yet.
    `closed`: every period of the unit, base or longer, that a run has closed. `terms`: those of a year. `pooled`: what
    the unit's blocks with a longer home hold; needed for the years of `begun` only. `shown`: released blocks in which
    an answer is, or was noted as being, on the other side than its block. Closing several periods in one late run
    gives the blocks that closing each in time gives. SkmError where an answer is given twice or its period
    has not the length agreed for the year.
    """
    _check(waiting, terms)
    moves = [move for block in shown if (move := _move(block, terms(block.home.year).k))]
    notes = _notes(shown, moves)
    desk = _Desk(waiting, closed, terms, [*pooled, *_moved_of_pooled(shown, moves)])
    for year in sorted({answer.period.year for answer in waiting}):
        desk.pool(year)
    known = {*begun, *closed, *(answer.period for answer in waiting)}
    due = {found for period in known for found in (period, *period.longer())} - set(closed)
    for period in sorted(due, key=lambda period: (period.last_day, period.months)):
        if period.is_open(today, terms(period.year).grace):
            desk.release_interim(period)
        else:
            desk.close(period)
    return Decision(tuple(desk.blocks), tuple(desk.closings), tuple(moves), tuple(notes))


def may_close(last: date, today: date, grace: int) -> bool:
    """True where a period, of whatever length, may have become due between two days: each ends with a month."""
    before, now = last - timedelta(days=grace), today - timedelta(days=grace)
    return (before.year, before.month) != (now.year, now.month)  # a clock that was ahead is looked at, too


def may_release(waiting: Mapping[Period, int], today: date, terms: Callable[[int], Terms]) -> set[int]:
    """The years in which a unit may get a block if nothing closes, by its counted waiting answers per base period."""
    found, rests = set(), Counter[int]()
    for period, n in waiting.items():
        agreed = terms(period.year)
        if not period.is_open(today, agreed.grace):
            rests[period.year] += n
        elif n >= 2 * agreed.k:
            found.add(period.year)
    return found | {year for year, n in rests.items() if n >= terms(year).k}


def _move(block: Shown, k: int) -> Move | None:
    """Rule 5: the largest part of the answers on the wrong side that leaves k or none behind, if it has k itself."""
    wrong = [member.seq for member in block.members if member.aside is not block.aside]
    if len(wrong) < len(block.members):
        wrong = wrong[: max(0, len(block.members) - k)]
    if len(wrong) < k:
        return None
    return Move(block.id, block.home, tuple(wrong), not block.aside)


def _notes(shown: Iterable[Shown], moves: Iterable[Move]) -> Iterator[Note]:
    moved = {seq for move in moves for seq in move.members}
    for block in shown:
        stay = [member for member in block.members if member.seq not in moved]
        noted = sum(member.aside is not block.aside for member in stay)
        if noted != block.noted and stay:
            yield Note(block.id, block.home, noted)


def _moved_of_pooled(shown: Iterable[Shown], moves: Iterable[Move]) -> Iterator[Pooled]:
    """What the moves take off the blocks that count, or give back: a period that closes now holds back so many less."""
    periods = {member.seq: member.period for block in shown for member in block.members}
    for move in moves:
        for seq in move.members:
            if periods[seq] != move.home:
                yield Pooled(periods[seq], move.home, -1 if move.aside else 1)


def _check(waiting: Sequence[Waiting], terms: Callable[[int], Terms]) -> None:
    if len({answer.seq for answer in waiting}) != len(waiting):
        raise SkmError("an answer was given twice: its block would hold fewer people than it says")
    for period in {answer.period for answer in waiting}:
        agreed = terms(period.year).kind
        if period.kind is not agreed:
            raise SkmError(f"{period} is no {agreed}, the period length agreed for {period.year}")


class _Desk:
    """One unit's answers on the table of one run: what still waits, what is closed, what was decided so far."""

    def __init__(
        self,
        waiting: Iterable[Waiting],
        closed: Iterable[Period],
        terms: Callable[[int], Terms],
        pooled: Iterable[Pooled],
    ) -> None:
        self._waiting = sorted(waiting, key=lambda answer: answer.seq)
        self._closed = set(closed)
        self._terms = terms
        self._pooled = [(part.period, part.home, part.n) for part in pooled]
        self.blocks: list[NewBlock] = []
        self.closings: list[Closing] = []

    def release_interim(self, period: Period) -> None:
        """Rule 2: from 2k on, all but the k newest."""
        mine, k = self._of({period}), self._terms(period.year).k
        if len(mine) >= 2 * k and not self._is_final(period):
            self._release(period, mine[:-k])

    def close(self, period: Period) -> None:
        """Rule 3: k or more give the last block; then the file is final, and a smaller rest joins those of the year."""
        mine = self._of({period})
        if len(mine) >= self._terms(period.year).k and not self._is_final(period):
            self._release(period, mine)
        self.closings.append(Closing(period, self._held(period)))
        self._closed.add(period)
        self.pool(period.year)

    def pool(self, year: int) -> None:
        """Rule 3: the rests of the year's closed periods become one block once they are k, where no file is final."""
        periods = {answer.period for answer in self._waiting if answer.period.year == year}
        rests = self._of({period for period in periods if self._is_final(period)})
        if len(rests) < self._terms(year).k:
            return
        for home in rests[0].period.longer():
            if all(home.contains(answer.period) for answer in rests) and not self._is_final(home):
                self._release(home, rests)
                return

    def _of(self, periods: Collection[Period]) -> list[Waiting]:
        return [answer for answer in self._waiting if answer.period in periods]

    def _is_final(self, period: Period) -> bool:
        """True where a block at home in `period` would change a final file: its own, or that of a longer one."""
        return any(done.contains(period) for done in self._closed)

    def _held(self, period: Period) -> int:
        counts = Counter(answer.period for answer in self._waiting)
        waiting = sum(n for base, n in counts.items() if period.contains(base))
        elsewhere = sum(n for base, home, n in self._pooled if period.contains(base) and not period.contains(home))
        return waiting + elsewhere

    def _release(self, home: Period, answers: Sequence[Waiting]) -> None:
        self.blocks.append(NewBlock(home, tuple(answer.seq for answer in answers)))
        gone = {answer.seq for answer in answers}
        self._waiting = [answer for answer in self._waiting if answer.seq not in gone]
        counts = Counter(answer.period for answer in answers)
        self._pooled += [(base, home, n) for base, n in counts.items() if base != home]
