"""What a build keeps beside its site, so that the next one reads nothing again that has not changed.

Of a unit everything that was published stands in its own `data.json`, which is a function of its results files; of
totals, see `generator.totals`. So the files of closed periods are read by a full build only.
"""

import os
import pickle
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from typing import Any

from generator.program import program_digest
from generator.published import sorted_results
from generator.state import digest_of, forms_of
from generator.totals import Own, own_sum, row_of, units_of
from skm.breakdown_text import loads
from skm.periods import parse_period
from skm.results import NO_BREAKDOWNS, Correction, ReleasedBlock, Result
from skm.tally import Tally
from skm.units import Registry

KEPT = "kept.pickle"


@dataclass(frozen=True)
class Kept:
    """`rows` and `sums` are those of `Totals`; `examples`: units with simulated answers."""

    rows: Mapping[str, bytes]
    sums: Mapping[str, Own]
    examples: frozenset[str]

    def dump(self, registry: Registry) -> bytes:
        """As written: a cache for this program and for registries whose results are read in the same way.

        The first line says so, and names what follows: a pickle of a spoilt disk may load and be another one.
        """
        body = pickle.dumps(vars(self), protocol=5)
        return _program(registry) + b" " + sha256(body).hexdigest().encode() + b"\n" + body


NOTHING_KEPT = Kept({}, {}, frozenset())


_ahead: dict[tuple[int, ...], Kept | None] = {}  # what was read ahead of its file, at most one


def read_ahead(build: Path, registry: Registry) -> None:
    """Read what a build keeps before it is asked for: a tenth of a second of a province, while others are at work."""
    forget_ahead()
    with (build / KEPT).open("rb") as file:
        program, _, digest = file.readline().partition(b" ")
        if program == _program(registry):  # nothing of another one is loaded, whoever wrote it
            _ahead[_place(file)] = _read(file, digest)


def forget_ahead() -> None:
    """Nobody asks for what was read ahead."""
    _ahead.clear()


def read_kept(build: Path, registry: Registry) -> Kept | None:
    """What a build keeps; None where it is gone, spoilt, or of another program, other forms or length of periods."""
    try:
        with (build / KEPT).open("rb") as file:
            program, _, digest = file.readline().partition(b" ")
            ahead = _ahead.pop(_place(file), None)
            return (ahead or _read(file, digest)) if program == _program(registry) else None
    except OSError:
        return None


def _place(file: BufferedReader) -> tuple[int, ...]:
    """Names a file and its state; such a file is never written over but replaced."""
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _read(file: BufferedReader, digest: bytes) -> Kept | None:
    body = file.tell()
    if file_digest(file, "sha256").hexdigest().encode() != digest.removesuffix(b"\n"):
        return None
    file.seek(body)
    return Kept(**pickle.load(file))


def _program(registry: Registry) -> bytes:
    return digest_of(program_digest(), forms_of(registry)).encode()


def renewed(kept: Kept, registry: Registry, touched: Collection[str], read: Callable[[str], Sequence[Result]]) -> Kept:
    """The same after the registry of today and new results of the touched units."""
    rows, examples = dict(kept.rows), set(kept.examples).difference(touched)
    for code in sorted(touched):
        found = read(code)
        rows.pop(code, None)
        if found:
            rows[code] = row_of(registry, found)
        if any(result.example for result in found):
            examples.add(code)
    homes = {unit.organisation for code in touched if (unit := registry.unit_by_code.get(code))}
    sums = {}
    for node in registry.organisations:
        own = kept.sums.get(node.id)
        stays = own and node.id not in homes and own.units == units_of(node.id, registry)
        sums[node.id] = own if own and stays else own_sum(node.id, registry, rows)
    return Kept(rows, sums, frozenset(examples))


def results_of(data: Path) -> Sequence[Result] | None:
    """The results that a unit's `data.json` was made from, the blocks of each as one; None where there is none."""
    try:
        content = loads(data.read_text(encoding="utf-8"))
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
        breakdown_text=entry.get("breakdowns", NO_BREAKDOWNS),
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
