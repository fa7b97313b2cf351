import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgresql import Server
from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

from form_backend.store.answers import Store
from form_backend.store.database import for_writing, open_engine
from form_backend.store.migrations import NewerSchema, WrongEncoding, migrate, newest, upgrade
from form_backend.store.schema import with_indexes_of_few


@pytest.mark.engines
def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, with_indexes_of_few()) == []


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


def test_who_starts_while_another_migrates_waits_and_finds_it_done(nothing: URL | str) -> None:
    first, second = open_engine(nothing), open_engine(nothing)
    with ThreadPoolExecutor(1) as pool, for_writing(first).begin() as connection:
        upgrade(connection)
        waiting = pool.submit(migrate, second)
        time.sleep(0.3)
        connection.commit()
        assert waiting.result(20) == (newest(), newest())
    first.dispose()
    second.dispose()


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
