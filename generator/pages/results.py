"""The results page of a unit: a sentence first, then the table that is the chart, the trend, the method.

Only what released results hold is shown. Interim figures have no mutu and no borders to read one from
(docs/release-rule.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from generator import charts
from generator.i18n import day, number, period_name
from generator.pages import bodies
from generator.pages.data import Published, latest_release, published
from skm.index import Mutu, mutu_of_nrr, round_half_up
from skm.instrument import Unsur
from skm.periods import Period, PeriodKind
from skm.results import GRADE_MIN_N, Result
from skm.sample import sample_size, table_row
from skm.tally import Tally
from skm.units import Registry, ReleaseRule, Unit

TREND_POINTS = 8  # two years of quarters: what fits a phone's width with the values readable
_SHORT = {"Triwulan": "TW", "Semester": "Sm"}
_say = bodies.sayer("results")


@dataclass(frozen=True)
class UnsurRow:
    """A row of the unsur table as text; `nrr` is None where too few answered to show it."""

    rule: str
    name: str
    nrr: str | None
    value: str
    mutu: Mutu | None
    bar: str
    answered: str


@dataclass(frozen=True)
class PeriodRow:
    """A row of a period table as text; `ikm` is None where nothing is released."""

    name: str
    ikm: str | None
    mutu: Mutu | None
    n: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Sample:
    """Required respondents: by the formula, and by the printed row nearest to the number of users."""

    users: int
    formula: int
    row: int
    required: int


def title(unit: Unit) -> str:
    """The page's title, as text."""
    return _say("title", name=unit.name)


def description(unit: Unit, results: Sequence[Result]) -> str:
    """A sentence or two for search engines and link previews, as text; `results`: newest period first."""
    released = [result for result in results if result.blocks]
    # The period length changes only at a new year, so the newest year's shortest period has the length in force.
    months = [result.period.months for result in released if result.period.year == released[0].period.year]
    newest = next((result for result in released if result.period.months == min(months)), None)
    words = " ".join(lead(published(newest))) if newest else _say("nothing")
    return _say("description", name=unit.name, lead=words)


def body(unit: Unit, registry: Registry, results: Sequence[Result]) -> str:
    """The page's middle as markup; `results` is what the unit has published, newest period first."""
    kind, rule = registry.site.period, registry.site.release
    found = [published(result) for result in results]
    base = [f for f in found if f.result.period.kind is kind]
    newest = latest_release(results, kind)
    shown = next((f for f in base if f.result is newest), None)
    return bodies.render(
        "results.html",
        _say,
        unit=unit,
        receiver=registry.receiver(unit),
        path=registry.path(unit.organisation),
        lead=lead(shown) if shown else (_say("lead_nothing", k=rule.k), ""),
        why=why(shown, rule) if shown else _say("why_nothing"),
        shown=shown,
        period=period_name(shown.result.period) if shown else "",
        unsur=tuple(unsur_rows(shown)) if shown else (),
        sample=sample(unit, shown) if shown else None,
        held=base[0].result.held if base else 0,
        trend=trend(unit, {f.result.period: f for f in base}),
        base_rows=tuple(period_row(f) for f in base),
        other_rows=tuple(period_row(f) for f in found if f.result.period.kind is not kind),
        rule=rule,
        example=any(result.example for result in results),
    )


def ikm_text(value: Fraction) -> str:
    """An IKM or NRR for people: `86,40`."""
    return number(round_half_up(value), bodies.LANG)


def lead(found: Published) -> tuple[str, str]:
    """What a result says first, in two sentences: its value, then whose value it is."""
    figures = found.figures
    context = _say("lead_context", n=number(found.tally.n), period=period_name(found.result.period))
    if figures is None:
        return _say("lead_no_value"), context
    ikm = ikm_text(figures.ikm)
    if figures.mutu:
        return _say("lead_graded", ikm=ikm, kinerja=figures.mutu.kinerja, letter=figures.mutu.letter), context
    return _say("lead_ungraded" if found.result.final else "lead_interim", ikm=ikm), context


