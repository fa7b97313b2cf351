"""Faults that a machine has some day, made on purpose: what was thanked for stays, what was not is not thanked for."""

import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from builders import registry_yaml
from citizens import FORM, Citizens, get, post
from command_line import OWN_MOUNTS, Installation, installation
from flask.testing import FlaskClient
from installation import ITEMS
from installation import Installation as InProcess
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from test_store import NOON, answer

from form_backend.store.answers import Store
from form_backend.store.database import LOG_BYTES, shorten_log

LISTENING = r"Buka http://127\.0\.0\.1:\d+"
ROUNDS = 20


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose site is built."""
    made = installation(tmp_path_factory.mktemp("drill"), registry_yaml())
    assert made.sukma("build").code == 0
    return made


def recorded(database: Path) -> dict[str, str]:
    """Id → receipt of every answer; AssertionError where the database is damaged or an id is there twice."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT id, receipt FROM answers").fetchall()
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def test_twenty_kills_under_load_lose_nothing_and_record_nothing_twice(here: Installation, free_port: int) -> None:
    arguments = ("serve", "--no-publish", "--port", str(free_port))
    with Citizens(free_port) as citizens:
        for number in range(ROUNDS):
            with here.running(*arguments, SUKMA_LIMITS="off") as server:
                server.wait_for(LISTENING)
                citizens.wait_for(len(citizens.receipts) + 5 + 3 * number)
                server.process.kill()
        with here.running(*arguments, SUKMA_LIMITS="off") as server:
            server.wait_for(LISTENING)
            citizens.__exit__()  # whoever has no receipt yet gets one now
    assert recorded(here.folder / "var" / "sukma.sqlite3") == citizens.receipts
    assert citizens.strange == set()


# A disk with a few megabytes, which only the server sees.
MOUNT = 'mount -t tmpfs -o size=3m tmpfs small && exec "$@"'
SMALL_DISK = [*OWN_MOUNTS, "sh", "-c", MOUNT, "sh"]


def fill(folder: Path) -> Path:
    """Leave not one byte free; gives the file that has to go."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(4096))
    return ballast


def ids(count: int) -> list[str]:
    return [str(uuid.uuid4()) for _ in range(count)]


def test_a_full_disk_is_told_before_thanking_and_what_can_be_read_is_read_on(
    here: Installation, free_port: int, tmp_path: Path
) -> None:
    (here.folder / "small").mkdir()
    arguments = ("serve", "--no-publish", "--port", str(free_port))
    with here.running(*arguments, before=SMALL_DISK, SUKMA_DATABASE_URL="sqlite:///small/sukma.sqlite3") as server:
        server.wait_for(LISTENING)
        small = Path(f"/proc/{server.process.pid}/root{here.folder}/small")  # as the server sees it
        early, late = ids(5), ids(5)
        thanked = {one: post(free_port, one)[1]["receipt"] for one in early}
        ballast = fill(small)

        refused = [post(free_port, one) for one in late]
        page = HTTPConnection("127.0.0.1", free_port, timeout=20)
        page.request("POST", "/kirim/7k3q", urlencode({**dict.fromkeys(ITEMS, "2"), "id": ids(1)[0]}), FORM)
        told = page.getresponse()
        words = told.read().decode()
        page.close()
        assert {status for status, _ in refused} == {503}
        assert (told.status, told.headers["Retry-After"]) == (503, "60")
        assert "Jawaban Anda belum terkirim" in words
        assert [get(free_port, path) for path in ("/s/7k3q/", "/hasil/", f"/terima/{thanked[early[0]]}")] == [200] * 3

        ballast.unlink()
        thanked |= {one: post(free_port, one)[1]["receipt"] for one in late}
        for name in ("sukma.sqlite3", "sukma.sqlite3-wal"):
            shutil.copy(small / name, tmp_path)
    assert recorded(tmp_path / "sukma.sqlite3") == thanked


@contextmanager
def locked_by_another_process(database: Path) -> Iterator[None]:
    """Somebody who began to write and does not end."""
    program = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE')"
    )
    program += "; print('locked', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"locked\n"
        yield
        process.communicate()


def each_connection(store: Store, look: Callable[[sqlite3.Connection], object]) -> None:
    """Do something with every connection that the store opens from now on."""

    @event.listens_for(store.engine, "connect")
    def _opened(connection: sqlite3.Connection, _record: object) -> None:
        look(connection)

    store.engine.dispose()


@pytest.fixture
def impatient(store: Store) -> Store:
    """The store, waiting 0.2 s for a lock instead of 5."""
    each_connection(store, lambda connection: connection.execute("PRAGMA busy_timeout = 200"))
    return store


def test_a_locked_database_is_told_and_the_answer_is_recorded_once_it_is_free(
    impatient: Store, installation: InProcess, client: FlaskClient
) -> None:
    fields = {**dict.fromkeys(ITEMS, "3"), "id": ids(1)[0]}
    client.post("/kirim/7k3q", data={**fields, "id": ids(1)[0]})
    with locked_by_another_process(installation.folder / "var" / "sukma.sqlite3"):
        refused = client.post("/kirim/7k3q", data=fields)
    thanked = client.post("/kirim/7k3q", data=fields)
    assert (refused.status_code, thanked.status_code, impatient.count()) == (503, 303, 2)


def test_those_who_wait_for_a_locked_database_wait_once_together(impatient: Store, tmp_path: Path) -> None:
    said: list[str] = []
    each_connection(impatient, lambda connection: connection.set_trace_callback(said.append))
    impatient.add([answer()])

    def refused(_: int) -> bool:
        try:
            impatient.add([answer()])
        except OperationalError:
            return True
        return False

    with locked_by_another_process(tmp_path / "var" / "sukma.sqlite3"), ThreadPoolExecutor(8) as pool:
        said.clear()
        assert all(pool.map(refused, range(8)))
        waits = [text for text in said if "busy_timeout" in text or "BEGIN" in text]
    assert waits[0] == "BEGIN IMMEDIATE"
    assert 1 <= waits.count("BEGIN IMMEDIATE") < 8
    assert waits[1:4] == ["PRAGMA busy_timeout = 250", "BEGIN IMMEDIATE", "PRAGMA busy_timeout = 5000"]


def test_a_lock_that_was_waited_for_in_vain_is_not_waited_for_as_long_again(impatient: Store, tmp_path: Path) -> None:
    waits: list[str] = []
    each_connection(impatient, lambda connection: connection.set_trace_callback(waits.append))
    impatient.add([answer()])
    with locked_by_another_process(tmp_path / "var" / "sukma.sqlite3"):
        for briefly in (0, 1, 1):
            waits.clear()
            with pytest.raises(OperationalError):
                impatient.add([answer()])
            assert waits.count("PRAGMA busy_timeout = 250") == briefly
    impatient.add([answer()])
    waits.clear()
    impatient.add([answer()])
    assert (impatient.count(), any("busy_timeout" in text for text in waits)) == (3, False)


# SQLite's write-ahead log (docs/durability.md)


@pytest.fixture
def others_may_write(store: Store, tmp_path: Path) -> list[bool]:
    """Whether somebody else could have written, at each moment at which a checkpoint began."""
    found: list[bool] = []

    def could_write() -> bool:
        with closing(sqlite3.connect(tmp_path / "var" / "sukma.sqlite3", timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            return True

    def look(said: str) -> None:
        if "wal_checkpoint(" in said:
            found.append(could_write())

    each_connection(store, lambda connection: connection.set_trace_callback(look))
    return found


def test_nobody_can_write_while_the_log_is_moved_into_the_database(store: Store, others_may_write: list[bool]) -> None:
    for _ in range(40):
        store.add([answer()] * 500)
    assert others_may_write
    assert not any(others_may_write)


PUBLISHER = """
import sys, time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from form_backend.labelling import label_answers
from form_backend.store.releases import ReleaseStore
from form_backend.store.answers import open_store
from form_backend.store.labels import LabelStore
print("ready", flush=True)
while True:
    store = open_store(sys.argv[1])
    store.purge(datetime.now(UTC))
    ReleaseStore(store.engine).states(2026)
    store.close()
