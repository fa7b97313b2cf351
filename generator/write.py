"""Applies a plan to the disk: a fresh tree swapped in by a link, or changed files replaced one by one.

    <site>                  a link to the build that is served
    .<site>.builds/<n>/     site/ (public), manifest.json, policy.txt, what is kept, what it was made from; a journal
                            while files are replaced
    .<site>.builds/words/   the written pages, kept

A reader meets the old page or the new one, never half of one; a run killed anywhere leaves one of the two sites.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from generator.errors import NotOurSite

_JOURNAL = "journal.json"
_STAGE = "stage"
_AT_ONCE = 8
_READ_FOR = 600  # seconds that somebody may still read a page of a build that is not served any more
_Given = TypeVar("_Given")


@dataclass(frozen=True)
class SiteFolder:
    """Where a site lives: `link` is what is served."""

    link: Path

    @property
    def builds(self) -> Path:
        """The folder beside the link that holds builds and the words cache."""
        return self.link.parent / f".{self.link.name}.builds"

    @property
    def words(self) -> Path:
        """The cache of the written pages (`generator.words`)."""
        return self.builds / "words"

    @property
    def current(self) -> Path | None:
        """The build that is served, or None; a link to elsewhere is none of ours."""
        build = self.link.resolve().parent
        return (
            build if self.link.is_symlink() and self.link.exists() and build.parent == self.builds.resolve() else None
        )

    def manifest(self) -> Mapping[str, str] | None:
        """Path → digest of the build that is served; empty where there is none, None where it cannot be read."""
        try:
            found = json.loads((self.current / "manifest.json").read_bytes()) if self.current else {}
        except (FileNotFoundError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _is_empty_folder(self) -> bool:
        return self.link.is_dir() and not self.link.is_symlink() and not any(self.link.iterdir())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One build at a time; a killed run's journal is finished first."""
        if self.link.exists() and self.current is None and not self._is_empty_folder():
            raise NotOurSite(self.link)
        self.builds.mkdir(parents=True, exist_ok=True)
        with (self.builds / "lock").open("a") as lock:  # not "w", which would set its time: see `remove_forgotten`
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.current is not None:
                _finish(self.current)
            yield


def older_trees(site: SiteFolder) -> list[Path]:
    """Every build but the one that is served, and what killed runs left."""
    served = site.current.name if site.current else None
    return [tree for tree, _ in _trees(site) if tree.name != served]


def remove_forgotten(site: SiteFolder) -> None:
    """At the end of a build, whose time is noted by the clock of the file system: remove what nobody reads any more."""
    os.utime(site.builds / "lock")
    if trees := _forgotten_trees(site):
        remove(trees)
        os.utime(site.builds / "lock")  # what is younger was not there to be removed: see `left_trees`


def left_trees(site: SiteFolder) -> list[Path]:
    """What the last build had to remove and could not. Nothing while one is at work, and nothing that one began."""
    try:
        with (site.builds / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            ended = os.fstat(lock.fileno()).st_mtime_ns
            return [tree for tree in _forgotten_trees(site) if tree.stat().st_ctime_ns <= ended]
    except OSError:  # it is held, or there is none
        return []


def _forgotten_trees(site: SiteFolder) -> list[Path]:
    """What the last build had to remove: all but what was served, where that was so old that nobody read another."""
    age = (site.builds / "lock").stat().st_mtime - site.link.lstat().st_mtime if site.current else 0
    return older_trees(site) if age >= _READ_FOR else []


def remove(trees: Iterable[Path]) -> None:
    """Remove builds that nobody reads any more; what cannot be removed is left, and `sukma doctor` tells of it."""
    for tree in trees:
        shutil.rmtree(tree, ignore_errors=True)


def fresh_tree(site: SiteFolder) -> Path:
    """An empty folder for a whole build: its public files belong into `site/`. Its number was never given before."""
    number = max((number for _, number in _trees(site)), default=0) + 1
    fresh = site.builds / f"{number}.new"
    (fresh / "site").mkdir(parents=True)
    return fresh


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files of a tree that nobody reads yet."""
    folders: set[str] = set()
    top = str(folder)
    for path, content in files:
        parent = path.rpartition("/")[0]
        if parent not in folders:
            os.makedirs(f"{top}/{parent}", exist_ok=True)  # noqa: PTH103  # paths as text: there are tens of thousands
            folders.add(parent)
        with open(f"{top}/{path}", "wb", buffering=0) as file:  # noqa: PTH123
            file.write(content)


def swap_in(site: SiteFolder, fresh: Path, state: Mapping[str, bytes]) -> None:
    """Point the link at a whole build with what stands beside its site; the one before stays for who reads it."""
    for name, content in state.items():
        (fresh / name).write_bytes(content)
    os.sync()  # the tree is on disk before the link names it
    build = fresh.rename(fresh.with_suffix(""))
    link = site.builds / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(site.builds.name) / build.name / "site")
    if site.link.is_dir() and not site.link.is_symlink():
        site.link.rmdir()
    link.replace(site.link)


def replace_files(build: Path, changed: Mapping[str, bytes], removed: list[str], state: Mapping[str, bytes]) -> None:
    """Replace files of a build that is being served, and those beside its site (`state`).

    All are staged and noted in a journal, then moved into place.
    """
    stage = build / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    files = {**{f"site/{path}": content for path, content in changed.items()}, **state}
    moves = {path: str(number) for number, path in enumerate(files)}
    _at_once(_write_through, (stage / name for name in moves.values()), files.values())
    journal = build / f"{_JOURNAL}.new"
    _write_through(journal, json.dumps({"moves": moves, "removed": removed}).encode())
    journal.replace(build / _JOURNAL)
    _finish(build)


def _at_once(act: Callable[[Path, _Given], object], paths: Iterable[Path], given: Iterable[_Given]) -> None:
    """Do it for several at a time: a disk that is asked by some of them answers all at once."""
    from concurrent.futures import ThreadPoolExecutor  # not for a run with nothing to do

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(act, paths, given):
            pass


def _move(staged: Path, to: Path) -> None:
    if staged.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(to)


def _write_through(path: Path, content: bytes) -> None:
    """Write a file that is on the disk when this returns: the journal must never name what a power cut took."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _finish(build: Path) -> None:
    """Carry a journal out; every step may have happened before, so a killed run is finished by the next."""
    journal = build / _JOURNAL
    if not journal.exists():
        return
    todo = json.loads(journal.read_bytes())
    stage, site = build / _STAGE, build / "site"
    _at_once(_move, (stage / name for name in todo["moves"].values()), (build / path for path in todo["moves"]))
    for path in todo["removed"]:
        (site / path).unlink(missing_ok=True)
        _remove_empty((site / path).parent, site)
    journal.unlink()
    shutil.rmtree(stage)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.exists() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _trees(site: SiteFolder) -> Iterator[tuple[Path, int]]:
    """Whole builds and unfinished ones, with their numbers."""
    for entry in site.builds.iterdir():
        number = entry.name.removesuffix(".new")
        if number.isdigit():
            yield entry, int(number)
