"""What may be said of a result beside the one before it, in one sentence."""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.pages.sureness import range_text
from skm.interval import Change, Conditions, Estimate, Verdict, change, comparable
from skm.results import Published

_say = bodies.sayer("results")


def one_form(found: Published) -> str | None:
    """The form that all of a result answered, without which there is no series; None where it changed within."""
    return None if found.result.earlier_forms else found.result.instrument


def change_text(before: Published | None, after: Published) -> str | None:
    """How a final result changed against the period before (None: not published); None where there is nothing to say.

    An interim figure is a part of its period and is compared with nothing (docs/release-rule.md, rule 2).
    """
    if before is None or not (before.result.final and after.result.final and before.figures and after.figures):
        return None
    period = period_name(before.result.period)
    if one_form(after) is None or one_form(after) != one_form(before):
        return _say("not_comparable_form", period=period)
    if not comparable(_conditions(before), _conditions(after)):
        return _say("not_comparable_modes", period=period)
    was, now = before.figures, after.figures
    if was.interval is None or now.interval is None:
        return _say("not_comparable_range", period=period)
    return _sentence(change(Estimate(was.ikm, was.interval), Estimate(now.ikm, now.interval)), period)


def _sentence(found: Change, period: str) -> str:
    match found.verdict:
        case Verdict.NAIK:
            return _say(
                "change_up", points=number(found.difference), period=period, range=range_text(found.lo, found.hi)
            )
        case Verdict.TURUN:
            points, bounds = number(-found.difference), range_text(-found.hi, -found.lo)
            return _say("change_down", points=points, period=period, range=bounds)
    points, lo, hi = (_signed(value) for value in (found.difference, found.lo, found.hi))
    return _say("change_within", points=points, period=period, lo=lo, hi=hi)


def _signed(value: Decimal) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value))


def _conditions(found: Published) -> Conditions:
    """How the period was asked; channels unknown where a printed row joins modes that have to be told apart."""
    rows = [row for row in found.result.breakdown_text.rows("channel") if row.n]
    known = all(_one_mode(row.values) for row in rows)
    return Conditions(found.result.instrument, {row.values[0]: row.n for row in rows} if known else None)


@lru_cache(maxsize=256)
def _one_mode(channels: Sequence[str]) -> bool:
    """True where moving everybody from one of these channels to another would change nothing."""
    everybody = [Conditions("", {channel: 1}) for channel in channels]
    return all(comparable(everybody[0], other) for other in everybody)
