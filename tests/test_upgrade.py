"""A newer program brings an older database forward, after a backup; an older one leaves a newer database alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from builders import registry_yaml
from click.testing import CliRunner, Result
from command_line import Installation, Ran, installation
from postgresql import Server
from sqlalchemy import Engine

from form_backend.backups import read_backup
from form_backend.store.database import open_engine
from form_backend.store.migrations import migrate, newest, revision
from sukma.cli import make_cli


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    installation(tmp_path, registry_yaml())
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path}/var/sukma.sqlite3"


def run(*command: str) -> Result:
    return CliRunner().invoke(make_cli("id"), command or ["audit"])


def test_before_the_tables_are_brought_up_to_date_a_backup_is_made_and_only_then(database: str) -> None:
    engine = open_engine(database)
    migrate(engine, "0002")
    engine.dispose()
    assert [run().exit_code, run().exit_code] == [0, 0]
    [folder] = Path("var/backups").iterdir()
    assert read_backup(folder).contents.revision == "0002"


def test_a_new_installation_has_nothing_to_back_up(database: str) -> None:
    assert (run().exit_code, Path("var/backups").exists(), Path("var/sukma.sqlite3").exists()) == (0, False, True)
    assert database.endswith("var/sukma.sqlite3")


def test_the_database_of_a_newer_version_is_refused_with_a_sentence(database: str) -> None:
    engine = open_engine(database)
    migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    ran = run()
    assert (ran.exit_code, "versi 9999" in ran.stderr and "lebih baru" in ran.stderr) == (1, True)


# A server of PostgreSQL, of which no backup is made here

OLDER = "0006"
ANSWER = """
INSERT INTO answers
(receipt, unit, period, day, received_hour, versi, channel, language, answers, attributes, alasan, labels)
VALUES ('x', '7k3q', '2026-TW4', '2026-11-24', '-', '-', 'qr', 'id', '{}', '{}', '{}', '[]')
"""
BLOCK = """
INSERT INTO releases (seq, day) VALUES (1, '2026-11-24');
INSERT INTO blocks (unit, home, no, versi, n, parts, counts, example, release)
VALUES ('7k3q', '2026-TW4', 1, '-', 10, '{}', '{}', false, 1)
"""


@dataclass(frozen=True)
class Elsewhere:
    """An installation whose database is one of an older version on PostgreSQL."""

    here: Installation
    engine: Engine

    def holds(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def sukma(self, *command: str) -> Ran:
        return self.here.sukma(*command, SUKMA_DATABASE_URL=self.engine.url.render_as_string(hide_password=False))

    @property
    def version(self) -> str | None:
        with self.engine.connect() as connection:
            return revision(connection)


@pytest.fixture
def elsewhere(tmp_path: Path, postgresql: Server) -> Iterator[Elsewhere]:
    made = Elsewhere(installation(tmp_path, registry_yaml()), open_engine(postgresql.empty()))
    migrate(made.engine, OLDER)
    yield made
    made.engine.dispose()
    postgresql.drop(made.engine.url)


@pytest.mark.parametrize("held", [ANSWER, BLOCK])
def test_no_command_changes_tables_that_hold_answers_of_which_nobody_said_that_there_is_a_backup(
    elsewhere: Elsewhere, held: str
) -> None:
    elsewhere.holds(held)
    serve = ("serve", "--no-publish", "--port", "0")
    for command in (("audit",), ("doctor",), ("migrate",), ("publish", "--no-build"), serve):
        ran = elsewhere.sukma(*command)
        assert (ran.code, elsewhere.version) == (1, OLDER)
        assert "Buat cadangan dengan pg_dump, lalu jalankan sukma migrate --backed-up." in ran.err


def test_with_a_backup_they_are_changed_and_every_command_goes_on(elsewhere: Elsewhere) -> None:
    elsewhere.holds(ANSWER)
    assert elsewhere.sukma("migrate", "--backed-up", "--json").json == {"before": OLDER, "after": newest()}
    assert elsewhere.sukma("audit").code == 0


def test_tables_without_answers_are_changed_by_whoever_comes_first(elsewhere: Elsewhere) -> None:
    assert (elsewhere.sukma("audit").code, elsewhere.version) == (0, newest())


def test_a_file_is_backed_up_whatever_was_said(database: str) -> None:
    engine = open_engine(database)
    migrate(engine, "0002")
    engine.dispose()
    assert run("migrate", "--backed-up").exit_code == 0
    assert len(list(Path("var/backups").iterdir())) == 1
