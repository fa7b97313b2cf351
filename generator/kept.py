"""What a build keeps beside its site, so that the next one reads nothing again that has not changed.

Of a unit everything that was published stands in its own `data.json`, which is a function of its results files; of
totals, see `generator.totals`. So the files of closed periods are read by a full build only.
"""

import json
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from generator.published import sorted_results
from generator.totals import Own
from skm import breakdown
from skm.periods import parse_period
from skm.results import NO_BREAKDOWNS, Correction, ReleasedBlock, Result
from skm.tally import Tally

KEPT = "kept.pickle"


@dataclass(frozen=True)
class Kept:
    """`rows` and `sums` are those of `Totals`; `examples`: units with simulated answers."""

    rows: Mapping[str, bytes]
    sums: Mapping[str, Own]
    examples: frozenset[str]

    def dump(self) -> bytes:
        """As written: a cache that another revision of the program never reads."""
        return pickle.dumps(vars(self), protocol=5)


def read_kept(build: Path) -> Kept | None:
    """What a build of this revision keeps; None where it cannot be read."""
    try:
        return Kept(**pickle.loads((build / KEPT).read_bytes()))
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError, ValueError):
        return None


def results_of(data: Path) -> Sequence[Result] | None:
    """The results that a unit's `data.json` was made from, the blocks of each as one; None where there is none."""
    try:
        content = json.loads(data.read_bytes())
        return sorted_results(_result(content["code"], entry) for entry in content["periods"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _result(code: str, entry: Mapping[str, Any]) -> Result:
    return Result(
        code=code,
        period=parse_period(entry["period"]),
        instrument=entry["instrument"],
        blocks=tuple(_block(entry)),
        final=entry["final"],
        held=entry.get("held", 0),
        example=entry.get("example", False),
        set_aside=entry.get("set_aside", 0),
        corrections=tuple(
            Correction(parse_period(one["period"]), date.fromisoformat(one["day"]), one["n"], one["set_aside"])
            for one in entry["corrections"]
        ),
        breakdowns=breakdown.from_mapping(entry["breakdowns"]) if "breakdowns" in entry else NO_BREAKDOWNS,
    )


def _block(entry: Mapping[str, Any]) -> Iterator[ReleasedBlock]:
    if not entry["n"]:
        return
    squares = entry["squares"]
    yield ReleasedBlock(
        home=parse_period(entry["period"]),
        no=1,
        tally=Tally(
            entry["n"],
            {item: (c[0], c[1], c[2], c[3]) for item, c in entry["counts"].items()},
            Fraction(squares) if squares is not None else None,
        ),
        instrument=entry["instrument"],
        noted=entry["noted"],
        example=entry.get("example", False),
        earlier=tuple(entry["earlier_instruments"]),
    )
