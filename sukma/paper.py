"""Paper forms that somebody typed into a table: every row becomes an answer, or every mistake is told with its cell.

The columns are named as the fields of the form (docs/operations.md). A row's id follows from what it says, so that a
file that is given twice is recorded once.
"""

import json
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import chain, islice
from typing import Any
from uuid import UUID, uuid5

from form_backend.errors import ClosedUnit, UnknownUnit
from form_backend.intake import Intake
from form_backend.store.piles import Pile, add_import
from form_backend.submission import Submission
from skm.codes import in_lower_case
from skm.instrument import SCALE
from skm.responses import ATTRIBUTES, HONEYPOT, LANGUAGES, Fault, Form, Response, SubmissionError, unfit_character
from skm.table_header import HEADER_ROWS
from skm.units import Registry, Unit

UNIT, CHANNEL = "unit", "kertas"
OLDEST = timedelta(days=366)  # a day longer ago is a slip of the pen
_BEFORE = 20  # characters by which a person finds the place in a cell
_NOT_ON_PAPER = {"id", "k", "durasi", HONEYPOT}
_NAMESPACE = UUID("6f1c1a52-4a0e-5d0f-9c55-0a8d3a3d1d0e")  # any fixed one; the ids of rows are made in it
_VALUE = re.compile(r"([1-4])[.,]0{1,2}")
_ISO_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T00:00:00)?")  # with the time that a sheet's date has
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")  # as Indonesians write it: day first


@dataclass(frozen=True)
class Typed:
    """A row that is an answer. `code` is what stands on the paper, `unit` who takes answers for it now."""

    row: int
    code: str
    unit: Unit
    response: Response


@dataclass(frozen=True)
class CellFault:
    """What is wrong: `key` names the sentence, `values` go into it; row from 1, column from 0, None for all of it."""

    row: int
    column: int | None
    key: str
    values: Mapping[str, str]


class PaperProblems(Exception):
    """A table that cannot be recorded; every fault, in the order of rows."""

    def __init__(self, faults: Sequence[CellFault]) -> None:
        super().__init__(f"{len(faults)} faults, first: {faults[0]}")
        self.faults = tuple(sorted(faults, key=lambda fault: fault.row))


def columns(registry: Registry) -> frozenset[str]:
    """The names that a column may have."""
    forms = {registry.instrument(unit) for unit in registry.units}
    return frozenset({UNIT}.union(*(Form(form).fields() for form in forms)) - _NOT_ON_PAPER)


def recognised(rows: Sequence[Sequence[str]], known: frozenset[str]) -> int:
    """How many columns of the best header among these rows are known; none without a column of units."""
    return max((len(found) for row in rows if UNIT in (found := set(_names(row)) & known)), default=0)


def read_forms(rows: Iterable[Sequence[str]], intake: Intake, today: date, batch: str, *, ragged: bool) -> list[Typed]:
    """The answers in these rows (the first row is row 1), with their ids; PaperProblems with every fault.

    `ragged`: rows end with their last filled cell, as those of a sheet do.
    """
    lines = iter(rows)
    head = list(islice(lines, HEADER_ROWS))
    known = columns(intake.registry())
    place = next((number for number, row in enumerate(head) if recognised([row], known)), None)
    if place is None:
        raise PaperProblems([CellFault(1, None, "paper_no_header", {})])
    header = _names(head[place])
    faults = list(_header_faults(header, known, place + 1))
    if faults:
        raise PaperProblems(faults)
    found = []
    for number, row in enumerate(chain(head[place + 1 :], lines), place + 2):
        if any(cell.strip() for cell in row):
            typed = _Row(number, header, [cell.strip() for cell in row], ragged).read(intake, today)
            faults += typed if isinstance(typed, list) else []
            found += [typed] if isinstance(typed, Typed) else []
    faults += _lacking(found, header, intake.registry(), place + 1)
    if not found and not faults:  # an empty pile is a slip: a filter, another sheet, a file that was not saved
        faults.append(CellFault(place + 1, None, "paper_no_forms", {}))
    if faults:
        raise PaperProblems(faults)
    return list(_with_ids(found, batch))


