"""Breakdowns as published files have them: JSON on one line, which most readers hand on as it is.

They are most of a results file and never computed again (`skm.breakdown`). A province has two million rows of them:
reading each into values and writing them anew was a third of its build.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
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
    rf'{_KEY}(\{{(?:"aside": {_ROWS}, )?+"labels": ({_NAMED}), "n": (0|[1-9][0-9]*+), "rows": ({_NAMED})\}})'
)
_N = re.compile(r'"n": ([0-9]+)')


class BreakdownText(str):
    """The text of breakdowns whose rows are all 0 or at least MIN_CELL and add up to their `n`."""

    __slots__ = ()

    @property
    def breakdowns(self) -> Breakdowns:
        """Read. SkmError where a value stands in two rows."""
        return breakdown.from_mapping(json.loads(self))

    def rows(self, name: str) -> Rows:
        """Those of one label or attribute, whose names differ; none where there are none. SkmError as above."""
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
        whole, labels, n, rows = line.groups()
        if not _adds_up(labels, int(n)) or not _adds_up(rows, int(n)):
            return line[0]  # read in full, which finds what is wrong
        apart.append(BreakdownText(whole))
        return f"{_KEY}{len(apart) - 1}"

    content = json.loads(_LINE.sub(set_apart, text))
    for holder in _holders(content):
        value = holder["breakdowns"]
        known = isinstance(value, int) and value in range(len(apart))
        holder["breakdowns"] = apart[value] if known else text_of(breakdown.from_mapping(value))
    return content


def _holders(content: Any) -> Iterator[dict[str, Any]]:
    """The objects that may have breakdowns: a results file, the periods of a unit."""
    if isinstance(content, dict):
        for found in (content, *content.get("periods", ())):
            if isinstance(found, dict) and "breakdowns" in found:
                yield found


def _adds_up(named: str, n: int) -> bool:
    """True where the rows under each name are of so many people."""
    return all(sum(map(int, _N.findall(rows))) == n for rows in named.split("}]")[:-1])
