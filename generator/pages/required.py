"""How many respondents a unit should have, beside how many there are; it never decides what is shown.

The number of users (N) is known of the period, or of its year: then the period's quota is what remains of the year's
sample over the periods that are left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.i18n import number, period_name
from generator.pages import bodies
from skm.results import Published
from skm.sample import quota, sample_size, table_row
from skm.units import Unit

_say = bodies.sayer("results")


@dataclass(frozen=True)
class Required:
    """What is asked for, in one sentence, and where the number comes from."""

    asked: str
    how: str


def required(unit: Unit, shown: Published, found: Iterable[Published]) -> Required | None:
    """The sample of the shown period; `found`: the unit's results, of which those of its year and length count."""
    period = shown.result.period
    if (users := unit.users_in(period)) is not None:
        asked = _say("sample_table", required=number(table_row(users)[1]), n=number(shown.tally.n))
        return Required(asked, _how(users))
    if (users := unit.users_in_year(period)) is None:
        return None
    needed = table_row(users)[1]
    earlier = (f for f in found if f.result.period.kind is period.kind and f.result.period < period)
    before = sum(f.tally.n for f in earlier if f.result.period.year == period.year)
    left = 12 // period.months - period.number + 1
    asked = _say(
        "sample_year",
        year=period.year,
        required=number(needed),
        n=number(before + shown.tally.n),
        period=period_name(period),
        quota=number(quota(needed, before, left)),
    )
    return Required(asked, _how(users))


def _how(users: int) -> str:
    row, needed = table_row(users)
    return _say(
        "sample_how", users=number(users), exact=number(sample_size(users)), row=number(row), required=number(needed)
    )