def known_rows(forms: Sequence[Typed], known: Container[str | None]) -> list[int]:
    """The rows of those whose id is known."""
    return [one.row for one in forms if one.response.id in known]


def continues(forms: Sequence[Typed], known: int, pile: Sequence[Mapping[str, Any]]) -> bool:
    """True where a file, of whose forms so many are known, is its pile again, or all of that pile with more forms.

    `pile`: what the audit holds of each import under its name. Anything else may be another pile that happens to have
    this one's name, whose equal forms are other people.
    """
    repeated = digest(forms) in {entry["digest"] for entry in pile}
    return not known or repeated or known >= sum(entry["recorded"] for entry in pile)


def record(intake: Intake, forms: Sequence[Typed], batch: str, actor: str, now: datetime) -> list[int]:
    """Record them and write it down, all of it or nothing; the rows that had been recorded before. AlreadyImported."""
    new = intake.new_answers((one.unit, one.response, now) for one in forms)
    done = add_import(intake.store, new, Pile(batch, digest(forms)), actor, now)
    return [form.row for form, one in zip(forms, done, strict=True) if one.duplicate]


def digest(forms: Sequence[Typed]) -> str:
    """What a file says, whatever its name, its format and the order of its rows."""
    return sha256("\n".join(sorted(_content(one) for one in forms)).encode()).hexdigest()


@dataclass(frozen=True)
class _Row:
    number: int
    header: Sequence[str]
    cells: Sequence[str]
    ragged: bool

    def read(self, intake: Intake, today: date) -> Typed | list[CellFault]:
        beyond = len(self.cells) - len(self.header)
        if any(self.cells[len(self.header) :]) or (beyond and not self.ragged):
            counts = {"cells": str(len(self.cells)), "columns": str(len(self.header))}
            return [CellFault(self.number, None, "paper_width", counts)]
        given = {name: cell for name, cell in zip(self.header, self.cells, strict=False) if name and cell}
        code = in_lower_case(given.pop(UNIT, ""))
        fields = {name: _plain(name, cell) for name, cell in given.items()}
        faults = [*self._cell_faults(), *self._day_faults(fields, today)]
        if not code:
            return [*faults, self._fault(UNIT, "paper_no_unit")]
        try:
            unit, response = intake.typed(code, Submission({name: [text] for name, text in fields.items()}))
        except UnknownUnit:
            return [*faults, self._fault(UNIT, "paper_unknown_unit")]
        except ClosedUnit:
            return [*faults, self._fault(UNIT, "paper_closed_unit")]
        except SubmissionError as error:
            named, unit = {fault.column for fault in faults}, intake.unit(code)
            more = [self._refused(problem.field, problem.fault, unit, intake) for problem in error.problems]
            return [*faults, *(fault for fault in more if fault.column not in named)]
        if not response.answers:
            faults.append(self._fault(None, "paper_nothing"))
        return faults or Typed(self.number, code, unit, replace(response, channel=CHANNEL))

    def _cell_faults(self) -> Iterator[CellFault]:
        for column, (name, cell) in enumerate(zip(self.header, self.cells, strict=False)):
            if cell and not name:
                yield CellFault(self.number, column, "paper_nameless", {"text": cell})
            elif cell.startswith("="):
                yield CellFault(self.number, column, "paper_formula", {"text": cell})

    def _day_faults(self, fields: Mapping[str, str], today: date) -> Iterator[CellFault]:
        text = fields.get("hari", today.isoformat())
        try:
            day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None:
            yield self._fault("hari", "paper_day")
        elif day > today:
            yield self._fault("hari", "paper_future")
        elif today - day > OLDEST:
            yield self._fault("hari", "paper_long_ago")

    def _refused(self, field: str, fault: Fault, unit: Unit, intake: Intake) -> CellFault:
        allowed = _allowed(field, unit, intake)
        if fault is not Fault.NOT_ALLOWED or allowed:
            return self._fault(field, f"paper_{fault.value}", allowed=allowed)
        if field in ("layanan", "loket"):
            return self._fault(field, f"paper_{field}")
        before, character = unfit_character(dict(zip(self.header, self.cells, strict=False))[field]) or ("", "")
        return self._fault(field, "paper_character", before=before[-_BEFORE:], characters=_numbers(character))

    def _fault(self, name: str | None, key: str, **values: str) -> CellFault:
        column = self.header.index(name) if name in self.header else None
        text = self.cells[column] if column is not None and column < len(self.cells) else ""
        return CellFault(self.number, column, key, {"name": name or "", "text": text, **values})


