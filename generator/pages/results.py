"""The results page of a unit: a sentence first, then the table that is the chart, the trend, the method.

Only what released results hold is shown. Interim figures have no mutu and no borders to read one from
(docs/release-rule.md).
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import NamedTuple

from markupsafe import Markup

from generator import charts
from generator.i18n import day, number, period_name
from generator.pages import bodies, crumbs
from generator.pages.breakdown_tables import Table, Tables, tables
from generator.pages.change import change_text
from generator.pages.counted import counted, notes
from generator.pages.data import latest_release, published
from generator.pages.required import Required, required
from generator.pages.sureness import ikm_text, range_text, sure_text
from generator.pages.trend import breaks, trend
from skm.breakdown import MIN_CELL
from skm.index import Mutu, mutu_of_nrr
from skm.instrument import Biaya, Instrument, Unsur
from skm.integrity import STRAIGHT_LINE
from skm.periods import Period
from skm.results import GRADE_MIN_N, Published, Result
from skm.tally import Tally
from skm.units import Registry, ReleaseRule, Status, Unit

GRATIS = "Gratis"  # a 4 that says nothing about the service
_PERIOD, _NOTE = "results_macros.html#period", "results_macros.html#note"
_say = bodies.sayer("results")
Values = dict[str, Hashable]


class UnsurRow(NamedTuple):
    """A row of the unsur table as text, the bar as markup; `nrr` is None where too few answered to show it."""

    graded: bool
    rule: str
    name: str
    nrr: str | None
    value: str
    mutu: Mutu | None
    bar: Markup
    answered: str


@dataclass(frozen=True)
class BiayaWords:
    """How the unsur biaya was asked, and why the index without it is worth a look, where there is a reason."""

    asked: str
    lifts: str | None


class PeriodRow(NamedTuple):
    """A row of a period table as text, its notes as markup; `ikm` is None where nothing is released."""

    name: str
    ikm: str | None
    range: str | None
    mutu: Mutu | None
    n: str
    notes: Markup


def title(unit: Unit) -> str:
    """The page's title, as text."""
    return _say("title", name=unit.name)


def description(unit: Unit, registry: Registry, results: Sequence[Result]) -> str:
    """A sentence or two for search engines and link previews, as text; `results`: newest period first."""
    released = [result for result in results if result.blocks]
    # The period length changes only at a new year, so the newest year's shortest period has the length in force.
    months = [result.period.months for result in released if result.period.year == released[0].period.year]
    newest = next((result for result in released if result.period.months == min(months)), None)
    words = " ".join(lead(published(newest, registry.instruments))) if newest else _say("nothing")
    return _say("description", name=unit.name, lead=words)


def body(unit: Unit, registry: Registry, results: Sequence[Result]) -> str:
    """The page's middle as markup; `results` is what the unit has published, newest period first."""
    kind, rule = registry.site.period, registry.site.release
    found = [published(result, registry.instruments) for result in results]
    every = {f.result.period: f for f in found}
    base = {period: f for period, f in every.items() if period.kind is kind}
    newest = latest_release(results, kind)
    shown = every[newest.period] if newest else None
    final = shown if shown and shown.result.final else latest_final(base.values())
    broken = breaks(base)
    line = trend(unit.name, base, broken)
    others = (f for f in found if f.result.period.kind is not kind)
    became = (counted(f, rule.k) for f in every.values() if f is shown or f is final)
    return bodies.stamped(
        "results.html",
        _say,
        **_identity(unit, registry),
        **(_shown(shown, every) if shown else _nothing(rule)),
        **_sample(required(unit, shown, found) if shown else None),
        why=why(shown, rule) if shown else _say("why_nothing"),
        settled=settled(final, every) if final and final is not shown else None,
        trend=line and line.chart,
        reading=line and " ".join(line.notes),
        rows=bodies.rows(_PERIOD, _say, (period_row(f, broken=f.result.period in broken) for f in base.values())),
        others=bodies.rows(_PERIOD, _say, map(period_row, others)),
        counted=bodies.rows("results_macros.html#counted", _say, became),
        unshown=unshown(next(iter(base.values()), None), shown, rule),
        **_respondents(_who_answered(final, base.values()) if final else None),
        least=MIN_CELL,
        k=rule.k,
        grace=rule.grace,
        example=any(result.example for result in results),
    )


