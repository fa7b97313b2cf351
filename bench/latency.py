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
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

from bench.intake import fields, installation
from bench.load import ROOT, free_port, started
from skm.units import ReleaseRule

ANSWERED, RATE, MINUTES = 500, 50, 20
_LOOK = 0.05  # seconds between two looks at which build is served


def main(minutes: float = MINUTES) -> None:
    """Measure and print."""
    given: dict[str, list[float]] = defaultdict(list)
    k = ReleaseRule().k
    waits, blocks, builds = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        folder, port = installation(Path(name) / "city"), free_port()
        command = [sys.executable, "-m", "sukma", "serve", "--port", str(port)]
        env = {**os.environ, "SUKMA_LIMITS": "off", "PYTHONPATH": str(ROOT)}
        stack.enter_context(started(command, f"http://127.0.0.1:{port}/readyz", cwd=folder, env=env))
        stop = Event()

        def shown(at: float) -> None:
            """The pages changed at this moment: of every answer that they show now and did not show before."""
            builds.append(at)
            for code, moments in given.items():
                before, now = seen[code], _respondents(folder / "var" / "site", code)
                if now > before:
                    # All but the k newest may go out once 2k wait.
                    blocks.append(at - moments[before + 2 * k - 1])
                    waits.extend(at - moment for moment in moments[before:now])
                    seen[code] = now

        seen: dict[str, int] = defaultdict(int)
        watching = Thread(target=_watch, args=(folder / "var" / "site", shown, stop))
        watching.start()
        _answer(port, given, minutes * 60)
        stop.set()
        watching.join()
    print(f"{sum(map(len, given.values()))} answers in {minutes:g} minutes, pages replaced {len(builds)} times")
    _row("from the answer that lets a block out (the 2k-th that waits)", blocks)
    _row("from any answer that is shown", waits)


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


def _watch(site: Path, shown: Callable[[float], None], stop: Event) -> None:
    served = site.readlink()
    while not stop.wait(_LOOK):
        if (now := site.readlink()) != served:
            served = now
            shown(time.monotonic())


def _respondents(site: Path, code: str) -> int:
    """How many people the unit's public page is about."""
    latest = json.loads((site / "hasil" / code / "data.json").read_bytes())["latest"]
    return latest["n"] if latest else 0


def _row(what: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[int(len(ordered) * 0.99)]
    print(f"{what:<64} median {statistics.median(ordered):>5.0f} s, p99 {p99:>5.0f} s ({len(ordered)})", flush=True)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
