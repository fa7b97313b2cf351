"""The beta distribution and Student's t, as far as intervals need them: no library is worth these sixty lines."""

from functools import lru_cache
from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TINY = 1e-300
_TERMS = 100_000  # the fraction needs about √max(a, b) terms; `skm.interval` keeps both under 100 million
_STEPS = 200


def _cdf(x: float, a: float, b: float, front: float) -> float:
    """The regularised incomplete beta function I_x(a, b) for 0 < x < 1 and a, b > 0 (NIST DLMF 8.17)."""
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the other side of the mean
        return 1 - front * _fraction(1 - x, b, a) / b
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of DLMF 8.17.22 by the method of Lentz, as Thompson and Barnett changed it (1986)."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):  # written out: this is where a province's build spends its time
            d = 1 + step * d
            d = 1 / (d if d > _TINY or d < -_TINY else _TINY)
            c = 1 + step / c
            if -_TINY <= c <= _TINY:
                c = _TINY
            change = d * c
            value *= change
        if -1e-13 < change - 1 < 1e-13:
            break
    return value


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def beta_quantile(probability: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = probability: Newton's steps, halving the bracket wherever one would leave it."""
    low, high = 0.0, 1.0
    mean, slope = a / (a + b), _normal_quantile(probability)
    start = mean + slope * sqrt(mean * (1 - mean) / (a + b + 1))
    x = start if low < start < high else mean
    constant = lgamma(a + b) - lgamma(a) - lgamma(b)
    for _ in range(_STEPS):  # each of Newton's steps doubles the right digits: the last one leaves 1e-9 far behind
        front = exp(constant + a * log(x) + b * log1p(-x))  # x^a (1 − x)^b / B(a, b)
        excess = _cdf(x, a, b, front) - probability
        if excess > 0:
            high = x
        else:
            low = x
        density = front / (x * (1 - x))
        new = x - excess / density if density > 0 else low
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - x) <= 1e-9 * new or not 0 < new < 1:
            return new
        x = new
    return x


_normal_quantile = lru_cache(maxsize=64)(NormalDist().inv_cdf)


@lru_cache(maxsize=4096)  # every unit of a size asks for the same one
def t_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's t for a probability over one half: t² / (degrees + t²) has a beta distribution."""
    share = beta_quantile(2 * probability - 1, 0.5, degrees / 2)
    return sqrt(degrees * share / (1 - share))
