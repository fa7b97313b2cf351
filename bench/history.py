"""How large the history of a site repository gets, and what an hourly commit costs in it.

A place of `UNITS` units publishes for `HOURS` hours, as many units an hour as have another block then, through the
publisher's own repository and onto a bare remote; ten years follow from the bytes of an hour.
"""

import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.province import history
from form_backend.publish import result_of
from form_backend.site_repository import SiteRepository
from generator.instruments import shipped
from skm.periods import Period, PeriodKind, period_of
from skm.results import encode
from skm.units import Unit

UNITS, HOURS = 3_000, 150
AN_HOUR = 68  # units with another block: 500 answers a unit and quarter, blocks of 10, in 650 hours
HOURS_OF_A_YEAR = 2_600  # 52 weeks of 5 days of 10 hours
CLOSED = (2, 20)  # folders of closed periods beside the open one
OPEN = period_of(date(2026, 11, 2), PeriodKind.QUARTER)


def main() -> None:
    """Measure and print."""
    codes = [f"{number:05x}" for number in range(UNITS)]
    for closed in CLOSED:
        with TemporaryDirectory() as name:
            _place(Path(name), codes, closed)


def _place(folder: Path, codes: list[str], closed: int) -> None:
    remote, dice = folder / "remote.git", random.Random(1)
    site = SiteRepository(folder / "clone", str(remote), "main")
    site.refresh()
    first = dict(_contents(codes, [1] * len(codes), OPEN))
    before = [date(2026 - year, 2, 1) for year in range(1, closed + 1)]
    files = {_path(str(period_of(day, PeriodKind.QUARTER)), code): first[code] for day in before for code in codes}
    site.publish({"units.yaml": b"site: {}\n", **files}, "Closed periods", {}, date(2026, 10, 1))
    start, blocks, seconds = _packed(remote), dict.fromkeys(codes, 0), list[float]()
    for hour in range(HOURS):
        some = dice.sample(codes, AN_HOUR)
        for code in some:
            blocks[code] += 1
        files = {_path(str(OPEN), code): text for code, text in _contents(some, [blocks[c] for c in some], OPEN)}
        begun = time.perf_counter()
        site.publish(files, "Results", {"Sukma-Release": str(hour + 1)}, date(2026, 11, 2))
        seconds.append(time.perf_counter() - begun)
    grown = (_packed(remote) - start) / HOURS
    begun = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", str(remote), str(folder / "again")], check=True)
    cloned = time.perf_counter() - begun
    print(
        f"{closed} closed periods of {UNITS} units: an hour {grown / 1024:.1f} KB packed, commit and push "
        f"{statistics.median(seconds):.2f} s (longest {max(seconds):.2f} s), clone {cloned:.1f} s, "
        f"ten years {10 * HOURS_OF_A_YEAR * grown / 1024**3:.2f} GB more",
        flush=True,
    )


def _packed(remote: Path) -> int:
    """Bytes of a copy of the remote that is packed anew, deltas included."""
    copy = remote.with_name("packed.git")
    subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", str(remote), str(copy)], check=True)
    subprocess.run(["git", "-C", str(copy), "repack", "-adfq"], check=True)
    size = sum(file.stat().st_size for file in copy.rglob("*.pack"))
    shutil.rmtree(copy)
    return size


def _contents(codes: list[str], counts: list[int], home: Period) -> Iterator[tuple[str, bytes]]:
    """Code → its file of the period after so many blocks."""
    instruments = shipped()
    for code, count in zip(codes, counts, strict=True):
        past = history(Unit(code, "", "", ("id",), ("KTP",)), int(code, 16))
        blocks = [replace(past.blocks[n % len(past.blocks)], home=home, no=n + 1) for n in range(count)]
        result = result_of(code, home, replace(past, blocks=blocks, closed={}))
        assert result is not None
        yield code, encode(result, instruments.of_versi(result.instrument))


def _path(period: str, code: str) -> str:
    return f"site_src/results/{period}/{code}.json"


if __name__ == "__main__":
    main()
