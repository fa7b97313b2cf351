"""A newer program brings an older database forward, after a backup; an older one leaves a newer database alone."""

from pathlib import Path

import pytest
from builders import registry_yaml
from click.testing import CliRunner, Result
from command_line import installation

from form_backend.backups import read_backup
from form_backend.store.database import open_engine
from form_backend.store.migrations import migrate
from sukma.cli import make_cli


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    installation(tmp_path, registry_yaml())
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path}/var/sukma.sqlite3"


def run() -> Result:
    return CliRunner().invoke(make_cli("id"), ["audit"])


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
