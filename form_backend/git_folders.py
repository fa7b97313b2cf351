"""Folders that git works in, and what a killed git leaves there."""

import shutil
import time
from pathlib import Path

STALE_LOCK = 60  # seconds; a push to a folder holds one for a blink


def local_path(remote: str) -> Path | None:
    """The folder a remote names; None for an address (a scheme, or ssh's host:path)."""
    return None if "://" in remote or ":" in remote.split("/")[0] else Path(remote).absolute()


def remove_stale_locks(bare: Path) -> None:
    """A push that was killed leaves its lock in a local remote, where nobody else would ever remove it."""
    locks = [*bare.glob("*.lock"), *(bare / "refs").rglob("*.lock")]
    for lock in locks:
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


def emptied(folder: Path) -> Path:
    """The folder, made anew; FileExistsError where it cannot be removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
