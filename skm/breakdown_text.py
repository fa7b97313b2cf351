"""Breakdowns as published files have them: JSON on one line, which most readers hand on as it is.

They are most of a results file and never computed again (`skm.breakdown`). A province has two million rows of them:
reading each into values and writing them anew took a seventh of its time for units.
"""

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from skm import breakdown, canonical
from skm.breakdown import MIN_CELL, Breakdowns, Rows

_KEY = '"breakdowns": '
_TEXT = r'"[^"\\}\x00-\x1f]++"'  # lines with others, an escape for example, are read in full
_FIT = f"(?:0|[{MIN_CELL}-9]|[1-9][0-9]++)"
_ROW = rf'\{{"n": {_FIT}, "values": \[{_TEXT}(?:, {_TEXT})*+\]\}}'
_ROWS = rf"\[{_ROW}(?:, {_ROW})*+\]"
_NAMED = rf"\{{(?:{_TEXT}: {_ROWS}(?:, {_TEXT}: {_ROWS})*+)?+\}}"
_LINE = re.compile(
    rf'{_KEY}(\{{(?:("aside": {_ROWS}), )?+"labels": ({_NAMED}), "n": (0|[1-9][0-9]*+), "rows": ({_NAMED})\}})'
)
_N = re.compile(r'"n": ([0-9]+)')


class BreakdownText(str):
    """The canonical text of breakdowns: rows all 0 or at least MIN_CELL that add up to their `n`, each value in one."""

    __slots__ = ()

    @property
    def breakdowns(self) -> Breakdowns:
        """Read."""
        return breakdown.from_mapping(json.loads(self))

    def rows(self, name: str) -> Rows:
        """Those of one label or attribute, whose names differ; none where there are none."""
        if line := _line_of(name).search(self):
            return breakdown.rows_of(name, json.loads(line[1]))
        found = self.breakdowns
        return found.labels.get(name) or found.rows.get(name, ())


@cache
def _line_of(name: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(canonical.text(name))}: ({_ROWS})")


def text_of(found: Breakdowns) -> BreakdownText:
    """Breakdowns as canonical JSON."""
    return BreakdownText(canonical.text(breakdown.to_mapping(found)))


def loads(text: str) -> Any:
    """JSON of a results file, or of a unit's `data.json`, whose breakdowns are `BreakdownText`.

    ValueError; SkmError where such a value is none or a row is one that nobody may see.
    """
    apart: list[BreakdownText] = []

    def set_apart(line: re.Match[str]) -> str:
        whole, aside, labels, n, rows = line.groups()
        if not (_sound(aside or "") and _sound(labels, int(n)) and _sound(rows, int(n))):
            return line[0]  # read in full, which finds what is wrong, or writes it as it should be
        apart.append(BreakdownText(whole))
        return f"{_KEY}{len(apart) - 1}"

    content = json.loads(_LINE.sub(set_apart, text))
    for holder in _holders(content):
        value = holder["breakdowns"]
        known = type(value) is int and value in range(len(apart))
        holder["breakdowns"] = apart[value] if known else _in_full(value)
    return content


def _in_full(value: Any) -> BreakdownText:
    found = text_of(breakdown.from_mapping(value))
    found.encode()  # half of a character, which only an escape can write, is a ValueError here and not on a page
    return found


def _holders(content: Any) -> Iterator[dict[str, Any]]:
    """The objects that may have breakdowns: a results file, the periods of a unit."""
    if isinstance(content, dict):
        periods = content.get("periods")
        for found in (content, *(periods if isinstance(periods, list) else ())):
            if isinstance(found, dict) and "breakdowns" in found:
                yield found


def _sound(named: str, n: int | None = None) -> bool:
    """True where names are in order, no value is in two rows of one, and the rows of each are of `n` people."""
    before = None
    for rows in named.split("}]")[:-1]:
        parts = _N.split(rows)
        name = _name_of(tuple(parts[::2]))
        if name is None or (before is not None and name <= before):
            return False
        if n is not None and sum(map(int, parts[1::2])) != n:
            return False
        before = name
    return True


@lru_cache(maxsize=512)  # a province has the same ones over and over, with other numbers
def _name_of(parts: tuple[str, ...]) -> str | None:
    """The name of rows, given what stands between their numbers; None where a value is in two of them."""
    rows = '"n": 0'.join(parts)
    ((name, found),) = json.loads(f"{{{rows.lstrip('{, ')}}}]}}").items()
    values = [value for row in found for value in row["values"]]
    return name if len(set(values)) == len(values) else None
