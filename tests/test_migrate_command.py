"""`sukma migrate`: a city outgrows its one file, and takes everything along to PostgreSQL or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from builders import registry_yaml
from command_line import Installation, Ran, installation
from postgresql import Server
from sqlalchemy import inspect, select, text
from sqlalchemy.engine import URL

from form_backend.store.database import open_engine
from form_backend.store.migrations import newest
from form_backend.store.schema import answers, metadata
from generator.instruments import file_content, instrument

HOSTILE = 'Tab\t, baris\nbaru, \\N, "kutip", \\., ü 🏛️ مكتب'


@dataclass(frozen=True)
class City:
    """An installation that has published, with its file of SQLite."""

    here: Installation

    @property
    def file(self) -> Path:
        return self.here.folder / "var" / "sukma.sqlite3"

    def change(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute(statement, values)
            connection.commit()

    def copied_to(self, url: URL, **env: str) -> Ran:
        return self.here.sukma("migrate", "--to", text_of(url), **env)


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Made once; for reading only."""
    city = City(installation(tmp_path_factory.mktemp("kota"), registry_yaml()))
    for command in (("simulate", "--answers", "40"), ("publish", "--no-build")):
        assert city.here.sukma(*command).code == 0
    city.change("UPDATE answers SET saran = ?, set_aside = 'petugas' WHERE seq IN (3, 39)", HOSTILE)
    city.change("INSERT INTO questionnaires VALUES ('ipkp', 1, ?)", file_content(instrument("ipkp")).decode())
    city.change("UPDATE answers SET alasan = ? WHERE seq = 4", '{"waktu": "baris\\nbaru \\u00fc"}')
    return city


@pytest.fixture
def city(published: City, tmp_path: Path) -> City:
    """A copy to be changed."""
    made = City(installation(tmp_path / "kota", registry_yaml()))
    made.file.parent.mkdir()
    with closing(sqlite3.connect(published.file)) as source, closing(sqlite3.connect(made.file)) as copy:
        source.backup(copy)
    return made


@pytest.fixture
def empty(postgresql: Server) -> Iterator[URL]:
    """A database without any table."""
    url = postgresql.empty()
    yield url
    postgresql.drop(url)


