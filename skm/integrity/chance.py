"""Upper bounds of the probabilities that labels are decided by. Closed forms: the work does not grow with the counts.

A bound is never below the probability, so a label that needs a small bound is given a little too seldom, never too
often.
"""

from math import exp, lgamma, log


def binomial_at_least(hits: int, of: int, chance: float) -> float:
    """P(X ≥ hits) ≤ this, X binomial (Chernoff 1952); 1 where so many are nothing unusual. 0 < chance < 1."""
    share = hits / of
    if share <= chance:
        return 1.0
    rest = (1 - share) * log((1 - share) / (1 - chance)) if hits < of else 0.0
    return exp(-of * (share * log(share / chance) + rest))


def clustered_at_least(count: int, expected: float, shape: float) -> float:
    """P(N ≥ count) ≤ this, N negative binomial with this mean (> 0) and variance mean + mean²/shape.

    Beyond the mean each term is at most a fixed part of the one before: the first term and a geometric sum.
    """
    if count <= expected:
        return 1.0
    part = expected / (expected + shape)
    first = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1) + count * log(part) + shape * log(1 - part)
    ratio = part * max(1.0, (count + shape) / (count + 1))
    return min(1.0, exp(first) / (1 - ratio)) if ratio < 1 else 1.0
