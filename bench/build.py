"""The build of East Java beside Hugo and beside the disk; by itself `python -m bench.build [runs]`.

All are processes of their own and take their turns: the whole build; the same build of the survey and results pages
only; Hugo building these pages, from the same results files and with every figure handed to it; and the floor, two
processes that write the bytes of the whole site into as many files. The floor comes in three: as that, with a sync (a
build syncs), and with the results files read as JSON before, of which nothing is made.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from bench import hugo, province, publish
from generator import rebuild
from generator.build import build
from generator.kept import NOTHING_KEPT
from generator.mkdocs_build import Builder
from generator.plan import Sources
from generator.progress import Stages
from generator.published import ResultsFolder
from generator.registry import read_registry
from generator.registry_files import kept_or_read
from generator.workers import in_chunks
from generator.write import SiteFolder, older_trees, write_files
from skm.results import Result
from skm.units import Registry

ROOT = Path(__file__).parents[1]
RUNS = 3


@dataclass(frozen=True)
class Measured:
    """Seconds of a process, seconds of a processor that it and its children used, and the most memory that they had at
    once: summed PSS in MB."""

    seconds: float
    processor: float
    memory: float


def main(runs: int = RUNS) -> None:
    """Prepare the province, measure and print."""
    if not province.PLACES.exists():
        print(f"the build of a province was not measured: {province.PLACES} is missing")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = folder / "whole"
        count = province.install(whole)
        sizes = [(size, _part_of(whole, folder / str(size), size)) for size in (count // 4, count // 2)]
        program = hugo.installed(folder / "hugo")
        if program:
            write_sites(whole, folder)
        else:
            print("Hugo could not be installed: its part was not measured")
        for size, place in (*sizes, (count, whole)):
            found = []
            for _ in range(runs):
                _set_older_aside(place / "var" / "site", folder)
                found.append(_measured(_sukma("build", "--full"), place))
            _row(f"whole build, {size} units", found)
        beside(folder, whole, program, runs)
        publish.main(whole, runs)


def write_sites(whole: Path, folder: Path) -> None:
    """Hugo's sites: `site` reads the results files, `handed` is given what they say."""
    sources = _sources(whole)
    hugo.write_site(folder / "site", sources, _given(whole)[1].folder)
    begun = time.process_time()
    hugo.write_site(folder / "handed", sources, None)
    print(f"what Hugo is handed was computed first, in {time.process_time() - begun:.1f} s of a processor", flush=True)


