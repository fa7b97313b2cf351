"""What an installation on PostgreSQL must do that a file of SQLite cannot be asked for."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from installation import Clock, Installation
from postgresql import PASSWORD, Server
from publishing import IN_TW4, Answers
from sqlalchemy import Connection, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError
from test_store import ID, NOON, OTHER_ID, answer

from form_backend.guard import Limit
from form_backend.publish import AnotherPublisher, Publisher
from form_backend.release_lock import LostLock, only_publisher_of
from form_backend.store.answers import Store, open_store
from form_backend.store.aside import change
from form_backend.store.ceilings import SharedCeilings
from form_backend.store.schema import answers as table
from form_backend.store.schema import ceilings
from form_backend.store.writer import Writer
from skm.periods import parse_period

pytestmark = pytest.mark.engines("postgresql")
Fields = Callable[..., dict[str, str]]


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """The store of another process on the same database."""
    found = open_store(store.engine.url)
    yield found
    found.close()


def end_sessions(store: Store, server: Server) -> None:
    """What a restart of the server does to every open connection."""
    database = store.engine.url.database
    mine = f"datname = '{database}' AND pid <> pg_backend_pid()"
    server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")


# The connection


def test_a_receipt_is_a_promise_whatever_the_database_is_set_to(store: Store, postgresql: Server) -> None:
    for careless in ("synchronous_commit = off", "default_transaction_isolation = serializable"):
        postgresql.run(f"ALTER DATABASE {store.engine.url.database} SET {careless}")
    store.close()
    kept = {
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
        "lock_timeout": "5s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
    }
    with store.engine.connect() as connection:
        assert {name: connection.scalar(text(f"SHOW {name}")) for name in kept} == kept


def test_connections_that_the_server_ended_are_replaced_unnoticed(store: Store, postgresql: Server) -> None:
    store.add([answer()])
    end_sessions(store, postgresql)
    store.add([answer()])
    assert store.count() == 2


def test_a_password_is_in_no_error(postgresql: Server, shared_url: URL) -> None:
    postgresql.run(f"DO $$BEGIN CREATE USER locked PASSWORD '{PASSWORD}'; EXCEPTION WHEN duplicate_object THEN END$$")
    with pytest.raises(OperationalError) as caught:
        open_store(shared_url.set(username="locked", password="tidak-benar"))
    assert "password authentication failed" in str(caught.value)
    assert "tidak-benar" not in repr(caught.value) + str(caught.value) + str(caught.value.orig)


def recording(id: str) -> Callable[[Connection], Any]:
    """Work that records an answer with this id."""
    row: dict[str, Any] = dict.fromkeys(("unit", "period", "day", "received_hour", "versi", "channel", "language"), "-")
    row |= {"id": id, "receipt": id, "answers": {}, "attributes": {}, "alasan": {}, "labels": []}
    return lambda connection: connection.execute(insert(table).values(row).on_conflict_do_nothing())


@contextmanager
def one_batch(store: Store, *works: Callable[[Connection], Any]) -> Iterator[list[Future[Any]]]:
    """Works that queue up while another is under way, so that one transaction takes them all when the block begins."""
    writer, go = Writer(store.engine), Event()
    with ThreadPoolExecutor(1 + len(works)) as pool:
        first = pool.submit(writer.run, lambda _: go.wait(10))
        jobs = []
        for queued, work in enumerate(works, 1):
            while len(writer._queue) < queued - 1 or not writer._busy:
                time.sleep(0.01)
            jobs.append(pool.submit(writer.run, work))
        while len(writer._queue) < len(works):
            time.sleep(0.01)
        go.set()
        first.result(10)
        yield jobs


def test_two_batches_that_wait_for_each_other_are_both_recorded(store: Store) -> None:
    """One is undone by the database; its answers go one by one, and nobody is told to come again."""
    with store.engine.connect() as connection:
        recording(ID)(connection)
        with one_batch(store, recording(OTHER_ID), recording(ID)) as jobs:
            time.sleep(0.3)  # the batch holds the one and waits for the other; this transaction now does the reverse
            connection.exec_driver_sql("SET LOCAL deadlock_timeout = '30s'")
            recording(OTHER_ID)(connection)
            connection.commit()
            for job in jobs:
                job.result(20)
    assert store.count() == 2


def test_what_was_under_way_when_the_connection_broke_is_not_tried_again_behind_the_senders_back(store: Store) -> None:
    """Nobody knows what became of it; whoever sends again brings the same id."""
    calls = []

    def breaks(connection: Connection) -> None:
        calls.append(1)
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with one_batch(store, breaks, recording(ID)) as jobs:
        errors = [job.exception(10) for job in jobs]
    assert [type(error) for error in errors] == [OperationalError] * 2
    assert (len(calls), store.count()) == (1, 0)


# The server away


def test_while_the_database_is_away_answers_are_kept_in_the_page_and_afterwards_recorded(
    installation: Installation, filled: Fields, postgresql: Server
) -> None:
    client, meanwhile, afterwards = (installation.app().test_client() for _ in range(3))  # each looks once a second
    assert client.get("/readyz").status_code == 200
    postgresql.stop()
    away = client.post("/kirim/7k3q", data=filled(saran="Loketnya sejuk"))
    ready = meanwhile.get("/readyz")
    postgresql.start()
    assert (away.status_code, away.headers["Retry-After"], "Loketnya sejuk" in away.text) == (503, "60", True)
    assert (ready.status_code, (ready.json or {})["database"]) == (503, {"ok": False})
    assert afterwards.get("/readyz").status_code == 200
    assert client.post("/kirim/7k3q", data=filled()).status_code == 303
    assert installation.store.count() == 1


def test_who_gets_no_connection_because_all_wait_for_a_silent_server_keeps_his_answers(
    installation: Installation, filled: Fields
) -> None:
    client = installation.app().test_client()
    with ExitStack() as until_told:
        for _ in range(12):
            until_told.enter_context(installation.store.engine.connect())
        form = client.post("/kirim/7k3q", data=filled(saran="Loketnya sejuk"))
        page = client.get("/terima/0123456789")
    assert (form.status_code, form.headers["Retry-After"], "Loketnya sejuk" in form.text) == (503, "60", True)
    assert page.status_code == 503
    assert client.post("/kirim/7k3q", data=filled()).status_code == 303


# Ceilings


def test_two_processes_count_together(store: Store, other: Store) -> None:
    mine, theirs = (SharedCeilings(one.engine, "client", Limit(3)) for one in (store, other))
    assert [one.admit("a", 1000) for one in (mine, theirs, mine)] == [None, None, None]
    assert theirs.admit("a", 1000) == 201


def test_of_many_at_once_as_many_pass_as_may(store: Store, other: Store) -> None:
    both = [SharedCeilings(one.engine, "unit", Limit(20)) for one in (store, other)]
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda n: both[n % 2].admit("7k3q", 1000), range(60)))
    assert waits.count(None) == 20


def test_a_device_and_a_unit_of_the_same_name_are_two(store: Store) -> None:
    assert SharedCeilings(store.engine, "client", Limit(1)).admit("a", 1000) is None
    assert SharedCeilings(store.engine, "unit", Limit(1)).admit("a", 1000) is None


def test_a_window_later_the_one_before_still_weighs(store: Store) -> None:
    ceiling = SharedCeilings(store.engine, "client", Limit(10, 600))
    assert [ceiling.admit("a", 599) for _ in range(10)] == [None] * 10
    assert isinstance(ceiling.admit("a", 600), int)
    assert [ceiling.admit("a", 900) is None for _ in range(6)] == [True] * 5 + [False]


def test_counts_are_forgotten_when_no_window_covers_them(store: Store) -> None:
    ceiling = SharedCeilings(store.engine, "client", Limit(10))
    ceiling.admit("old", (NOON - timedelta(hours=2)).timestamp())
    ceiling.admit("new", NOON.timestamp())
    store.purge(NOON)
    with store.engine.connect() as connection:
        assert connection.scalars(select(ceilings.c.key)).all() == ["client new"]


def test_a_flood_through_two_servers_is_one_flood(
    installation: Installation, other: Store, filled: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("form_backend.app.PER_CLIENT", Limit(5))
    second = Installation(installation.folder, other, Clock())
    clients = [one.app().test_client() for one in (installation, second)]
    statuses = [clients[n % 2].post("/kirim/7k3q", json=filled()).status_code for n in range(7)]
    assert statuses == [201] * 5 + [429] * 2


def test_who_is_the_kiosk_of_every_unit_through_two_servers_is_one_flood(
    installation: Installation, other: Store, filled: Fields, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("form_backend.app.PER_KIOSKS", Limit(5))
    with installation.units.open("a", encoding="utf-8") as registry:
        registry.write("  - {code: k1k1, name: Loket Lain, organisation: kota-contoh}\n")
    second = Installation(installation.folder, other, Clock())
    clients = [one.app().test_client() for one in (installation, second)]
    posts = [("7k3q", clients[0]), ("k1k1", clients[0]), ("7k3q", clients[1]), ("k1k1", clients[1])] * 2
    statuses = [client.post(f"/kirim/{code}", json=filled(k="kiosk")).status_code for code, client in posts]
    assert statuses == [201] * 5 + [429] * 3
    assert clients[0].post("/kirim/7k3q", json=filled()).status_code == 201


# One publisher


def test_a_second_publisher_on_another_host_waits_and_then_says_where_the_first_is(store: Store, other: Store) -> None:
    with (
        only_publisher_of(store.engine),
        pytest.raises(AnotherPublisher) as caught,
        only_publisher_of(other.engine, 0.2),
    ):
        pass
    assert f"/{store.engine.url.database} for 0 seconds" in str(caught.value)


def test_the_next_publisher_need_not_wait_for_one_that_has_ended(store: Store, other: Store) -> None:
    with only_publisher_of(store.engine):
        pass
    with only_publisher_of(other.engine, 5) as still_alone:
        still_alone()


def test_a_publisher_whose_connection_is_lost_pushes_nothing_and_its_successor_does(
    store: Store, publisher: Publisher, answers: Answers, remote: Path, postgresql: Server, other: Store
) -> None:
    answers(25)

    def words() -> dict[str, bytes]:  # asked for in the middle of a run
        end_sessions(store, postgresql)
        with only_publisher_of(other.engine, 5):
            return {"units.yaml": b"site: {}\n"}

    with only_publisher_of(store.engine) as still_alone:
        ours = Publisher(publisher.store, publisher.repository, publisher.registry, words, still_alone)
        with pytest.raises(LostLock):
            ours.run(IN_TW4)
    assert not (remote / "refs" / "heads" / "main").exists()
    with only_publisher_of(other.engine, 5) as still_alone:
        next_one = Publisher(publisher.store, publisher.repository, publisher.registry, publisher.words, still_alone)
        assert [released.n for released in next_one.run(IN_TW4).released] == []  # recorded before, pushed now
    assert publisher.store.pending() == (0, set())


def test_a_lock_that_was_lost_stays_lost_though_the_connection_comes_back(store: Store, postgresql: Server) -> None:
    with only_publisher_of(store.engine) as still_alone:
        end_sessions(store, postgresql)
        for _ in range(2):
            with pytest.raises(LostLock):
                still_alone()


def test_a_release_sees_one_state_of_the_answers(store: Store, publisher: Publisher, answers: Answers) -> None:
    answers(12)
    known, come = publisher._known(), iter([6])

    def services(_: str) -> tuple[str, ...]:  # asked for in the middle of recording a close
        for count in come:
            answers(count)
            with store.engine.begin() as connection:
                connection.execute(update(table).where(table.c.seq > 12).values(set_aside="petugas"))
        return ()

    closed = date(2027, 1, 8)
    publisher.store.release(publisher.decide(closed), [], closed, replace(known, services=services))
    close = publisher.store.histories({"7k3q"})["7k3q"].closed[parse_period("2026-TW4")]
    assert (close.set_aside, sum(row.n for row in close.breakdowns.aside or ())) == (0, 0)


def test_a_release_beside_which_one_of_its_answers_was_set_aside_keeps_nothing_and_the_next_leaves_that_one_out(
    other: Store, publisher: Publisher, answers: Answers
) -> None:
    answers(25)

    def k(_: int) -> int:  # asked for when the members of the block were read, and are not its own yet
        change(other.engine, [1], "petugas", "x", NOON)
        return 10

    with pytest.raises(OperationalError, match="could not serialize access"):
        publisher.store.release(publisher.decide(IN_TW4), [], IN_TW4, replace(publisher._known(), k=k))
    assert publisher.store.newest() == 0
    assert [released.n for released in publisher.run(IN_TW4).released] == [14]