def _names(row: Sequence[str]) -> list[str]:
    return [cell.strip().lower() for cell in row]


def _header_faults(header: Sequence[str], known: frozenset[str], row: int) -> Iterator[CellFault]:
    for column, name in enumerate(header):
        if name and name not in known:
            yield CellFault(row, column, "paper_column", {"name": name, "known": ", ".join(sorted(known))})
        elif name and name in header[:column]:
            yield CellFault(row, column, "paper_column_twice", {"name": name})


def _lacking(found: Iterable[Typed], header: Sequence[str], registry: Registry, row: int) -> Iterator[CellFault]:
    """Questions that a unit asks and no column answers: a forgotten column would pass for people who said nothing."""
    asked = {item.key: None for form in {registry.instrument(one.unit) for one in found} for item in form.items()}
    for key in asked:
        if key not in header:
            yield CellFault(row, None, "paper_lacks_column", {"name": key})


def _plain(name: str, cell: str) -> str:
    """A cell as the form would send it: 3,0 is 3, 24/11/2026 is 2026-11-24, L is l."""
    if name == "hari":
        if match := _ISO_DAY.fullmatch(cell):
            return match[1]
        if match := _DAY.fullmatch(cell):
            return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    if not _is_text(name) and (match := _VALUE.fullmatch(cell)):
        return match[1]
    return cell.lower() if name in (*ATTRIBUTES, "lang", "versi") else cell


def _is_text(name: str) -> bool:
    return name == "saran" or name.startswith("alasan_")


def _allowed(field: str, unit: Unit, intake: Intake) -> str:
    """What may stand in a cell, where that can be listed."""
    form = intake.registry().instrument(unit)
    lists: dict[str, Iterable[object]] = {"layanan": unit.services, "lang": LANGUAGES, "versi": [form.versi]}
    lists |= dict(ATTRIBUTES) | {item.key: SCALE for item in form.items()}
    return ", ".join(map(str, lists.get(field, ())))


def _numbers(characters: str) -> str:
    """Characters that nobody could see in a sentence: U+0085."""
    return " ".join(f"U+{ord(one):04X}" for one in characters)


def _content(one: Typed) -> str:
    response = one.response
    said = [
        one.code,  # not its unit's, or the same file would be other forms once the unit has a successor
        response.hari.isoformat() if response.hari else None,
        *(sorted(part.items()) for part in (response.answers, response.attributes, response.alasan)),
        response.saran,
    ]
    return json.dumps(said, ensure_ascii=False)


def _with_ids(forms: Sequence[Typed], batch: str) -> Iterator[Typed]:
    """Equal rows of one file are as many people: the second has an id of its own."""
    seen: Counter[str] = Counter()
    for one in forms:
        content = _content(one)
        seen[content] += 1
        name = json.dumps([batch, seen[content], content], ensure_ascii=False)
        yield replace(one, response=replace(one.response, id=str(uuid5(_NAMESPACE, name))))
