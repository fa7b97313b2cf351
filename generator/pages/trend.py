"""The line of a unit's values over its newest periods, the same in words, and where the line has to be interrupted."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from markupsafe import Markup

from generator import charts
from generator.i18n import period_name
from generator.pages import bodies
from generator.pages.change import one_form
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
    """A period on the line, its IKM as value and as text; `broken`: the value before is of another questionnaire."""

    period: Period
    found: Published | None
    ikm: Fraction | None
    text: str
    broken: bool


def trend(name: str, base: Mapping[Period, Published], broken: Collection[Period]) -> Trend | None:
    """The line over the newest periods of one length (`base`: newest first), interrupted before those of `broken`.

    None under two values.
    """
    released = [period for period, found in base.items() if found.figures]
    if len(released) < 2:
        return None
    oldest, *periods = _newest(released[-1], released[0])
    places = [_place(oldest, base, ()), *(_place(period, base, broken) for period in periods)]
    chart = charts.trend(
        [_point(place) for place in places],
        title=_say("trend_title", name=name),
        description="; ".join(words for place in places for words in _spoken(place)) + ".",
    )
    return Trend(Markup(chart), tuple(_notes(places)))


def breaks(base: Mapping[Period, Published]) -> frozenset[Period]:
    """The periods whose form differs from that of the value before; `base` is newest first."""
    released = [(found.result.period, one_form(found)) for found in base.values() if found.figures]
    return frozenset(period for (period, after), (_, before) in pairwise(released) if after is None or after != before)


@lru_cache(maxsize=256)
def short_name(period: Period) -> tuple[str, ...]:
    """A period in two short lines: `TW IV`, `2026`."""
    *words, year = period_name(period).split()
    if period.kind is PeriodKind.YEAR:
        return (year,)
    return " ".join([_SHORT.get(words[0], words[0][:3]), *words[1:]]), year


@lru_cache(maxsize=256)
def _newest(first: Period, last: Period) -> Sequence[Period]:
    """The periods from one to another; of many the newest, as many as fit on the line."""
    periods = [last]
    while len(periods) < TREND_POINTS and periods[-1] > first:
        periods.append(periods[-1].previous())
    return periods[::-1]


def _place(period: Period, base: Mapping[Period, Published], broken: Collection[Period]) -> _Place:
    found = base.get(period)
    if found is None or found.figures is None:
        return _Place(period, None, None, "", period in broken)
    return _Place(period, found, found.figures.ikm, ikm_text(found.figures.ikm), period in broken)


def _point(place: _Place) -> charts.Point:
    final = place.found is None or place.found.result.final
    return charts.Point(short_name(place.period), place.ikm, place.text, final, place.broken)


def _spoken(place: _Place) -> Iterator[str]:
    if place.broken:
        yield _say("trend_break")
    if place.found is None:
        yield _say("trend_gap", period=period_name(place.period))
        return
    key = "trend_point" if place.found.result.final else "trend_point_interim"
    yield _say(key, period=period_name(place.period), value=place.text)


def _notes(places: Sequence[_Place]) -> Iterator[str]:
    yield _say("trend_notes")
    if any(place.found and not place.found.result.final for place in places):
        yield _say("trend_hollow")
    if any(place.broken for place in places):
        yield _say("trend_break_note")
    for place in places:
        if place.found and place.found.result.earlier_forms:
            yield _say("trend_within", period=period_name(place.period))