def _identity(unit: Unit, registry: Registry) -> Values:
    receiver = registry.receiver(unit)
    return {
        "name": unit.name,
        "code": unit.code,
        "above": crumbs.above(registry.path(unit.organisation)),
        "gone": None if unit.status is Status.ACTIVE else _say(unit.status),
        "receiver": receiver.code if receiver is not unit else None,
        "successor": receiver.name if receiver is not unit else None,
    }


def _nothing(rule: ReleaseRule) -> Values:
    lacking: Values = dict.fromkeys(("sure", "change", "without", "shown", "count"))
    return {**lacking, "lead": _say("lead_nothing", k=rule.k), "context": ""}


def _shown(found: Published, every: Mapping[Period, Published]) -> Values:
    value, context = lead(found)
    figures = found.figures
    without = figures.ikm_without_biaya if figures else None
    asked = biaya(found.instrument)
    return {
        "lead": value,
        "context": context,
        "sure": sure(found),
        "change": change_text(every.get(found.result.period.previous()), found),
        "without": ikm_text(without) if without is not None else None,
        "lifts": asked and asked.lifts,
        "shown": True,
        "period": period_name(found.result.period),
        "n": number(found.tally.n),
        "graded": figures is not None and figures.mutu is not None,
        "unsur": bodies.rows("results_macros.html#unsur", _say, unsur_rows(found)),
        "lacking": figures is not None and len(figures.nrr) < len(found.instrument.unsur),
        "count": len(figures.nrr) if figures else None,
        "convention": _say(f"method_convention_{figures.convention}", count=len(figures.nrr)) if figures else None,
        "instrument": _instrument(found),
        "biaya": asked and asked.asked,
    }


def _instrument(found: Published) -> str:
    form, earlier = found.instrument, found.result.earlier_forms
    named = _say("method_instrument_text", title=form.title[bodies.LANG], id=form.id, version=form.version)
    return f"{named}. {_say('method_earlier', earlier=', '.join(earlier))}" if earlier else named


def _sample(found: Required | None) -> Values:
    return {"required": found and found.asked, "sample": found and found.how}


def _respondents(found: Tables | None) -> Values:
    if found is None:
        return {"breakdowns": None}
    shown = [table for table in (*found.attributes, found.labels, found.reasons) if table]
    return {
        "breakdowns": Markup("".join([_breakdown(table) for table in shown])),
        "closed": found.period,
        "people": found.n,
        "hidden": ", ".join(found.hidden),
        "labels": found.labels is not None,
        "straight": found.straight,
    }


def _breakdown(table: Table) -> Markup:
    lines = bodies.rows("results_macros.html#line", _say, table.lines)
    return bodies.stamped(
        "results_macros.html#breakdown", _say, caption=table.caption, column=table.column, lines=lines
    )


def _who_answered(final: Published, base: Iterable[Published]) -> Tables | None:
    period = final.result.period
    earlier = (f.result for f in base if f.result.final and f.result.period < period)
    return tables(final.result.breakdowns, period, [result.breakdown_text.rows(STRAIGHT_LINE) for result in earlier])


def lead(found: Published) -> tuple[str, str]:
    """What a result says first, in two sentences: its value, then whose value it is."""
    figures = found.figures
    context = _say("lead_context", n=number(found.tally.n), period=period_name(found.result.period))
    if figures is None:
        return _say("lead_no_value"), context
    ikm, index = ikm_text(figures.ikm), found.instrument.short
    if figures.mutu:
        words = {"kinerja": figures.mutu.kinerja, "letter": figures.mutu.letter}
        return _say("lead_graded", index=index, ikm=ikm, **words), context
    return _say("lead_ungraded" if found.result.final else "lead_interim", index=index, ikm=ikm), context


def sure(found: Published) -> str | None:
    """The range of a result's value and what to make of it; None where there is no value."""
    figures = found.figures
    if figures is None:
        return None
    people = _say("of_people", n=number(figures.n))
    return sure_text(figures.interval, people, figures.mutu, final=found.result.final)


