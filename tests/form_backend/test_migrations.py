from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgresql import Server
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

from form_backend.database import open_engine
from form_backend.migrations import NewerSchema, WrongEncoding, migrate, newest
from form_backend.schema import metadata
from form_backend.store import Store


@pytest.mark.engines
def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_partial_indexes(store: Store) -> None:
    found = {index["name"]: index for index in inspect(store.engine).get_indexes("answers")}
    waiting = found["ix_answers_waiting"]
    assert waiting["column_names"] == ["unit", "period"]
    assert str(waiting["dialect_options"]["sqlite_where"]) == "block IS NULL AND set_aside IS NULL"


@pytest.mark.engines("postgresql")
def test_postgresql_has_the_same_partial_indexes(store: Store) -> None:
    found = {index["name"]: index["dialect_options"] for index in inspect(store.engine).get_indexes("answers")}
    where = {name: options["postgresql_where"] for name, options in found.items() if "postgresql_where" in options}
    assert where == {
        "ix_answers_waiting": "((block IS NULL) AND (set_aside IS NULL))",
        "ix_answers_aside": "(set_aside IS NOT NULL)",
        "ix_answers_received_at": "(received_at IS NOT NULL)",
    }


@pytest.mark.engines("postgresql")
def test_what_is_counted_of_devices_reaches_no_log_of_the_server(store: Store) -> None:
    with store.engine.connect() as connection:
        kind = "SELECT relpersistence FROM pg_class WHERE relname = :name"
        kinds = [connection.scalar(text(kind), {"name": name}) for name in ("ceilings", "answers")]
    assert kinds == ["u", "p"]  # unlogged, permanent


@pytest.mark.engines
def test_migrating_twice_is_migrating_once(store: Store) -> None:
    assert migrate(store.engine) == (newest(), newest())
    assert inspect(store.engine).has_table("answers")


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> URL | str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new.sqlite3"
    server: Server = request.getfixturevalue("postgresql")
    return server.empty()


def migrated(url: URL | str) -> str:
    """In a process of its own: the version of the tables before."""
    engine = open_engine(url)
    before, _ = migrate(engine)
    engine.dispose()
    return str(before)


def test_processes_that_start_together_migrate_once(nothing: URL | str) -> None:
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        before = list(pool.map(migrated, [nothing] * 3))
    assert sorted(before) == [newest(), newest(), "None"]


@pytest.mark.engines
def test_tables_of_a_newer_version_are_left_alone(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="version 9999"):
        migrate(store.engine)


def test_a_database_that_cannot_hold_every_text_is_refused(postgresql: Server) -> None:
    engine = open_engine(postgresql.empty("TEMPLATE template0 ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C'"))
    with pytest.raises(WrongEncoding, match="LATIN1"):
        migrate(engine)
    engine.dispose()
