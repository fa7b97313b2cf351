"""Reads the published results (`results/<period>/<code>.json`) of a site repository."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from generator.errors import GeneratorError
from generator.instruments import instrument_of_versi
from skm.errors import SkmError
from skm.results import Result, from_mapping

Results = Mapping[str, Sequence[Result]]


def read_results(folder: Path) -> Results:
    """Code → its results, newest period first (longer before shorter); empty where nothing was ever published."""
    found: dict[str, list[Result]] = {}
    for file in sorted(folder.glob("*/*.json")):
        try:
            result = from_mapping(json.loads(file.read_bytes()))
            instrument_of_versi(result.instrument)
        except (SkmError, ValueError) as error:
            raise GeneratorError(f"{file}: not a results file of this program: {error}") from error
        if (str(result.period), result.code) != (file.parent.name, file.stem):
            raise GeneratorError(f"{file}: the file says it is {result.period}/{result.code}; restore it from git")
        found.setdefault(result.code, []).append(result)
    return {
        code: sorted(results, key=lambda r: (r.period.last_day, r.period.months), reverse=True)
        for code, results in found.items()
    }
