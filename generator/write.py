"""Applies a plan to the disk: a fresh tree swapped in by a link, or changed files replaced one by one.

    <site>                  a link to the build that is served
    .<site>.builds/<n>/     site/ (public), manifest.json, policy.txt, what is kept, what it was made from; a journal
                            while files are replaced; `<n>.new` while it is made
    .<site>.builds/words/   the written pages, kept

A reader meets the old page or the new one, never half of one; a run killed anywhere leaves one of the two sites.

The build before the one that is served is written over by the next whole one: to make and to remove files and folders
takes a file system many times as long as to write into those that are there.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from operator import itemgetter
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
        with (self.builds / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.utime(lock.fileno())  # when this build began, by the clock of its file system
            if self.current is not None:
                _finish(self.current)
            yield


@dataclass(frozen=True)
class FreshTree:
    """Where a whole build is made; `old`: the public files of an earlier one that lie there, and its empty folders."""

    folder: Path
    old: Set[str]

    @property
    def site(self) -> Path:
        """Where its public files belong."""
        return self.folder / "site"

    def sweep(self, written: Set[str]) -> None:
        """Remove what lay there and was not written over."""
        for path in self.old - written:
            place = self.site / path
            with suppress(FileNotFoundError, IsADirectoryError, NotADirectoryError):  # a page needed its place
                if not path.endswith("/"):
                    place.unlink()
                    place = place.parent
                _remove_empty(place, self.site)


def fresh_tree(site: SiteFolder) -> FreshTree:
    """A place for a whole build, which nobody reads: over an earlier one, or empty. Its number was never served."""
    number = max((number for _, number in _trees(site)), default=0) + 1
    fresh = FreshTree(site.builds / f"{number}.new", frozenset())
    unserved = sorted(_unserved(site), key=itemgetter(1), reverse=True)
    fresh.folder.mkdir(parents=True)
    for tree, _ in unserved:
        if tree.suffix != ".new" and site.current and not _is_forgotten(site):
            continue
        old = _files_to_write_over(tree, fresh.folder.stat().st_mode)
        if old is not None:
            with suppress(OSError):
                _sync_folder(site.link.parent)  # a power cut must not bring back a link to what is written over
                (tree / "site").rename(fresh.site)
                shutil.rmtree(tree, ignore_errors=True)
                return FreshTree(fresh.folder, old)
    fresh.site.mkdir()
    return fresh


def older_trees(site: SiteFolder, fresh: FreshTree) -> list[Path]:
    """Every build but the one that is served and the one that is made, and what killed runs left."""
    return [tree for tree, _ in _unserved(site) if tree != fresh.folder]


def remove(trees: Iterable[Path]) -> None:
    """Remove builds that nobody reads any more; what cannot be removed is left to the next run."""
    for tree in trees:
        shutil.rmtree(tree, ignore_errors=True)


def _is_forgotten(site: SiteFolder) -> bool:
    """True where the build that is served is so old that nobody is still reading the one before it."""
    return (site.builds / "lock").stat().st_mtime - site.link.lstat().st_mtime >= _READ_FOR


def _files_to_write_over(tree: Path, mode: int) -> Set[str] | None:
    """Every file of a build's site by its path in it, and every empty folder (`path/`).

    None where anything is not as a build would make it now: we may not write, a link leads elsewhere, folders have
    other rights than `mode` because the umask was another one.
    """
    found, folders, top = set[str](), [""], tree / "site"
    if tree.is_symlink() or top.is_symlink():
        return None
    try:
        for inside in folders:
            folder = f"{top}/{inside}"
            if not os.access(folder, os.W_OK | os.X_OK) or (os.stat(folder).st_mode ^ mode) & 0o777:  # noqa: PTH116
                return None
            with os.scandir(folder) as entries:
                empty = True
                for entry in entries:
                    empty = False
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{inside}{entry.name}/")
                    elif entry.is_file(follow_symlinks=False):
                        found.add(inside + entry.name)
                    else:
                        return None
            if empty and inside:
                found.add(inside)
    except OSError:
        return None
    return found


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files of a tree that nobody reads, over what lies there."""
    top, mode = str(folder), folder.stat().st_mode & 0o666
    for path, content in files:
        _write_over(f"{top}/{path}", content, mode)


def _write_over(place: str, content: bytes, mode: int) -> None:
    # Paths as text, and files by their numbers: there are tens of thousands.
    try:
        file = os.open(place, os.O_WRONLY | os.O_CREAT, 0o666)
    except FileNotFoundError:
        file = _made(place)
    except (IsADirectoryError, NotADirectoryError, PermissionError):
        file = _made_instead(place)
    there = os.fstat(file)
    if there.st_nlink > 1 or there.st_mode & 0o777 != mode:  # somebody's copy, or from under another umask
        os.close(file)
        file = _made_instead(place)
    try:
        size = len(content)
        while content:
            content = content[os.write(file, content) :]
        if there.st_size > size:
            os.ftruncate(file, size)
    finally:
        os.close(file)


def _made(place: str) -> int:
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    return os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


def _made_instead(place: str) -> int:
    """A new file in place of what is in its way: a folder, a file of that name that is not ours, or one where its
    folder belongs. A folder of other pages is never in the way, whatever went wrong."""
    path = Path(place)
    if path.is_dir():
        shutil.rmtree(path)
    else:
        nearest = next(one for one in (path, *path.parents) if one.exists())
        if not nearest.is_dir():
            with suppress(FileNotFoundError, IsADirectoryError):  # another process came first
                nearest.unlink()
    return _made(place)


def swap_in(site: SiteFolder, tree: FreshTree, state: Mapping[str, bytes]) -> None:
    """Point the link at a whole build with what stands beside its site; the one before stays for who reads it."""
    fresh = tree.folder
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


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


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


def _unserved(site: SiteFolder) -> Iterator[tuple[Path, int]]:
    served = site.current.name if site.current else None
    return ((tree, number) for tree, number in _trees(site) if tree.name != served)


def _trees(site: SiteFolder) -> Iterator[tuple[Path, int]]:
    """Whole builds and unfinished ones, with their numbers."""
    for entry in site.builds.iterdir():
        number = entry.name.removesuffix(".new")
        if number.isdigit():
            yield entry, int(number)
