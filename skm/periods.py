"""Survey periods: month, quarter, half-year, year, as the regulation reports them (triwulan, semester).

PermenPANRB 14/2017 asks for a survey at least once a year; shorter periods are usual.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property, lru_cache

from skm.errors import SkmError


class PeriodKind(StrEnum):
    """The lengths a registry may choose, shortest first."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}
_KINDS = {months: kind for kind, months in _MONTHS.items()}
_FORMS = (
    (PeriodKind.MONTH, re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")),
    (PeriodKind.QUARTER, re.compile(r"([0-9]{4})-TW([1-4])")),
    (PeriodKind.HALF_YEAR, re.compile(r"([0-9]{4})-S([12])")),
    (PeriodKind.YEAR, re.compile(r"([0-9]{4})")),
)


@dataclass(frozen=True, order=True)
class Period:
    """A calendar period: the `number`-th of its kind in `year`, counted from 1. Sorts by first day, shorter first."""

    year: int
    first_month: int
    months: int

    @property
    def kind(self) -> PeriodKind:
        """Its length."""
        return _KINDS[self.months]

    @property
    def number(self) -> int:
        """1-12 for months, 1-4 for quarters, 1-2 for half-years, 1 for years."""
        return (self.first_month - 1) // self.months + 1

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return date(self.year, self.first_month, 1)

    @property
    def last_day(self) -> date:
        """The last day that belongs to it."""
        last_month = self.first_month + self.months - 1
        return date(self.year, last_month, monthrange(self.year, last_month)[1])

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year:04}-{self.number:02}"
            case PeriodKind.QUARTER:
                return f"{self.year:04}-TW{self.number}"
            case PeriodKind.HALF_YEAR:
                return f"{self.year:04}-S{self.number}"
            case _:
                return f"{self.year:04}"

    def contains(self, other: "Period") -> bool:
        """True where every day of `other` is a day of this period."""
        return self.first_day <= other.first_day and other.last_day <= self.last_day

    def longer(self) -> tuple["Period", ...]:
        """The longer periods that contain it, shortest first: a quarter has its half-year and its year."""
        return tuple(period_of(self.first_day, kind) for kind, months in _MONTHS.items() if months > self.months)

    def previous(self) -> "Period":
        """The period of the same length just before."""
        return period_of(self.first_day - timedelta(days=1), self.kind)

    def next(self) -> "Period":
        """The period of the same length just after."""
        return period_of(self.last_day + timedelta(days=1), self.kind)

    def is_open(self, day: date, grace: int) -> bool:
        """True until `grace` whole days after its last day have passed (docs/release-rule.md, rule 3)."""
        return day - timedelta(days=grace) <= self.last_day  # the other way round ends with the year 9999


@lru_cache(maxsize=1024)  # every answer of a day asks for the same one
def period_of(day: date, kind: PeriodKind) -> Period:
    """The period of `kind` that `day` falls in."""
    months = _MONTHS[kind]
    return Period(day.year, (day.month - 1) // months * months + 1, months)


@lru_cache(maxsize=1024)  # every unit has results of the same ones
def parse_period(text: str) -> Period:
    """`2026-11`, `2026-TW4`, `2026-S2` or `2026`; raises SkmError for anything else."""
    for kind, form in _FORMS:
        if match := form.fullmatch(text):
            year = int(match[1])
            number = int(match[2]) if form.groups == 2 else 1
            if year == 0:
                break
            return Period(year, (number - 1) * _MONTHS[kind] + 1, _MONTHS[kind])
    raise SkmError(f"{text!r} is not a period: write 2026-11, 2026-TW4, 2026-S2 or 2026")


def day_of(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of an aware instant in the unit's zone; storage is UTC, days are counted locally."""
    return instant.astimezone(zone).date()