def why(found: Published, rule: ReleaseRule) -> str | None:
    """Why a value carries no mutu; None where it carries one."""
    period = found.result.period
    if not found.result.final:
        first_final_day = period.last_day + timedelta(days=rule.grace + 1)
        return _say("why_interim", period=period_name(period), day=day(first_final_day))
    if found.tally.n < GRADE_MIN_N:
        return _say("why_ungraded", least=GRADE_MIN_N)
    return None


def unsur_rows(found: Published) -> Iterator[UnsurRow]:
    """The unsur in the rule's order, with what is known of each."""
    graded = found.figures is not None and found.figures.mutu is not None
    marks = charts.NRR_MARKS if graded else ()
    nrr: Mapping[str, Fraction] = found.figures.nrr if found.figures else {}
    for unsur in found.instrument.unsur:
        name = unsur.name[bodies.LANG]
        value = nrr.get(unsur.key)
        if value is None:
            yield UnsurRow(unsur.rule, name, None, "", None, "", "")
            continue
        yield UnsurRow(
            unsur.rule,
            name,
            ikm_text(value),
            ikm_text(value * 25),
            mutu_of_nrr(value) if graded else None,
            charts.bar(value, marks=marks),
            _answered(found.tally, unsur),
        )


def _answered(tally: Tally, unsur: Unsur) -> str:
    """How many answered an unsur: one number, or the least and most of its items."""
    counts = {tally.answered(item.key) for item in unsur.items} - {0}
    return "–".join(number(count) for count in sorted({min(counts), max(counts)}))


def sample(unit: Unit, found: Published) -> Sample | None:
    """The sample the rule asks for, where the number of users is known; it never decides what is shown."""
    users = unit.users_in(found.result.period)
    if users is None:
        return None
    row, required = table_row(users)
    return Sample(users, sample_size(users), row, required)


def trend(unit: Unit, base: Mapping[Period, Published]) -> str | None:
    """The line over the newest periods of one length (`base`: newest first); None under two values."""
    released = [period for period, found in base.items() if found.figures]
    if len(released) < 2:
        return None
    periods = [released[0]]
    while len(periods) < TREND_POINTS and periods[-1] > released[-1]:
        periods.append(periods[-1].previous())
    points = [_point(period, base.get(period)) for period in reversed(periods)]
    words = [_spoken(period, base.get(period)) for period in reversed(periods)]
    return charts.trend(points, title=_say("trend_title", name=unit.name), description="; ".join(words) + ".")


def _point(period: Period, found: Published | None) -> charts.Point:
    if found is None or found.figures is None:
        return charts.Point(short_name(period), None, "", final=True)
    ikm = found.figures.ikm
    return charts.Point(short_name(period), ikm, ikm_text(ikm), final=found.result.final)


def _spoken(period: Period, found: Published | None) -> str:
    if found is None or found.figures is None:
        return _say("trend_gap", period=period_name(period))
    key = "trend_point" if found.result.final else "trend_point_interim"
    return _say(key, period=period_name(period), value=ikm_text(found.figures.ikm))


def short_name(period: Period) -> tuple[str, ...]:
    """A period in two short lines: `TW IV`, `2026`."""
    *words, year = period_name(period).split()
    if period.kind is PeriodKind.YEAR:
        return (year,)
    return " ".join([_SHORT.get(words[0], words[0][:3]), *words[1:]]), year


def period_row(found: Published) -> PeriodRow:
    """A period's line in the tables."""
    result, figures = found.result, found.figures
    notes = []
    if not figures:
        notes.append(_say("state_nothing"))
    elif not result.final:
        notes.append(_say("state_interim"))
    if result.held:
        notes.append(_say("state_held", held=number(result.held)))
    return PeriodRow(
        period_name(result.period),
        ikm_text(figures.ikm) if figures else None,
        figures.mutu if figures else None,
        number(found.tally.n) if figures else "–",
        tuple(notes),
    )
