"""Charts as SVG text: bars in table cells and the trend line.

Widths and places across are percentages, so a chart fits any column while its text keeps the page's size. Colours
are classes of `templates/results.css`; nothing is told by colour alone, and a number stands beside every mark.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from itertools import pairwise

from markupsafe import escape

from skm.index import MUTU_TABLE, round_half_up

Mark = tuple[str, Fraction]

IKM_MARKS: tuple[Mark, ...] = tuple((row.letter, Fraction(row.lowest)) for row in MUTU_TABLE[:-1])
NRR_MARKS: tuple[Mark, ...] = tuple((letter, ikm / 25) for letter, ikm in IKM_MARKS)

_BAR_HEIGHT, _MARK_HEIGHT = 16, 24  # borders stand out above and below the bar, so they show on any ground
_BAR_SIZE = f'y="{(_MARK_HEIGHT - _BAR_HEIGHT) // 2}" height="{_BAR_HEIGHT}"'
_TOP, _BOTTOM = 32, 192  # the plot of the trend, in CSS pixels
_LEFT, _RIGHT = 14, 92  # first and last point, in percent; the class letters stand left of it
_LOW_FLOOR, _HIGH_FLOOR = 25, 60


def _along(value: Fraction, lowest: int, highest: int, start: int, end: int) -> Fraction:
    """Where a value stands between `start` and `end`, exact: the places of `lowest` and `highest`.

    Whole numbers over one denominator: step by step, Fraction took four times as long.
    """
    whole = (highest - lowest) * value.denominator
    return Fraction(start * whole + (end - start) * (value.numerator - lowest * value.denominator), whole)


def _decimal(value: Fraction, places: int = 2) -> str:
    return f"{round_half_up(value, places).normalize():f}"


def _percent(value: Fraction) -> str:
    return f"{_decimal(value)}%"


def bar(value: Fraction, *, lowest: int = 1, highest: int = 4, marks: tuple[Mark, ...] = ()) -> str:
    """A bar from `lowest` to `value` on a track to `highest`, category borders as lines; its number stands beside it.

    Hidden from assistive technology: the row of the table already says all of it.
    """
    width = _share(value, lowest, highest)
    return f'{_track(lowest, highest, marks)}<rect class="skm-bar-value" width="{width}" {_BAR_SIZE}/></svg>'


def _share(value: Fraction, lowest: int, highest: int) -> str:
    return _percent(_along(value, lowest, highest, 0, 100))


@cache
def _track(lowest: int, highest: int, marks: tuple[Mark, ...]) -> str:
    """What is the same in every bar of a scale."""
    places = [_share(at, lowest, highest) for _, at in marks]
    lines = "".join(f'<line class="skm-bar-mark" x1="{x}" x2="{x}" y2="{_MARK_HEIGHT}"/>' for x in places)
    return (
        f'<svg class="skm-bar" width="100%" height="{_MARK_HEIGHT}" aria-hidden="true">'
        f'<rect class="skm-bar-track" width="100%" {_BAR_SIZE}/>{lines}'
    )


@dataclass(frozen=True)
class Point:
    """A period on the trend: short lines under it, its IKM as value and as text; value None is a gap.

    A provisional point (`final` false) is a hollow mark; to a `broken` one no line leads, what was asked is another.
    """

    label: tuple[str, ...]
    value: Fraction | None
    text: str
    final: bool
    broken: bool = False


def trend(points: Sequence[Point], *, title: str, description: str, id: str = "skm-trend") -> str:
    """IKM (25..100) over periods, oldest first, at even distances; the class borders are dashed lines with letters.

    The axis starts at 60 where every value is above it, else at 25; `description` tells all values in words.
    """
    values = [point.value for point in points if point.value is not None]
    floor = _HIGH_FLOOR if min(values, default=Fraction(100)) >= _HIGH_FLOOR else _LOW_FLOOR
    xs, ys = _across(len(points)), [None if point.value is None else _y(point.value, floor) for point in points]
    parts = [
        f'<svg class="skm-trend" role="img" aria-labelledby="{id}-title {id}-desc" width="100%" height="240">',
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-desc">{escape(description)}</desc>',
        _borders(floor),
        *(_break(step, len(points)) for step, point in enumerate(points) if step and point.broken),
        *_segments(xs, ys, points),
        '<g text-anchor="middle">',
        *(_mark(x, y, point) for x, y, point in zip(xs, ys, points, strict=True) if y),
        *(_label(x, point.label) for x, point in zip(xs, points, strict=True)),
        "</g></svg>",
    ]
    return "".join(parts)


def _y(value: Fraction, floor: int) -> str:
    return _decimal(_along(value, floor, 100, _BOTTOM, _TOP), 1)


def _place(step: Fraction, points: int) -> Fraction:
    return _LEFT + (_RIGHT - _LEFT) * step / max(points - 1, 1)


@cache
def _across(points: int) -> tuple[str, ...]:
    """Where so many points stand."""
    return tuple(_percent(_place(Fraction(step), points)) for step in range(points))


@cache
def _borders(floor: int) -> str:
    parts = [
        f'<line class="skm-trend-axis" x1="0" x2="100%" y1="{_BOTTOM}" y2="{_BOTTOM}"/>',
        f'<text class="skm-trend-label" x="0" y="{_BOTTOM + 20}">{floor}</text>',
        f'<text class="skm-trend-class" x="0" y="{_BOTTOM}" dy="-4">D</text>',
    ]
    for letter, value in IKM_MARKS:
        y = _y(value, floor)
        parts.append(f'<line class="skm-trend-border" x1="0" x2="100%" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="skm-trend-class" x="0" y="{y}" dy="-4">{letter}</text>')
    return "".join(parts)


def _break(step: int, points: int) -> str:
    """The line between a point and the one before it."""
    x = _percent(_place(step - Fraction(1, 2), points))
    return f'<line class="skm-trend-break" x1="{x}" x2="{x}" y1="{_TOP}" y2="{_BOTTOM}"/>'


def _segments(xs: Sequence[str], ys: Sequence[str | None], points: Sequence[Point]) -> Iterator[str]:
    for (x1, y1, _), (x2, y2, point) in pairwise(zip(xs, ys, points, strict=True)):
        if y1 and y2 and not point.broken:
            yield f'<line class="skm-trend-line" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _mark(x: str, y: str, point: Point) -> str:
    kind = "final" if point.final else "interim"
    return (
        f'<circle class="skm-trend-{kind}" cx="{x}" cy="{y}" r="5"/>'
        f'<text class="skm-trend-value" x="{x}" y="{y}" dy="-12">{escape(point.text)}</text>'
    )


@lru_cache(maxsize=256)
def _label(x: str, label: tuple[str, ...]) -> str:
    return "".join(
        f'<text class="skm-trend-label" x="{x}" y="{_BOTTOM + 20 + 16 * line}">{escape(words)}</text>'
        for line, words in enumerate(label)
    )
