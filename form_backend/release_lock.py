"""One publisher on a database, whatever clones there are: a lock beside the file of SQLite, and on a database that
several hosts share an advisory lock of PostgreSQL, held by a connection."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from form_backend.publish import AnotherPublisher, PublishError, only_publisher
from form_backend.store.database import is_shared, place

_LOCK = 0x53_4B_4D_02  # see store/migrations
_LOOK_EVERY = 0.5  # seconds


class LostLock(PublishError):
    """The connection that held the publisher's lock is gone, so another publisher may be at work."""

    def __init__(self) -> None:
        super().__init__("the database ended the connection that keeps other publishers out: publish again")


@contextmanager
def only_publisher_of(engine: Engine, patience: float = 60) -> Iterator[Callable[[], None]]:
    """Holds the database's publisher lock; AnotherPublisher when another one still runs after `patience` seconds.

    Gives what raises LostLock once it is not held any more.
    """
    if not is_shared(engine):
        file = Path(str(engine.url.database)).resolve()  # whatever links lead to it
        with only_publisher(file.with_name(f"{file.name}.publisher"), patience):
            yield lambda: None
        return
    # Without a transaction: the lock is the session's, and a transaction that waits for a push would be ended.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _take(connection, engine, patience)
        try:
            yield lambda: _hold(connection)
        finally:
            connection.invalidate()  # closes the session, and with it goes the lock


def _take(connection: Connection, engine: Engine, patience: float) -> None:
    until = time.monotonic() + patience
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}):
        if time.monotonic() > until:
            raise AnotherPublisher(place(engine.url), patience)
        time.sleep(_LOOK_EVERY)


def _hold(connection: Connection) -> None:
    """A connection that was lost is never replaced within its block, so where it answers it still holds the lock."""
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        raise LostLock from error