def latest_final(found: Iterable[Published]) -> Published | None:
    """The newest of these that has a value and will not change; `found`: newest first."""
    return next((f for f in found if f.result.final and f.figures), None)


def settled(found: Published, every: Mapping[Period, Published]) -> str:
    """What the newest final result says, for a page that an interim one leads."""
    before = every.get(found.result.period.previous())
    said = (
        _say("settled", period=period_name(found.result.period)),
        lead(found)[0],
        sure(found),
        change_text(before, found),
    )
    return " ".join(sentence for sentence in said if sentence)


def unshown(newest: Published | None, shown: Published | None, rule: ReleaseRule) -> str | None:
    """What was held back in the newest period, where nothing of it could be shown."""
    if newest is None or newest is shown or not newest.result.held:
        return None
    return _say("held", period=period_name(newest.result.period), held=number(newest.result.held), k=rule.k)


def why(found: Published, rule: ReleaseRule) -> str | None:
    """Why a value carries no mutu; None where it carries one."""
    period = found.result.period
    if not found.result.final:
        first_final_day = period.last_day + timedelta(days=rule.grace + 1)
        return _say("why_interim", period=period_name(period), day=day(first_final_day))
    if found.result.mixed:
        return _say("why_mixed")
    if found.tally.n < GRADE_MIN_N:
        return _say("why_ungraded", least=GRADE_MIN_N)
    return None


def biaya(instrument: Instrument) -> BiayaWords | None:
    """How biaya was asked, in words; None where the questionnaire never asks."""
    if instrument.biaya is Biaya.NONE:
        return BiayaWords(_say("biaya_none"), None)
    items = [item for unsur in instrument.unsur if unsur.key == "biaya" for item in unsur.items]
    if not items:
        return None
    worst, *_, best = items[0].options[bodies.LANG]
    lifts = _say("without_biaya_why", best=best) if best == GRATIS else None
    return BiayaWords(_say(f"biaya_{instrument.biaya}", worst=worst, best=best), lifts)


def unsur_rows(found: Published) -> Iterator[UnsurRow]:
    """The unsur in the rule's order, with what is known of each."""
    graded = found.figures is not None and found.figures.mutu is not None
    marks = charts.NRR_MARKS if graded else ()
    nrr: Mapping[str, Fraction] = found.figures.nrr if found.figures else {}
    for unsur in found.instrument.unsur:
        name = unsur.name[bodies.LANG]
        value = nrr.get(unsur.key)
        if value is None:
            yield UnsurRow(graded, unsur.rule, name, None, "", None, Markup(""), "")
            continue
        yield UnsurRow(
            graded,
            unsur.rule,
            name,
            ikm_text(value),
            ikm_text(value * 25),
            mutu_of_nrr(value) if graded else None,
            Markup(charts.bar(value, marks=marks)),
            _answered(found.tally, unsur),
        )


def _answered(tally: Tally, unsur: Unsur) -> str:
    """How many answered an unsur: one number, or the least and most of its items."""
    counts = {tally.answered(item.key) for item in unsur.items} - {0}
    return "–".join(number(count) for count in sorted({min(counts), max(counts)}))


def period_row(found: Published, *, broken: bool = False) -> PeriodRow:
    """A period's line in the tables; `broken`: its form is not that of the value before."""
    result, figures = found.result, found.figures
    said = []
    if not figures:
        said.append(_say("state_nothing"))
    elif not result.final:
        said.append(_say("state_interim"))
    if broken:
        said.append(_say("state_broken"))
    if result.earlier_forms:
        said.append(_say("state_mixed"))
    interval = figures.interval if figures else None
    return PeriodRow(
        period_name(result.period),
        ikm_text(figures.ikm) if figures else None,
        range_text(interval.lo, interval.hi) if interval else None,
        figures.mutu if figures else None,
        number(found.tally.n) if figures else "–",
        Markup("".join([bodies.stamped(_NOTE, _say, text=text) for text in (*said, *notes(result))])),
    )
