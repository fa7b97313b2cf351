"""NRR, IKM, mutu: the arithmetic of PermenPANRB 14/2017, exact, rounded in one place only."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from skm.errors import SkmError
from skm.instrument import Instrument
from skm.tally import Tally


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
    """The weight of each of x unsur: 1/x, or the printed 0,11 or 0,111, which exist for x = 9 only (SkmError)."""
    if unsur < 1:
        raise SkmError("an index needs at least one unsur")
    if convention is Convention.EXACT:
        return Fraction(1, unsur)
    if unsur != 9:
        raise SkmError(f"convention {convention} is defined for nine unsur, not for {unsur}")
    return _FIXED[convention]


def nrr(tally: Tally, instrument: Instrument) -> dict[str, Fraction]:
    """NRR per unsur (1..4), in the instrument's order: the mean of its items' means over filled answers.

    An unsur that nobody answered is absent: a mean over no answers does not exist.
    """
    found = {}
    for unsur in instrument.unsur:
        means = [tally.mean(item.key) for item in unsur.items if tally.answered(item.key)]
        if means:
            found[unsur.key] = sum(means, Fraction(0)) / len(means)
    return found


def ikm(nrr_by_unsur: Mapping[str, Fraction], convention: Convention = Convention.EXACT) -> Fraction:
    """IKM (25..100): Σ NRR × weight × 25 (annex of PermenPANRB 14/2017). SkmError over no unsur."""
    return sum(nrr_by_unsur.values(), Fraction(0)) * weight(len(nrr_by_unsur), convention) * 25


def round_half_up(value: Fraction, places: int = 2) -> Decimal:
    """The only rounding of the house: half up, exactly, to `places` decimals."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return (Decimal(whole) / (Decimal(10) ** places)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def mutu(value: Fraction) -> Mutu:
    """The class of an IKM (25..100): rounded half up to two decimals first, then looked up. SkmError outside."""
    rounded = round_half_up(value)
    if not Decimal(25) <= rounded <= Decimal(100):
        raise SkmError(f"an IKM lies between 25 and 100, not at {rounded}")
    return next(row for row in MUTU_TABLE if rounded >= row.lowest)


def mutu_of_nrr(value: Fraction) -> Mutu:
    """The class of one unsur: its NRR × 25 by the same table."""
    return mutu(value * 25)
