"""A backup holds everything but what must be forgotten, and is only restored whole, into a database nobody uses."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest
from publishing import IN_TW3, IN_TW4, REGISTRY, WORDS, Answers
from sqlalchemy.engine import make_url

from form_backend.backups import BackupError, make_backup, prune, read_backup, replaced, restore_database, words_of
from form_backend.publish import Publisher
from form_backend.store.answers import Store, open_store
from form_backend.store.condition import facts
from form_backend.store.forgetting import remembers
from form_backend.store.releases import ReleaseStore
from form_backend.store.snapshot import contents_of, tallies_of

NOW = datetime(2026, 11, 24, 9, 41, 27, tzinfo=UTC)
Back = Callable[[], Path]


@pytest.fixture
def back(store: Store, tmp_path: Path, publisher: Publisher) -> Back:
    """Make a backup; its folder."""

    def make() -> Path:
        return make_backup(store.engine, tmp_path / "backups", WORDS, publisher.repository.save_remote, NOW)[0]

    return make


def restored(folder: Path, tmp_path: Path) -> Path:
    database = tmp_path / "other" / "sukma.sqlite3"
    restore_database(folder, read_backup(folder), database, NOW)
    return database


def test_what_was_published_follows_from_a_restored_database_byte_for_byte(
    back: Back, publisher: Publisher, answers: Answers, tmp_path: Path
) -> None:
    answers(12, IN_TW3)
    answers(25)
    publisher.run(IN_TW4)
    store = open_store(f"sqlite:///{restored(back(), tmp_path)}")
    again = Publisher(ReleaseStore(store.engine), publisher.repository, REGISTRY, lambda: WORDS)
    _, files = publisher.store.everything()
    assert len(files) == 4
    assert again.encode(files) == publisher.encode(files)
    assert again.decide(IN_TW4) == publisher.decide(IN_TW4) == {}
    store.close()


def test_a_backup_holds_every_row_but_no_exact_time_and_no_digest_of_a_post(
    back: Back, store: Store, answers: Answers, tmp_path: Path
) -> None:
    answers(25)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO repeats VALUES ('5ecre7-d1ge57', 1, 'x')")
        times = [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT received_at FROM answers")]
    folder = back()
    content = (folder / "sukma.sqlite3").read_bytes()
    assert not any(secret.encode() in content for secret in (*times, "5ecre7-d1ge57"))
    assert contents_of(restored(folder, tmp_path)).counts["answers"] == 25
    assert not (folder / "secret").exists()


def test_who_restores_a_backup_has_one_of_its_moment(back: Back, answers: Answers, tmp_path: Path) -> None:
    answers(25)
    store = open_store(f"sqlite:///{restored(back(), tmp_path)}")
    assert facts(store.engine).backed_up_at == NOW
    store.close()


def test_answers_go_on_coming_while_a_backup_is_made_and_it_shows_one_instant(
    back: Back, answers: Answers, tmp_path: Path
) -> None:
    answers(50)
    stop, rounds = Event(), 0

    def come() -> None:
        nonlocal rounds
        while not stop.is_set():
            answers(5)
            rounds += 1

    writer = Thread(target=come)
    writer.start()
    try:
        folders = [back() for _ in range(3)]
    finally:
        stop.set()
        writer.join()
    assert rounds > 0
    for folder in folders:
        counts = read_backup(folder).contents.counts
        assert counts["answers"] % 5 == 0
    assert contents_of(restored(folders[-1], tmp_path)).counts["answers"] == counts["answers"]


def test_only_its_owner_can_read_a_backup(back: Back) -> None:
    folder = back()
    modes = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert (modes, folder.stat().st_mode & 0o777) == ({0o600}, 0o700)


def test_registry_words_and_site_repository_come_along(
    back: Back, publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(25)
    publisher.run(IN_TW4)
    folder = back()
    assert words_of(folder, read_backup(folder)) == WORDS
    head = publisher.repository.refresh()
    remote.rename(remote.with_name("lost.git"))
    assert publisher.repository.load_remote(folder / "remote.bundle")
    assert publisher.repository.refresh() == head


def test_a_site_repository_that_is_there_is_never_touched(back: Back, publisher: Publisher, answers: Answers) -> None:
    answers(25)
    publisher.run(IN_TW4)
    bundle = back() / "remote.bundle"
    answers(20)
    publisher.run(IN_TW4)
    head = publisher.repository.refresh()
    assert not publisher.repository.load_remote(bundle)
    assert publisher.repository.refresh() == head


@pytest.mark.parametrize("file", ["sukma.sqlite3", "words/units.yaml"])
@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_backup_with_a_file_that_is_not_as_it_was_made_is_refused_by_its_name(
    back: Back, tmp_path: Path, file: str, harm: str
) -> None:
    folder = back()
    if harm == "gone":
        (folder / file).unlink()
    else:
        with (folder / file).open("r+b") as broken:
            broken.write(b"x")
    with pytest.raises(BackupError) as refused:
        restored(folder, tmp_path)
    assert (refused.value.key, refused.value.values["files"]) == ("backup_damaged", file)


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("DELETE FROM answers WHERE seq = 3", "an answer less"),
        ("INSERT INTO releases (day) VALUES ('2026-11-24')", "a release more"),
        ("UPDATE alembic_version SET version_num = '0006'", "other tables"),
    ],
)
def test_a_backup_whose_database_is_not_what_its_manifest_says_is_refused_although_every_checksum_is_right(
    back: Back, answers: Answers, tmp_path: Path, statement: str, what: str
) -> None:
    answers(5)
    folder = back()
    with closing(sqlite3.connect(folder / "sukma.sqlite3", isolation_level=None)) as connection:
        connection.execute(statement)
    manifest = json.loads((folder / "manifest.json").read_text())
    content = (folder / "sukma.sqlite3").read_bytes()
    manifest["files"]["sukma.sqlite3"] = {"sha256": sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError) as refused:
        restored(folder, tmp_path)
    assert (refused.value.key, refused.value.values["files"]) == ("backup_damaged", "sukma.sqlite3"), what
    assert list((tmp_path / "other").iterdir()) == []


def test_a_backup_of_a_newer_schema_is_refused(back: Back, tmp_path: Path) -> None:
    folder = back()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["contents"]["revision"] = "9999"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError) as refused:
        restored(folder, tmp_path)
    assert refused.value.key == "backup_newer"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "files": {"../x": {"sha256": "", "bytes": 0}}}']
)
def test_what_is_no_manifest_is_no_backup(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BackupError) as refused:
        read_backup(tmp_path)
    assert refused.value.key == "backup_unreadable"


def test_a_file_outside_of_the_folder_is_no_part_of_a_backup(back: Back, tmp_path: Path) -> None:
    folder = back()
    manifest = json.loads((folder / "manifest.json").read_text())
    outside = tmp_path / "outside"
    outside.write_bytes((folder / "words/units.yaml").read_bytes())
    manifest["files"]["words/../../../outside"] = manifest["files"].pop("words/units.yaml")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BackupError) as refused:
        read_backup(folder)
    assert refused.value.values["files"] == "words/../../../outside"


def test_the_database_that_is_replaced_is_kept_whole(
    back: Back, answers: Answers, store: Store, tmp_path: Path
) -> None:
    answers(5)
    folder = back()
    answers(3)
    store.close()
    database = tmp_path / "var" / "sukma.sqlite3"
    aside = restore_database(folder, read_backup(folder), database, NOW)
    assert aside is not None
    assert (contents_of(database).counts["answers"], contents_of(aside).counts["answers"]) == (5, 8)
    assert store.count() == 5


def test_no_file_beside_a_restored_database_holds_an_exact_time_or_a_digest_of_a_post(
    back: Back, answers: Answers, store: Store, tmp_path: Path
) -> None:
    answers(5)
    folder = back()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO repeats VALUES ('5ecre7-d1ge57', 1, 'x')")
        times = [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT received_at FROM answers")]
    secrets = [text.encode() for text in ("5ecre7-d1ge57", *times)]
    store.close()
    database = tmp_path / "var" / "sukma.sqlite3"
    assert all(secret in database.read_bytes() for secret in secrets)
    aside = restore_database(folder, read_backup(folder), database, NOW)
    files = {file.name: file.read_bytes() for file in database.parent.glob("sukma.sqlite3*")}
    assert aside is not None and (aside.name in files, contents_of(aside).counts["answers"]) == (True, 5)
    assert [name for name, content in files.items() if any(secret in content for secret in secrets)] == []
    assert not remembers(aside)


@pytest.mark.parametrize("content", [b"no database at all" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_broken_database_is_put_aside_as_it_is_and_known_to_remember(
    back: Back, store: Store, tmp_path: Path, content: bytes
) -> None:
    folder = back()
    store.close()
    database = tmp_path / "var" / "sukma.sqlite3"
    database.write_bytes(content)
    aside = restore_database(folder, read_backup(folder), database, NOW)
    assert aside is not None and (aside.read_bytes(), remembers(aside)) == (content, True)


def test_a_table_that_cannot_be_changed_does_not_keep_a_backup_from_being_restored(
    back: Back, answers: Answers, store: Store, tmp_path: Path
) -> None:
    answers(5)
    folder = back()
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER stuck BEFORE UPDATE ON answers BEGIN SELECT RAISE(ABORT, 'stuck'); END"
        )
    store.close()
    aside = restore_database(folder, read_backup(folder), tmp_path / "var" / "sukma.sqlite3", NOW)
    assert aside is not None and remembers(aside)


def test_a_file_that_was_only_just_made_remembers_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert not remembers(tmp_path / "empty")


def test_a_database_that_somebody_has_open_is_not_replaced(back: Back, answers: Answers, store: Store) -> None:
    answers(5)
    folder = back()
    answers(3)  # and the store keeps its connection, as a server does
    database = Path(str(store.engine.url.database))
    with pytest.raises(BackupError) as refused:
        restore_database(folder, read_backup(folder), database, NOW)
    assert (refused.value.key, store.count()) == ("restore_in_use", 8)
    assert [path.name for path in database.parent.iterdir() if "replaced" in path.name or path.name[0] == "."] == []


def test_a_broken_database_is_replaced_and_its_log_does_not_reach_the_new_one(
    back: Back, answers: Answers, store: Store, tmp_path: Path
) -> None:
    answers(5)
    folder = back()
    database = tmp_path / "var" / "sukma.sqlite3"
    answers(3)
    log = database.with_name("sukma.sqlite3-wal").read_bytes()
    store.close()
    database.write_bytes(b"no database at all" * 1000)
    database.with_name("sukma.sqlite3-wal").write_bytes(log)
    restore_database(folder, read_backup(folder), database, NOW)
    assert store.count() == 5


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_the_log_of_a_database_that_somebody_moved_away_does_not_reach_the_restored_one(
    back: Back, answers: Answers, store: Store, tmp_path: Path, end: str
) -> None:
    answers(5)
    folder = back()
    database = tmp_path / "var" / "sukma.sqlite3"
    log = database.with_name(f"{database.name}{end}")
    if end == "-journal":
        store.close()
        with closing(sqlite3.connect(database, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA cache_size = 1")  # so that pages are written before the commit
            connection.execute("BEGIN")
            connection.execute("INSERT INTO marks (name, at) SELECT receipt, zeroblob(9999) FROM answers")
            left = log.read_bytes()
    else:
        answers(3)
        left = log.read_bytes()
        store.close()
    database.rename(tmp_path / "moved-away")
    log.write_bytes(left)
    aside = restore_database(folder, read_backup(folder), database, NOW)
    assert (tallies_of(database), contents_of(database)) == (
        tallies_of(folder / "sukma.sqlite3"),
        contents_of(folder / "sukma.sqlite3"),
    )
    assert aside is not None and (aside.read_bytes(), remembers(aside)) == (left, True)
    assert replaced(database) == [aside]


def test_a_backup_that_cannot_be_finished_leaves_nothing(store: Store, tmp_path: Path) -> None:
    def full(_file: Path) -> bool:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        make_backup(store.engine, tmp_path / "backups", WORDS, full, NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def test_only_the_newest_are_kept(back: Back, tmp_path: Path) -> None:
    folders = [back() for _ in range(3)]
    (tmp_path / "backups" / "sukma-notes").mkdir()
    prune(tmp_path / "backups", 1)
    left = {path.name for path in (tmp_path / "backups").iterdir()}
    assert len(left & {folder.name for folder in folders}) == 1
    assert "sukma-notes" in left


def test_postgresql_is_backed_up_by_its_own_tools(tmp_path: Path) -> None:
    class Elsewhere:
        dialect = make_url("postgresql://x/y").get_dialect()()

    with pytest.raises(BackupError) as refused:
        make_backup(Elsewhere(), tmp_path / "backups", WORDS, lambda _file: False, NOW)  # type: ignore[arg-type]
    assert refused.value.key == "backup_postgresql"


def test_the_tallies_of_a_restored_database_are_those_of_its_source(
    back: Back, answers: Answers, store: Store, tmp_path: Path
) -> None:
    answers(7, value=2)
    found = tallies_of(restored(back(), tmp_path))
    assert ("7k3q", "2026-TW4", 1, "waktu", 2, 7) in found
    with closing(sqlite3.connect(str(store.engine.url.database))) as connection:
        assert connection.execute("SELECT count(*) FROM answers").fetchone() == (7,)
