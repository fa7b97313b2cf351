"""How large the history of a site repository gets in ten years, and what an hourly commit, a clone and tidying up cost.

A place a `SCALE`-th of 3.000 units lives through ten years whose quarters have a `SCALE`-th of their 650 hours, through
the publisher's own repository and onto a bare remote. So a commit has as many files as one of the whole place, a file
as many versions, and there is a `SCALE`-th of both: the whole is `SCALE` times as large. What a commit costs in
folders of 3.000 files is measured apart, because that does not follow.
"""

import random
import shutil
import statistics
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.province import history
from form_backend.publish import result_of
from form_backend.site_repository import SiteRepository
from form_backend.store.releases import ClosedPeriod, UnitHistory
from generator.instruments import shipped
from skm.periods import Period, PeriodKind, period_of
from skm.results import ReleasedBlock, encode
from skm.units import Unit

UNITS, HOURS = 3_000, 650  # of a quarter: 13 weeks of 5 days of 10 hours
BLOCKS = 15  # of a unit and quarter: 150 answers, ten a block
AN_HOUR = UNITS * BLOCKS // HOURS  # units with another block
SCALE = 20
FIRST, YEARS = 2017, 10
_SAMPLES = 30  # units whose answers are those of all others
_Files = dict[str, bytes | None]


def main() -> None:
    """Measure and print."""
    with TemporaryDirectory() as name:
        _ten_years(Path(name))
    with TemporaryDirectory() as name:
        _whole_folders(Path(name))


@dataclass
class _Place:
    """Units and what was released of them in a year."""

    codes: list[str]
    blocks: dict[str, list[ReleasedBlock]] = field(default_factory=dict)
    closed: dict[str, dict[Period, ClosedPeriod]] = field(default_factory=dict)

    def begin_year(self) -> None:
        self.blocks, self.closed = ({code: [] for code in self.codes}, {code: {} for code in self.codes})

    def release(self, codes: Iterable[str], quarter: Period) -> _Files:
        """Another block of each unit; the files that change: the quarter's and those of the longer periods."""
        files: _Files = {}
        for code in codes:
            here = [block for block in self.blocks[code] if block.home == quarter]
            past = _history(int(code, 16) % _SAMPLES)
            sample = past.blocks[(len(here) + quarter.first_month) % len(past.blocks)]
            self.blocks[code].append(replace(sample, home=quarter, no=len(here) + 1))
            files |= self._files(code, (quarter, *quarter.longer()))
        return files

    def close(self, quarter: Period) -> _Files:
        """Every unit's quarter, and the longer periods that end with it, become final."""
        files: _Files = {}
        periods = [quarter, *(one for one in quarter.longer() if one.last_day == quarter.last_day)]
        for code in self.codes:
            samples = _history(int(code, 16) % _SAMPLES).closed
            people = next(closed for period, closed in samples.items() if period.kind is PeriodKind.QUARTER)
            self.closed[code] |= dict.fromkeys(periods, people)
            files |= self._files(code, (quarter, *quarter.longer()))
        return files

    def _files(self, code: str, periods: Iterable[Period]) -> Iterator[tuple[str, bytes]]:
        known = UnitHistory(self.blocks[code], self.closed[code], (), {})
        for period in periods:
            if (result := result_of(code, period, known)) is not None:
                text = encode(result, shipped().of_versi(result.instrument))
                yield f"site_src/results/{period}/{code}.json", text


@cache
def _history(number: int) -> UnitHistory:
    return history(Unit(f"{number:05x}", "", "", ("id",), ("KTP",)), number)


def _quarters(year: int) -> list[Period]:
    return [period_of(date(year, month, 1), PeriodKind.QUARTER) for month in (1, 4, 7, 10)]


def _ten_years(folder: Path) -> None:
    remote, dice = folder / "remote.git", random.Random(1)
    site = SiteRepository(folder / "clone", str(remote), "main")
    site.refresh()
    place, release = _Place([f"{number:05x}" for number in range(UNITS // SCALE)]), 0
    for year in range(FIRST, FIRST + YEARS):
        place.begin_year()
        seconds: list[float] = []
        for quarter in _quarters(year):
            hours = [place.release(dice.sample(place.codes, AN_HOUR), quarter) for _ in range(HOURS // SCALE)]
            for files in (*hours, place.close(quarter)):
                release += 1
                begun = time.perf_counter()
                site.publish(files, "Results", {"Sukma-Release": str(release)}, quarter.last_day)
                seconds.append(time.perf_counter() - begun)
        _row(f"year {year - FIRST + 1}: {len(seconds)} commits, the remote", _size(remote), seconds)
    begun = time.perf_counter()
    subprocess.run(["git", "-C", str(folder / "clone"), "gc", "--quiet"], check=True)
    print(f"git gc of the clone {time.perf_counter() - begun:.1f} s", flush=True)
    copy, cloned = _cloned(remote)
    print(f"clone of it all {cloned:.1f} s, {_size(copy) / 1e6:.1f} MB packed; times {SCALE}: ", end="")
    print(f"{SCALE * _size(copy) / 1e9:.2f} GB for {UNITS} units", flush=True)


def _whole_folders(folder: Path) -> None:
    """Hours of the whole place in the last quarter of a year."""
    remote, dice = folder / "remote.git", random.Random(1)
    site = SiteRepository(folder / "clone", str(remote), "main")
    site.refresh()
    place, quarter = _Place([f"{number:05x}" for number in range(UNITS)]), _quarters(FIRST)[-1]
    place.begin_year()
    site.publish(place.release(place.codes, quarter), "Results", {}, quarter.first_day)
    seconds: list[float] = []
    for hour in range(HOURS // SCALE):
        files = place.release(dice.sample(place.codes, AN_HOUR), quarter)
        begun = time.perf_counter()
        site.publish(files, "Results", {"Sukma-Release": str(hour + 1)}, quarter.last_day)
        seconds.append(time.perf_counter() - begun)
    _row(f"{UNITS} units, {len(seconds)} hours, the remote", _size(remote), seconds)


def _row(what: str, size: int, seconds: list[float]) -> None:
    often = f"commit, push and asking back {statistics.median(seconds):.2f} s (longest {max(seconds):.2f} s)"
    print(f"{what} {size / 1e6:.1f} MB; {often}", flush=True)


def _cloned(remote: Path) -> tuple[Path, float]:
    """A copy of the remote with its files, and the seconds it took."""
    copy = remote.with_name("again")
    begun = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", "--no-local", str(remote), str(copy)], check=True)
    took = time.perf_counter() - begun
    bare = remote.with_name("packed.git")
    subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", str(remote), str(bare)], check=True)
    subprocess.run(["git", "-C", str(bare), "repack", "-adfq"], check=True)
    shutil.rmtree(copy)
    return bare, took


def _size(repository: Path) -> int:
    return sum(file.stat().st_size for file in repository.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
