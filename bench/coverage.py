"""`python -m bench.coverage [--quick]`: which 95 % interval of the IKM holds what it says, by n and by true shape.

Everything is drawn from seeds: the same table on every run. The choice and its reasons stand in
docs/decisions/2026-11-24-interval-method.md. What lost lives here, what won in `skm.interval`.
"""

import argparse
import math
import multiprocessing
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from bench.shapes import (
    BAD,
    GOOD,
    SHAPES,
    VERY_GOOD,
    Sample,
    Shape,
    drawn_shapes,
    of_sums,
    same,
    samples,
    sums,
    true_mean,
)
from skm.beta import beta_quantile, t_quantile
from skm.index import round_half_up
from skm.interval import (
    LARGEST,
    PRIOR_PEOPLE,
    PRIOR_SD,
    TAIL,
    Estimate,
    Interval,
    Verdict,
    Z,
    bounds,
    change,
    clopper_pearson,
    effective_n,
)

SIZES = (5, 10, 20, 30, 50, 100, 200, 400)
BOOTSTRAP = "bootstrap percentile"
# Where intervals fail: rare bad or good answers, all at one end, few people at both ends.
HARD = (
    "4444 50, 1111 50",
    "4444 97, 1111 3",
    "4444 2, 3333 98",
    "3333 97, 1111 3",
    "good, 1111 2",
    "very good, bad 3",
    "bad, 4444 5",
    "polarised 80",
)
Bounds = tuple[float, float]


def _clipped(lo: float, hi: float) -> Bounds:
    return max(lo, 0.0), min(hi, 1.0)


def _t(n: int) -> float:
    return t_quantile(1 - TAIL, n - 1)


def _with_prior(s: Sample, people: float, sd: float) -> float:
    return (s.spread + people * sd * sd) / (s.n - 1 + people)


def wald(s: Sample) -> Bounds:
    """z on the respondents' values."""
    half = Z * math.sqrt(_with_prior(s, 0, 0) / s.n)
    return s.mean - half, s.mean + half


def student(people: float = 0, sd: float = 0) -> Callable[[Sample], Bounds]:
    """t on the respondents' values."""

    def method(s: Sample) -> Bounds:
        half = _t(s.n) * math.sqrt(_with_prior(s, people, sd) / s.n)
        return _clipped(s.mean - half, s.mean + half)

    return method


def logit(s: Sample) -> Bounds:
    """t on the log odds of the mean."""
    odds = s.mean * (1 - s.mean)
    if odds <= 0:
        return s.mean, s.mean
    middle, half = math.log(s.mean / (1 - s.mean)), _t(s.n) * math.sqrt(_with_prior(s, 0, 0) / s.n) / odds
    lo, hi = (1 / (1 + math.exp(-max(min(z, 700.0), -700.0))) for z in (middle - half, middle + half))
    return lo, hi


def bootstrap(s: Sample) -> Bounds:
    """Percentiles of 99 means of people drawn again from the sample."""
    rng = random.Random(repr(s.values))
    values, cumulated = [v for v, _ in s.values], list(accumulate(times for _, times in s.values))
    means = sorted(statistics.fmean(rng.choices(values, cum_weights=cumulated, k=s.n)) for _ in range(99))
    return (means[1] - 9) / 27, (means[97] - 9) / 27


def wilson(people: float = 0, sd: float = 0) -> Callable[[Sample], Bounds]:
    """Wilson's score on the effective n."""

    def method(s: Sample) -> Bounds:
        n = effective_n(s.mean, s.spread, _with_prior(s, people, sd), s.n)
        middle, half = s.mean + Z * Z / 2 / n, Z * math.sqrt(s.mean * (1 - s.mean) / n + Z * Z / 4 / n / n)
        return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)

    return method


def korn_graubard(people: float = 0, sd: float = 0) -> Callable[[Sample], Bounds]:
    """Clopper–Pearson on the effective n."""
    return lambda s: clopper_pearson(s.mean, effective_n(s.mean, s.spread, _with_prior(s, people, sd), s.n))


def jeffreys(people: float, sd: float) -> Callable[[Sample], Bounds]:
    """Jeffreys on the effective n."""

    def method(s: Sample) -> Bounds:
        n = effective_n(s.mean, s.spread, _with_prior(s, people, sd), s.n)
        yes, no = s.mean * n, (1 - s.mean) * n
        lo = beta_quantile(TAIL, yes + 0.5, no + 0.5) if yes > 0 else 0.0
        return lo, beta_quantile(1 - TAIL, yes + 0.5, no + 0.5) if no > 0 else 1.0

    return method


