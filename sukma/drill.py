"""`sukma drill restore`: a backup is worth what was restored from it."""

import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from form_backend.backups import make_backup, read_backup, restore_database, sweep
from form_backend.store.answers import open_store
from form_backend.store.snapshot import contents_of, tallies, tallies_of
from sukma.wiring import Installation

_PREFIX = ".drill-"


@dataclass(frozen=True)
class Drilled:
    """How a drill ended; seconds of making the backup, and of verifying it, restoring it and opening the store."""

    ok: bool
    answers: int
    tallies: int
    backup_seconds: float
    restore_seconds: float


def drill_restore(here: Installation, now: datetime) -> Drilled:
    """Back up, restore into a folder that is gone afterwards, compare rows and tallies; BackupError.

    Beside the database, where a restored one would have to fit, too.
    """
    engine, seen, counting = here.store.engine, list[list[tuple[Any, ...]]](), 0.0

    def look(connection: sqlite3.Connection) -> None:
        nonlocal counting
        before = time.monotonic()
        seen.append(tallies(connection))
        counting = time.monotonic() - before  # no part of a backup

    var = here.settings.folder / "var"
    var.mkdir(exist_ok=True)
    sweep(var, f"{_PREFIX}*", now)
    with TemporaryDirectory(prefix=_PREFIX, dir=var) as name:
        begun = time.monotonic()
        folder, _ = make_backup(engine, Path(name), here.all_words(), here.repository.save_remote, now, look)
        made = time.monotonic()
        manifest, database = read_backup(folder), Path(name) / "restored.sqlite3"
        restore_database(folder, manifest, database, now)
        open_store(f"sqlite:///{database}").close()
        done = time.monotonic()
        same = contents_of(database).counts == manifest.contents.counts and [tallies_of(database)] == seen
    counted = manifest.contents.counts["answers"]
    return Drilled(same, counted, len(seen[0]), round(made - begun - counting, 2), round(done - made, 2))
