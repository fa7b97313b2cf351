"""The rows of a breakdown by name: one value by the form's word for it, several as a span or a choice."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from generator.i18n import day, texts
from generator.pages import bodies
from skm.breakdown import UNSTATED
from skm.periods import Period
from skm.responses import ATTRIBUTES

_ORDERED = ("usia", "pendidikan")  # whose neighbours can be told by their ends
_say = bodies.sayer("results")


def attribute_name(attribute: str) -> str:
    """What is asked, by the survey page's word for it: `Pendidikan terakhir`."""
    asked = texts("survey", bodies.LANG)
    named = {"layanan": asked["service_name"], "channel": _say("by_channel"), "week": _say("by_week")}
    return named.get(attribute) or asked[f"attribute_{attribute}"]


@lru_cache(maxsize=4096)  # most units' rows are those of others
def row_name(attribute: str, values: tuple[str, ...], period: Period) -> str:
    """Who is counted in a row: `SD–SMP`, `D4/S1 ke atas`, `TNI atau Polri`, `Tidak diisi`; weeks within `period`."""
    if attribute == "week":
        return _either([_days(first, last, period) for first, last in _runs_of_weeks(values)])
    stated = [value for value in values if value != UNSTATED]
    span = _span(attribute, stated) if attribute in _ORDERED and len(stated) > 1 else None
    names = [span] if span else [_value(attribute, value) for value in stated]
    if not names:
        return _say("unstated")
    return _either([*names, _say("or_unstated")] if UNSTATED in values else names)


def reason_name(values: Sequence[str]) -> str:
    """Why answers were set aside."""
    return _either([_known("reason", value) for value in values])


def label_name(label: str) -> str:
    """A label by the name that its definition has on /integritas/."""
    return _known("label", label)


def _known(kind: str, value: str) -> str:
    """A value's word; a file of a newer program may hold values that this one has no word for."""
    return texts("results", bodies.LANG).get(f"{kind}_{value}", value)


def _value(attribute: str, value: str) -> str:
    if attribute == "channel":
        return _known("channel", value)
    return value if attribute == "layanan" else texts("survey", bodies.LANG)[f"{attribute}_{value}"]


def _span(attribute: str, values: Sequence[str]) -> str | None:
    """Neighbours by their ends; None where a value between them is missing."""
    order = ATTRIBUTES[attribute]
    places = sorted(order.index(value) for value in values)
    first, last = places[0], places[-1]
    if len(places) <= last - first or (first, last) == (0, len(order) - 1):
        return None
    lowest, highest = _ends(attribute, order[first], order[last])
    unit = _say("span_ages") if attribute == "usia" else ""
    if first == 0:
        return _say("span_to", highest=highest + unit)
    if last == len(order) - 1:
        return _say("span_from", lowest=lowest + unit)
    # D1–D3 is one value: with one more dash nobody could tell where the span begins.
    return _say("span_words" if "–" in lowest + highest else "span", lowest=lowest, highest=highest) + unit


def _ends(attribute: str, first: str, last: str) -> tuple[str, str]:
    if attribute == "usia":
        return re.findall(r"\d+", first)[0], re.findall(r"\d+", last)[-1]
    return _value(attribute, first), _value(attribute, last)


def _either(names: Sequence[str]) -> str:
    if len(names) < 3:
        return _say("or").join(names)
    return ", ".join([*names[:-1], _say("last_or") + names[-1]])


def _runs_of_weeks(weeks: Sequence[str]) -> list[tuple[date, date]]:
    """Monday of the first and Sunday of the last of weeks that follow one another."""
    runs: list[tuple[date, date]] = []
    for week in sorted(weeks):
        monday = date.fromisoformat(f"{week}-1")
        start = runs.pop()[0] if runs and runs[-1][1] + timedelta(days=1) == monday else monday
        runs.append((start, monday + timedelta(days=6)))
    return runs


def _days(first: date, last: date, period: Period) -> str:
    first, last = max(first, period.first_day), min(last, period.last_day)
    end = day(last).rsplit(" ", 1)[0]  # the year is the period's
    if first >= last:
        return end
    return f"{first.day}–{end}" if first.month == last.month else f"{day(first).rsplit(' ', 1)[0]}–{end}"
