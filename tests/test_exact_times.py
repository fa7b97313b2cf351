"""Exact times and digests of posts go within 48 hours, whichever commands run and for how long."""

import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import registry_yaml
from command_line import Installation, Running, installation

# The command behind these words, with a shorter pause than ten minutes.
IMPATIENT = """
import sys
import sukma.serve
from sukma.__main__ import main
sukma.serve.PURGE_SECONDS = 0.2
sys.argv[:4] = ["sukma"]
main()
"""
OLD = "2026-01-05T05:12:34.000567+00:00"
HELD = "SELECT (SELECT count(*) FROM answers WHERE received_at IS NOT NULL) + (SELECT count(*) FROM repeats)"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = installation(tmp_path_factory.mktemp("exact"), registry_yaml())
    assert made.sukma("simulate", "--answers", "5").code == 0
    return made


@pytest.fixture
def database(here: Installation) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(here.folder / "var" / "sukma.sqlite3", timeout=5, isolation_level=None)) as opened:
        yield opened


@pytest.fixture
def server(here: Installation) -> Iterator[Running]:
    """A server without a publisher."""
    program = (sys.executable, "-c", IMPATIENT)
    with here.running("serve", "--no-publish", "--port", "0", before=program) as running:
        running.wait_for("listening on")
        yield running


def come(database: sqlite3.Connection) -> None:
    """What the server would hold if it had run for more than two days."""
    database.execute("UPDATE answers SET received_at = ?", (OLD,))
    database.execute("INSERT INTO repeats VALUES ('5ecre7-d1ge57', 1, 'x')")


def became(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def written(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (folder / "var").glob("sukma.sqlite3*"))


def test_a_server_without_a_publisher_forgets_while_it_runs(
    here: Installation, server: Running, database: sqlite3.Connection
) -> None:
    come(database)
    assert became(lambda: database.execute(HELD).fetchone() == (0,))
    assert became(lambda: not any(trace in written(here.folder) for trace in (OLD.encode(), b"5ecre7-d1ge57")))
    assert server.process.poll() is None


def test_a_server_that_could_not_forget_says_so_stays_and_tries_again(
    server: Running, database: sqlite3.Connection
) -> None:
    come(database)
    database.execute("CREATE TRIGGER stuck BEFORE DELETE ON repeats BEGIN SELECT RAISE(ABORT, 'stuck'); END")
    server.wait_for("forgetting exact times failed and will be tried again")
    assert (server.process.poll(), database.execute(HELD).fetchone()) == (None, (6,))
    database.execute("DROP TRIGGER stuck")
    assert became(lambda: database.execute(HELD).fetchone() == (0,))


def test_a_server_that_is_told_to_go_leaves_no_log_in_which_exact_times_stand(
    here: Installation, server: Running
) -> None:
    assert (here.folder / "var" / "sukma.sqlite3-wal").exists()
    assert server.ended_by(signal.SIGTERM, 15) == 0
    assert [file.name for file in (here.folder / "var").glob("sukma.sqlite3*")] == ["sukma.sqlite3"]


@pytest.mark.parametrize(("lang", "words"), [("id", "paling lama 1h"), ("en", "1h at most")])
def test_a_publisher_that_would_come_too_rarely_is_refused(here: Installation, lang: str, words: str) -> None:
    for every in ("61m", "72h"):
        ran = here.sukma("--lang", lang, "publish", "--every", every)
        assert (ran.code, words in ran.err) == (2, True)
