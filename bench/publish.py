"""`sukma publish` in a province, as a process: 50 units with new results; nothing to do.

A run releases, tallies, encodes, commits, pushes to a bare remote, rebuilds and replaces the files. `python -m
bench.build` prepares the province and calls this; `python -m bench.publish N` lets people answer, for the N-th time.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from skm.responses import Response
from sukma.wiring import Installation

ROOT = Path(__file__).parents[1]
TOUCHED, EACH = 50, 25


def main(whole: Path, runs: int) -> None:
    """Measure and print; `whole` is a built installation with its database."""
    _published(whole, 0)  # looks at every file of the clone once, as every hour
    told, built, idle = [], [], []
    for run in range(runs):
        told.append(_published(whole, 2 * run + 1))
        idle.append(_ran(whole, "publish")[0])
        _published(whole, 2 * run + 2, "--no-build")
        summary = json.loads(_ran(whole, "build", "--json")[1])
        assert not summary["full"]
        built.append(sum(summary["seconds"].values()))
    _row(f"publish, {TOUCHED} units with new results, the whole process", told)
    _row("of which the build, measured by itself", built)
    _row("publish, nothing to do", idle)


def _published(whole: Path, run: int, *options: str) -> float:
    """Seconds of a run after people have answered."""
    command = [sys.executable, "-m", "bench.publish", str(run)]
    subprocess.run(command, cwd=whole, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True)
    seconds, said = _ran(whole, "publish", "--json", *options)
    assert len(json.loads(said)["released"]) >= TOUCHED
    return seconds


def _ran(whole: Path, *words: str) -> tuple[float, str]:
    command = [sys.executable, "-m", "sukma", *words]
    begun = time.perf_counter()
    ran = subprocess.run(
        command, cwd=whole, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - begun, ran.stdout


def _row(what: str, seconds: list[float]) -> None:
    print(f"{what:<64}{statistics.median(seconds):>9.2f}s", flush=True)


def answer(run: int) -> None:
    """Another fifty units of the installation in the current folder are answered."""
    here, now = Installation.here(Path("units.yaml")), datetime.now(UTC)
    registry, intake = here.loaded.registry, here.intake(now)
    for unit in registry.units[run :: len(registry.units) // TOUCHED][:TOUCHED]:
        form = registry.instrument(unit)
        response = Response({item.key: 3 for item in form.items()}, form.versi, saran="Baik")
        intake.record_many([(unit, response, now)] * EACH)
    here.store.close()


if __name__ == "__main__":
    answer(int(sys.argv[1]))
