"""What became of a period's answers: received, counted, set aside, held back, and what was corrected since."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from generator.i18n import day, number, period_name
from generator.pages import bodies
from skm.results import Correction, Published, Result

_say = bodies.sayer("results")


class Counted(NamedTuple):
    """As text: what was received and what became of it (final results), what is noted; as markup each correction."""

    period: str
    received: str | None
    noted: str | None
    corrections: Markup


def counted(found: Published, k: int) -> Counted:
    """What became of the answers of a result; `k` is the least number of answers that go out or in together."""
    result = found.result
    period = period_name(result.period)
    return Counted(
        period,
        _received(result, found.tally.n, k) if result.final else None,
        _say("noted", period=period, n=number(result.noted), k=k) if result.noted else None,
        Markup("".join([_correction(one, result) for one in result.corrections])),
    )


def notes(result: Result) -> Iterator[str]:
    """The same in short, for a line of a table."""
    if result.held:
        yield _say("state_held", held=number(result.held))
    if result.set_aside:
        yield _say("state_aside", n=number(result.set_aside))
    if result.noted:
        yield _say("state_noted", n=number(result.noted))
    for one in result.corrections:
        key = "state_corrected_aside" if one.aside else "state_corrected_back"
        yield _say(key, day=day(one.day), n=number(one.n))


def _received(result: Result, n: int, k: int) -> str:
    period, received = period_name(result.period), number(n + result.held + result.set_aside)
    left = [("part_aside", result.set_aside), ("part_held", result.held)]
    parts = [_say(key, n=number(count)) for key, count in left if count]
    if not parts:
        return _say("received_all", period=period, received=received)
    told = ", ".join([_say("part_counted", n=number(n)), *parts])
    said = _say("received", period=period, received=received, parts=told)
    return f"{said} {_say('held_why', k=k)}" if result.held else said


def _correction(one: Correction, result: Result) -> Markup:
    key = "correction_aside" if one.aside else "correction_back"
    where = "" if one.home == result.period else f" ({period_name(one.home)})"
    line = _say(key, day=day(one.day), n=number(one.n), where=where)
    return bodies.stamped("results_macros.html#correction", _say, line=line)
