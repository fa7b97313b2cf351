"""Tables that offices hand over: CSV and XLSX files become rows of text, or one sentence why not.

Nothing is guessed about cells here. Which separator or which sheet is meant is decided by the caller's `recognised`:
how many columns of the best header line among some rows it knows.
"""

import codecs
import csv
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from skm.table_header import HEADER_ROWS

Row = Sequence[str]
_SEPARATORS = (";", ",", "\t")
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # XLS of before 2007, and the box around an encrypted XLSX
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = b"PK\x03\x04"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")  # form feed is text: some programs end pages with it
_CHUNK = 1 << 20
_SHEET_ROWS = 1_048_576
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHOWN = 60  # characters of a cell that a sentence quotes
_CELL = 1 << 24  # characters of a cell of CSV; csv's own 131,072 would be told before the reader's rule, without a cell
_FORMULA = re.compile(rb"<f[ >/]")


class TableFileError(Exception):
    """A file that cannot be read as a table: `key` names the sentence, `values` go into it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Sheet:
    """The rows of a table: `ragged` where they end with their last filled cell; `name` where a workbook has others."""

    rows: Iterator[Row]
    ragged: bool
    name: str = ""
    unread: tuple[str, ...] = ()  # other sheets that hold a table too


@contextmanager
def open_table(path: Path, recognised: Callable[[Sequence[Row]], int]) -> Iterator[Sheet]:
    """The table in a file, open while the block runs; TableFileError here or while its rows are read."""
    readers = {".csv": _csv, ".xlsx": _xlsx}
    if not path.exists():
        raise TableFileError("table_missing")
    if not path.is_file():
        raise TableFileError("table_folder")
    start = _start(path)
    if not start:
        raise TableFileError("table_empty")
    if start == _OLE:
        raise TableFileError("table_encrypted" if _holds(path, _ENCRYPTED) else "table_xls")
    if (reader := readers.get(path.suffix.lower())) is None:
        raise TableFileError("table_extension", extension=path.suffix)
    with reader(path, start, recognised) as sheet:
        yield sheet


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_OLE))
    except OSError as error:
        raise TableFileError("table_unreadable", reason=error.strerror) from error


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _holds(path: Path, word: bytes) -> bool:
    before = b""
    for chunk in _chunks(path):
        if word in before + chunk:
            return True
        before = chunk[-len(word) :]
    return False


# CSV


@contextmanager
def _csv(path: Path, start: bytes, recognised: Callable[[Sequence[Row]], int]) -> Iterator[Sheet]:
    if start.startswith(_ZIP):
        raise TableFileError("table_is_workbook")
    csv.field_size_limit(_CELL)
    encoding = _encoding(path, start)
    separator = max(_SEPARATORS, key=lambda one: recognised(_head(path, encoding, one)))
    with path.open(encoding=encoding, newline="") as file:
        yield Sheet(_records(file, separator), ragged=False)


def _encoding(path: Path, start: bytes) -> str:
    """UTF-8 where all of the file is, else the code page of Western Windows, which Excel writes."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if any(_NO_TEXT.search(chunk) for chunk in _chunks(path)):
        raise TableFileError("table_binary")
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for chunk in _chunks(path):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise TableFileError("table_binary")


def _head(path: Path, encoding: str, separator: str) -> list[Row]:
    """The first rows, read with a separator that may be the wrong one: what it cannot read ends it."""
    found: list[Row] = []
    with path.open(encoding=encoding, newline="") as file:
        try:
            found.extend(islice(csv.reader(file, delimiter=separator), HEADER_ROWS))
        except (csv.Error, UnicodeError):
            return found
    return found


def _records(file: Any, separator: str) -> Iterator[Row]:
    reader, begun = csv.reader(file, delimiter=separator, strict=True), 1
    try:
        for row in reader:
            yield row
            begun = reader.line_num + 1
    except csv.Error as error:  # a quotation mark that is not closed is noticed lines after its own, maybe at the end
        key = "table_cell" if "field limit" in str(error) else "table_quotes"
        raise TableFileError(key, line=begun) from error
    except UnicodeError as error:
        raise TableFileError("table_binary") from error


