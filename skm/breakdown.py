"""Respondent breakdowns: how many people of which kind answered (docs/release-rule.md, rule 6).

Counts only, never scores, one attribute at a time, and only in the final file of a period. A breakdown is computed
once, when the period closes, over the answers in the file's own blocks, and never again: where an answer is set aside
or restored later it stays as it was, with its own `n`. Two versions would differ by the people who moved, and their
difference is their attributes.

A breakdown is a partition with counts: its rows hold every value, "tidak diisi" included, and add up to `n`, so that
`n` minus the printed rows is nothing. Each row is 0 or at least MIN_CELL; small ones are merged, not left out. In the
worst case one row holds everybody, which says no more than `n` does: pages show a breakdown from two rows on.

How rows are merged must not itself tell a count. One rest row for all that is small would: two values in a rest of 8
are 4 and 4, because each is known to be under 5. So the rows that may be joined are fixed before anybody is counted,
by the instrument's ladder or by the order of the values, and a merged row may hold any split of its sum that has a
small part. (The test tries every count of small units.)

Under 18 no attribute but age is asked, so in the others those people are known to be under "tidak diisi". Where `usia`
prints their number, the row with "tidak diisi" is 0 or at least MIN_CELL without them, too. Where it does not, nothing
may be decided by it: that would tell it.

A total joins the rows of its parts that share a value. Each of its rows is then a sum of whole printed rows, and so is
what remains when any of the parts are taken off: 0 or at least MIN_CELL.

Not protected: who knows all people of a row but one; a row that holds everybody tells that they are all alike.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from skm.errors import SkmError
from skm.instrument import Ladder
from skm.periods import Period
from skm.responses import CHANNELS, UNDER_AGE

MIN_CELL = 5
_NO_ROWS = "its rows are not texts with a number"
UNSTATED = "-"  # tidak diisi; no value of an attribute looks like this
WITH, WITHOUT = "ya", "tidak"  # the two values of a label's breakdown


class Row(NamedTuple):
    """`n` people, each with one of `values`; 0 or at least MIN_CELL."""

    values: tuple[str, ...]
    n: int


Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Respondent:
    """What is counted of an answer: what the person said of himself, how, when (`iso_week`) and with which labels."""

    week: str
    channel: str = "qr"
    attributes: Mapping[str, str] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Breakdowns:
    """Those of one final file; of fewer than MIN_CELL people there are none.

    `rows`: by attribute of the ladders, and by `layanan`, `channel` and `week`; each adds up to `n`. `labels`: with and
    without each label, likewise. `aside`: those set aside, who are not among the `n`, by reason.
    """

    n: int
    rows: Mapping[str, Rows] = field(default_factory=dict)
    labels: Mapping[str, Rows] = field(default_factory=dict)
    aside: Rows | None = None


def breakdowns(
    respondents: Sequence[Respondent],
    ladders: Mapping[str, Ladder],
    services: Sequence[str],
    weeks: Sequence[str],
    labels: Collection[str],
    reasons: Mapping[str, int],
) -> Breakdowns:
    """The breakdowns of a file that becomes final; `respondents` are the people of its own blocks that count.

    `ladders` are the instrument's, `services` the unit's in the registry's order, `weeks` those of `weeks_of(period)`,
    `labels` all that an answer may carry (none may imply another: the difference would be a cell), `reasons` the number
    set aside for each reason there is. SkmError where a ladder does not hold each value once.
    """
    n, aside = len(respondents), sum(reasons.values())
    set_aside = in_order(reasons, tuple(reasons)) if _fits(aside) else None
    if not _fits(n):
        return Breakdowns(n, aside=set_aside)
    rows = {name: by_ladder(_stated(respondents, name), ladders[name]) for name in ladders if name == "usia"}
    children = next((row.n for row in rows.get("usia", ()) if row.values == (UNDER_AGE,)), 0)
    rows |= {
        name: by_ladder(_stated(respondents, name), ladder, children)
        for name, ladder in ladders.items()
        if name != "usia"
    }
    rows["layanan"] = in_order(_stated(respondents, "layanan"), (*services, UNSTATED))
    rows["channel"] = in_order(Counter(person.channel for person in respondents), CHANNELS)
    rows["week"] = in_order(Counter(person.week for person in respondents), weeks)
    carried = Counter(label for person in respondents for label in person.labels)
    two_rows = {
        label: in_order({WITH: carried[label], WITHOUT: n - carried[label]}, (WITH, WITHOUT)) for label in labels
    }
    return Breakdowns(n, rows, two_rows, set_aside)


def by_ladder(counts: Mapping[str, int], ladder: Ladder, children: int = 0) -> Rows:
    """The finest rows of the ladder that are all 0 or at least MIN_CELL; else one row.

    Each partition is tried with UNSTATED as a row of its own, then joined to its last row. `children`: how many of
    those under UNSTATED are known to be there because they were not asked; 0 where their number is not public.
    """
    everybody = [value for group in ladder[0] for value in group]
    for partition in ladder:
        if sorted(value for group in partition for value in group) != sorted(set(everybody)):
            raise SkmError(f"a ladder holds each value once on every rung: {partition}")
    if lost := {value for value, n in counts.items() if n} - {*everybody, UNSTATED}:
        raise SkmError(f"no row of the ladder holds {', '.join(sorted(lost))}")
    for *head, last in ladder:
        for groups in ([*head, last, (UNSTATED,)], [*head, (*last, UNSTATED)]):
            rows = _rows(groups, counts)
            if all(_fits(row.n) and (UNSTATED not in row.values or _fits(row.n - children)) for row in rows):
                return rows
    return _rows([(*everybody, UNSTATED)], counts)


def in_order(counts: Mapping[str, int], order: Sequence[str]) -> Rows:
    """Rows of neighbours: from the left each grows until it is 0 or at least MIN_CELL, a small last joins the left one.

    UNSTATED stands last where `order` has it, and values that it lacks (a service's former name) before that, sorted.
    """
    extra = sorted(value for value, n in counts.items() if n and value not in order)
    known = [value for value in order if value != UNSTATED]
    groups: list[list[str]] = []
    small = False
    for value in [*known, *extra, *(value for value in order if value == UNSTATED)]:
        if small:
            groups[-1].append(value)
        else:
            groups.append([value])
        small = not _fits(_sum(groups[-1], counts))
    while len(groups) > 1 and not _fits(_sum(groups[-1], counts)):
        groups[-2:] = [groups[-2] + groups[-1]]
    return _rows(groups, counts)


def total(parts: Sequence[Breakdowns]) -> Breakdowns:
    """The breakdowns of several final files together: quarters of a year, units of an organisation, none twice.

    A longer period with blocks of its own has these as one more part. What a part does not print the total does not
    print either, or total minus the others would. The rows do not depend on the order of the parts, their order does.
    """
    people = [part for part in parts if part.n]  # a part without people has nothing to hide, and no ladder maybe
    rows = {name: _join(part.rows[name] for part in people) for name in _common([part.rows for part in people])}
    labels = {name: _join(part.labels[name] for part in people) for name in _common([part.labels for part in people])}
    reasons = [part.aside for part in parts if part.aside is not None]
    aside = _join(reasons) if reasons and len(reasons) == len(parts) else None
    return Breakdowns(sum(part.n for part in parts), rows, labels, aside)


def iso_week(day: date) -> str:
    """The ISO 8601 week of a day: `2026-W41`; the first days of a year may belong to the year before."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def weeks_of(period: Period) -> tuple[str, ...]:
    """The ISO weeks with a day in the period, in order; two periods share the week in which one follows the other."""
    days = (period.last_day - period.first_day).days + 1
    return tuple(dict.fromkeys(iso_week(period.first_day + timedelta(days=day)) for day in range(days)))


def to_mapping(found: Breakdowns) -> dict[str, Any]:
    """The content for JSON: `{"n", "rows": {name: [{"values", "n"}]}, "labels": {…}, "aside": […]}`."""
    mapping: dict[str, Any] = {
        "n": found.n,
        "rows": {name: _to_list(rows) for name, rows in sorted(found.rows.items())},
        "labels": {name: _to_list(rows) for name, rows in sorted(found.labels.items())},
    }
    if found.aside is not None:
        mapping["aside"] = _to_list(found.aside)
    return mapping


def from_mapping(data: Mapping[str, Any]) -> Breakdowns:
    """Breakdowns from a file's content; SkmError where it is none or a row is one that nobody may see."""
    try:
        n = int(data["n"])
        rows = {name: rows_of(name, rows, n) for name, rows in data["rows"].items()}
        labels = {name: rows_of(name, rows, n) for name, rows in data["labels"].items()}
        aside = rows_of("aside", data["aside"]) if "aside" in data else None
    except SkmError:
        raise
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
        raise SkmError(f"breakdowns: {error} is missing or wrong") from error
    return Breakdowns(n, rows, labels, aside)


def rows_of(name: str, data: Sequence[Mapping[str, Any]], total: int | None = None) -> Rows:
    """The rows under one name from their list in a file, which add up to `total` where it is given. SkmError."""
    counts = [row["n"] for row in data]
    try:
        groups = _groups(tuple([tuple(row["values"]) for row in data]))
        for n in counts:
            if not isinstance(n, int):
                raise SkmError(_NO_ROWS)
            if n < MIN_CELL and n != 0:
                raise SkmError(f"a row of {n} is under {MIN_CELL}")
        if total is not None and sum(counts) != total:
            raise SkmError(f"its rows do not add up to {total}")
    except SkmError as error:
        raise SkmError(f"breakdown {name}: {error}") from error
    return tuple(map(Row, groups, counts))


def _fits(n: int) -> bool:
    return n == 0 or n >= MIN_CELL


def _stated(respondents: Iterable[Respondent], name: str) -> Counter[str]:
    return Counter(person.attributes.get(name, UNSTATED) for person in respondents)


def _sum(values: Iterable[str], counts: Mapping[str, int]) -> int:
    return sum(counts.get(value, 0) for value in values)


def _rows(groups: Iterable[Sequence[str]], counts: Mapping[str, int]) -> Rows:
    return tuple(Row(tuple(group), _sum(group, counts)) for group in groups)


def _common(parts: Sequence[Mapping[str, Rows]]) -> list[str]:
    return [name for name in (parts[0] if parts else ()) if all(name in part for part in parts)]


def _join(parts: Iterable[Rows]) -> Rows:
    """The finest rows that hold every part's rows whole: those that share a value, even by way of others, are one."""
    rows = [row for part in parts for row in part]
    parent: dict[str, str] = {}

    def root(value: str) -> str:
        while parent[value] != value:
            parent[value] = parent[parent[value]]
            value = parent[value]
        return value

    for row in rows:
        for value in row.values:
            parent.setdefault(value, value)
            parent[root(value)] = root(row.values[0])
    values: dict[str, list[str]] = {}
    for value in parent:
        values.setdefault(root(value), []).append(value)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[root(row.values[0])] += row.n
    return tuple(Row(tuple(group), counts[name]) for name, group in values.items())


def _to_list(rows: Rows) -> list[dict[str, Any]]:
    return [{"values": list(row.values), "n": row.n} for row in rows]


@lru_cache(maxsize=4096)  # a province has the same ones over and over, with other numbers
def _groups(found: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The values of each row, checked."""
    values = [value for group in found for value in group]
    if not all(isinstance(value, str) for value in values):
        raise SkmError(_NO_ROWS)
    if not all(found) or len(set(values)) < len(values):
        raise SkmError("each value is in one row")
    return found
