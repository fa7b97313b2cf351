"""A drill that always went well would be worse than none: it must tell of a backup that is not the database."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from builders import registry_yaml
from click.testing import CliRunner, Result
from command_line import installation

import sukma.drill
from form_backend.backups import Manifest, make_backup, restore_database
from sukma.cli import make_cli

# What of an answer is changed without any number of rows being another.
OTHER_VALUE = "UPDATE answers SET answers = replace(answers, '\"waktu\":', '\"waktu \":') WHERE seq = 1"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = installation(tmp_path, registry_yaml())
    assert made.sukma("simulate", "--answers", "12").code == 0
    monkeypatch.chdir(tmp_path)


def drill() -> Result:
    return CliRunner().invoke(make_cli("id"), ["drill", "restore", "--json"])


def change(database: Path, statement: str) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount == 1


def restoring_badly(monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """From now on what is restored differs from what the backup holds."""

    def restore(folder: Path, manifest: Manifest, database: Path, now: datetime) -> Path | None:
        aside = restore_database(folder, manifest, database, now)
        change(database, statement)
        return aside

    monkeypatch.setattr(sukma.drill, "restore_database", restore)


@pytest.mark.parametrize(
    "statement", [OTHER_VALUE, "DELETE FROM terms", "UPDATE answers SET unit = 'x' WHERE seq = 12"]
)
def test_what_was_restored_and_is_not_what_the_database_held_is_told_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    restoring_badly(monkeypatch, statement)
    ran = drill()
    assert (ran.exit_code, json.loads(ran.stdout)["ok"]) == (1, False)
    assert "Latihan gagal: yang dipulihkan tidak sama dengan basis data." in ran.stderr


def test_a_backup_that_is_not_the_database_is_told_although_it_was_restored_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def make(engine: Any, place: Path, words: Any, bundle: Any, now: datetime, look: Any) -> tuple[Path, Manifest]:
        def looked(connection: sqlite3.Connection) -> None:
            """What is seen of the database is of another instant than what is copied of it."""
            look(connection)
            connection.execute("ROLLBACK")
            change(Path("var/sukma.sqlite3"), OTHER_VALUE)
            connection.execute("BEGIN")

        return make_backup(engine, place, words, bundle, now, looked)

    monkeypatch.setattr(sukma.drill, "make_backup", make)
    ran = drill()
    assert (ran.exit_code, json.loads(ran.stdout)["ok"]) == (1, False)
