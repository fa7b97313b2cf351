"""Which column of a processing table is which question: the header line as offices write it.

Recognised are `U1`, `u 1`, `Unsur 1`, `U3.1` (an item of an unsur that has several), the keys of unsur and items, the
names of unsur and the questions in every language of the instrument, and a code with a name behind it. `U8` and `U9`
are the rule's numbers; a table that took the form's says so by a map (`U8=sarana,U9=pengaduan`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from skm.errors import SkmError
from skm.instrument import Instrument, Unsur
from skm.responses import ATTRIBUTES

HEADER_ROWS = 50  # the header stands among the first so many lines, below titles and addresses
_CODE = re.compile(
    r"(?:unsur\s*u?|u\s*[.-]?)\s*([0-9]{1,2})(?:\s*[.,]\s*([0-9]{1,2}))?(?![0-9])[\s.:()–—-]*(.*?)[\s).:]*", re.DOTALL
)
_PART = re.compile(r"(.+) ([0-9]{1,2})")
_NUMBER = re.compile(r"(?:no|nr|nomor|num|number)(?: urut)?(?: resp| responden| respondent)?")
_NO_ANSWERS = frozenset(
    word.strip()
    for word in """
    tanggal|tgl|hari|jam|date|time|timestamp|cap waktu|tanggal jam|periode|period|unit|kode|code|id|seq|nama|name|
    jk|l p|kelamin|gender|sex|umur|age|tahun lahir|pendidikan terakhir|education|pekerjaan utama|occupation|
    layanan|jenis layanan|jenis layanan yang diterima|jenis pelayanan|service|loket|counter|kanal|channel|bahasa|
    language|lang|versi|durasi|saran|masukan|saran masukan|kritik saran|komentar|comment|keterangan|ket|paraf|
    jumlah|jml|total|rata rata|rerata|nilai|nilai rata rata|nrr|ikm|mutu|mutu pelayanan|kinerja
    """.split("|")
) | {name.replace("_", " ") for name in ATTRIBUTES}


class Fault(StrEnum):
    """What can be wrong with a table; the sentences are the command line's."""

    NO_HEADER = "no_header"
    UNKNOWN_UNSUR = "unknown_unsur"
    TWICE = "twice"
    CONTRADICTION = "contradiction"
    WHOLE_AND_PARTS = "whole_and_parts"
    UNUSED_MAP = "unused_map"
    UNCLEAR_COLUMN = "unclear_column"
    VALUE = "value"
    FORMULA = "formula"
    NOT_A_NUMBER = "not_a_number"
    UNCLEAR_ROW = "unclear_row"
    NO_NUMBER = "no_number"
    ABOVE_HEADER = "above_header"
    BELOW_SUMMARY = "below_summary"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Problem:
    """A fault and its place: `row` from 1, `column` from 0, None where it is the whole; `text` is what stands there."""

    fault: Fault
    row: int | None = None
    column: int | None = None
    text: str = ""
    other: str = ""


@dataclass(frozen=True)
class Target:
    """What a header names: an item of an unsur; `whole` where it is the unsur itself, not one of its items."""

    unsur: str
    item: str
    whole: bool


@dataclass(frozen=True)
class Column:
    """A column of answers."""

    place: int
    header: str
    target: Target


@dataclass(frozen=True)
class Header:
    """The header line: `row` from 1, places from 0.

    `number` is the column of the respondents' numbers; `labels` the columns left of the answers, where a summary line
    has its name; `ignored` columns are known to hold no answers, `unknown` ones are watched.
    """

    row: int
    width: int
    columns: tuple[Column, ...]
    number: int | None
    labels: tuple[int, ...]
    ignored: tuple[tuple[int, str], ...]
    unknown: tuple[tuple[int, str], ...]


class Names:
    """The names of an instrument's unsur and items, and what a map made of them."""

    def __init__(self, instrument: Instrument, renamed: Mapping[str, str] | None = None) -> None:
        """`renamed`: header → unsur or item, by any name this class knows. SkmError where it knows none."""
        self._unsur = {unsur.key: unsur for unsur in instrument.unsur}
        self._codes = {_normal(unsur.rule): _whole(unsur) for unsur in instrument.unsur}
        self._names = {name: target for unsur in instrument.unsur for name, target in _names(unsur)}
        self.renamed = self._map(renamed or {})

    def _map(self, renamed: Mapping[str, str]) -> Mapping[str, Target]:
        found = {}
        for header, name in renamed.items():
            target = self._by_name(name) or self._by_code(name, {})
            if target is None:
                raise SkmError(f"{name!r} names no unsur and no item of the instrument")
            found[_map_key(header)] = target
        return found

    def target(self, header: str) -> Target | None:
        """What a header names, None where nothing; SkmError where its code and its name contradict each other."""
        if (mapped := self.renamed.get(_normal(header))) is not None:
            return mapped
        by_code = self._by_code(header, self.renamed)
        if by_code is None:
            return self._by_name(header)
        by_name = self._by_name(_code(header)[2])
        if by_name is not None and by_name.unsur != by_code.unsur:
            raise SkmError(f"{header!r} is the code of {by_code.unsur} and the name of {by_name.unsur}")
        return by_code

    def used(self, headers: Iterable[str]) -> set[str]:
        """The entries of the map that a header line makes use of."""
        found = set()
        for header in headers:
            number, part, _ = _code(header)
            found |= {_normal(header), f"u{number}", f"u{number} {part}"} & self.renamed.keys()
        return found

    def _by_code(self, header: str, renamed: Mapping[str, Target]) -> Target | None:
        number, part, _ = _code(header)
        if (exact := renamed.get(f"u{number} {part}")) is not None:
            return exact
        whole = renamed.get(f"u{number}") or self._codes.get(f"u{number}")
        return self._part(whole, int(part)) if whole and part else whole

    def _by_name(self, header: str) -> Target | None:
        name = _normal(header)
        if name not in self._names and (match := _PART.fullmatch(name)) is not None:
            whole = self._names.get(match[1])
            return self._part(whole, int(match[2])) if whole and whole.whole else None
        return self._names.get(name)

    def _part(self, whole: Target, number: int) -> Target:
        items = self._unsur[whole.unsur].items
        known = len(items) > 1 and 1 <= number <= len(items)
        return Target(whole.unsur, items[number - 1].key if known else f"{whole.unsur}.{number}", False)


