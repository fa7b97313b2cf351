"""The line of a unit's values over its newest periods, the same in words, and where the line has to be interrupted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

from generator import charts
from generator.i18n import period_name
from generator.pages import bodies
from generator.pages.change import same_form
from generator.pages.sureness import ikm_text
from skm.periods import Period, PeriodKind
from skm.results import Published

TREND_POINTS = 8  # two years of quarters: what fits a phone's width with the values readable
_SHORT = {"Triwulan": "TW", "Semester": "Sm"}
_say = bodies.sayer("results")


@dataclass(frozen=True)
class Trend:
    """The chart as markup, and what to know for reading it, as text."""

    chart: Markup
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """A period on the line; `broken`: the questionnaire is not the one of the value before."""

    period: Period
    found: Published | None
    broken: bool


def trend(name: str, base: Mapping[Period, Published], broken: Collection[Period]) -> Trend | None:
    """The line over the newest periods of one length (`base`: newest first), interrupted before those of `broken`.

    None under two values.
    """
    released = [period for period, found in base.items() if found.figures]
    if len(released) < 2:
        return None
    periods = [released[0]]
    while len(periods) < TREND_POINTS and periods[-1] > released[-1]:
        periods.append(periods[-1].previous())
    places = list(_places(periods[::-1], base, broken))
    chart = charts.trend(
        [_point(place) for place in places],
        title=_say("trend_title", name=name),
        description="; ".join(words for place in places for words in _spoken(place)) + ".",
    )
    return Trend(Markup(chart), tuple(_notes(places)))


def breaks(base: Mapping[Period, Published]) -> frozenset[Period]:
    """The periods whose form differs from that of the value before; `base` is newest first."""
    released = [found for found in base.values() if found.figures]
    return frozenset(after.result.period for after, before in pairwise(released) if not same_form(before, after))


def short_name(period: Period) -> tuple[str, ...]:
    """A period in two short lines: `TW IV`, `2026`."""
    *words, year = period_name(period).split()
    if period.kind is PeriodKind.YEAR:
        return (year,)
    return " ".join([_SHORT.get(words[0], words[0][:3]), *words[1:]]), year


def _places(
    periods: Sequence[Period], base: Mapping[Period, Published], broken: Collection[Period]
) -> Iterator[_Place]:
    for number, period in enumerate(periods):
        found = base.get(period)
        yield _Place(period, found if found and found.figures else None, number > 0 and period in broken)


def _point(place: _Place) -> charts.Point:
    if place.found is None or place.found.figures is None:
        return charts.Point(short_name(place.period), None, "", final=True)
    ikm, final = place.found.figures.ikm, place.found.result.final
    return charts.Point(short_name(place.period), ikm, ikm_text(ikm), final, place.broken)


def _spoken(place: _Place) -> Iterator[str]:
    if place.broken:
        yield _say("trend_break")
    if place.found is None or place.found.figures is None:
        yield _say("trend_gap", period=period_name(place.period))
        return
    key = "trend_point" if place.found.result.final else "trend_point_interim"
    yield _say(key, period=period_name(place.period), value=ikm_text(place.found.figures.ikm))


def _notes(places: Sequence[_Place]) -> Iterator[str]:
    yield _say("trend_notes")
    if any(place.found and not place.found.result.final for place in places):
        yield _say("trend_hollow")
    if any(place.broken for place in places):
        yield _say("trend_break_note")
    for place in places:
        if place.found and place.found.result.earlier_forms:
            yield _say("trend_within", period=period_name(place.period))
