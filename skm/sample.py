"""How many respondents a unit needs: Krejcie & Morgan (1970), as the annex of PermenPANRB 14/2017 prints it."""

from fractions import Fraction

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


def sample_size(users: int) -> int:
    """Required respondents for `users` of a service in the period, rounded to nearest; SkmError below 1."""
    if users < 1:
        raise SkmError(f"the number of users must be 1 or more, not {users}")
    exact = _LAMBDA2 * users * _PQ / (_D2 * (users - 1) + _LAMBDA2 * _PQ)
    return int(exact + Fraction(1, 2))


def table_row(users: int) -> tuple[int, int]:
    """(N, S) of the printed row nearest to `users`; the larger row where two are equally near."""
    nearest = min(TABLE_N, key=lambda row: (abs(row - users), -row))
    return nearest, sample_size(nearest)