def _normal(text: str) -> str:
    """Lower case, only words, without `dan` and `and`, which offices put in and leave out."""
    words = re.split(r"[\W_]+", text.casefold())
    return " ".join(word for word in words if word and word not in ("dan", "and"))


def _code(header: str) -> tuple[str, str, str]:
    """(number, part, what is left) of `U3.1 Waktu`; empty where the header is no code."""
    match = _CODE.fullmatch(header.strip().casefold())
    return (str(int(match[1])), str(int(match[2])) if match[2] else "", match[3]) if match else ("", "", "")


def _map_key(header: str) -> str:
    number, part, _ = _code(header)
    return f"u{number} {part}".strip() if number else _normal(header)


def _whole(unsur: Unsur) -> Target:
    return Target(unsur.key, unsur.items[0].key if len(unsur.items) == 1 else unsur.key, True)


def _names(unsur: Unsur) -> Iterable[tuple[str, Target]]:
    for name in (unsur.key, *unsur.name.values()):
        yield _normal(name), _whole(unsur)
    for item in unsur.items:
        target = _whole(unsur) if len(unsur.items) == 1 else Target(unsur.key, item.key, False)
        for name in (item.key, *item.question.values()):
            yield _normal(name), target


def recognised(rows: Iterable[Sequence[str]], names: Names) -> int:
    """How many columns of the best header line among these rows name an unsur; 0 where there is none."""
    return max((_score(row, names) for row in rows), default=0)


def _score(row: Sequence[str], names: Names) -> int:
    return len({target for cell in row if (target := _target(cell, names)) is not None})


def _target(cell: str, names: Names) -> Target | None:
    """For counting: a contradiction is a name too, it is told once the line is known to be the header."""
    try:
        return names.target(cell)
    except SkmError:
        return Target("", cell, False)


def find_header(rows: Sequence[Sequence[str]], names: Names) -> tuple[Header | None, list[Problem]]:
    """The header among the first rows of a table and everything that is wrong with it; None where there is none."""
    best = max(range(len(rows)), key=lambda place: (_score(rows[place], names), -place), default=None)
    if best is None or not _score(rows[best], names):
        return None, [Problem(Fault.NO_HEADER)]
    cells = [cell.strip() for cell in rows[best]]
    columns, problems = _columns(cells, best + 1, names)
    problems += _contradictions(columns, best + 1)
    problems += [
        Problem(Fault.UNUSED_MAP, best + 1, None, header) for header in sorted(names.renamed.keys() - names.used(cells))
    ]
    return _header(best, cells, rows[:best], columns), problems


def _columns(cells: Sequence[str], row: int, names: Names) -> tuple[list[Column], list[Problem]]:
    columns, problems = [], []
    for place, cell in enumerate(cells):
        try:
            target = names.target(cell)
        except SkmError:
            problems.append(Problem(Fault.CONTRADICTION, row, place, cell))
            continue
        if target is not None:
            columns.append(Column(place, cell, target))
        elif _code(cell)[0]:
            problems.append(Problem(Fault.UNKNOWN_UNSUR, row, place, cell))
    return columns, problems


def _contradictions(columns: Sequence[Column], row: int) -> list[Problem]:
    problems, seen, first = [], dict[str, Column](), dict[str, Column]()
    for column in columns:
        other = first.setdefault(column.target.unsur, column)
        if (same := seen.setdefault(column.target.item, column)) is not column:
            problems.append(Problem(Fault.TWICE, row, column.place, column.header, same.header))
        elif other is not column and (column.target.whole or other.target.whole):
            problems.append(Problem(Fault.WHOLE_AND_PARTS, row, column.place, column.header, other.header))
    return problems


def _header(best: int, cells: Sequence[str], above: Sequence[Sequence[str]], columns: Sequence[Column]) -> Header:
    taken = {column.place for column in columns}
    left = min(taken, default=0)
    rest = [(place, cell) for place, cell in enumerate(cells) if place not in taken]
    number = next((place for place, cell in rest if _is_number(place, cell, above)), None)
    ignored = [(place, cell) for place, cell in rest if _no_answers(cell) or (place < left and not cell)]
    ignored += [(number, cells[number])] if number is not None and (number, cells[number]) not in ignored else []
    return Header(
        row=best + 1,
        width=len(cells),
        columns=tuple(columns),
        number=number,
        labels=tuple(place for place, _ in rest if place < left),
        ignored=tuple(sorted(ignored)),
        unknown=tuple(entry for entry in rest if entry not in ignored),
    )


def _is_number(place: int, cell: str, above: Sequence[Sequence[str]]) -> bool:
    """True under `No. Urut Resp`, also where that cell is merged with the ones below and so stands further up."""
    if cell:
        return _NUMBER.fullmatch(_normal(cell)) is not None
    return any(place < len(row) and _NUMBER.fullmatch(_normal(row[place])) is not None for row in above)


def _no_answers(cell: str) -> bool:
    return _normal(cell) in _NO_ANSWERS or _NUMBER.fullmatch(_normal(cell)) is not None
