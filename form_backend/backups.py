"""Backups: one folder with a copy of the database and what is needed to start again, every file with its checksum.

The secret is left out. Nothing that a backup holds can be read with it, and an installation without one makes its own:
no answer is counted differently. Addresses that somebody kept of a decoy's thank-you page lead nowhere then.
"""

import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from form_backend.store.database import InUse
from form_backend.store.migrations import revisions
from form_backend.store.snapshot import LOGS, Contents, contents_of, put_in_place, snapshot, sync

if TYPE_CHECKING:
    from sqlalchemy import Engine

FORMAT = 1
MANIFEST, DATABASE, BUNDLE, WORDS = "manifest.json", "sukma.sqlite3", "remote.bundle", "words"
_PREFIX, _REPLACED = "sukma-", ".replaced-"
_ABANDONED = timedelta(hours=6)


class BackupError(Exception):
    """A backup that cannot be made, or not be restored: `key` names the sentence, `values` go into it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Sum:
    """A file of a backup."""

    sha256: str
    bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `made` is an ISO instant, `files` are by their path in the folder."""

    made: str
    program: str
    contents: Contents
    files: Mapping[str, Sum]


def make_backup(
    engine: "Engine",
    place: Path,
    words: Mapping[str, bytes],
    bundle: Callable[[Path], bool],
    now: datetime,
    look: Callable[[sqlite3.Connection], None] = lambda _connection: None,
) -> tuple[Path, Manifest]:
    """A new folder in `place`, whole or not there; only its owner can read it. BackupError, OSError.

    `words` are the registry's and the written pages' files by path; `bundle(file)` writes the site repository where it
    is a folder of this machine. That comes first: a repository that is ahead of its database could not be published to.
    `look` sees the database at the instant of the copy.
    """
    if engine.dialect.name != "sqlite":
        raise BackupError("backup_postgresql")
    place.mkdir(parents=True, exist_ok=True)
    sweep(place, f".{_PREFIX}*", now)
    fresh = place / f".{_PREFIX}{secrets.token_hex(4)}"
    fresh.mkdir(mode=0o700)
    try:
        bundle(fresh / BUNDLE)
        found = snapshot(engine, fresh / DATABASE, look, now)
        for name, content in words.items():
            file = fresh / WORDS / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        files = {path.relative_to(fresh).as_posix(): _sum(path) for path in sorted(fresh.rglob("*")) if path.is_file()}
        manifest = Manifest(now.isoformat(timespec="minutes"), version("sukma-e"), found, files)
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, sort_keys=True)
        (fresh / MANIFEST).write_text(text + "\n", encoding="utf-8")
        for path in [*fresh.rglob("*"), fresh]:
            path.chmod(0o700 if path.is_dir() else 0o600)
            sync(path)
        target = _free(place, now)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    sync(place)
    return target, manifest


def read_backup(folder: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was made; BackupError."""
    try:
        data = json.loads((folder / MANIFEST).read_bytes())
        known = data.pop("format") == FORMAT
        files = {path: Sum(**entry) for path, entry in data.pop("files").items()}
        manifest = Manifest(contents=Contents(**data.pop("contents")), files=files, **data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError("backup_unreadable", folder=folder) from None
    if not known or DATABASE not in files:
        raise BackupError("backup_unreadable", folder=folder)
    bad = [path for path, expected in files.items() if not _is_whole(folder, path, expected)]
    if bad:
        raise BackupError("backup_damaged", folder=folder, files=", ".join(bad))
    if manifest.contents.revision not in revisions():
        values = {"revision": manifest.contents.revision, "program": manifest.program, "own": version("sukma-e")}
        raise BackupError("backup_newer", **values)
    return manifest


def restore_database(folder: Path, manifest: Manifest, database: Path, now: datetime) -> Path | None:
    """Put a backup's database in place; gives where the one that was there is kept. BackupError, nothing changed.

    The copy is complete and on the disk before it takes the place of the other in one step. That one has forgotten
    exact times and digests of posts, where it can be changed. Of a database that was moved away the log may be left.
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    fresh = database.with_name(f".{database.name}.{secrets.token_hex(4)}")
    aside = database.with_name(f"{database.name}{_REPLACED}{_stamp(now)}-{secrets.token_hex(2)}")
    try:
        fresh.touch(mode=0o600)
        _copy(folder / DATABASE, fresh)
        if contents_of(fresh) != manifest.contents:
            raise BackupError("backup_damaged", folder=folder, files=DATABASE)
        sync(fresh)
        put_in_place(fresh, database, aside)
    except InUse:
        raise BackupError("restore_in_use", database=database) from None
    except sqlite3.DatabaseError:
        raise BackupError("backup_damaged", folder=folder, files=DATABASE) from None
    finally:
        fresh.unlink(missing_ok=True)
    return next((kept for kept in (aside, *_logs(aside)) if kept.exists()), None)


def replaced(database: Path) -> list[Path]:
    """The databases beside it whose place was taken, and logs whose database somebody had moved away."""
    beside = {file for file in database.parent.glob("*") if file.name.startswith(f"{database.name}{_REPLACED}")}
    return sorted(beside - {log for file in beside for log in _logs(file)})


def _logs(database: Path) -> list[Path]:
    return [database.with_name(f"{database.name}{end}") for end in LOGS]


def _copy(source: Path, target: Path) -> None:
    """Its failure names the place where there is no room, not the backup that is all right."""
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target.parent)) from error


def words_of(folder: Path, manifest: Manifest) -> dict[str, bytes]:
    """The registry's and the written pages' files in a backup, by path."""
    inside = [path for path in manifest.files if path.startswith(f"{WORDS}/")]
    return {path.removeprefix(f"{WORDS}/"): (folder / path).read_bytes() for path in inside}


def prune(place: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups in a folder; gives the deleted ones."""
    found = sorted(path for path in place.glob(f"{_PREFIX}*") if (path / MANIFEST).is_file())
    old = found[: max(0, len(found) - keep)]
    for path in old:
        shutil.rmtree(path)
    return old


def sweep(place: Path, names: str, now: datetime) -> None:
    """Delete what runs that were killed left behind: folders of these names that nobody has touched for hours."""
    for path in place.glob(names):
        if now.timestamp() - path.stat().st_mtime > _ABANDONED.total_seconds():
            shutil.rmtree(path, ignore_errors=True)


def _stamp(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H%M%SZ}"


def _free(place: Path, now: datetime) -> Path:
    target = place / f"{_PREFIX}{_stamp(now)}"
    return target if not target.exists() else target.with_name(f"{target.name}-{secrets.token_hex(2)}")


def _sum(path: Path) -> Sum:
    with path.open("rb") as file:
        return Sum(file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _is_whole(folder: Path, path: str, expected: Sum) -> bool:
    pure = PurePosixPath(path)
    inside = not pure.is_absolute() and ".." not in pure.parts
    return inside and (folder / path).is_file() and _sum(folder / path) == expected
