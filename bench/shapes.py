"""True shapes of answers for `bench.coverage`, and samples drawn from them.

A shape is a mixture of groups of people; a group has a chance of each value per item and of leaving it empty. Where
all answer, the nine values of a person sum to 9..36 with chances that are known exactly, and so is the true index.
"""

import random
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from skm.index import ikm, nrr, squares
from skm.instrument import SCALE, Instrument, Item, Unsur
from skm.tally import tally

ITEMS = 9
FORM = Instrument(
    "studi",
    1,
    {"id": "Studi"},
    tuple(Unsur(f"u{i}", f"U{i}", i, {"id": ""}, (Item(f"u{i}", {"id": ""}, {"id": ()}),)) for i in range(ITEMS)),
    {},
)
KEYS = [item.key for item in FORM.items()]
Chances = tuple[float, float, float, float]


@dataclass(frozen=True)
class Group:
    """People who answer alike: one row of chances per item; `empty` is the chance that an item is left empty."""

    share: float
    rows: tuple[Chances, ...]
    empty: float = 0.0


Shape = tuple[Group, ...]


@dataclass(frozen=True)
class Sample:
    """What a method sees, on the scale 0..1; `values` (sum of nine, how many) for the method that draws again."""

    n: int
    mean: float
    spread: float
    values: tuple[tuple[int, int], ...] = ()


def line(share: float, value: int) -> Group:
    """Straight-liners."""
    row = tuple(float(v == value) for v in SCALE)
    return Group(share, ((row[0], row[1], row[2], row[3]),) * ITEMS)


def same(share: float, *row: float, empty: float = 0.0) -> Group:
    """Every item with the same chances, independent of each other."""
    return Group(share, ((row[0], row[1], row[2], row[3]),) * ITEMS, empty)


def one_item(*row: float) -> Group:
    """4 on every item but one."""
    return Group(1, ((row[0], row[1], row[2], row[3]), *(((0.0, 0.0, 0.0, 1.0),) * (ITEMS - 1))))


GOOD, VERY_GOOD, MIDDLE, BAD = (0, 0.02, 0.48, 0.5), (0, 0, 0.1, 0.9), (0.05, 0.2, 0.5, 0.25), (0.6, 0.3, 0.1, 0)
THREES = (0, 0.05, 0.9, 0.05)
SHAPES: Mapping[str, Shape] = {
    "independent, middling": (same(1, *MIDDLE),),
    "independent, good": (same(1, *GOOD),),
    "independent, very good": (same(1, *VERY_GOOD),),
    "independent, bad": (same(1, *BAD),),
    "independent, uniform": (same(1, 0.25, 0.25, 0.25, 0.25),),
    "independent, nearly all 3": (same(1, *THREES),),
    "near 100": (same(1, 0, 0, 0.01, 0.99),),
    "near 100, 3 % middling": (same(0.97, 0, 0, 0.01, 0.99), same(0.03, *MIDDLE)),
    "near 25": (same(0.95, 0.97, 0.03, 0, 0), line(0.05, 3)),
    "3333 alone": (line(1, 3),),
    "4444 90, 3333 10": (line(0.9, 4), line(0.1, 3)),
    "4444 50, 3333 50": (line(0.5, 4), line(0.5, 3)),
    "4444 10, 3333 90": (line(0.1, 4), line(0.9, 3)),
    "4444 98, 3333 2": (line(0.98, 4), line(0.02, 3)),
    "4444 2, 3333 98": (line(0.02, 4), line(0.98, 3)),
    "3333 97, 1111 3": (line(0.97, 3), line(0.03, 1)),
    "3333 60, 4444 30, middling": (line(0.6, 3), line(0.3, 4), same(0.1, *MIDDLE)),
    "4444 50, 1111 50": (line(0.5, 4), line(0.5, 1)),
    "4444 90, 1111 10": (line(0.9, 4), line(0.1, 1)),
    "4444 97, 1111 3": (line(0.97, 4), line(0.03, 1)),
    "4444 99, 1111 1": (line(0.99, 4), line(0.01, 1)),
    "4444 3, 1111 97": (line(0.03, 4), line(0.97, 1)),
    "good, 1111 1": (same(0.99, *GOOD), line(0.01, 1)),
    "good, 1111 2": (same(0.98, *GOOD), line(0.02, 1)),
    "good, 1111 5": (same(0.95, *GOOD), line(0.05, 1)),
    "good, bad 10": (same(0.9, *GOOD), same(0.1, *BAD)),
    "very good, 1111 1": (same(0.99, *VERY_GOOD), line(0.01, 1)),
    "very good, bad 3": (same(0.97, *VERY_GOOD), same(0.03, *BAD)),
    "very good, 1111 5": (same(0.95, *VERY_GOOD), line(0.05, 1)),
    "threes, 1111 1": (same(0.99, *THREES), line(0.01, 1)),
    "threes, 1111 3": (same(0.97, *THREES), line(0.03, 1)),
    "good, 3333 30": (same(0.7, *GOOD), line(0.3, 3)),
    "good, 4444 30": (same(0.7, *GOOD), line(0.3, 4)),
    "very good, 3333 20": (same(0.8, *VERY_GOOD), line(0.2, 3)),
    "middling, 4444 40": (same(0.6, *MIDDLE), line(0.4, 4)),
    "bad, 4444 2": (same(0.98, *BAD), line(0.02, 4)),
    "bad, 4444 5": (same(0.95, *BAD), line(0.05, 4)),
    "polarised 50": (same(0.5, *GOOD), same(0.5, *BAD)),
    "polarised 80": (same(0.8, *VERY_GOOD), same(0.2, *BAD)),
    "all but one 4, it 3 or 4": (one_item(0, 0, 0.1, 0.9),),
    "all but one 4, it 1 or 4": (one_item(0.5, 0, 0, 0.5),),
    "good, 10 % empty": (same(1, *GOOD, empty=0.1),),
    "middling, 30 % empty": (same(1, *MIDDLE, empty=0.3),),
    "very good, bad 10 half empty": (same(0.9, *VERY_GOOD), same(0.1, *BAD, empty=0.5)),
}


