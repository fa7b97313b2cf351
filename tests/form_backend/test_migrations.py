from pathlib import Path
from threading import Thread

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from form_backend.database import open_engine
from form_backend.migrations import migrate
from form_backend.schema import metadata
from form_backend.store import Store


def test_the_migrations_make_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_partial_indexes(store: Store) -> None:
    found = {index["name"]: index for index in inspect(store.engine).get_indexes("answers")}
    waiting = found["ix_answers_waiting"]
    assert waiting["column_names"] == ["unit", "period"]
    assert str(waiting["dialect_options"]["sqlite_where"]) == "block IS NULL AND set_aside IS NULL"


def test_migrating_twice_is_migrating_once(store: Store) -> None:
    migrate(store.engine)
    assert inspect(store.engine).has_table("answers")


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    engines = [open_engine(f"sqlite:///{tmp_path}/new.sqlite3") for _ in range(4)]
    threads = [Thread(target=migrate, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [inspect(engine).has_table("release_files") for engine in engines]
    for engine in engines:
        engine.dispose()
    assert found == [True] * 4
