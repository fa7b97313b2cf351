"""Results of an organisation: every respondent pooled and the mean of its units' values, its headline first.

No league table: units and organisations below stand in the registry's order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from generator.i18n import number, period_name
from generator.pages import bodies, crumbs
from generator.pages.sureness import ikm_text, sure_text
from generator.totals import Covered, Totals
from skm.index import Mutu
from skm.periods import Period
from skm.roll_up import RollUp
from skm.units import Headline, Organisation, Registry, Status, Unit

MAX_ROWS = 100
_say = bodies.sayer("results")


@dataclass(frozen=True)
class Row:
    """A line of a table: a name with its page, and what to say of it, as text."""

    name: str
    address: str
    cells: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True)
class Figure:
    """One of an organisation's two figures as text; `ikm` and `sure` are None where it does not exist."""

    name: str
    ikm: str | None
    mutu: Mutu | None
    sure: str | None
    how: str


@dataclass(frozen=True)
class Longer:
    """A half-year or year around the newest period: both figures as text, the headline's mutu, people and units."""

    name: str
    pooled: str
    mean: str
    mutu: Mutu | None
    n: str
    units: str
    note: str | None


def title(organisation: Organisation) -> str:
    """The page's title, as text."""
    return _say("title", name=organisation.name)


def description(organisation: Organisation, totals: Totals) -> str:
    """A sentence or two for search engines and link previews, as text."""
    covered = totals.covered(organisation.id)
    words = " ".join(_lead(covered, totals.rolled(organisation.id, covered.period))) if covered else _say("nothing")
    return _say("description", name=organisation.name, lead=words)


def body(organisation: Organisation, registry: Registry, totals: Totals) -> str:
    """The page's middle as markup."""
    covered = totals.covered(organisation.id)
    rolled = totals.rolled(organisation.id, covered.period) if covered else None
    below = tuple(_organisation_rows(registry.children.get(organisation.id, ()), registry, covered, totals))
    own = registry.units_of.get(organisation.id, ())
    room = max(MAX_ROWS - len(below), 0)
    return bodies.render(
        "organisation.html",
        _say,
        organisation=organisation,
        above=crumbs.above(registry.path(organisation.id)[:-1]),
        lead=_lead(covered, rolled) if covered and rolled else (_say("nothing"), ""),
        covered=covered,
        rolled=rolled,
        figures=_figures(covered, rolled) if covered and rolled else (),
        longer=_longer(covered.period, organisation, totals) if covered else (),
        period=period_name(covered.period) if covered else "",
        organisations=below[:MAX_ROWS],
        units=tuple(_unit_row(unit, covered, totals) for unit in own[:room]),
        left_out=max(len(below) - MAX_ROWS, 0) + len(own[room:]),
        empty=next(registry.units_below(organisation.id), None) is None,
    )


def _longer(newest: Period, organisation: Organisation, totals: Totals) -> tuple[Longer, ...]:
    """The longer periods that hold the newest one: work that does not grow with the years."""
    found = []
    for period in newest.longer():
        part, rolled = totals.part(organisation.id, period), totals.rolled(organisation.id, period)
        if rolled.mean is not None:
            row = Longer(
                period_name(period),
                ikm_text(rolled.pooled.ikm) if rolled.pooled else "–",
                ikm_text(rolled.mean),
                rolled.mutu,
                number(part.tally.n),
                number(part.reported),
                None if rolled.final else _say("state_interim"),
            )
            found.append(row)
    return tuple(found)


def _lead(covered: Covered, rolled: RollUp) -> tuple[str, str]:
    """The headline, or the mean where there is no pooled figure; then how many people and units it is made from."""
    context = _say(
        "organisation_context",
        n=number(covered.people),
        units=number(covered.reported),
        period=period_name(covered.period),
    )
    headline = _headline(rolled)
    value = headline if headline is not None else rolled.mean
    if value is None:
        return _say("lead_no_value"), context
    name = _say(rolled.headline if headline is not None else Headline.MEAN)
    if rolled.mutu:
        words = {"kinerja": rolled.mutu.kinerja, "letter": rolled.mutu.letter}
        return _say("organisation_graded", name=name, ikm=ikm_text(value), **words), context
    key = "organisation_ungraded" if rolled.final else "organisation_interim"
    return _say(key, name=name, ikm=ikm_text(value)), context


def _headline(rolled: RollUp) -> Fraction | None:
    if rolled.headline is Headline.MEAN:
        return rolled.mean
    return rolled.pooled.ikm if rolled.pooled else None


def _figures(covered: Covered, rolled: RollUp) -> tuple[Figure, ...]:
    """Both figures, the headline first; it alone has a mutu."""
    return tuple(
        _figure(name, covered, rolled) for name in sorted(Headline, key=lambda name: name is not rolled.headline)
    )


def _figure(name: Headline, covered: Covered, rolled: RollUp) -> Figure:
    pooled, leads = rolled.pooled, name is rolled.headline
    if name is Headline.MEAN:
        value, interval = rolled.mean, rolled.mean_interval
        of = _say("of_units", n=number(covered.reported))
    else:
        value, interval = (pooled.ikm, pooled.interval) if pooled else (None, None)
        of = _say("of_people", n=number(covered.people))
    mutu = rolled.mutu if leads else None
    unknown = "range_mixed" if rolled.biaya_mixed and name is Headline.POOLED else "range_unknown"
    return Figure(
        _say(f"{name}_headline" if leads else str(name)),
        ikm_text(value) if value is not None else None,
        mutu,
        sure_text(interval, of, mutu, final=rolled.final, unknown=unknown) if value is not None else None,
        _say(f"{name}_how") if value is not None else _say(f"{name}_missing"),
    )


def _organisation_rows(
    organisations: Sequence[Organisation], registry: Registry, covered: Covered | None, totals: Totals
) -> Iterator[Row]:
    for node in organisations:
        there = totals.covered(node.id, covered.period) if covered else None
        reported = there.reported if there else 0
        expected = there.expected if there else sum(1 for _ in registry.units_below(node.id))
        yield Row(
            node.name,
            f"/hasil/org/{node.id}/",
            (_say("of", part=number(reported), whole=number(expected)),),
        )


def _unit_row(unit: Unit, covered: Covered | None, totals: Totals) -> Row:
    part = totals.row(unit.code).get(covered.period) if covered else None
    address = f"/hasil/{unit.code}/"
    gone = None if unit.status is Status.ACTIVE else _say(f"unit_{unit.status}")
    if part is None:
        return Row(unit.name, address, ("–", "–"), gone or _say("silent"))
    value = ikm_text(part.values.ikm) if part.values.units else "–"
    note = gone or (None if part.final else _say("state_interim"))
    return Row(unit.name, address, (number(part.tally.n), value), note)