def one_more(s: Sample) -> Bounds:
    """Each bound with the variance as if one more person had answered everything with the value at that end."""
    n = [effective_n(s.mean, s.spread, (s.spread + d * d) / s.n, s.n) for d in (s.mean, 1 - s.mean)]
    return clopper_pearson(s.mean, n[0])[0], clopper_pearson(s.mean, n[1])[1]


METHODS: Mapping[str, Callable[[Sample], Bounds]] = {
    "Wald": wald,
    "t": student(),
    "t, floor 5 x 0.16": student(5, 0.16),
    "logit t": logit,
    BOOTSTRAP: bootstrap,
    "Wilson, effective n": wilson(),
    "Wilson, floor 10 x 0.25": wilson(10, 0.25),
    "Jeffreys, floor 10 x 0.25": jeffreys(10, 0.25),
    "Korn-Graubard": korn_graubard(),
    "K-G, floor 5 x 0.16": korn_graubard(5, 0.16),
    "K-G, floor 5 x 0.25": korn_graubard(5, 0.25),
    "K-G, floor 10 x 0.20": korn_graubard(10, 0.20),
    "K-G, one more person": one_more,
    "Clopper-Pearson on n": lambda s: clopper_pearson(s.mean, s.n),
    "skm.interval": lambda s: bounds(s.mean, s.spread, s.n),
}


@dataclass(frozen=True)
class Row:
    """What a method did with one shape and size: share of samples whose interval held the truth, width in points."""

    method: str
    shape: str
    n: int
    coverage: float
    width: float