def drawn_shapes(count: int) -> dict[str, Shape]:
    """Shapes that nobody chose: two to four groups, half of them straight-liners, shares far apart."""
    rng = random.Random("shapes for confirmation")
    found = {}
    for number in range(count):
        sizes = [rng.random() ** 4 + 0.003 for _ in range(rng.randint(2, 4))]
        groups = (
            line(size, rng.choice(SCALE)) if rng.random() < 0.5 else same(size, *_drawn_row(rng)) for size in sizes
        )
        found[f"drawn {number + 1}"] = tuple(Group(g.share / sum(sizes), g.rows) for g in groups)
    return found


def _drawn_row(rng: random.Random) -> list[float]:
    weights = [rng.random() ** 3 for _ in SCALE]
    return [weight / sum(weights) for weight in weights]


def true_mean(shape: Shape) -> float:
    """The true index on the scale 0..1: the mean over the items of their means over filled answers."""
    means = []
    for item in range(ITEMS):
        filled = sum(g.share * (1 - g.empty) for g in shape)
        total = sum(g.share * (1 - g.empty) * v * p for g in shape for v, p in zip(SCALE, g.rows[item], strict=True))
        means.append(total / filled)
    return (statistics.fmean(means) - 1) / 3


def sums(shape: Shape) -> dict[int, float]:
    """Chance of each sum of nine values, where nobody leaves an item empty."""
    found: dict[int, float] = {}
    for group in shape:
        chances = {0: group.share}
        for row in group.rows:
            chances = _added(chances, row)
        for total, chance in chances.items():
            found[total] = found.get(total, 0.0) + chance
    return found


def _added(chances: Mapping[int, float], row: Chances) -> dict[int, float]:
    found: dict[int, float] = {}
    for total, chance in chances.items():
        for value, p in zip(SCALE, row, strict=True):
            if p:
                found[total + value] = found.get(total + value, 0.0) + chance * p
    return found


def samples(shape: Shape, n: int, runs: int, seed: str) -> Iterator[Sample]:
    """`runs` samples of n people."""
    rng = random.Random(seed)
    if any(group.empty for group in shape):
        for _ in range(runs):
            yield _with_empty(shape, n, rng)
        return
    chances = sums(shape)
    values, cumulated = list(chances), list(accumulate(chances.values()))
    for _ in range(runs):
        yield of_sums(Counter(rng.choices(values, cum_weights=cumulated, k=n)))


def of_sums(people: Mapping[int, int]) -> Sample:
    """The sample of people given as sum of nine values → how many."""
    n = sum(people.values())
    first = sum(total * c for total, c in people.items())
    second = sum(total * total * c for total, c in people.items())
    return Sample(n, (first - 9 * n) / (27 * n), (second * n - first * first) / n / 729, tuple(sorted(people.items())))


def _with_empty(shape: Shape, n: int, rng: random.Random) -> Sample:
    people = [_person(group, rng) for group in rng.choices(shape, [g.share for g in shape], k=n)]
    counted = tally(people)
    index = ikm(nrr(counted, FORM)) / 25
    return Sample(n, float((index - 1) / 3), float((squares(people, FORM) - n * index * index) / 9))


def _person(group: Group, rng: random.Random) -> dict[str, int]:
    return {
        key: rng.choices(SCALE, row)[0]
        for key, row in zip(KEYS, group.rows, strict=True)
        if not group.empty or rng.random() >= group.empty
    }
