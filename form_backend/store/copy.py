"""The whole database of one machine copied into an empty one of PostgreSQL: all of it and compared, or nothing."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Table, Text, cast, collate, exists, func, inspect, literal_column, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from form_backend.store.database import UnfitDatabase, alone, hide_details, is_shared, open_engine, place
from form_backend.store.forgetting import forget
from form_backend.store.migrations import newest, revision, upgrade
from form_backend.store.schema import metadata

_BATCH = 2000  # rows in memory


class OlderSchema(UnfitDatabase):
    """The tables to copy are those of an older version."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(f"the database has tables of version {found}, not {known}: run sukma migrate first")
        self.found, self.known = found, known


class NothingToCopy(UnfitDatabase):
    """There is no file of SQLite."""

    def __init__(self, place: str) -> None:
        super().__init__(f"{place} is no file of SQLite with answers: there is nothing to copy")
        self.place = place


class NotEmpty(UnfitDatabase):
    """The database to copy into holds something."""

    def __init__(self, table: str) -> None:
        super().__init__(f"the database to copy into is not empty (table {table}): name an empty one")
        self.table = table


class StillExact(UnfitDatabase):
    """Everything was copied, and the original could not forget exact times and digests."""

    def __init__(self, place: str, reason: object) -> None:
        super().__init__(
            f"everything was copied, but {place} still holds exact times and marks of posts ({reason}): "
            "delete it within 48 hours"
        )
        self.place, self.reason = place, reason


class Unequal(UnfitDatabase):
    """What was copied is not what was there."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the copy differs from the original in {what}: nothing was kept of it")
        self.what = what


def copy_database(source: URL, target: URL, copied: Callable[[str, int], None]) -> dict[str, int]:
    """Copy an SQLite file to PostgreSQL; gives table → rows, or one of the UnfitDatabase.

    Nobody writes to the file meanwhile, so no answer comes in that the copy would lack. Everything on the other side is
    one transaction, the tables too: killed at any moment, it leaves the target as it was. `copied` is told each table.

    Once all is there the file forgets exact times and digests, because no purge will come to it any more; StillExact.
    """
    if not (source.get_backend_name() == "sqlite" and Path(str(source.database)).is_file()):
        raise NothingToCopy(place(source))
    file, server = open_engine(source), open_engine(target)
    try:
        with alone(file) as old:
            _refuse_other_version(old)
            with server.begin() as new:
                counts = _copy(old, new, copied)
            _forget(old)
        return counts
    finally:
        file.dispose()
        server.dispose()


def _copy(old: Connection, new: Connection, copied: Callable[[str, int], None]) -> dict[str, int]:
    _refuse_strangers(new)
    upgrade(new)
    _refuse_content(new)
    counts = {}
    for table in metadata.sorted_tables:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        _copy_rows(old, new, f'"{table.name}" ({columns})', f'SELECT {columns} FROM "{table.name}"')
        counts[table.name] = _compared(old, new, table)
        copied(table.name, counts[table.name])
    _continue_numbers(old, new)
    return counts


def _forget(old: Connection) -> None:
    driver = old.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        forget(driver)
        old.commit()
    except (sqlite3.DatabaseError, DBAPIError) as error:
        raise StillExact(place(old.engine.url), getattr(error, "orig", error)) from error


def _refuse_other_version(old: Connection) -> None:
    found, known = revision(old), newest()
    if found != known:
        raise OlderSchema(str(found), known)


def _refuse_strangers(new: Connection) -> None:
    """Another program's tables are refused, also empty ones: two programs do not share a schema."""
    found = set(inspect(new).get_table_names())
    ours = {table.name for table in metadata.sorted_tables} if revision(new) else set()
    if others := sorted(found - ours - {"alembic_version"}):
        raise NotEmpty(others[0])


def _refuse_content(new: Connection) -> None:
    for table in metadata.sorted_tables:
        if new.scalar(select(exists(select(literal_column("1")).select_from(table)))):
            raise NotEmpty(table.name)


def _copy_rows(old: Connection, new: Connection, into: str, query: str) -> None:
    """Values as they are stored, which both read alike: texts, JSON as text, integers, truth as 0 and 1."""
    driver: Any = new.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for rows in old.exec_driver_sql(query).partitions(_BATCH):
                for row in rows:
                    copy.write_row(row)
    except driver.Error as error:
        hide_details(error)
        raise DBAPIError(None, None, error) from None


def _compared(old: Connection, new: Connection, table: Table) -> int:
    """How many rows a table has, every one of them alike on both sides, so every tally too; Unequal."""
    count = 0
    for before, after in zip_longest(_rows(old, table), _rows(new, table)):
        if before != after:
            raise Unequal(f"{table.name}: {dict(zip(table.primary_key.columns.keys(), before or after, strict=False))}")
        count += 1
    return count


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """Its rows as they are stored, the key first, in an order that is the same whatever the language of the server."""
    order = "C" if is_shared(connection.engine) else "BINARY"
    key = table.primary_key.columns
    columns = [*key, *(column for column in table.columns if not column.primary_key)]
    stored = [cast(column, Text) if isinstance(column.type, JSON) else column for column in columns]
    by = [collate(column, order) if isinstance(column.type, Text) else column for column in key]
    query = select(*stored).order_by(*by).execution_options(yield_per=_BATCH)
    yield from map(tuple, connection.execute(query))


def _continue_numbers(old: Connection, new: Connection) -> None:
    """The next answer, block and release get the numbers that they would have got."""
    for name, last in old.execute(text("SELECT name, seq FROM sqlite_sequence")):
        [column] = metadata.tables[name].primary_key.columns
        new.execute(select(func.setval(func.pg_get_serial_sequence(name, column.name), last)))
