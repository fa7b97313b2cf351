"""NRR, IKM, mutu: the arithmetic of PermenPANRB 14/2017, exact, rounded in one place only."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from operator import getitem

from skm.errors import SkmError
from skm.instrument import SCALE, Instrument
from skm.tally import Tally, tally_of_profiles


class Convention(StrEnum):
    """Which weight an unsur gets. Published figures in the wild use all three; a result always names its own."""

    EXACT = "exact"
    PERMENPAN_011 = "permenpan_011"
    W0111 = "0111"


_FIXED = {Convention.PERMENPAN_011: Fraction(11, 100), Convention.W0111: Fraction(111, 1000)}


@dataclass(frozen=True)
class Mutu:
    """A quality class of the regulation's table: letter, performance word, lowest IKM that belongs to it."""

    letter: str
    kinerja: str
    lowest: Decimal


MUTU_TABLE = (
    Mutu("A", "Sangat baik", Decimal("88.31")),
    Mutu("B", "Baik", Decimal("76.61")),
    Mutu("C", "Kurang baik", Decimal("65.00")),
    Mutu("D", "Tidak baik", Decimal("25.00")),
)


def weight(unsur: int, convention: Convention = Convention.EXACT) -> Fraction:
    """The weight of each of x unsur: 1/x (annex of PermenPANRB 14/2017, processing of the data).

    The printed 0,11 and 0,111 exist for x = 9 only; SkmError for another x, and below 1.
    """
    if unsur < 1:
        raise SkmError("an index needs at least one unsur")
    if convention is Convention.EXACT:
        return Fraction(1, unsur)
    if unsur != 9:
        raise SkmError(f"convention {convention} is defined for nine unsur, not for {unsur}")
    return _FIXED[convention]


def nrr(tally: Tally, instrument: Instrument) -> dict[str, Fraction]:
    """NRR per unsur (1..4), in the instrument's order: the mean of its items' means over filled answers (same annex).

    An unsur that nobody answered is absent: a mean over no answers does not exist.
    """
    found = {}
    for unsur in instrument.unsur:
        means = [tally.mean(item.key) for item in unsur.items if tally.answered(item.key)]
        if means:
            found[unsur.key] = total(means) / len(means) if len(means) > 1 else means[0]
    return found


def ikm(nrr_by_unsur: Mapping[str, Fraction], convention: Convention = Convention.EXACT) -> Fraction:
    """IKM (25..100): Σ NRR × weight × 25 (annex of PermenPANRB 14/2017). SkmError over no unsur, and
    for a fixed weight where x is not 9.
    """
    each = weight(len(nrr_by_unsur), convention)
    up, down = _summed(nrr_by_unsur.values())
    return Fraction(up * 25 * each.numerator, down * each.denominator)


def squares(answers: Sequence[Mapping[str, int]], instrument: Instrument) -> Fraction:
    """Σ y², exact, of respondents given as item → value; `squares_of_profiles` says what y is."""
    items = tuple({item: None for person in answers for item in person})
    profiles = Counter(tuple(person.get(item, 0) for item in items) for person in answers)
    return squares_of_profiles(items, profiles.items(), instrument)


def squares_of_profiles(
    items: Sequence[str], profiles: Collection[tuple[Sequence[int], int]], instrument: Instrument
) -> Fraction:
    """Σ y², exact: y is a respondent's own index (1..4), linearised where answers are missing (Taylor, as for a ratio).

    `profiles`: values in the order of `items`, 0 where not answered, and how many people gave them.
    y = I + Σ_items w/m · n/n_item · (value − mean of the item), over the items that he answered; I is the index of the
    same respondents, w = 1/x, m the answered items of the unsur. The mean of y is I. SkmError where nobody answered
    anything; of no respondents the sum is 0.
    """
    if not profiles:
        return Fraction(0)
    counted = tally_of_profiles(items, profiles)
    index = ikm(nrr(counted, instrument)) / 25
    share = _shares(counted, instrument)
    parts = [
        [share[item] * (v - counted.mean(item)) if item in share else Fraction(0) for v in SCALE] for item in items
    ]
    # Whole numbers over one denominator: the same sum with Fraction at every step took many times as long.
    whole = lcm(index.denominator, *(part.denominator for row in parts for part in row))
    steps = [[0, *(int(part * whole) for part in row)] for row in parts]
    centre = int(index * whole)
    total = 0
    for profile, people in profiles:
        value = centre + sum(map(getitem, steps, profile))
        total += people * value * value
    return Fraction(total, whole * whole)


def _shares(counted: Tally, instrument: Instrument) -> dict[str, Fraction]:
    """What one more point of one answer adds to the sum of y, per item that somebody answered."""
    asked = [[item.key for item in unsur.items if counted.answered(item.key)] for unsur in instrument.unsur]
    found = [items for items in asked if items]
    return {
        item: weight(len(found)) / len(items) * Fraction(counted.n, counted.answered(item))
        for items in found
        for item in items
    }


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum, over one denominator: many times as fast as adding one after the other."""
    return Fraction(*_summed(values))


def _summed(values: Iterable[Fraction]) -> tuple[int, int]:
    """The sum as numerator and denominator, which may have a factor in common."""
    parts: dict[int, int] = {}
    for value in values:
        parts[value.denominator] = parts.get(value.denominator, 0) + value.numerator
    whole = lcm(*parts)
    return sum([numerator * (whole // denominator) for denominator, numerator in parts.items()]), whole


def round_half_up(value: Fraction, places: int = 2) -> Decimal:
    """The only rounding of the house: half up, exactly, to `places` decimals (0 or more); any scale, no error."""
    return rounded(value.numerator, value.denominator, places)


def rounded(numerator: int, denominator: int, places: int = 2) -> Decimal:
    """The same of a quotient, its denominator over 0: Fraction's own steps take six times as long."""
    whole = (2 * numerator * 10**places + denominator) // (2 * denominator)
    return Decimal(whole).scaleb(-places)


def mutu(value: Fraction) -> Mutu:
    """The class of an IKM (25..100) by the annex's table: rounded half up to two decimals, then looked up.

    SkmError outside 25..100.
    """
    rounded = round_half_up(value)
    if not Decimal(25) <= rounded <= Decimal(100):
        raise SkmError(f"an IKM lies between 25 and 100, not at {rounded}")
    return next(row for row in MUTU_TABLE if rounded >= row.lowest)


def mutu_of_nrr(value: Fraction) -> Mutu:
    """The class of one unsur: its NRR (1..4) × 25 by the same table of the annex. SkmError outside 1..4."""
    return mutu(value * 25)
