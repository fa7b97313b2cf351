"""How many respondents a unit needs: Krejcie & Morgan (1970), as the annex of PermenPANRB 14/2017 prints it."""

from fractions import Fraction
from functools import lru_cache

from skm.errors import SkmError

_LAMBDA2 = Fraction(3841, 1000)  # chi-square, 1 degree of freedom, 5 %
_PQ = Fraction(1, 4)  # P = Q = 0,5
_D2 = Fraction(25, 10000)  # d = 0,05

# The rows the annex prints; units in practice read the nearest one.
TABLE_N = (
    *range(10, 100, 5),
    *range(100, 300, 10),
    *range(300, 500, 20),
    *range(500, 1000, 50),
    *range(1000, 2000, 100),
    *range(2000, 3000, 200),
    *range(3000, 5000, 500),
    *range(5000, 10000, 1000),
    10000,
    15000,
    20000,
    30000,
    40000,
    50000,
    75000,
    1000000,
)


def formula(users: int) -> Fraction:
    """S = λ²·N·P·Q / (d²(N−1) + λ²·P·Q) for N `users` of a service in the period, exact; SkmError below 1."""
    if users < 1:
        raise SkmError(f"the number of users must be 1 or more, not {users}")
    return _LAMBDA2 * users * _PQ / (_D2 * (users - 1) + _LAMBDA2 * _PQ)


def sample_size(users: int) -> int:
    """Required respondents of N users: the formula rounded to nearest; SkmError below 1.

    Krejcie & Morgan (1970), printed as a table in the annex of PermenPANRB 14/2017.
    """
    return int(formula(users) + Fraction(1, 2))


@lru_cache(maxsize=1024)  # a unit's periods ask for the same one
def table_row(users: int) -> tuple[int, int]:
    """(N, S) of the printed row nearest to `users`; the larger row where two are equally near."""
    nearest = min(TABLE_N, key=lambda row: (abs(row - users), -row))
    return nearest, sample_size(nearest)


def quota(required: int, collected: int, periods_left: int) -> int:
    """Respondents for this period of the year: what remains of the year's sample, over the periods left, rounded up.

    `periods_left` counts this one; SkmError below 1. Never below 0, however much was collected.
    """
    if periods_left < 1:
        raise SkmError(f"a quota needs at least one period that is left, not {periods_left}")
    return max(0, -((collected - required) // periods_left))
