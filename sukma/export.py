"""Answers as a file for the operator: CSV, JSON or XLSX, safe to open in a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import IO

from form_backend.store.export import Exported
from skm.responses import ATTRIBUTES
from sukma.tables import write_xlsx

_FIRST = ("id", "unit", "period", "day", "hour", "channel", "language", "versi")
_LAST = ("labels", "counted", "set_aside", "released")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_csv(found: Iterable[Exported], items: Sequence[str], file: IO[bytes]) -> int:
    """UTF-8 with a mark, so that Excel reads it as such; gives the number of answers."""
    return _write_lines(_rows(found, items), file)


def write_workbook(found: Iterable[Exported], items: Sequence[str], file: IO[bytes]) -> int:
    """One sheet of texts; gives the number of answers. TableFileError where a sheet cannot hold so many."""
    return write_xlsx(_rows(found, items), file) - 1


def write_json(found: Iterable[Exported], _items: Sequence[str], file: IO[bytes]) -> int:
    """A list of objects, one a line; gives the number of answers."""
    count = 0
    for one in found:
        text = json.dumps(asdict(one), ensure_ascii=False)
        file.write(f"{',' if count else '['}\n{text}".encode())
        count += 1
    file.write(b"\n]\n" if count else b"[]\n")
    return count


def _write_lines(rows: Iterable[Sequence[str]], file: IO[bytes]) -> int:
    class Lines:
        def write(self, line: str) -> None:
            file.write(line.encode())

    file.write(b"\xef\xbb\xbf")
    writer, count = csv.writer(Lines()), -1
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _rows(found: Iterable[Exported], items: Sequence[str]) -> Iterator[list[str]]:
    attributes = (*ATTRIBUTES, "layanan", "loket")
    yield [*_FIRST, *items, *attributes, "saran", *(f"alasan_{item}" for item in items), *_LAST]
    for one in found:
        cells: list[object] = [getattr(one, name) for name in _FIRST]
        cells += [one.answers.get(item) for item in items]
        cells += [one.attributes.get(name) for name in attributes]
        cells += [one.saran, *(one.alasan.get(item) for item in items)]
        cells += [" ".join(one.labels), one.counted, one.set_aside, one.released]
        yield [_cell(value) for value in cells]


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula, whatever somebody wrote."""
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
