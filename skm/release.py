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

What the rule does not protect against: somebody who files k-1 answers himself, or knows k-1 of a block, learns the
next citizen's. k counts answers, not persons, where one person answers often. A block whose people all say the same
tells what each of them said. Who sees the queue knows who is among the answers of a block, not which answer is whose.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from skm.errors import SkmError
from skm.periods import Period, PeriodKind


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
class NewBlock:
    """At least k answers, by `seq`, shown together from now on in `home` and in the longer periods around it."""

    home: Period
    members: tuple[int, ...]


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
) -> Decision:
    """What a run on `today` (the unit's own calendar day) releases and closes for one unit.

    `begun`: periods in which the unit has any answer (waiting, released or set aside) and that are not closed yet.
    `closed`: every period of the unit, base or longer, that a run has closed. `terms`: those of a year. `pooled`: what
    the unit's blocks with a longer home hold; needed for the years of `begun` only. Closing several periods in one
    late run gives the blocks that closing each in time gives. SkmError where an answer is given twice or its period
    has not the length agreed for the year.
    """
    _check(waiting, terms)
    desk = _Desk(waiting, closed, terms, pooled)
    for year in sorted({answer.period.year for answer in waiting}):
        desk.pool(year)
    known = {*begun, *closed, *(answer.period for answer in waiting)}
    due = {found for period in known for found in (period, *period.longer())} - set(closed)
    for period in sorted(due, key=lambda period: (period.last_day, period.months)):
        if period.is_open(today, terms(period.year).grace):
            desk.release_interim(period)
        else:
            desk.close(period)
    return Decision(tuple(desk.blocks), tuple(desk.closings))


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