# XLSX


@contextmanager
def _xlsx(path: Path, start: bytes, recognised: Callable[[Sequence[Row]], int]) -> Iterator[Sheet]:
    if not start.startswith(_ZIP):
        raise TableFileError("table_no_workbook")
    with warnings.catch_warnings(), ExitStack() as books:
        warnings.simplefilter("ignore")  # openpyxl's: about styles and checks of input, which are not read
        with _broken_workbooks():
            values = books.enter_context(_workbook(path, computed=True))
            formulas = books.enter_context(_workbook(path, computed=False)) if _has_formulas(path) else None
            names = [sheet.title for sheet in values.worksheets]
            good = [name for name in names if recognised(list(islice(_rows(values, formulas, name), HEADER_ROWS)))]
        if not good:
            raise TableFileError("table_no_sheet", sheets=", ".join(f"«{name}»" for name in names))
        name = good[0] if len(names) > 1 else ""
        yield Sheet(_rows(values, formulas, good[0]), ragged=True, name=name, unread=tuple(good[1:]))


@contextmanager
def _broken_workbooks() -> Iterator[None]:
    """A damaged file makes openpyxl and what is below it (zip, zlib, XML) raise whatever they stumble over."""
    try:
        yield
    except Exception as error:
        raise TableFileError("table_no_workbook") from error


def _workbook(path: Path, *, computed: bool) -> Any:
    from openpyxl import load_workbook  # a table in CSV need not wait for it

    return closing(load_workbook(path, read_only=True, data_only=computed))


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):  # sheets may have any name; a formula that is missed would pass for an empty cell
                with archive.open(name) as file:
                    before = b""
                    while chunk := file.read(_CHUNK):
                        if _FORMULA.search(before + chunk):
                            return True
                        before = chunk[-2:]
    return False


def _rows(values: Any, formulas: Any, name: str) -> Iterator[Row]:
    """The rows of a sheet as text; a formula whose value was never computed stands there as itself, `=…`."""
    sheet = values[name]
    sheet.reset_dimensions()  # as written by other programs they may be wrong, and cells beyond them would be lost
    with _broken_workbooks():
        if formulas is None:
            for row in sheet.iter_rows(values_only=True):
                yield [_text(value) for value in row]
            return
        beside = formulas[name]
        beside.reset_dimensions()
        for cells, sources in zip(sheet.iter_rows(), beside.iter_rows(), strict=True):
            yield [_computed(cell, source) for cell, source in zip(cells, sources, strict=True)]


def _computed(cell: Any, source: Any) -> str:
    # An empty text that was computed (`=IF(A1="","",A1)`) is of type string, a value that never was is of none.
    if cell.value is None and source.data_type == "f" and cell.data_type == "n":
        return str(source.value) if str(source.value).startswith("=") else "=…"
    return _text(cell.value)


def _text(value: object) -> str:
    """A cell as a person reads it; whole numbers without a decimal point, however the sheet keeps them."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)


def write_xlsx(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Rows of text as a workbook with one sheet; gives how many. TableFileError beyond what a sheet can hold."""
    from openpyxl import Workbook

    book, count = Workbook(write_only=True), 0
    sheet = book.create_sheet()
    for row in rows:
        if count == _SHEET_ROWS:
            raise TableFileError("table_too_long")
        sheet.append([_NOT_IN_XML.sub(" ", cell) for cell in row])
        count += 1
    book.save(file)
    return count


def letters(column: int) -> str:
    """The name a sheet gives a column, which is counted from 0: A … Z, AA …"""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def on_one_line(text: str) -> str:
    """All of a text, a space where it has a character that cannot be shown, or that is none."""
    return "".join(character if character.isprintable() else " " for character in text)


def shown(text: str) -> str:
    """A cell inside a sentence: on one line, and not too long. Never a name to tell things apart by: it is cut."""
    line = on_one_line(text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
