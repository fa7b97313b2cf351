"""Results of an organisation: every respondent pooled and the mean of its units' values, both named.

No league table: units and organisations below stand in the registry's order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.pages.data import Published, latest_release, published
from generator.pages.results import ikm_text
from skm.periods import Period, PeriodKind
from skm.results import Figures, Result, figures
from skm.tally import EMPTY
from skm.units import Biaya, Organisation, Registry, Status, Unit

Results = Mapping[str, Sequence[Result]]

MAX_ROWS = 100
_say = bodies.sayer("results")


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

    Only the pooled figure, the headline, has a mutu, and only where every unit's result is final.
    """

    pooled: Figures | None
    mean: Fraction | None
    final: bool
    biaya_mixed: bool


@dataclass(frozen=True)
class Row:
    """A line of a table: a name with its page, and what to say of it, as text."""

    name: str
    address: str
    cells: tuple[str, ...]
    note: str | None = None


def newest_period(units: Sequence[Unit], results: Results, kind: PeriodKind) -> Period | None:
    """The newest period of this length in which any of the units has a release."""
    newest = (latest_release(results.get(unit.code, ()), kind) for unit in units)
    return max((result.period for result in newest if result), default=None)


def coverage(units: Sequence[Unit], results: Results, period: Period) -> Coverage:
    """Who has reported in the period. Units that are closed, moved or merged are not awaited."""
    reported: dict[str, Result] = {}
    silent = []
    for unit in units:
        found = next((r for r in results.get(unit.code, ()) if r.period == period and r.blocks), None)
        if found:
            reported[unit.code] = found
        elif unit.status is Status.ACTIVE:
            silent.append(unit)
    return Coverage(period, reported, tuple(silent))


def roll_up(results: Sequence[Result]) -> RollUp:
    """One period's results of several units as one: pooled over respondents, and the mean of unit values."""
    found = [published(result) for result in results]
    final = all(f.result.final for f in found)
    values = [f.figures.ikm for f in found if f.figures]
    mean = sum(values, Fraction(0)) / len(values) if values else None
    return RollUp(_pooled(found, final), mean, final, len({f.instrument.biaya for f in found}) > 1)


def _pooled(found: Sequence[Published], final: bool) -> Figures | None:
    forms = {f.instrument.versi: f.instrument for f in found}
    if len({(form.id, form.version) for form in forms.values()}) != 1:
        return None
    # The variant with an unsur biaya, if any has it: where nobody was asked the unsur is simply absent.
    widest = max(forms.values(), key=lambda form: (form.biaya is not Biaya.NONE, form.versi))
    return figures(sum((f.tally for f in found), EMPTY), widest, final)


def title(organisation: Organisation) -> str:
    """The page's title, as text."""
    return _say("title", name=organisation.name)


def description(organisation: Organisation, registry: Registry, results: Results) -> str:
    """A sentence or two for search engines and link previews, as text."""
    covered = _covered(tuple(registry.units_below(organisation.id)), registry, results)
    words = " ".join(_lead(covered, roll_up(tuple(covered.reported.values())))) if covered else _say("nothing")
    return _say("description", name=organisation.name, lead=words)


def body(organisation: Organisation, registry: Registry, results: Results) -> str:
    """The page's middle as markup; `results`: code → what the unit has published, newest first."""
    units = tuple(registry.units_below(organisation.id))
    covered = _covered(units, registry, results)
    rolled = roll_up(tuple(covered.reported.values())) if covered else None
    below = tuple(_organisation_rows(registry.children.get(organisation.id, ()), registry, covered))
    own = registry.units_of.get(organisation.id, ())
    room = max(MAX_ROWS - len(below), 0)
    return bodies.render(
        "organisation.html",
        _say,
        organisation=organisation,
        path=registry.path(organisation.id)[:-1],
        lead=_lead(covered, rolled) if covered and rolled else (_say("nothing"), ""),
        covered=covered,
        rolled=rolled,
        period=period_name(covered.period) if covered else "",
        organisations=below[:MAX_ROWS],
        units=tuple(_unit_row(unit, covered) for unit in own[:room]),
        left_out=max(len(below) - MAX_ROWS, 0) + len(own[room:]),
        empty=not units,
    )


def _covered(units: Sequence[Unit], registry: Registry, results: Results) -> Coverage | None:
    period = newest_period(units, results, registry.site.period)
    return coverage(units, results, period) if period else None


def _lead(covered: Coverage, rolled: RollUp) -> tuple[str, str]:
    context = _say(
        "organisation_context",
        n=number(covered.respondents),
        units=number(len(covered.reported)),
        period=period_name(covered.period),
    )
    pooled = rolled.pooled
    if pooled is None:
        return (_say("organisation_mean_only", ikm=ikm_text(rolled.mean)) if rolled.mean else ""), context
    ikm = ikm_text(pooled.ikm)
    if pooled.mutu:
        return (
            _say("organisation_graded", ikm=ikm, kinerja=pooled.mutu.kinerja, letter=pooled.mutu.letter),
            context,
        )
    return _say("organisation_ungraded" if rolled.final else "organisation_interim", ikm=ikm), context


def _organisation_rows(
    organisations: Sequence[Organisation], registry: Registry, covered: Coverage | None
) -> Iterator[Row]:
    silent = {unit.code for unit in covered.silent} if covered else set()
    for node in organisations:
        codes = [unit.code for unit in registry.units_below(node.id)]
        reported = sum(code in covered.reported for code in codes) if covered else 0
        expected = reported + sum(code in silent for code in codes) if covered else len(codes)
        yield Row(
            node.name,
            f"/hasil/org/{node.id}/",
            (_say("of", part=number(reported), whole=number(expected)),),
        )


def _unit_row(unit: Unit, covered: Coverage | None) -> Row:
    result = covered.reported.get(unit.code) if covered else None
    address = f"/hasil/{unit.code}/"
    gone = None if unit.status is Status.ACTIVE else _say(f"unit_{unit.status}")
    if result is None:
        return Row(unit.name, address, ("–", "–"), gone or _say("silent"))
    found = published(result)
    value = ikm_text(found.figures.ikm) if found.figures else "–"
    return Row(
        unit.name, address, (number(found.tally.n), value), gone or (None if result.final else _say("state_interim"))
    )
