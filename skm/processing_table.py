"""The processing table: one row per respondent, read strictly into how often each profile of answers occurs.

It is the annex of PermenPANRB 14/2017: titles, a header, a row for every respondent, then the lines Σ nilai, NRR, NRR
tertimbang and IKM with a legend. Rows come in as text; a row is a respondent's where the column of numbers has a number
or nothing and at least one answer is there. Whatever is no such row and not known to be harmless is a problem, and
with one problem nothing is read. What is left out is told: `ProcessingTable.left_out` and `ignored`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import itemgetter

from skm.errors import SkmError
from skm.index import squares_of_profiles
from skm.instrument import Instrument, Item
from skm.table_header import HEADER_ROWS, Column, Fault, Header, Names, Problem, find_header
from skm.tally import Tally, tally_of_profiles

PROBLEMS_KEPT = 50  # the others are counted only
_VALUE = re.compile(r"([1-4])(?:[.,]0{1,2})?")
_RESPONDENT = re.compile(r"[a-z]{0,5}[ .-]{0,2}[0-9][0-9.,]*\)?")  # 12, 12., 1.234, R-012, Resp. 12
_SUMMARY = re.compile(
    r"(?:σ|jumlah|jml|total|sum|sigma|nrr|ikm|rata|rerata|rata2|average|mean|indeks|index|mutu|kinerja|konversi"
    r"|keterangan|ket|catatan|nilai (?:unsur|per unsur|rata|indeks|ikm|konversi|interval|nrr|total|akhir))\b"
)
_BAD = 255  # stands in a profile for a cell that is no answer; 0 is an empty one
_ANSWERED = bytes([0, *[1] * 255])
_BETWEEN = "\0"  # joins the cells of a row: no text of a table holds it


class Left(StrEnum):
    """Why lines that are no respondents were left out."""

    TITLE = "title"
    SECOND_HEADER = "second_header"
    SUMMARY = "summary"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class ProcessingTable:
    """A table that was read: `profiles[values]` = how many respondents gave these values of `items` (0: not answered).

    `instrument` holds the unsur that the table has columns for, with the table's own items. `left_out`: kind → rows
    (from 1). `ignored`: (place, header) of the columns that are no answers.
    """

    instrument: Instrument
    items: tuple[str, ...]
    profiles: Mapping[bytes, int]
    left_out: Mapping[Left, Sequence[int]]
    ignored: tuple[tuple[int, str], ...]

    @cached_property
    def tally(self) -> Tally:
        """The counts with their squares."""
        profiles = self.profiles.items()
        squares = squares_of_profiles(self.items, profiles, self.instrument)
        return replace(tally_of_profiles(self.items, profiles), squares=squares)

    @cached_property
    def respondents(self) -> Mapping[str, int]:
        """Unsur → how many respondents answered at least one of its items."""
        return {unsur.key: self._respondents([item.key for item in unsur.items]) for unsur in self.instrument.unsur}

    def _respondents(self, items: Sequence[str]) -> int:
        if len(items) == 1:
            return self.tally.answered(items[0])
        places = [self.items.index(item) for item in items]
        return sum(people for asked, people in self._answered.items() if any(asked[place] for place in places))

    @cached_property
    def _answered(self) -> Mapping[bytes, int]:
        """How many left the same cells empty: far fewer cases than profiles."""
        found: Counter[bytes] = Counter()
        for profile, people in self.profiles.items():
            found[profile.translate(_ANSWERED)] += people
        return found


class TableProblems(SkmError):
    """A table that cannot be read: the first `PROBLEMS_KEPT` problems in the order of rows, and how many there are."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__(f"{total} problems in the table, first: {problems[0]}")
        self.problems, self.total = tuple(problems), total


def read_table(rows: Iterable[Sequence[str]], instrument: Instrument, names: Names, *, ragged: bool) -> ProcessingTable:
    """The table in these rows of cells (the first row is row 1); TableProblems lists everything that is wrong.

    `ragged`: rows end with their last filled cell, as those of a sheet do. In a text file a row of another length than
    the header is a decimal comma that was taken for a separator, or was cut off.
    """
    lines = iter(rows)
    head: list[Sequence[str]] = list(islice(lines, HEADER_ROWS))
    if ragged:
        width = max(map(len, head), default=0)
        head = [[*row, *[""] * (width - len(row))] for row in head]
    header, problems = find_header(head, names)
    if header is None or problems:
        raise TableProblems(problems[:PROBLEMS_KEPT], len(problems))
    reader = _Reader(header, names, ragged)
    reader.above(head[: header.row - 1])
    reader.below(chain(head[header.row :], lines))
    return reader.table(instrument)