def measure(task: tuple[str, Shape, int, int, tuple[str, ...]]) -> list[Row]:
    """One shape and size under these methods. Equal samples are worked out once."""
    name, shape, n, runs, methods = task
    truth, drawn = true_mean(shape), list(samples(shape, n, runs, f"{name} {n}"))
    seen = Counter(Sample(s.n, s.mean, s.spread) for s in drawn)
    rows = []
    for method in methods:
        if method == BOOTSTRAP and not drawn[0].values:
            continue
        people = Counter(drawn[: runs // 10]) if method == BOOTSTRAP else seen  # slow, and no contender
        found = [(METHODS[method](sample), times) for sample, times in people.items()]
        counted = sum(times for _, times in found)
        held = sum(times for (lo, hi), times in found if lo - 1e-9 <= truth <= hi + 1e-9)
        width = sum(times * (hi - lo) * 75 for (lo, hi), times in found)
        rows.append(Row(method, name, n, held / counted, width / counted))
    return rows


def table(rows: Iterable[Row], methods: Iterable[str]) -> str:
    """Worst and mean coverage in percent, mean width in points, by method and n."""
    cells: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        cells.setdefault((row.method, row.n), []).append(row)
    lines = []
    figures: tuple[tuple[str, Callable[[list[Row]], str]], ...] = (
        ("worst coverage of any shape, %", lambda c: f"{100 * min(r.coverage for r in c):>7.1f}"),
        ("mean coverage over shapes, %", lambda c: f"{100 * statistics.fmean(r.coverage for r in c):>7.1f}"),
        ("shapes with coverage under 90 %", lambda c: f"{sum(r.coverage < 0.9 for r in c):>7}"),
        ("mean width, points of the IKM", lambda c: f"{statistics.fmean(r.width for r in c):>7.1f}"),
    )
    for title, figure in figures:
        lines += ["", f"{title:<34}" + "".join(f"{f'n={n}':>7}" for n in SIZES)]
        lines += [f"  {m:<32}" + "".join(figure(cells[m, n]) for n in SIZES) for m in methods]
    return "\n".join(lines)


def finite(runs: int) -> str:
    """People drawn without return from N: distances shrunk by √(1 − n/N), against effective n over (1 − n/N)."""
    lines = [f"{'finite population, worst coverage %':<44}{'distances':>10}{'n over':>10}"]
    for population, n in ((30, 10), (30, 25), (100, 30), (100, 80), (400, 100), (400, 350)):
        held = [_finite_held(SHAPES[name], population, n, runs, f"{name} {population} {n}") for name in HARD]
        shrunk, over = (100 * min(column) / runs for column in zip(*held, strict=True))
        lines.append(f"  {f'N = {population}, n = {n}':<42}{shrunk:>10.1f}{over:>10.1f}")
    return "\n".join(lines)


def _finite_held(shape: Shape, population: int, n: int, runs: int, seed: str) -> tuple[int, int]:
    rng, chances, rest = random.Random(seed), sums(shape), 1 - n / population
    in_shrunk = in_over = 0
    for _ in range(runs):
        everybody = rng.choices(list(chances), list(chances.values()), k=population)
        truth, s = of_sums(Counter(everybody)).mean, of_sums(Counter(everybody[:n]))
        lo, hi = bounds(s.mean, s.spread, n)
        in_shrunk += (s.mean - lo) * rest**0.5 >= s.mean - truth - 1e-9 and (
            hi - s.mean
        ) * rest**0.5 >= truth - s.mean - 1e-9
        effective = effective_n(s.mean, s.spread, _with_prior(s, PRIOR_PEOPLE, PRIOR_SD), n)
        lo, hi = clopper_pearson(s.mean, min(effective / rest, LARGEST))
        in_over += lo - 1e-9 <= truth <= hi + 1e-9
    return in_shrunk, in_over


def verdicts(runs: int) -> str:
    """How often two periods are called different: where nothing changed, and where the index rose."""
    sizes = (10, 30, 100, 400)
    before, after = (same(0.9, *VERY_GOOD), same(0.1, *BAD)), (same(0.95, *VERY_GOOD), same(0.05, *GOOD))
    wrong = [[_told(SHAPES[name], SHAPES[name], n, runs) for name in HARD] for n in sizes]
    rise = 75 * (true_mean(after) - true_mean(before))
    rows = {
        "nothing changed, naik or turun, worst": [max(rates) for rates in wrong],
        "nothing changed, naik or turun, mean": [statistics.fmean(rates) for rates in wrong],
        f"a rise of {rise:.1f} points, naik or turun": [_told(before, after, n, runs) for n in sizes],
    }
    lines = [f"{'change, % of pairs of periods':<44}" + "".join(f"{f'n={n}':>8}" for n in sizes)]
    lines += [f"  {title:<42}" + "".join(f"{100 * rate:>8.1f}" for rate in rates) for title, rates in rows.items()]
    return "\n".join(lines)


def _told(before: Shape, after: Shape, n: int, runs: int) -> float:
    pairs = zip(samples(before, n, runs, "before"), samples(after, n, runs, "after"), strict=True)
    found = [change(_estimate(a), _estimate(b)).verdict for a, b in pairs]
    return sum(verdict is not Verdict.DALAM_GALAT for verdict in found) / runs


def _estimate(s: Sample) -> Estimate:
    value, lo, hi = (25 + 75 * Fraction(share) for share in (s.mean, *bounds(s.mean, s.spread, s.n)))
    return Estimate(value, Interval(round_half_up(lo), round_half_up(hi)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.coverage")
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples: the figures wobble by points")
    runs = 40 if parser.parse_args().quick else 400
    confirmed = ("t", "K-G, floor 5 x 0.16", "K-G, floor 10 x 0.20", "skm.interval")
    with multiprocessing.Pool() as pool:
        for title, shapes, methods in (
            (f"{len(SHAPES)} shapes", SHAPES, tuple(METHODS)),
            ("40 drawn shapes that no choice was made on", drawn_shapes(40), confirmed),
        ):
            tasks = [(name, shape, n, runs, methods) for name, shape in shapes.items() for n in reversed(SIZES)]
            rows = [row for part in pool.imap(measure, tasks) for row in part]
            print(f"{title}, {runs} samples each" + table(rows, methods) + "\n")
            print(worst_of(rows) + "\n")
    print(finite(runs) + "\n")
    print(verdicts(runs))


def worst_of(rows: Iterable[Row], method: str = "skm.interval") -> str:
    """The shape that the method serves worst at each n."""
    mine = [row for row in rows if row.method == method]
    found = (min((row for row in mine if row.n == n), key=lambda row: row.coverage) for n in SIZES)
    return f"{method}, worst: " + "; ".join(f"n={row.n} {row.shape}" for row in found)


if __name__ == "__main__":
    main()
