"""Engines; the only place that knows how SQLite must be opened."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from form_backend.logs import NAME

_log = logging.getLogger(NAME)
_BUSY_MS = 5000  # another process (the publisher) may hold the write lock for a moment
LOG_BYTES = 8 * 1024 * 1024
_PRAGMAS = (
    f"busy_timeout = {_BUSY_MS}",  # first: the others may have to wait
    "journal_mode = WAL",
    "synchronous = FULL",  # a receipt is a promise: it outlives a power cut
    "foreign_keys = ON",
    "secure_delete = ON",  # what is forgotten is overwritten
    "cache_size = -8000",  # KB: the upper pages of every index of some million answers
    "wal_autocheckpoint = 0",  # `shorten_log` does it, for a reason
    f"journal_size_limit = {LOG_BYTES}",  # of the log's file, once it begins anew
)


def open_engine(url: str | URL) -> Engine:
    """An engine whose connections are safe to use from many threads; the folder of an SQLite file is made."""
    # Error texts would otherwise quote the values of a statement, which are people's answers.
    engine = create_engine(url, hide_parameters=True)
    # Many rows in one statement: between two, whoever waits for the interpreter would be let in first.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    if engine.dialect.name == "sqlite":
        path = make_url(url).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch(mode=0o600)  # it holds what people wrote
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def shorten_log(engine: Engine) -> None:
    """Move SQLite's write-ahead log into the database once it is long, while nobody can write; it then begins anew.

    To be called after commits. In SQLite before 3.51.3 a writer that begins the log anew under a checkpoint that has
    just begun makes a later checkpoint skip what was committed since (docs/durability.md). Here one connection keeps
    the writers of all processes out until the other has moved the log.
    """
    if _log_bytes(engine) <= LOG_BYTES:
        return
    try:
        with for_writing(engine).begin(), closing(engine.raw_connection()) as mover:
            mover.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()  # the kind that asks for no write lock
    except (OperationalError, sqlite3.OperationalError) as error:
        # Locked or full: what was committed is safe in the log, and the next commit comes here again.
        _log.warning("the write-ahead log could not be moved into the database", exc_info=error)


def _log_bytes(engine: Engine) -> int:
    if engine.dialect.name != "sqlite":
        return 0
    try:
        return Path(f"{engine.url.database}-wal").stat().st_size
    except FileNotFoundError:
        return 0


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