class _Reader:
    """What is known so far while the rows go by."""

    def __init__(self, header: Header, names: Names, ragged: bool) -> None:
        self.header, self.names, self.ragged = header, names, ragged
        self.places = tuple(column.place for column in header.columns)
        self.counts: dict[str, int] = {}  # by the cells of a row as they stand: valid ones only
        self.seen: set[str] = set()  # the cells of proper answers, a handful of spellings
        self.left: dict[Left, list[int]] = {}
        self.problems: list[Problem] = []
        self.total = 0
        self.watched = {place: 0 for place, _ in header.unknown}  # place → how many respondents have 1 to 4 there
        self.in_summary = False
        self.numbered = False  # does any respondent carry a number?
        self.unnumbered: list[int] = []

    def problem(self, fault: Fault, row: int, column: int | None = None, text: str = "") -> None:
        self.total += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append(Problem(fault, row, column, text))

    def leave(self, kind: Left, row: int) -> None:
        self.left.setdefault(kind, []).append(row)

    def above(self, rows: Sequence[Sequence[str]]) -> None:
        for number, row in enumerate(rows, start=1):
            if self._looks_like_respondent(self._padded(row)):
                self.problem(Fault.ABOVE_HEADER, number)
            elif any(cell.strip() for cell in row):
                self.leave(Left.TITLE, number)

    def below(self, rows: Iterable[Sequence[str]]) -> None:
        """Most rows of a long table hold a number and cells that were seen in others; they only add one."""
        counts, width, watched, seen = self.counts, self.header.width, self.watched, self.seen
        pick = itemgetter(*self.places) if len(self.places) > 1 else lambda row: (row[self.places[0]],)
        for at, row in enumerate(rows, start=self.header.row + 1):
            if len(row) == width:
                answers = pick(row)
                if seen.issuperset(answers) and any(answers) and self._is_plain(row):
                    cells = _BETWEEN.join(answers)
                    counts[cells] = counts.get(cells, 0) + 1
                    self.numbered = self.numbered or self.header.number is not None
                    if watched:
                        self._watch(row)
                    continue
            self._line(at, row)

    def _is_plain(self, row: Sequence[str]) -> bool:
        number, labels = self.header.number, self.header.labels
        if number is not None:
            plain = row[number].rstrip(".").isdigit()
        else:
            plain = not labels or (bool(row[labels[0]].strip()) and not _names_summary(row[labels[0]]))
        return plain and not self.in_summary

    def _line(self, at: int, row: Sequence[str]) -> None:
        if not any(cell.strip() for cell in row):
            return
        cells = self._padded(row)
        values = {_value(cells[place]) for place in self.places}
        if (label := self._label(cells)) is not None:
            self._summary(at, label, cells)
        elif self.in_summary:
            self._after_summary(at, cells)
        elif values == {0}:
            self.leave(Left.UNANSWERED, at)
        elif _BAD in values and self._is_second_header(at, cells):
            self.leave(Left.SECOND_HEADER, at)
        else:
            self._respondent(at, row, cells)

    def _padded(self, row: Sequence[str]) -> list[str]:
        return [*row, *[""] * (self.header.width - len(row))]

    def _respondent(self, at: int, row: Sequence[str], cells: Sequence[str]) -> None:
        before, number = self.total, self.header.number
        if any(cell.strip() for cell in row[self.header.width :]):
            self.problem(Fault.TOO_LONG, at)
            return
        if not self.ragged and len(row) <= max(self.places):
            self.problem(Fault.TOO_SHORT, at)
            return
        if number is not None and cells[number].strip() and not self._has_number(cells):
            self.problem(Fault.NOT_A_NUMBER, at, number, cells[number].strip())
        if number is not None and cells[number].strip():
            self.numbered = True
        elif number is not None:
            self.unnumbered.append(at)
        for place in self.places:
            if _value(cells[place]) == _BAD:
                fault = Fault.FORMULA if cells[place].startswith("=") else Fault.VALUE
                self.problem(fault, at, place, cells[place].strip())
        if self.total == before:
            answers = [cells[place] for place in self.places]
            self.seen.update(cell for cell in answers if not cell or cell.strip())  # blanks alone answer nothing
            key = _BETWEEN.join(answers)
            self.counts[key] = self.counts.get(key, 0) + 1
            self._watch(cells)

    def _watch(self, cells: Sequence[str]) -> None:
        """A column of unknown name is harmless once a respondent has something else there than 1 to 4."""
        for place in list(self.watched):
            value = _value(cells[place])
            if value == _BAD:
                del self.watched[place]
            elif value:
                self.watched[place] += 1

    def _has_number(self, cells: Sequence[str]) -> bool:
        number = self.header.number
        return number is not None and _RESPONDENT.fullmatch(cells[number].strip().casefold()) is not None

    def _looks_like_respondent(self, cells: Sequence[str]) -> bool:
        values = {_value(cells[place]) for place in self.places}
        number = self.header.number
        numbered = number is None or not cells[number].strip() or self._has_number(cells)
        return numbered and _BAD not in values and values != {0}

    def _label(self, cells: Sequence[str]) -> int | None:
        """The column in which a summary line has its name: the first filled one left of the answers."""
        label = next((place for place in self.header.labels if cells[place].strip()), None)
        if label is None or self._has_number(cells) or not _names_summary(cells[label]):
            return None
        return label

    def _summary(self, at: int, label: int, cells: Sequence[str]) -> None:
        """Beside proper answers a label under a heading of its own may be a respondent's: a service called `IKM`."""
        own = label != self.header.number and dict(self.header.ignored + self.header.unknown)[label]
        if own and self._looks_like_respondent(cells):
            self.problem(Fault.UNCLEAR_ROW, at, label, cells[label].strip())
            return
        self.in_summary = True
        self.leave(Left.SUMMARY, at)

    def _after_summary(self, at: int, cells: Sequence[str]) -> None:
        if self._looks_like_respondent(cells):
            self.problem(Fault.BELOW_SUMMARY, at)
        else:
            self.leave(Left.SUMMARY, at)

    def _is_second_header(self, at: int, cells: Sequence[str]) -> bool:
        """The header on a new page, the names of unsur below their codes, or the line that numbers the columns."""
        filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
        if at == self.header.row + 1 and all(text == str(place - filled[0][0] + 1) for place, text in filled):
            return True
        return all(self._is_own_name(column, cells[column.place]) for column in self.header.columns)

    def _is_own_name(self, column: Column, text: str) -> bool:
        try:
            return self.names.target(text) == column.target
        except SkmError:
            return False

    def table(self, instrument: Instrument) -> ProcessingTable:
        """The end: everything that is wrong, or the table."""
        people = sum(self.counts.values())
        for place, name in self.header.unknown:
            if self.watched.get(place, 0) * 2 > people:  # a legend beside the table may number its lines from 1 to 4
                self.problem(Fault.UNCLEAR_COLUMN, self.header.row, place, name)
        for at in self.unnumbered if self.numbered else ():
            self.problem(Fault.NO_NUMBER, at, self.header.number)  # averages may look like answers
        if not self.counts and not self.total:
            self.problem(Fault.NOBODY, self.header.row)
        if self.total:
            raise TableProblems(self.problems, self.total)
        own = _instrument(instrument, self.header.columns)
        items = tuple(item.key for unsur in own.unsur for item in unsur.items)
        order = [[column.target.item for column in self.header.columns].index(item) for item in items]
        profiles: dict[bytes, int] = {}
        for key, count in self.counts.items():
            cells = key.split(_BETWEEN)
            profile = bytes([_value(cells[place]) for place in order])
            profiles[profile] = profiles.get(profile, 0) + count
        ignored = tuple(sorted(self.header.ignored + self.header.unknown))
        return ProcessingTable(own, items, profiles, self.left, ignored)


@lru_cache(maxsize=256)
def _value(cell: str) -> int:
    """1..4, 0 for an empty cell, else `_BAD`."""
    text = cell.strip()
    match = _VALUE.fullmatch(text)
    return int(match[1]) if match else _BAD if text else 0


@lru_cache(maxsize=1024)
def _names_summary(text: str) -> bool:
    words = re.sub(r"[\W_]+", " ", text.replace("∑", "Σ").casefold()).strip()
    return _SUMMARY.match(words) is not None


def _instrument(instrument: Instrument, columns: Sequence[Column]) -> Instrument:
    """The instrument as the table asks it: its unsur in the rule's order, each with the items that have a column."""
    known = {item.key: item for item in instrument.items()}
    asked: dict[str, list[Item]] = {}
    for column in columns:
        key = column.target.item
        asked.setdefault(column.target.unsur, []).append(known.get(key, Item(key, {}, {})))
    return replace(
        instrument,
        unsur=tuple(replace(u, items=tuple(asked[u.key])) for u in instrument.unsur if u.key in asked),
    )
