"""Engines; the only place that knows how SQLite must be opened."""

from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

_BUSY_MS = 5000  # another process (the publisher) may hold the write lock for a moment
_PRAGMAS = (
    f"busy_timeout = {_BUSY_MS}",  # first: the others may have to wait
    "journal_mode = WAL",
    "synchronous = FULL",  # a receipt is a promise: it outlives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what is forgotten is overwritten
)


def open_engine(url: str | URL) -> Engine:
    """An engine whose connections are safe to use from many threads; the folder of an SQLite file is made."""
    # Error texts would otherwise quote the values of a statement, which are people's answers.
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        path = make_url(url).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch(mode=0o600)  # it holds what people wrote
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def empty_log(engine: Engine) -> None:
    """Move SQLite's write-ahead log into the database and empty it, as far as no reader still needs it."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def for_writing(engine: Engine) -> Engine:
    """The same engine for transactions that write after they have read.

    SQLite refuses to turn a reader into a writer where another wrote meanwhile, without waiting; such a transaction
    takes the write lock first.
    """
    return engine.execution_options(sqlite_begin="IMMEDIATE")


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not guessed from the statement by the driver
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
