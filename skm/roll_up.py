"""One period's results of several units as one: an organisation's figures.

Two exist and both are shown: pooled over respondents, and the mean of the units' values ("IKM kota" in practice). The
organisation names its headline before the year; only the headline has a mutu.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from skm import index
from skm.instrument import Biaya
from skm.interval import Estimate, Interval, mean_interval
from skm.periods import Period
from skm.results import GRADE_MIN_N, Figures, Published, Result, figures
from skm.tally import EMPTY
from skm.units import Headline, Status, Unit


@dataclass(frozen=True)
class Coverage:
    """Which units of a group have a release in a period, and which active ones are silent, in registry order."""

    period: Period
    reported: Mapping[str, Result]
    silent: tuple[Unit, ...]

    @property
    def expected(self) -> int:
        """Units that have reported or should."""
        return len(self.reported) + len(self.silent)

    @property
    def respondents(self) -> int:
        """People in the released blocks of the period."""
        return sum(block.tally.n for result in self.reported.values() for block in result.blocks)

    @property
    def example(self) -> bool:
        """True where any figure comes from simulated answers."""
        return any(result.example for result in self.reported.values())


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


def coverage(units: Iterable[Unit], results: Mapping[str, Sequence[Result]], period: Period) -> Coverage:
    """Who has reported in the period; `results`: code → those of a unit, any order.

    Units that are closed, moved or merged are not awaited.
    """
    reported: dict[str, Result] = {}
    silent = []
    for unit in units:
        found = next((r for r in results.get(unit.code, ()) if r.period == period and r.blocks), None)
        if found:
            reported[unit.code] = found
        elif unit.status is Status.ACTIVE:
            silent.append(unit)
    return Coverage(period, reported, tuple(silent))


def roll_up(found: Sequence[Published], headline: Headline) -> RollUp:
    """The figures of several units' results of one period (IKM 25..100, exact); of none there is neither.

    SkmError where a result's own figures are: never for what `computed` gave.
    """
    final = all(one.result.final for one in found)
    values = [one.figures for one in found if one.figures]
    mean = index.total(value.ikm for value in values) / len(values) if values else None
    sure = [Estimate(value.ikm, value.interval) for value in values if value.interval]
    pooled = _pooled(found, final)
    said = mean if headline is Headline.MEAN else pooled.ikm if pooled else None
    enough = sum(value.n for value in values) >= GRADE_MIN_N and not any(one.result.mixed for one in found)
    return RollUp(
        pooled=pooled,
        mean=mean,
        mean_interval=mean_interval(sure) if sure and len(sure) == len(values) else None,
        headline=headline,
        mutu=index.mutu(said) if said is not None and final and enough else None,
        final=final,
        biaya_mixed=len({one.instrument.biaya for one in found}) > 1,
    )


def _pooled(found: Sequence[Published], final: bool) -> Figures | None:
    forms = {one.instrument.versi: one.instrument for one in found}
    if len({(form.id, form.version) for form in forms.values()}) != 1 or any(one.result.mixed for one in found):
        return None
    # The variant with an unsur biaya, if any has it: where nobody was asked the unsur is simply absent.
    widest = max(forms.values(), key=lambda form: (form.biaya is not Biaya.NONE, form.versi))
    together = sum((one.tally for one in found), EMPTY)
    # Respondents of two variants have no index in common, so no spread either.
    return figures(together if len(forms) == 1 else replace(together, squares=None), widest, final)
