"""The beta distribution and Student's t, as far as intervals need them: no library is worth these sixty lines."""

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TERMS = 100_000  # the fraction needs about √max(a, b) terms; `skm.interval` keeps both under 100 million
_STEPS = 200
_NEAR = 1e-5  # of a step's square, measured by how fast the density changes


def _cdf(x: float, a: float, b: float, front: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for 0 < x < 1 and a, b > 0 (NIST DLMF 8.17)."""
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side of the mean
        return 1 - front / _fraction(1 - x, b, a)
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of Didonato and Morris (1992), which takes two steps of DLMF 8.17.22 in one.

    By the method of Lentz; on this side of the mean no denominator comes near nothing.
    """
    rise = a * (1 - x) - b * x + 1
    value = c = a * rise / (a + 1)
    d = 0.0
    # This is where a province's build spent most of its time; Python multiplies a float by a float fastest.
    for m in map(float, range(1, _TERMS)):
        odd = a + 2.0 * m - 1.0
        both = m * (b - m) * x / odd
        over = both * (a + m - 1.0) * (a + b + m - 1.0) * x / odd
        under = m + both + (a + m) * (rise + m * (2.0 - x)) / (odd + 2.0)
        d = 1.0 / (under + over * d)
        c = under + over / c
        change = c * d
        value *= change
        if -1e-13 < change - 1.0 < 1e-13:
            break
    return value


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability: Newton's steps, halving the bracket wherever one would leave it.

    The last step follows the inverse function's Taylor series to its third power, and where the guess is good the first
    step is the last: what the series leaves out is then under 1e-11.
    """
    low, high = 0.0, 1.0
    start = _start(probability, a, b) if a > 1 and b > 1 else a / (a + b)
    x = start if low < start < high else 0.5
    constant = lgamma(a + b) - lgamma(a) - lgamma(b)
    for _ in range(_STEPS):
        front = exp(constant + a * log(x) + b * log1p(-x))  # x^a (1 − x)^b / B(a, b)
        excess = _cdf(x, a, b, front) - probability
        if excess > 0:
            high = x
        else:
            low = x
        density = front / (x * (1 - x))
        step = -excess / density if density > 0 else 1.0
        up, down = (a - 1) / x, (b - 1) / (1 - x)
        slope, curve = up - down, up / x + down / (1 - x)  # of the density's logarithm, the second downwards
        square, turn = step * step, 2 * slope * slope
        if (turn + abs(curve)) * square < _NEAR:
            return x + step - slope * square / 2 + (turn + curve) * square * step / 6
        x = x + step if low < x + step < high else (low + high) / 2
        if x in (low, high):  # no number lies between them
            break
    return x


def _start(probability: float, a: float, b: float) -> float:
    """A first guess for a, b > 1 (Carter 1947; Abramowitz and Stegun 26.5.22): off by thousandths of the spread."""
    normal, one, other = _normal_quantile(probability), 1 / (2 * a - 1), 1 / (2 * b - 1)
    part, whole = (normal**2 - 3) / 6, 2 / (one + other)
    tilt = (one - other) * (part + 5 / 6 - 2 / (3 * whole))
    return a / (a + b * exp(2 * (tilt - normal * sqrt(part + whole) / whole)))


_normal_quantile = lru_cache(maxsize=64)(NormalDist().inv_cdf)


@lru_cache(maxsize=4096)  # every unit of a size asks for the same one
def t_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t for a probability over one half: t² / (degrees + t²) has a beta distribution."""
    share = beta_quantile(2 * probability - 1, 0.5, degrees / 2)
    return sqrt(degrees * share / (1 - share))
