"""Exact times and digests of posts taken out of a file of SQLite that no purge will come to: a copy, or one put aside.

The law lets them live 48 hours (UU 27/2022); `Store.purge` sees to it in the database that is in use.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_EXACT = {"answers": "received_at IS NOT NULL", "repeats": "digest IS NOT NULL"}  # table → rows that are exact
_FORGET = {"answers": "UPDATE answers SET received_at = NULL", "repeats": "DELETE FROM repeats"}


def forget(connection: sqlite3.Connection) -> None:
    """Leave nothing exact in a database, nor in the gaps of its file.

    Nor in a log, where the database has none (`journal_mode = DELETE`).
    """
    connection.execute("PRAGMA secure_delete = ON")
    for table in _tables(connection):
        connection.execute(f"{_FORGET[table]} WHERE {_EXACT[table]}")


def remembers(file: Path) -> bool:
    """True where a file may hold something exact: it does, or nobody can read it."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            queries = [f"SELECT 1 FROM {table} WHERE {_EXACT[table]} LIMIT 1" for table in _tables(connection)]
            return any(connection.execute(query).fetchone() for query in queries)
    except sqlite3.DatabaseError:
        return True


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    """Those that are there: a file that was just made has none."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return (table for table in _EXACT if table in there)