def content(url: URL | str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as values."""
    engine = open_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return found


def tables(url: URL) -> list[str]:
    engine = open_engine(url)
    found = inspect(engine).get_table_names()
    engine.dispose()
    return found


def test_everything_arrives_as_it_was_and_what_to_set_next_is_said_without_the_password(city: City, empty: URL) -> None:
    address = text_of(empty.set(password="rahasia").update_query_dict({"sslpassword": "rahasia"}))
    before = content(f"sqlite:///{city.file}")
    ran = city.here.sukma("migrate", "--to", address, "--json", LC_ALL="en_GB.UTF-8")
    arrived = content(empty)
    assert arrived == before
    assert HOSTILE in {row[answers.c.keys().index("saran")] for row in arrived["answers"]}
    assert ran.json == {"copied": {name: len(rows) for name, rows in arrived.items()}}
    assert "Now set SUKMA_DATABASE_URL to that address" in ran.err
    assert "rahasia" not in ran.out + ran.err


def test_the_city_goes_on_where_it_was(city: City, published: City, empty: URL) -> None:
    assert city.copied_to(empty).code == 0
    env = {"SUKMA_DATABASE_URL": text_of(empty), "SUKMA_REMOTE": str(published.here.folder / "var" / "remote.git")}
    assert city.here.sukma("simulate", "--answers", "12", **env).code == 0
    report = city.here.sukma("publish", "--no-build", "--json", **env).json
    assert [(one["added"], one["n"]) for one in report["released"]] == [(11, 41)]
    engine = open_engine(empty)
    with engine.connect() as connection:
        numbers = connection.execute(text("SELECT max(seq), count(*) FROM answers")).one()
        assert tuple(numbers) == (52, 52)
    engine.dispose()


def written(city: City) -> bytes:
    """Every byte of the database and what lies beside it."""
    return b"".join(file.read_bytes() for file in city.file.parent.glob("sukma.sqlite3*"))


def test_once_all_is_copied_the_file_has_forgotten_exact_times_and_digests_and_holds_the_rest(
    city: City, empty: URL
) -> None:
    city.change("UPDATE answers SET received_at = received_hour || ' 5ecre7-71me'")
    city.change("INSERT INTO repeats VALUES ('5ecre7-d1ge57', 1, 'x')")
    assert b"5ecre7-71me" in written(city) and b"5ecre7-d1ge57" in written(city)
    before = content(f"sqlite:///{city.file}")
    assert city.copied_to(empty).code == 0
    assert b"5ecre7" not in written(city)
    assert content(empty) == before
    at = answers.c.keys().index("received_at")
    before["answers"] = [(*row[:at], None, *row[at + 1 :]) for row in before["answers"]]
    assert content(f"sqlite:///{city.file}") == before | {"repeats": []}


def test_a_copy_that_fails_leaves_the_file_its_exact_times(city: City, shared_url: URL, postgresql: Server) -> None:
    city.change("UPDATE answers SET received_at = received_hour")
    postgresql.run(TAMPER.format(change="NEW.n = NEW.n + 1;", table="blocks"), str(shared_url.database))
    before = content(f"sqlite:///{city.file}")
    assert city.copied_to(shared_url).code == 1
    assert content(f"sqlite:///{city.file}") == before


def test_a_file_that_cannot_forget_is_told_with_what_to_do_and_the_copy_is_kept(city: City, empty: URL) -> None:
    city.change("UPDATE answers SET received_at = received_hour")
    city.change("CREATE TRIGGER stuck BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'macet'); END")
    ran = city.copied_to(empty)
    assert (ran.code, len(content(empty)["answers"])) == (1, 40)
    assert "Semua sudah tersalin" in ran.err and "(macet): hapus berkas itu dalam 48 jam" in ran.err


def test_a_file_that_a_server_has_open_is_not_copied(city: City, empty: URL) -> None:
    with closing(sqlite3.connect(city.file)) as server:
        server.execute("PRAGMA journal_mode = WAL")
        server.execute("SELECT count(*) FROM answers").fetchall()
        ran = city.copied_to(empty)
    assert (ran.code, tables(empty)) == (1, [])
    assert "sedang dipakai: hentikan dahulu sukma serve dan sukma publish." in ran.err


def test_a_database_that_holds_something_is_left_as_it_is(published: City, shared_url: URL) -> None:
    engine = open_engine(shared_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO terms (year, k, period_kind) VALUES (2026, 10, 'quarter')"))
    engine.dispose()
    before = content(shared_url)
    ran = published.copied_to(shared_url)
    assert (ran.code, content(shared_url)) == (1, before)
    assert "tidak kosong (tabel terms)" in ran.err


def test_a_database_in_which_another_program_has_a_table_is_refused(published: City, empty: URL) -> None:
    engine = open_engine(empty)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE resep (nama text)"))
    engine.dispose()
    ran = published.copied_to(empty)
    assert (ran.code, tables(empty)) == (1, ["resep"])
    assert "tidak kosong (tabel resep)" in ran.err


@pytest.mark.parametrize(
    ("version", "words"),
    [("0002", "jalankan dahulu sukma migrate"), ("9999", "pasang kembali SuKMa-e yang lebih baru")],
)
def test_tables_of_another_version_are_not_copied(city: City, empty: URL, version: str, words: str) -> None:
    city.change("UPDATE alembic_version SET version_num = ?", version)
    ran = city.copied_to(empty)
    assert (ran.code, tables(empty)) == (1, [])
    assert words in ran.err


TAMPER = """
CREATE FUNCTION tamper() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN {change} RETURN NEW; END';
CREATE TRIGGER tamper BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION tamper()
"""


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("answers", "IF NEW.seq = 7 THEN RETURN NULL; END IF;"),
        ("answers", "NEW.saran = NEW.saran || ''.'';"),
        ("blocks", "NEW.n = NEW.n + 1;"),  # as many rows, and other ones
    ],
)
def test_a_copy_that_differs_is_not_kept(
    published: City, shared_url: URL, postgresql: Server, table: str, change: str
) -> None:
    postgresql.run(TAMPER.format(change=change, table=table), str(shared_url.database))
    ran = published.copied_to(shared_url)
    assert (ran.code, content(shared_url)["answers"]) == (1, [])
    assert f"Salinan berbeda dari aslinya pada {table}: " in ran.err


def test_killed_in_the_middle_it_leaves_nothing(city: City, empty: URL) -> None:
    names = ", ".join(column.name for column in answers.columns if column.name not in ("seq", "receipt"))
    city.change(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
        f"INSERT INTO answers (receipt, {names}) SELECT 'r' || i, {names} FROM n, answers WHERE seq = 5"
    )
    with city.here.running("migrate", "--to", text_of(empty)) as running:
        running.wait_for("blocks: 1 ")
        running.process.kill()
        assert running.process.wait(10) == -9
    assert tables(empty) == []


def test_without_a_target_the_tables_are_brought_up_to_date(city: City) -> None:
    city.change("UPDATE alembic_version SET version_num = '0007'")
    city.change("ALTER TABLE marks DROP COLUMN seq")
    found = city.here.sukma("migrate", "--json").json
    assert found == {"before": "0007", "after": newest()}
    assert "sudah versi terbaru" in city.here.sukma("migrate").err


def test_only_postgresql_can_be_copied_to(published: City) -> None:
    ran = published.here.sukma("migrate", "--to", "sqlite:///x.sqlite3")
    assert ran.code == 2
    assert "--to membutuhkan alamat PostgreSQL" in ran.err


def test_where_there_is_nothing_to_copy_that_is_said(tmp_path: Path, empty: URL) -> None:
    ran = installation(tmp_path, registry_yaml()).sukma("migrate", "--to", text_of(empty))
    assert ran.code == 1
    assert "tidak ada yang perlu disalin" in ran.err
    assert not (tmp_path / "var").exists()


def test_a_server_that_does_not_answer_is_a_sentence(published: City, empty: URL, free_port: int) -> None:
    ran = published.copied_to(empty.set(port=free_port, password="rahasia"))
    assert ran.code == 1
    assert ran.err.startswith("Basis data tidak dapat dipakai: ")
    assert "rahasia" not in ran.err and "Traceback" not in ran.err


def test_the_other_commands_say_the_same_without_the_password(published: City, free_port: int) -> None:
    url = f"postgresql://sukma:rahasia@127.0.0.1:{free_port}/sukma"
    ran = published.here.sukma("publish", "--dry-run", SUKMA_DATABASE_URL=url)
    assert ran.code == 1
    assert "Basis data tidak dapat dipakai: " in ran.err
    assert "rahasia" not in ran.err and "Traceback" not in ran.err
