"""A copy of an SQLite database at one instant, while others write; and a file put in the place of a database.

PostgreSQL has tools of its own for both.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from form_backend.store.database import InUse
from form_backend.store.forgetting import forget
from form_backend.store.marks import BACKED_UP

LOGS = ("-wal", "-journal", "-shm")  # what SQLite keeps beside a database; it recovers from the first two
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'alembic_version' "
    "ORDER BY name"
)
_TALLIES = (
    "SELECT unit, period, set_aside IS NULL, item.key, item.value, count(*) FROM answers, json_each(answers) AS item "
    "GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5",
    "SELECT * FROM blocks ORDER BY id",
    "SELECT * FROM closings ORDER BY unit, period",
    "SELECT * FROM corrections ORDER BY id",
)


@dataclass(frozen=True)
class Contents:
    """What a database holds: the revision of its tables, its newest release, rows per table."""

    revision: str
    newest_release: int
    counts: Mapping[str, int]


def snapshot(engine: Engine, target: Path, look: Callable[[sqlite3.Connection], None], now: datetime) -> Contents:
    """Copy what is committed now into a new file that stands alone; gives what is in it. `look` sees the same instant.

    Exact times and digests of posts are left out; whoever restores the copy finds in it that he has a backup of `now`.
    Writers go on meanwhile. DatabaseError where the copy is not sound.
    """
    with closing(engine.raw_connection()) as pooled:
        source = pooled.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.execute("BEGIN")
        try:
            found = contents(source)  # the first read fixes the instant that the copy shows
            look(source)
            with closing(sqlite3.connect(target, isolation_level=None)) as copy:
                source.backup(copy)
                changed = _clean(copy, now)
        finally:
            source.execute("ROLLBACK")
    return Contents(found.revision, found.newest_release, {**found.counts, **changed})


def contents(connection: sqlite3.Connection) -> Contents:
    """What the database of a connection holds."""

    def one(query: str) -> Any:
        return connection.execute(query).fetchone()[0]

    tables = [name for (name,) in connection.execute(_TABLES)]  # its own: a newer version may have more
    counts = {name: one(f"SELECT count(*) FROM {name}") for name in tables}
    newest = one("SELECT coalesce(max(seq), 0) FROM releases")
    return Contents(one("SELECT version_num FROM alembic_version"), newest, counts)


def contents_of(path: Path) -> Contents:
    """What the database in a file holds; sqlite3.DatabaseError where it is none."""
    with closing(_read_only(path)) as connection:
        return contents(connection)


def tallies(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Counts of answers by unit, period, counted or not, item and value; then every block, closing and correction."""
    return [row for query in _TALLIES for row in connection.execute(query)]


def tallies_of(path: Path) -> list[tuple[Any, ...]]:
    """The same of the database in a file."""
    with closing(_read_only(path)) as connection:
        return tallies(connection)


def put_in_place(fresh: Path, database: Path, aside: Path) -> None:
    """Make `fresh` the database; what was there is kept as `aside`. At no moment is there none. InUse, none replaced.

    What is put aside has forgotten exact times and digests, unless it cannot be changed: then it stays as it is. A log
    that belongs to it goes with it, also where somebody has moved the database away and left the log: SQLite would
    apply it to any file of that name.
    """
    if database.exists():
        with _alone(database):
            aside.hardlink_to(database)
            _move_logs(database, aside)
            fresh.replace(database)
    else:
        _move_logs(database, aside)
        fresh.replace(database)
    sync(database.parent)


def _move_logs(database: Path, aside: Path) -> None:
    for end in LOGS:
        if (log := Path(f"{database}{end}")).exists():
            log.rename(f"{aside}{end}")


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clean(copy: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Rows of the tables that are not those of the original."""
    changed = {"repeats": 0}
    copy.execute("PRAGMA journal_mode = DELETE")  # one file
    forget(copy)
    if ("marks",) in copy.execute(_TABLES):  # before an upgrade the tables may be older
        at = now.isoformat(timespec="seconds")
        copy.execute("INSERT OR REPLACE INTO marks (name, at) VALUES (?, ?)", (BACKED_UP, at))
        changed["marks"] = copy.execute("SELECT count(*) FROM marks").fetchone()[0]
    if (said := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
        raise sqlite3.DatabaseError(f"the copy is not sound: {said}")
    return changed


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


@contextmanager
def _alone(database: Path) -> Iterator[None]:
    """Nobody else has the database open, or can open it, while the block runs; a broken one is nobody's.

    It has forgotten what is exact by then, where it can be read.
    """
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        _enter(connection, database)
        try:
            forget(connection)
            connection.execute("COMMIT")  # a journal left behind would be taken for one of the file that comes
        except sqlite3.DatabaseError:  # broken, or no room for the journal
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        _enter(connection, database)
        yield


def _enter(connection: sqlite3.Connection, database: Path) -> None:
    try:
        connection.execute("PRAGMA journal_mode = DELETE")  # takes the whole log in; refused while others are there
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in _BUSY:
            raise InUse(str(database)) from error
