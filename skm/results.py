"""The published contract: one unit's figures of one period, to and from the mapping that is written as JSON.

Format 1. Decimals are strings, keys are sorted by the encoder, nothing in it comes from a clock. A file is a sum of
whole release blocks (docs/release-rule.md); everything else in it follows from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from skm import index
from skm.errors import SkmError
from skm.instrument import Instrument
from skm.periods import Period, parse_period
from skm.tally import EMPTY, Tally

FORMAT = 1


@dataclass(frozen=True)
class ReleasedBlock:
    """A published block: `home` is the shortest period that contains all of its answers, `no` counts per home."""

    home: Period
    no: int
    tally: Tally


@dataclass(frozen=True)
class Result:
    """What is known in public of a unit in a period."""

    code: str
    period: Period
    instrument: str  # its `versi`: id, version and way of asking for biaya
    blocks: tuple[ReleasedBlock, ...]
    final: bool
    held: int  # counted answers that stay out for good; known when final
    example: bool  # holds simulated answers: never a real office's figure

    @property
    def tally(self) -> Tally:
        """The pooled counts."""
        return sum((block.tally for block in self.blocks), EMPTY)


@dataclass(frozen=True)
class Figures:
    """A result computed: exact values; `mutu` only for final figures (rule 2)."""

    n: int
    nrr: Mapping[str, Fraction]
    ikm: Fraction
    mutu: index.Mutu | None
    ikm_without_biaya: Fraction | None
    convention: index.Convention


GRADE_MIN_N = 10  # under it the grade is withheld whatever k a registry sets


def figures(
    tally: Tally,
    instrument: Instrument,
    final: bool,
    convention: index.Convention = index.Convention.EXACT,
) -> Figures | None:
    """The figures of a tally, or None where nobody answered anything."""
    nrr = index.nrr(tally, instrument)
    if not nrr:
        return None
    value = index.ikm(nrr, convention)
    rest = {key: mean for key, mean in nrr.items() if key != "biaya"}
    graded = final and tally.n >= GRADE_MIN_N
    without = index.ikm(rest) if rest and len(rest) < len(nrr) else None
    return Figures(tally.n, nrr, value, index.mutu(value) if graded else None, without, convention)


def decimal_text(value: Fraction | Decimal, places: int = 2) -> str:
    """A figure as published: rounded half up, decimal point."""
    return str(index.round_half_up(Fraction(value), places))


def to_mapping(result: Result, instrument: Instrument) -> dict[str, Any]:
    """The content of `results/<period>/<code>.json`; `instrument` is the one that the result names."""
    found = figures(result.tally, instrument, result.final)
    mapping: dict[str, Any] = {
        "format": FORMAT,
        "code": result.code,
        "period": str(result.period),
        "final": result.final,
        "instrument": result.instrument,
        "blocks": [
            {
                "period": str(block.home),
                "no": block.no,
                "n": block.tally.n,
                "counts": {item: list(counts) for item, counts in block.tally.counts.items()},
            }
            for block in result.blocks
        ],
        "n": result.tally.n,
        "convention": index.Convention.EXACT.value,
        "nrr": {key: decimal_text(value) for key, value in found.nrr.items()} if found else {},
        "ikm": decimal_text(found.ikm) if found else None,
        "mutu": found.mutu.letter if found and found.mutu else None,
        "kinerja": found.mutu.kinerja if found and found.mutu else None,
    }
    if result.final:
        mapping["held"] = result.held
    if result.example:
        mapping["example"] = True
    return mapping


def from_mapping(data: Mapping[str, Any]) -> Result:
    """A result from a file's content; figures are never read back, they follow from the blocks. SkmError."""
    if not isinstance(data, Mapping):
        raise SkmError("results are an object")
    if data.get("format") != FORMAT:
        raise SkmError(f"results format {data.get('format')!r} is not {FORMAT}")
    try:
        blocks = tuple(
            ReleasedBlock(parse_period(b["period"]), int(b["no"]), _tally(int(b["n"]), b["counts"]))
            for b in data["blocks"]
        )
        return Result(
            code=data["code"],
            period=parse_period(data["period"]),
            instrument=data["instrument"],
            blocks=blocks,
            final=bool(data["final"]),
            held=int(data.get("held", 0)),
            example=bool(data.get("example", False)),
        )
    except SkmError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SkmError(f"results of {data.get('code', '?')}: {error} is missing or wrong") from error


def _tally(n: int, counts: Mapping[str, Iterable[int]]) -> Tally:
    found = {}
    for item, values in counts.items():
        a, b, c, d = map(int, values)
        found[item] = (a, b, c, d)
    return Tally(n, found)
