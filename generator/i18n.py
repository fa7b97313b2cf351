"""Words and numbers for people: texts by language, decimal commas, days and periods by name."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from skm.periods import Period, PeriodKind

_MONTHS = {
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(),
    "en": "January February March April May June July August September October November December".split(),
}
_KINDS = {
    "id": {PeriodKind.QUARTER: "Triwulan", PeriodKind.HALF_YEAR: "Semester", PeriodKind.YEAR: "Tahun"},
    "en": {PeriodKind.QUARTER: "Quarter", PeriodKind.HALF_YEAR: "Half-year", PeriodKind.YEAR: "Year"},
}
_POINTS = str.maketrans(",.", ".,")
_ROMAN = ("", "I", "II", "III", "IV")


@cache
def _file(kind: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((files("generator") / "texts" / f"{kind}.json").read_text(encoding="utf-8"))
    return content


def texts(kind: str, lang: str) -> Mapping[str, str]:
    """The interface texts of one kind of page: `texts/<kind>.json` is {lang: {key: text}}."""
    found: Mapping[str, str] = _file(kind)[lang]
    return found


def drafts(kind: str) -> frozenset[str]:
    """The languages whose texts of this kind wait for a native writer: the key `drafts` of the file."""
    return frozenset(_file(kind).get("drafts", ()))


def _names(lang: str) -> str:
    return lang if lang in _MONTHS else "id"


def number(value: int | Decimal, lang: str = "id") -> str:
    """`1.234` and `87,64` in Indonesian (and its regional languages), `1,234` and `87.64` in English."""
    text = f"{value:,}"
    return text if lang == "en" else text.translate(_POINTS)


def day(value: date, lang: str = "id") -> str:
    """`31 Desember 2026`."""
    return f"{value.day} {_MONTHS[_names(lang)][value.month - 1]} {value.year}"


@lru_cache(maxsize=1024)
def period_name(period: Period, lang: str = "id") -> str:
    """`Triwulan IV 2026`, `Semester II 2026`, `Tahun 2026`, `November 2026`."""
    names = _names(lang)
    if period.kind is PeriodKind.MONTH:
        return f"{_MONTHS[names][period.number - 1]} {period.year}"
    kind = _KINDS[names][period.kind]
    number_word = "" if period.kind is PeriodKind.YEAR else f" {_ROMAN[period.number]}"
    return f"{kind}{number_word} {period.year}"
