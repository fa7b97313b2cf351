"""What a unit has published, computed once, and the open data file `/hasil/<code>/data.json` made from it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.instruments import instrument_of_versi
from skm.instrument import Instrument
from skm.periods import PeriodKind
from skm.results import Figures, Result, decimal_text, figures
from skm.tally import Tally
from skm.units import Registry, Unit


@dataclass(frozen=True)
class Published:
    """A result with what follows from it; `figures` is None where nothing of the period could be released."""

    result: Result
    instrument: Instrument
    tally: Tally
    figures: Figures | None


def published(result: Result) -> Published:
    """A result computed."""
    instrument, tally = instrument_of_versi(result.instrument), result.tally
    return Published(result, instrument, tally, figures(tally, instrument, result.final))


def latest_release(results: Sequence[Result], kind: PeriodKind) -> Result | None:
    """The newest result of this length with a released block; where there is none, the newest of any length; or None.

    None of this length: the registry changed it since, or the rests of several periods went out together.
    """
    released = [result for result in results if result.blocks]
    newest = max(released, key=lambda result: (result.period.first_day, -result.period.months), default=None)
    return next((result for result in released if result.period.kind is kind), newest)


def unit_data(unit: Unit, registry: Registry, results: Sequence[Result]) -> dict[str, Any]:
    """The content of a unit's data.json (docs/interface.md, "Files"): figures as strings, counts to recompute them.

    `latest` is a summary of the newest release of the registry's period length, without the counts.
    """
    newest = latest_release(results, registry.site.period)
    return {
        "code": unit.code,
        "name": unit.name,
        "latest": _summary(published(newest)) if newest else None,
        "periods": [_with_counts(published(result)) for result in results],
    }


def _summary(found: Published) -> dict[str, Any]:
    result, figure = found.result, found.figures
    entry: dict[str, Any] = {
        "period": str(result.period),
        "n": found.tally.n,
        "ikm": decimal_text(figure.ikm) if figure else None,
        "mutu": figure.mutu.letter if figure and figure.mutu else None,
        "kinerja": figure.mutu.kinerja if figure and figure.mutu else None,
        "nrr": {key: decimal_text(value) for key, value in figure.nrr.items()} if figure else {},
        "final": result.final,
    }
    if result.final:
        entry["held"] = result.held
    if result.example:
        entry["example"] = True
    return entry


def _with_counts(found: Published) -> dict[str, Any]:
    entry = _summary(found)
    entry["instrument"] = found.result.instrument
    entry["counts"] = {item: list(counts) for item, counts in found.tally.counts.items()}
    if found.figures:
        entry["convention"] = found.figures.convention.value
    return entry


def encode(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """Canonical JSON: sorted keys, letters as they are, one value a line, final newline; equal content, equal bytes."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
