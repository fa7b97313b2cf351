"""Figures of real reports that more than one test recomputes."""

from skm.instrument import SCALE

# Perpustakaan Nasional RI, May-June 2023, 187 respondents: how many answered 1, 2, 3, 4.
PERPUSNAS = {
    "U1": (0, 0, 118, 69),
    "U2": (0, 6, 93, 88),
    "U3": (0, 3, 106, 78),
    "U4": (1, 1, 23, 162),
    "U5": (0, 1, 124, 62),
    "U6": (0, 0, 95, 92),
    "U7": (0, 0, 89, 98),
    "U8": (1, 2, 34, 150),
    "U9": (1, 19, 77, 90),
}


def respondents(counts: dict[str, tuple[int, int, int, int]]) -> list[dict[str, int]]:
    """People whose answers have these counts; which answers belong together is not known and changes nothing."""
    columns = [[v for v, n in zip(SCALE, counts[key], strict=True) for _ in range(n)] for key in counts]
    return [dict(zip(counts, row, strict=True)) for row in zip(*columns, strict=True)]
