"""How sure an IKM is: a 95 % interval, the word for its width, the classes it touches, and change between periods.

The method was chosen by simulation (docs/decisions/2026-11-24-interval-method.md; `python -m bench.coverage`). It
speaks of chance alone: respondents choose themselves, and no interval knows what those would say who did not answer.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from skm.beta import beta_quantile, t_quantile
from skm.errors import SkmError
from skm.index import MUTU_TABLE, Mutu, ikm, mutu, nrr, round_half_up, rounded, total
from skm.instrument import Instrument
from skm.tally import Tally

TAIL = 0.025  # on each side: 95 %
Z = NormalDist().inv_cdf(1 - TAIL)
# Ten people who differ by a quarter of the scale are mixed into the measured variance: thirty who all answered alike do
# not prove that the next one will. Both figures come from the study.
PRIOR_PEOPLE = 10
PRIOR_SD = 0.25
LARGEST = 1e8  # effective respondents: the interval is then 0,02 points wide at most, and the arithmetic still good

# Who stands beside the respondent while he answers: nobody, a queue, or the officer who takes the form.
_MODES = {"qr": "telepon", "tenda": "telepon", "stiker": "telepon", "pesan": "telepon"}
# A mode that answers ten points higher (nearly a class: B is 11,69 wide) then moves the IKM by 2,5 at most, which is
# the half-width that is called kuat. The ten points are an assumption; nobody has measured them here.
MODE_SHIFT = Fraction(1, 4)


@dataclass(frozen=True)
class Interval:
    """Bounds on the scale of the IKM, 25..100, with two decimals."""

    lo: Decimal
    hi: Decimal


class Estimate(NamedTuple):
    """An IKM (25..100, exact) and its interval."""

    ikm: Fraction
    interval: Interval


class Keyakinan(StrEnum):
    """How narrow an interval is, by half its width in points of the IKM: ≤ 2,5, ≤ 5, more."""

    KUAT = "kuat"
    CUKUP = "cukup"
    LEMAH = "lemah"


class Verdict(StrEnum):
    """What may be said of two periods. The last one is the caller's, where `comparable` says no."""

    NAIK = "naik"
    TURUN = "turun"
    DALAM_GALAT = "dalam_galat"
    TIDAK_DAPAT_DIBANDINGKAN = "tidak_dapat_dibandingkan"


@dataclass(frozen=True)
class Change:
    """`after − before` in points of the IKM, its 95 % interval, all rounded to two decimals."""

    difference: Decimal
    lo: Decimal
    hi: Decimal

    @property
    def verdict(self) -> Verdict:
        """Naik or turun only where the interval, as it is printed, leaves 0 out."""
        if self.lo > 0:
            return Verdict.NAIK
        return Verdict.TURUN if self.hi < 0 else Verdict.DALAM_GALAT


def interval(tally: Tally, instrument: Instrument, population: int | None = None) -> Interval | None:
    """The 95 % interval of the IKM (convention `exact`); None where nobody answered or the squares are not known.

    Without `population` it is the one that is graded and compared. With it, the users of the period, the distance to
    each bound shrinks by √(1 − n/N): to nothing where all of them answered. SkmError where N < n.
    """
    if population is not None and population < tally.n:
        raise SkmError(f"{tally.n} respondents of {population} users: there cannot be more answers than users")
    means = nrr(tally, instrument)
    return interval_of(ikm(means), tally, population) if means else None


def interval_of(value: Fraction, tally: Tally, population: int | None = None) -> Interval | None:
    """The same where the IKM of the tally is at hand."""
    if tally.squares is None:
        return None
    # Whole numbers, exact up to the division: with Fraction at every step it took many times as long.
    up, down, whole = value.numerator, 25 * value.denominator, tally.squares.denominator
    # Over blocks with missing answers the squares are a little off, and may even be less than the index alone gives.
    spread = max(tally.squares.numerator * down * down - tally.n * up * up * whole, 0) / (9 * whole * down * down)
    mean = (up - down) / (3 * down)
    lo, hi = bounds(mean, spread, tally.n)
    rest = 75 * (1.0 if population is None else sqrt(1 - tally.n / population))
    return Interval(_moved(value, -max(mean - lo, 0.0) * rest), _moved(value, max(hi - mean, 0.0) * rest))


def _moved(value: Fraction, by: float) -> Decimal:
    up, down = by.as_integer_ratio()
    return rounded(value.numerator * down + up * value.denominator, value.denominator * down)


@lru_cache(maxsize=64)  # a half-year of one quarter has its people
def bounds(mean: float, spread: float, n: int) -> tuple[float, float]:
    """The interval on the scale 0..1 of a mean of n values whose squared distances from it sum to `spread`.

    `mean` is 0..1, `spread` 0 or more, n 1 or more: of nobody there is no mean, and a caller has none to give.
    """
    variance = (spread + PRIOR_PEOPLE * PRIOR_SD**2) / (n - 1 + PRIOR_PEOPLE)
    return clopper_pearson(mean, effective_n(mean, spread, variance, n))


