"""Folders that git works in, and what a killed git leaves there."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

STALE_LOCK = 60  # seconds; a push to a folder holds one for a blink


def local_path(remote: str) -> Path | None:
    """The folder a remote names; None for an address (a scheme, or ssh's host:path)."""
    return None if "://" in remote or ":" in remote.split("/")[0] else Path(remote).absolute()


def git_dir_of(remote: Path) -> Path:
    """Where git keeps what it knows of a local remote; below it in a folder that somebody works in."""
    return remote / ".git" if (remote / ".git").is_dir() else remote


def remove_stale_locks(git_dir: Path) -> None:
    """A push that was killed leaves its lock in a local remote, where nobody else would ever remove it."""
    if not ((git_dir / "HEAD").is_file() and (git_dir / "objects").is_dir()):
        return
    for lock in [*git_dir.glob("*.lock"), *(git_dir / "refs").rglob("*.lock")]:
        if time.time() - lock.stat().st_mtime > STALE_LOCK:
            lock.unlink(missing_ok=True)


def remove_empty(folder: Path) -> None:
    """Remove a folder and those above it, as long as they are empty."""
    while not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def missing_or_empty(folder: Path) -> bool:
    """True where nothing would be lost if something were made there."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def files_in(folder: Path) -> Iterator[Path]:
    """Everything in it that is no folder, links among them, however deep; itself where it is none."""
    if folder.is_symlink() or folder.is_file():
        yield folder
    for place, folders, files in os.walk(folder):
        for name in [*files, *(name for name in folders if (Path(place) / name).is_symlink())]:
            yield Path(place) / name


def holds_no_file(folder: Path) -> bool:
    """True where it is not there, or nothing is in it but folders."""
    return not any(True for _ in files_in(folder))


def is_as_left(top: Path, path: str, *, gone: bool) -> bool:
    """True where `path` can be written below `top`, or (`gone`) removed, as no link and nothing else is in its way."""
    place = top / path
    above = place.parent
    while above != top:
        if above.is_symlink() or (above.exists() and not above.is_dir()):
            return False
        above = above.parent
    if gone:
        return place.is_file() and not place.is_symlink()
    return not place.is_symlink() and not place.is_dir()


def emptied(folder: Path) -> Path:
    """The folder, made anew; FileExistsError where it cannot be removed."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
