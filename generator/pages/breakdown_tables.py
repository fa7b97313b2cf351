"""Who answered, in small tables: counts and shares of a final result's respondents, one attribute at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.pages.breakdown_names import attribute_name, label_name, reason_name, row_name
from skm.breakdown import UNSTATED, WITH, Breakdowns, Row, Rows
from skm.index import round_half_up
from skm.integrity import LABELS, STRAIGHT_LINE, unusual_straight
from skm.periods import Period

ORDER = ("jenis_kelamin", "usia", "pendidikan", "pekerjaan", "layanan", "channel", "week")
_say = bodies.sayer("results")


class Line(NamedTuple):
    """A row as text: who, how many, which share of the table's people."""

    name: str
    n: str
    share: str


@dataclass(frozen=True)
class Table:
    """A small table; `caption` names it, `column` its rows."""

    caption: str
    column: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Tables:
    """Everything that a final result tells about who answered; `hidden` names what one row would hold."""

    period: str
    n: str
    attributes: tuple[Table, ...]
    labels: Table | None
    reasons: Table | None
    hidden: tuple[str, ...]
    straight: str | None


def tables(found: Breakdowns, period: Period, earlier: Iterable[Rows] = ()) -> Tables | None:
    """The tables of a result; None where nothing was counted. `earlier`: straight lines of closed periods before."""
    if not found.rows and not found.aside:
        return None
    rows = {name: found.rows[name] for name in ORDER if name in found.rows}
    told = {name: value for name, value in rows.items() if len(value) > 1}
    # Where nobody could be asked (a unit without services) there is nothing to hide.
    hidden = [
        attribute_name(name) for name, value in rows.items() if name not in told and value[0].values != (UNSTATED,)
    ]
    unclear = [label_name(name) for name, pair in found.labels.items() if len(pair) < 2]
    reasons = _reasons(found.aside or ())
    if found.aside and len(found.aside) < 2:
        hidden.append(_say("by_reason"))
    return Tables(
        period_name(period),
        number(found.n),
        tuple(_attribute(name, value, found.n, period) for name, value in told.items()),
        _labels(found),
        reasons,
        (*hidden, *(_say("by_label", label=label) for label in unclear)),
        _straight(found, earlier),
    )


def _straight(found: Breakdowns, earlier: Iterable[Rows]) -> str | None:
    """A sentence where more people than usual gave one value throughout."""
    now, n = _straight_of(found.labels.get(STRAIGHT_LINE, ()))
    past = [_straight_of(one) for one in earlier]
    if not unusual_straight(now, n, (sum(one for one, _ in past), sum(all_ for _, all_ in past))):
        return None
    return _say("straight_unusual", straight=number(now), n=number(n))


def _straight_of(pair: Rows) -> tuple[int, int]:
    """(straight lines, people), none where the number may not be printed."""
    return sum(row.n for row in pair if row.values == (WITH,)), sum(row.n for row in pair) if len(pair) > 1 else 0


def _attribute(name: str, rows: Sequence[Row], n: int, period: Period) -> Table:
    # In the order of time whatever was joined; elsewhere nobody is no news, and a table of nobodies hides the others.
    shown = sorted(rows, key=lambda row: min(row.values)) if name == "week" else [row for row in rows if row.n]
    title = attribute_name(name)
    lines = tuple(_line(row_name(name, row.values, period), row.n, n) for row in shown)
    return Table(_say("by", attribute=title[0].lower() + title[1:]), title, lines)


def _labels(found: Breakdowns) -> Table | None:
    lines = tuple(
        _line(label_name(name), row.n, found.n)
        for name, pair in sorted(found.labels.items(), key=lambda item: _place(item[0]))
        if len(pair) > 1
        for row in pair
        if row.values == (WITH,)
    )
    return Table(_say("labels_caption"), _say("col_label"), lines) if lines else None


def _place(label: str) -> int:
    return LABELS.index(label) if label in LABELS else len(LABELS)


def _reasons(rows: Sequence[Row]) -> Table | None:
    total = sum(row.n for row in rows)
    if len(rows) < 2 or not total:
        return None
    lines = tuple(_line(reason_name(row.values), row.n, total) for row in rows if row.n)
    return Table(_say("reasons_caption", n=number(total)), _say("col_reason"), lines)


def _line(name: str, n: int, total: int) -> Line:
    return Line(name, number(n), _share(n, total))


@lru_cache(maxsize=4096)
def _share(n: int, total: int) -> str:
    return _say("share", share=number(round_half_up(Fraction(100 * n, total), 1)))