def effective_n(mean: float, spread: float, variance: float, n: int) -> float:
    """How many yes-or-no answers would tell as much of the mean as n values of this variance (Korn, Graubard 1998).

    Lowered by (z/t)² because the variance itself comes from n people. Values from 0 to 1 cannot vary more than
    yes-or-no answers do, so it is never under n; missing answers, which make the linearised values vary more, lower
    that floor.
    """
    most = mean * (1 - mean)
    if most <= 0:
        return n
    least = n * min(1.0, n * most / spread) if spread > 0 else n
    corrected = (Z / t_quantile(1 - TAIL, max(n - 1, 1))) ** 2
    return min(max(least, n * most / variance * corrected), LARGEST) if variance > 0 else LARGEST


def clopper_pearson(mean: float, n: float) -> tuple[float, float]:
    """The exact interval (0..1) of Clopper and Pearson (1934) for a share `mean` (0..1); n > 0 need not be whole."""
    yes, no = mean * n, (1 - mean) * n
    lo = beta_quantile(TAIL, yes, no + 1) if yes > 0 else 0.0
    hi = beta_quantile(1 - TAIL, yes + 1, no) if no > 0 else 1.0
    return lo, hi


def keyakinan(interval: Interval) -> Keyakinan:
    """The word for the width: half of it ≤ 2,5 points of the IKM kuat, ≤ 5 cukup, more lemah; the house's borders.

    The regulation knows no exemption from grading by width, so the word stands beside the mutu and takes none away.
    """
    half = (interval.hi - interval.lo) / 2
    if half <= Decimal("2.5"):
        return Keyakinan.KUAT
    return Keyakinan.CUKUP if half <= 5 else Keyakinan.LEMAH


def classes(interval: Interval) -> tuple[Mutu, ...]:
    """Every class of the annex's table (PermenPANRB 14/2017) that the interval touches, best first.

    SkmError for bounds outside 25..100, which no interval of this module has.
    """
    best, worst = (MUTU_TABLE.index(mutu(Fraction(bound))) for bound in (interval.hi, interval.lo))
    return MUTU_TABLE[best : worst + 1]


def mean_interval(estimates: Sequence[Estimate]) -> Interval:
    """The interval of the mean of independent estimates, units of an organisation say: MOVER. SkmError over none."""
    if not estimates:
        raise SkmError("a mean needs at least one estimate")
    mean = total(one.ikm for one in estimates) / len(estimates)
    below = total((one.ikm - Fraction(one.interval.lo)) ** 2 for one in estimates)
    above = total((Fraction(one.interval.hi) - one.ikm) ** 2 for one in estimates)
    return interval_of_mean(mean, len(estimates), below, above)


def interval_of_mean(mean: Fraction, count: int, below: Fraction, above: Fraction) -> Interval:
    """The same from the mean of `count` estimates and the sums of their squared distances to their bounds."""
    lo, hi = (Fraction(sqrt(squares)) / count for squares in (below, above))
    return Interval(round_half_up(mean - lo), round_half_up(mean + hi))


def change(before: Estimate, after: Estimate) -> Change:
    """The difference of two independent estimates by MOVER (Zou and Donner 2008), which keeps their lopsidedness.

    Ask `comparable` first: this is arithmetic, and gives a figure for any two.
    """
    difference = after.ikm - before.ikm
    rise, fall = after.interval, before.interval
    below = _root_of_squares((after.ikm - Fraction(rise.lo), Fraction(fall.hi) - before.ikm))
    above = _root_of_squares((Fraction(rise.hi) - after.ikm, before.ikm - Fraction(fall.lo)))
    return Change(round_half_up(difference), round_half_up(difference - below), round_half_up(difference + above))


def _root_of_squares(distances: Iterable[Fraction]) -> Fraction:
    return Fraction(sqrt(total(distance * distance for distance in distances)))


@dataclass(frozen=True)
class Conditions:
    """How a period was asked: `Instrument.versi` (the variant of biaya is in it), answers per channel if known."""

    versi: str
    channels: Mapping[str, int] | None = None


def comparable(before: Conditions, after: Conditions) -> bool:
    """True where the form is the same and no mode of answering (own phone, kiosk, paper) changed its share by more
    than a quarter. Where the channels of either are not known, the form alone decides."""
    if before.versi != after.versi:
        return False
    none = Fraction(0)
    was, now = _shares(before.channels), _shares(after.channels)
    if not was or not now:
        return True
    return all(abs(was.get(mode, none) - now.get(mode, none)) <= MODE_SHIFT for mode in {*was, *now})


def _shares(channels: Mapping[str, int] | None) -> dict[str, Fraction]:
    modes = Counter[str]()
    for channel, n in (channels or {}).items():
        modes[_MODES.get(channel, channel)] += n
    return {mode: Fraction(n, modes.total()) for mode, n in modes.items()} if modes.total() else {}
