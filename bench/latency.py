"""From an answer to the public page: citizens answer steadily, `sukma serve` publishes as often as it does by itself.

`python -m bench.latency [MINUTES]`: 50 answers a second over 500 units of 2.000, twenty minutes by default.
"""

import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from bench.intake import fields, installation
from bench.load import ROOT, free_port, started
from skm.units import ReleaseRule

ANSWERED, RATE, MINUTES = 500, 50, 20
_LOOK = 0.2  # seconds between two looks at the public pages
_K = ReleaseRule().k


def main(minutes: float = MINUTES) -> None:
    """Measure and print."""
    given: dict[str, list[float]] = {f"{number:05x}": [] for number in range(ANSWERED)}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder, port = installation(Path(name) / "city"), free_port()
        command = [sys.executable, "-m", "sukma", "serve", "--port", str(port)]
        env = {**os.environ, "SUKMA_LIMITS": "off", "PYTHONPATH": str(ROOT)}
        stack.enter_context(started(command, f"http://127.0.0.1:{port}/readyz", cwd=folder, env=env))
        reader = _Reader(folder / "var" / "site", given)
        reader.start()
        _answer(port, given, minutes * 60)
        reader.stop.set()
        reader.join()
    print(f"{sum(map(len, given.values()))} answers in {minutes:g} minutes")
    _row("from the answer that lets a block out (the 2k-th that waits)", reader.blocks)
    _row("from any answer that is shown", reader.answers)


class _Reader(Thread):
    """Looks at the units' public data all the time: how long each block, and each answer, took to get there."""

    def __init__(self, site: Path, given: Mapping[str, Sequence[float]]) -> None:
        super().__init__()
        self.stop, self.blocks, self.answers = Event(), list[float](), list[float]()
        self._given, self._shown, self._written = given, dict.fromkeys(given, 0), dict.fromkeys(given, 0)
        self._files = {code: site / "hasil" / code / "data.json" for code in given}

    def run(self) -> None:
        while not self.stop.wait(_LOOK):
            for code, file in self._files.items():
                if (written := file.stat().st_mtime_ns) != self._written[code]:
                    self._written[code] = written
                    self._read(code, file, time.monotonic())

    def _read(self, code: str, file: Path, at: float) -> None:
        latest, before, moments = json.loads(file.read_bytes())["latest"], self._shown[code], self._given[code]
        now = latest["n"] if latest else 0
        if now > before:
            # All but the k newest go out once 2k wait.
            self.blocks.append(at - moments[before + 2 * _K - 1])
            self.answers.extend(at - moment for moment in moments[before:now])
            self._shown[code] = now


def _answer(port: int, given: dict[str, list[float]], seconds: float) -> None:
    """Post steadily, each answer for a unit by lot, and note when each was thanked for."""
    dice, connection = random.Random(1), http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.monotonic()
    for number in range(int(seconds * RATE)):
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        code = f"{dice.randrange(ANSWERED):05x}"
        connection.request("POST", f"/kirim/{code}", json.dumps(fields(number)), {"Content-Type": "application/json"})
        reply = connection.getresponse()
        reply.read()
        assert reply.status == 201, reply.status
        given[code].append(time.monotonic())


def _row(what: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(f"{what:<64} median {statistics.median(ordered):>5.0f} s, p99 {p99:>5.0f} s ({len(ordered)})", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