def beside(folder: Path, whole: Path, program: Path | None, runs: int) -> None:
    """The pairs: all in turn, so many times, into new folders; nothing is removed, after which ext4 would be slow."""
    found: dict[str, list[Measured]] = {}
    for turn in range(runs):
        commands = {
            "whole build": (_sukma("build", "--full"), whole),
            "floor": (_this("floor", str(whole), str(folder / f"floor.{turn}")), ROOT),
            "floor, synced": (_this("synced", str(whole), str(folder / f"synced.{turn}")), ROOT),
            "floor, synced, results read": (_this("read", str(whole), str(folder / f"read.{turn}")), ROOT),
            "survey and results pages": (_this("pages", str(whole)), ROOT),
        }
        for name, site in {"Hugo, from the same files": "site", "Hugo, handed every figure": "handed"}.items():
            if program:
                where = ["--source", str(folder / site), "--destination", str(folder / f"{site}.{turn}")]
                commands[name] = [str(program), "--quiet", *where], ROOT
        for name, (command, place) in commands.items():
            _set_older_aside(whole / "var" / "site", folder)
            _set_older_aside(whole / "pages", folder)
            found.setdefault(name, []).append(_measured(command, place))
    made = sum(1 for path in (folder / "site.0").rglob("index.html"))
    files = [path for path in (whole / "var" / "site").resolve().rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    for name, runs_of in found.items():
        _row(name, runs_of)
    units = len(list((whole / "var" / "site" / "poster").iterdir()))
    print(f"{len(files)} files of {size / 1e6:.0f} MB, {size / units / 1000:.0f} KB a unit")
    for name, runs_of in found.items():
        if name.startswith("floor"):
            _ratio(f"whole build / {name}", found["whole build"], runs_of)
        if name.startswith("Hugo"):
            _ratio(f"survey and results pages / {name}", found["survey and results pages"], runs_of)
    if program:
        print(f"Hugo made {made} pages")


def _set_older_aside(link: Path, folder: Path) -> None:
    """A later run has removed the build before the one that is served, when the next whole one comes."""
    site = SiteFolder(link)
    for tree in older_trees(site) if site.builds.is_dir() else ():
        tree.rename(Path(tempfile.mkdtemp(dir=folder)) / tree.name)


def _row(what: str, found: list[Measured]) -> None:
    wall, cpu, memory = (statistics.median(one) for one in zip(*map(astuple, found), strict=True))
    print(f"{what:<64}{wall:>9.2f}s{cpu:>9.2f}s{memory:>9.0f} MB", flush=True)


def _ratio(what: str, this: list[Measured], other: list[Measured]) -> None:
    pairs = list(zip(this, other, strict=True))
    clock = statistics.median(a.seconds / b.seconds for a, b in pairs)
    processor = statistics.median(a.processor / b.processor for a, b in pairs)
    print(f"{what:<64}{clock:>9.2f} {processor:>9.2f}", flush=True)


def _part_of(whole: Path, place: Path, size: int) -> Path:
    """An installation of the first units, its results copies."""
    province.write_registry(place, size)
    shutil.copytree(whole / "site_src", place / "site_src")
    codes = [unit.code for unit in read_registry(place / "units.yaml").registry.units]
    for period in map(str, province.periods()):
        target = place / "var" / "clone" / "site_src" / "results" / period
        target.mkdir(parents=True)
        for code in codes:
            shutil.copyfile(whole / "var/clone/site_src/results" / period / f"{code}.json", target / f"{code}.json")
    return place


def _sources(whole: Path) -> Sources:
    registry, published = _given(whole)
    site = SiteFolder(whole / "pages")
    run = rebuild.Build(whole / "site_src", registry, "", published, site, 1, Builder.MKDOCS, None, Stages(), None, {})
    periods = published.periods()

    def read(code: str) -> Sequence[Result]:
        return published.read(code, periods, registry.instruments)

    return run.sources(run.words(False), False, read, NOTHING_KEPT)


def _given(whole: Path) -> tuple[Registry, ResultsFolder]:
    kept, results = SiteFolder(whole / "var" / "site").builds / "bench.pickle", whole / "var/clone/site_src/results"
    registry = kept_or_read(whole / "units.yaml", kept, read_registry).registry
    return registry, ResultsFolder(results, "", lambda _since: None)


def _pages(whole: Path) -> None:
    """Builds the survey and results pages and nothing else, no sums of organisations either."""
    ours = rebuild.unit_pages

    def wanted(unit, sources):  # type: ignore[no-untyped-def]
        return (p for p in ours(unit, sources) if p.path.startswith("s/") or p.path == f"hasil/{unit.code}/index.html")

    rebuild.unit_pages, rebuild.other_pages = wanted, lambda _sources: ()  # type: ignore[assignment]
    rebuild.row_of = lambda _registry, _results: b""
    build(whole / "site_src", *_given(whole), whole / "pages", full=True)


def _floor(whole: Path, folder: Path, how: str) -> None:
    """Writes the bytes of the built site into as many files: contents of the right length.

    `how`: "floor", "synced", or "read": the results are read first, nothing is made of them, and it is synced.
    """
    top = (whole / "var" / "site").resolve()
    files = [(path.relative_to(top).as_posix(), path.stat().st_size) for path in top.rglob("*") if path.is_file()]
    folder.mkdir()
    results = list(map(str, _given(whole)[1].folder.glob("*/*.json"))) if how == "read" else []
    begun = time.perf_counter()
    for _ in in_chunks(_read, results, 2):
        pass
    filler = os.urandom(max(size for _, size in files))
    for _ in in_chunks(partial(_write, folder, filler), files, 2):
        pass
    if how != "floor":
        os.sync()
    print(time.perf_counter() - begun)


def _read(paths: list[str]) -> int:
    found = 0
    for path in paths:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # as a build does
            found += len(json.loads(file.read()))
    return found


def _write(folder: Path, filler: bytes, files: list[tuple[str, int]]) -> bool:
    write_files(folder, ((path, filler[:size]) for path, size in files))
    return True


def _sukma(*words: str) -> list[str]:
    return [sys.executable, "-m", "sukma", *words]


def _this(*words: str) -> list[str]:
    return [sys.executable, "-m", "bench.build", *words]


def _measured(command: list[str], place: Path) -> Measured:
    """Run a process to its end; a process that prints one number has measured its own seconds."""
    how = {"cwd": place, "env": os.environ | {"PYTHONPATH": str(ROOT)}}
    begun, used = time.perf_counter(), _used()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) as running:  # type: ignore
        peak: list[float] = [0.0]
        watch = threading.Thread(target=_watch, args=(running, peak))
        watch.start()
        said, complained = running.communicate()
        watch.join()
    took = time.perf_counter() - begun
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)}: {complained.decode()[-2000:]}")
    return Measured(float(said) if said and command[2] == "bench.build" else took, _used() - used, peak[0])


def _used() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def _watch(running: "subprocess.Popen[bytes]", peak: list[float]) -> None:
    while running.poll() is None:
        peak[0] = max(peak[0], sum(map(_pss, _family(running.pid))) / 1000)
        time.sleep(0.1)


def _family(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        try:
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    return found


def _pss(pid: int) -> int:
    """KB of a process, what it shares counted by its share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["floor" | "synced" | "read" as how_, whole_, folder_]:
            _floor(Path(whole_), Path(folder_), how_)
        case ["pages", whole_]:
            _pages(Path(whole_))
        case arguments:
            main(*map(int, arguments))
