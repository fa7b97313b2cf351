"""Figures in words, and how sure they are: the range, the word for its width, the classes that it touches."""

from decimal import Decimal
from fractions import Fraction

from generator.i18n import number
from generator.pages import bodies
from skm.index import Mutu, round_half_up
from skm.interval import Interval, classes, keyakinan

_say = bodies.sayer("results")


def ikm_text(value: Fraction) -> str:
    """An IKM or NRR for people: `86,40`."""
    return number(round_half_up(value), bodies.LANG)


def range_text(lo: Decimal, hi: Decimal) -> str:
    """Two bounds for people: `84,10–89,20`."""
    return f"{number(lo)}–{number(hi)}"


def sure_text(
    interval: Interval | None, of: str, mutu: Mutu | None, *, final: bool, unknown: str = "range_unknown"
) -> str:
    """The range of a figure, `of` so many people or units; for final figures the word for its width as well.

    `unknown` is the text that says why there is no range. Where the figure has a class and the range touches others,
    all of them: `B; rentang 95 %: C–A`.
    """
    if interval is None:
        return _say(unknown)
    said = [_say("range", range=range_text(interval.lo, interval.hi), of=of)]
    if final:
        said.append(_say(f"sure_{keyakinan(interval)}"))
    touched = classes(interval)
    if mutu and len(touched) > 1:
        said.append(_say("range_classes", letter=mutu.letter, worst=touched[-1].letter, best=touched[0].letter))
    return " ".join(said)
