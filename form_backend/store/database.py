"""Engines; the only place that knows how SQLite and PostgreSQL must be opened."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from form_backend import NAME

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

    Upsert = sqlite.Insert | postgresql.Insert

_log = logging.getLogger(NAME)
POSTGRESQL = "postgresql"
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
    f"journal_size_limit = {LOG_BYTES}",  # writing over a file costs the disk half of what it costs to make it longer
)
# What libpq is told (an address may say otherwise). A network that has gone silent is given up within half a minute.
_LIBPQ: dict[str, str | int] = {
    "application_name": "sukma",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "target_session_attrs": "read-write",  # never a standby: it could record nothing
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
_SESSION = f"""
SET synchronous_commit = on;
SET lock_timeout = {_BUSY_MS};
SET statement_timeout = '60s';
SET idle_in_transaction_session_timeout = '60s';
SET tcp_keepalives_idle = 15;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3
"""
_DEADLOCK = "40P01"


class UnfitDatabase(Exception):
    """A database that cannot be used as it is; the sentence says why and what to do."""


class InUse(UnfitDatabase):
    """Somebody else has the file of an SQLite database open."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is in use: stop sukma serve and sukma publish first")
        self.path = path


class Gone(UnfitDatabase):
    """The file of an SQLite database was moved or deleted while it was open: what is written goes nowhere."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was moved or deleted while it was in use: put it back and start sukma serve again")
        self.path = path


def file_number(engine: Engine) -> int | None:
    """Which file an SQLite database is; None where there is none at its place, or where it is no file."""
    try:
        return None if is_shared(engine) else Path(str(engine.url.database)).stat().st_ino
    except FileNotFoundError:
        return None


def open_engine(url: str | URL) -> Engine:
    """An engine whose connections are safe to use from many threads; the folder of an SQLite file is made."""
    url = make_url(url)
    # Error texts would otherwise quote the values of a statement, which are people's answers.
    if url.get_backend_name() == POSTGRESQL:
        return _postgresql(url)
    engine = create_engine(url, hide_parameters=True)
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        Path(url.database).touch(mode=0o600)  # it holds what people wrote
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        isolation_level="READ COMMITTED",  # whatever the server's default: who lost a race must see the winner's row
        pool_pre_ping=True,  # after a restart of the server the next request has a fresh connection
        pool_size=4,
        max_overflow=8,  # of 16 threads a few wait for each other's commit, and need none
        pool_timeout=_BUSY_MS / 1000,  # all of them may hang on a server that says nothing
        connect_args={name: value for name, value in _LIBPQ.items() if name not in url.query},
    )
    event.listen(engine, "connect", _open_postgresql)
    event.listen(engine, "handle_error", _without_details)
    return engine


def place(url: URL) -> str:
    """Where a database is, for people: a file or a server, and nothing that could be a password."""
    if url.get_backend_name() != POSTGRESQL:
        return str(url.database)
    return str(URL.create(POSTGRESQL, host=url.host, port=url.port, database=url.database))


def is_shared(engine: Engine) -> bool:
    """True where several processes and hosts may stand on the database."""
    return engine.dialect.name == POSTGRESQL


def insert_into(dialect: str, table: Table) -> "Upsert":
    """An insert that may say what becomes of a row that is there."""
    if dialect == POSTGRESQL:
        from sqlalchemy.dialects import postgresql  # a tenth of a second, for which SQLite has no use

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def shorten_log(engine: Engine, longest: int = LOG_BYTES) -> bool:
    """Move SQLite's write-ahead log into the database once it is long, while nobody can write; False where it was not.

    With the next commit it begins anew, over the old one. To be called after commits.

    In SQLite before 3.51.3 a writer that begins the log anew under a checkpoint that has just begun makes a later
    checkpoint skip what was committed since (docs/durability.md). Here one connection keeps the writers of all
    processes out until the other has moved the log.
    """
    if _log_bytes(engine) <= longest:
        return False
    try:
        with for_writing(engine).begin(), closing(engine.raw_connection()) as mover:
            mover.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()  # the kind that asks for no write lock
    except (OperationalError, sqlite3.OperationalError) as error:
        # Locked or full: what was committed is safe in the log, and the next commit comes here again.
        _log.warning("the write-ahead log could not be moved into the database", exc_info=error)
        return False
    return True


def empty_log(engine: Engine, write: Callable[[Connection], object]) -> None:
    """Leave nothing in SQLite's log of what was overwritten in the database; to be called after that was committed.

    `write` is what the log begins anew with. Where another process's commit is between, or somebody still reads the old
    log, it stays until the next call.
    """
    if not shorten_log(engine, 0):
        return
    with for_writing(engine).connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.execute("PRAGMA journal_size_limit = 0").close()
        try:
            with connection.begin():
                write(connection)
        finally:
            driver.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}").close()


def _log_bytes(engine: Engine) -> int:
    if is_shared(engine):
        return 0
    try:
        return Path(f"{engine.url.database}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def for_writing(engine: Engine, wait: int = _BUSY_MS) -> Engine:
    """The same engine for transactions that write after they have read.

    SQLite refuses to turn a reader into a writer where another wrote meanwhile, without waiting; such a transaction
    takes the write lock first, for which it waits so many milliseconds.
    """
    return engine.execution_options(sqlite_begin="IMMEDIATE", sqlite_wait=wait)


def in_one_view(engine: Engine) -> Engine:
    """The same engine for transactions whose statements must all see one state, as they always do on SQLite.

    On PostgreSQL a transaction that changes what another changed meanwhile fails and is to be done again.
    """
    return engine.execution_options(isolation_level="REPEATABLE READ") if is_shared(engine) else engine


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction on an SQLite file that nobody else has open or can write to until it ends; InUse."""
    with engine.connect().execution_options(sqlite_begin="EXCLUSIVE") as connection:
        _leave_log(connection.connection.driver_connection, place(engine.url))
        with connection.begin():
            yield connection


def is_everybodys(error: Exception) -> bool:
    """True where the database failed (away, full, locked), and not what one of several had asked of it.

    Two transactions that wait for each other are no such failure: one of them goes on when the other is undone.
    """
    broken = isinstance(error, OperationalError | InterfaceError | Gone | NoConnection)
    return broken and getattr(getattr(error, "orig", None), "sqlstate", None) != _DEADLOCK


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by us, not guessed from the statement by the driver
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _leave_log(connection: Any, path: str) -> None:
    """The write-ahead log can be left only by who is alone; whoever opens the file next begins it anew."""
    connection.execute("PRAGMA busy_timeout = 1000")
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
    except connection.OperationalError as error:
        raise InUse(path) from error


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin, wait = f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}", options.get("sqlite_wait", _BUSY_MS)
    if wait == _BUSY_MS:
        connection.exec_driver_sql(begin)
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {wait}")
    try:
        connection.exec_driver_sql(begin)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")


def _open_postgresql(connection: Any, _record: object) -> None:
    connection.autocommit = True  # a setting made in a transaction goes with it
    connection.execute(_SESSION)
    connection.autocommit = False


def hide_details(error: BaseException) -> None:
    """Leave an error's first sentence: PostgreSQL's DETAIL and CONTEXT quote the row at fault, somebody's answer."""
    said = getattr(error, "diag", None)
    if said and said.message_primary:
        error.args = (said.message_primary,)


def _without_details(context: ExceptionContext) -> None:
    hide_details(context.original_exception)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (str(context.original_exception),)
