"""One period's results of several units as one: an organisation's figures.

Two exist and both are shown: pooled over respondents, and the mean of the units' values ("IKM kota" in practice). The
organisation names its headline before the year; only the headline has a mutu.

A `Part` is what a roll-up needs of any number of units. Parts add up exactly, so that a province is the sum of its
organisations and no unit has to be looked at again because another one changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from skm import index
from skm.instrument import Biaya, Instruments
from skm.interval import Interval, interval_of_mean
from skm.results import GRADE_MIN_N, Figures, Published, figures
from skm.tally import EMPTY, Tally
from skm.units import Headline


@dataclass(frozen=True)
class Values:
    """The index values of units: how many, of how many people, their sum, the sums of squared distances to the bounds.

    `below` and `above` are None where the interval of one is not known.
    """

    units: int = 0
    people: int = 0
    ikm: Fraction = Fraction(0)
    below: Fraction | None = Fraction(0)
    above: Fraction | None = Fraction(0)


@dataclass(frozen=True)
class Part:
    """Units with a release in a period: how many, of them active, how they answered and what they reached.

    `forms` are the forms (`versi`) that their files name; `mixed` and `example` hold where they do for one of them.
    """

    reported: int = 0
    active: int = 0
    final: bool = True
    mixed: bool = False
    example: bool = False
    forms: frozenset[str] = frozenset()
    tally: Tally = EMPTY
    values: Values = field(default_factory=Values)


@dataclass(frozen=True)
class RollUp:
    """The two figures of an organisation; `pooled` is None where units used different questionnaires.

    `mean_interval` is that of the mean, None where a unit's own is not known. `mutu` is the headline's, and only where
    every unit's result is final and together they have enough respondents.
    """

    pooled: Figures | None
    mean: Fraction | None
    mean_interval: Interval | None
    headline: Headline
    mutu: index.Mutu | None
    final: bool
    biaya_mixed: bool


def part_of(found: Published, *, active: bool) -> Part:
    """A unit's result with a released block, as a part; `active`: the unit takes answers today."""
    result = found.result
    return Part(
        reported=1,
        active=int(active),
        final=result.final,
        mixed=result.mixed,
        example=result.example,
        forms=frozenset((found.instrument.versi,)),
        tally=found.tally,
        values=_values(found.figures) if found.figures else Values(),
    )


def _values(figures: Figures) -> Values:
    ikm, sure = figures.ikm, figures.interval
    below, above = (ikm - Fraction(sure.lo), Fraction(sure.hi) - ikm) if sure else (None, None)
    return Values(1, figures.n, ikm, below and below * below, above and above * above)


def together(parts: Iterable[Part]) -> Part:
    """The sum of parts of one period; of none it is the empty part."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    values = [part.values for part in found]
    return Part(
        reported=sum(part.reported for part in found),
        active=sum(part.active for part in found),
        final=all(part.final for part in found),
        mixed=any(part.mixed for part in found),
        example=any(part.example for part in found),
        forms=frozenset().union(*(part.forms for part in found)),
        tally=sum((part.tally for part in found), EMPTY),
        values=Values(
            units=sum(one.units for one in values),
            people=sum(one.people for one in values),
            ikm=index.total(one.ikm for one in values),
            below=_total_known([one.below for one in values]),
            above=_total_known([one.above for one in values]),
        ),
    )


def _total_known(values: list[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return index.total(known) if len(known) == len(values) else None


def roll_up(part: Part, headline: Headline, instruments: Instruments) -> RollUp:
    """The figures of several units' results of one period (IKM 25..100, exact); of none there is neither.

    SkmError where a result names a form that is not among `instruments`.
    """
    values = part.values
    forms = [instruments.of_versi(versi) for versi in sorted(part.forms)]
    mean = values.ikm / values.units if values.units else None
    sure = None
    if mean is not None and values.below is not None and values.above is not None:
        sure = interval_of_mean(mean, values.units, values.below, values.above)
    alike = len({(form.id, form.version) for form in forms}) == 1 and not part.mixed
    # The variant with an unsur biaya, if any has it: where nobody was asked the unsur is simply absent.
    widest = max(forms, key=lambda form: (form.biaya is not Biaya.NONE, form.versi)) if alike else None
    # Respondents of two variants have no index in common, so no spread either.
    tally = part.tally if len(forms) == 1 else replace(part.tally, squares=None)
    pooled = figures(tally, widest, part.final) if widest else None
    said = mean if headline is Headline.MEAN else pooled.ikm if pooled else None
    enough = values.people >= GRADE_MIN_N and not part.mixed
    return RollUp(
        pooled=pooled,
        mean=mean,
        mean_interval=sure,
        headline=headline,
        mutu=index.mutu(said) if said is not None and part.final and enough else None,
        final=part.final,
        biaya_mixed=len({form.biaya for form in forms}) > 1,
    )
