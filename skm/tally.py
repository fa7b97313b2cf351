"""Counts of answers: what remains of people once their answers are released."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from skm.errors import SkmError
from skm.instrument import SCALE

Counts = tuple[int, int, int, int]
_NOBODY: Counts = (0, 0, 0, 0)


@dataclass(frozen=True)
class Tally:
    """`n` respondents; `counts[item]` = how many answered 1, 2, 3, 4. An unanswered item counts for nobody.

    `squares` is the sum over the respondents of the square of their linearised index value (1..4; `skm.index.squares`):
    counts alone do not tell how far people differ from each other. None where it is not known.
    """

    n: int
    counts: Mapping[str, Counts]
    squares: Fraction | None = None

    def __add__(self, other: "Tally") -> "Tally":
        keys = [*self.counts, *(key for key in other.counts if key not in self.counts)]
        counts: dict[str, Counts] = {}
        for key in keys:
            a, b = self.counts.get(key, _NOBODY), other.counts.get(key, _NOBODY)
            counts[key] = (a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3])
        squares = None if self.squares is None or other.squares is None else self.squares + other.squares
        return Tally(self.n + other.n, counts, squares)

    def answered(self, item: str) -> int:
        """How many people answered the item: the denominator of its NRR."""
        return sum(self.counts.get(item, ()))

    def mean(self, item: str) -> Fraction:
        """Mean value (1..4) over filled answers; SkmError where nobody answered."""
        ones, twos, threes, fours = self.counts.get(item, _NOBODY)
        answered = ones + twos + threes + fours
        if not answered:
            raise SkmError(f"nobody answered {item}: its mean does not exist")
        return Fraction(ones + 2 * twos + 3 * threes + 4 * fours, answered)


def without_thin(counted: Tally, k: int) -> Tally:
    """The tally without the items that fewer than k people answered: of those people it would be a block below k.

    Squares that span an item which goes are no longer those of the index that stays, so they go too.
    """
    stays = {item: counts for item, counts in counted.counts.items() if sum(counts) >= k}
    return Tally(counted.n, stays, counted.squares if len(stays) == len(counted.counts) else None)


def divided(parts: Sequence[Tally], shown: Collection[str], k: int) -> list[Tally]:
    """The tallies of the parts of a block, with only those items whose answers no part makes fewer than k.

    `shown`: the items that the block was published with; one that was left out stays out of every part for good,
    or the difference to an older state would show the few who answered it.
    """
    kept = [item for item in shown if all(not part.answered(item) or part.answered(item) >= k for part in parts)]
    return [
        Tally(part.n, {item: part.counts[item] for item in kept if part.answered(item)}, part.squares) for part in parts
    ]


EMPTY = Tally(0, {}, Fraction(0))


def tally(answers: Iterable[Mapping[str, int]]) -> Tally:
    """The tally of respondents given as item → value; an absent item was not answered. SkmError outside 1..4."""
    n = 0
    counts: dict[str, list[int]] = {}
    for respondent in answers:
        n += 1
        for item, value in respondent.items():
            if value not in SCALE:
                raise SkmError(f"{item}: {value!r} is not a value from 1 to 4")
            counts.setdefault(item, [0, 0, 0, 0])[value - 1] += 1
    return Tally(n, {item: (c[0], c[1], c[2], c[3]) for item, c in counts.items()})


def tally_of_profiles(items: Sequence[str], profiles: Iterable[tuple[Sequence[int], int]]) -> Tally:
    """The tally of profiles: values in the order of `items`, 0 where not answered, and how many people gave them."""
    n = 0
    rows = [[0] * (len(SCALE) + 1) for _ in items]
    for profile, people in profiles:
        n += people
        for row, value in zip(rows, profile, strict=True):
            row[value] += people
    return Tally(n, {item: (c[1], c[2], c[3], c[4]) for item, c in zip(items, rows, strict=True)})