"""


def test_the_log_stays_short_under_load_beside_a_publisher(store: Store, tmp_path: Path) -> None:
    log, sizes = tmp_path / "var" / "sukma.sqlite3-wal", []
    command = [sys.executable, "-c", PUBLISHER, str(store.engine.url)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root) as publisher, ThreadPoolExecutor(8) as pool:
        assert publisher.stdout is not None
        publisher.stdout.readline()
        for _ in range(30):
            list(pool.map(lambda _: store.add([answer()] * 20), range(16)))
            sizes.append(log.stat().st_size)
        publisher.kill()
    assert store.count() == 30 * 16 * 20
    assert max(sizes) < 3 * LOG_BYTES


@contextmanager
def needed_by_a_reader(database: Path) -> Iterator[None]:
    """Somebody who reads the log as it is now: it cannot begin anew."""
    with closing(sqlite3.connect(database, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM answers").fetchone()
        yield


def test_a_log_that_cannot_begin_anew_does_so_once_nobody_needs_it(store: Store, tmp_path: Path) -> None:
    database, log = tmp_path / "var" / "sukma.sqlite3", tmp_path / "var" / "sukma.sqlite3-wal"
    store.add([answer()])
    with needed_by_a_reader(database):
        for _ in range(40):
            store.add([answer()] * 500)
    long = log.stat().st_size
    for _ in range(2):  # the first moves it, the second begins it anew
        store.add([answer()])
    assert (store.count(), long > LOG_BYTES, log.stat().st_size) == (20003, True, LOG_BYTES)


def test_a_log_that_was_long_is_written_over_and_holds_nothing_that_was_forgotten(store: Store, tmp_path: Path) -> None:
    log, times = tmp_path / "var" / "sukma.sqlite3-wal", b"T05:12:34.000567"
    for _ in range(60):
        store.add([answer()] * 500)
    assert (log.stat().st_size, times in log.read_bytes()) == (LOG_BYTES, True)
    store.purge(NOON + timedelta(hours=47, minutes=5))
    assert log.stat().st_size < 100_000
    assert not any(times in file.read_bytes() for file in log.parent.glob("sukma.sqlite3*"))


def test_a_log_that_cannot_be_moved_is_no_failure_of_an_answer(impatient: Store, tmp_path: Path) -> None:
    database = tmp_path / "var" / "sukma.sqlite3"
    impatient.add([answer()])
    with needed_by_a_reader(database):
        for _ in range(40):
            impatient.add([answer()] * 500)
    with locked_by_another_process(database):
        shorten_log(impatient.engine)
    impatient.add([answer()])
    assert impatient.count() == 20002
