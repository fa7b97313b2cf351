"""The backend behind a real server on the loopback."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from installation import ITEMS, Installation
from raw_http import exchange, request

from form_backend.store.answers import Store
from form_backend.wsgi import ServeError, Server

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
Fields = Callable[..., dict[str, str]]


@pytest.fixture
def connection(port: int) -> Iterator[http.client.HTTPConnection]:
    made = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield made
    made.close()


def test_many_answers_go_over_one_connection(
    connection: http.client.HTTPConnection, store: Store, filled: Fields
) -> None:
    ports = set()
    for number in range(5):
        connection.request("POST", "/kirim/7k3q", urlencode(filled(saran=str(number))), FORM)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 303
        assert connection.sock is not None
        ports.add(connection.sock.getsockname()[1])
    assert (len(ports), store.count()) == (1, 5)


@pytest.mark.engines
def test_one_id_posted_by_a_hundred_at_once_is_one_record(port: int, store: Store, filled: Fields) -> None:
    body = json.dumps(filled(id=ID))

    def post(_: int) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/kirim/7k3q", body, JSON)
        answer = connection.getresponse()
        receipt = json.loads(answer.read())["receipt"]
        connection.close()
        return answer.status, receipt

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(100)))
    assert sorted(status for status, _ in answers) == [200] * 99 + [201]
    assert len({receipt for _, receipt in answers}) == 1
    assert store.count() == 1


@pytest.mark.engines
@pytest.mark.parametrize("names", [{"id": True}, {}], ids=["script on", "script off"])
def test_two_citizens_behind_one_address_in_the_same_second_are_two_records(
    port: int, store: Store, filled: Fields, names: dict[str, bool]
) -> None:
    """With script each page has an id of its own; without, two who do not answer alike are two."""

    def post(number: int) -> str:
        own = {"id": ID.replace("0f8f", f"{number}f8f")} if names else {"saran": f"loket {number}"}
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", "/kirim/7k3q", urlencode(filled(**own)), FORM)
        location = connection.getresponse().getheader("Location") or ""
        connection.close()
        return location

    with ThreadPoolExecutor(2) as pool:
        receipts = set(pool.map(post, range(2)))
    assert (len(receipts), store.count()) == (2, 2)


@pytest.mark.parametrize("size", [70_000, 900_000, 3_000_000])
def test_a_body_too_large_is_refused(connection: http.client.HTTPConnection, store: Store, size: int) -> None:
    connection.request("POST", "/kirim/7k3q", b"saran=" + b"x" * size, FORM)
    assert connection.getresponse().status == 413
    assert store.count() == 0


def test_a_chunked_body_is_read(connection: http.client.HTTPConnection, store: Store, filled: Fields) -> None:
    connection.request("POST", "/kirim/7k3q", iter([urlencode(filled()).encode()]), FORM, encode_chunked=True)
    assert connection.getresponse().status == 303
    assert store.count() == 1


def test_the_server_names_no_software(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    assert answer.getheader("Server") is None
    assert answer.getheader("Via") is None


def test_fifty_half_sent_bodies_hold_nobody_up_and_are_answered_when_they_are_whole(
    port: int, store: Store, filled: Fields
) -> None:
    def sent_half(number: int) -> tuple[socket.socket, bytes]:
        whole = request(body=urlencode(filled(saran=f"pelan {number}")).encode())
        half = socket.create_connection(("127.0.0.1", port), timeout=20)
        half.sendall(whole[:-40])
        return half, whole[-40:]

    def post(number: int) -> int:
        return exchange(port, request(body=urlencode(filled(saran=f"cepat {number}")).encode())).status

    slow = [sent_half(number) for number in range(50)]
    with ThreadPoolExecutor(16) as pool:
        quick = list(pool.map(post, range(200)))
    assert (quick, store.count()) == ([303] * 200, 200)
    for half, rest in slow:
        half.sendall(rest)
    assert [half.recv(12) for half, _ in slow] == [b"HTTP/1.1 303"] * 50
    for half, _ in slow:
        half.close()
    assert store.count() == 250


def test_a_taken_port_is_a_sentence(port: int, installation: Installation) -> None:
    with pytest.raises(ServeError, match=f"cannot listen on 127.0.0.1 port {port}: "):
        Server(installation.app(), "127.0.0.1", port)


PROGRAM = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from form_backend.app import create_app, create_intake
from form_backend.registry_watch import RegistryWatch
from form_backend.settings import Settings
from form_backend.store.answers import open_store
from form_backend.wsgi import serve

folder = Path(sys.argv[1])
settings = Settings.from_environment({}, folder)
store = open_store(settings.database_url)
watch = RegistryWatch(folder / "units.yaml", time.monotonic)
intake = create_intake(settings, store, watch, lambda: datetime.now(UTC))
app = create_app(settings, store, watch, intake, settings.site_dir, lambda: "default-src 'self'")
serve(app, "127.0.0.1", int(sys.argv[2]), lambda port: None)
"""


@pytest.fixture
def process(installation: Installation) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", PROGRAM, str(installation.folder), str(port)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, cwd=root
    ) as running:
        wait_for(port)
        yield running, port
        if running.poll() is None:
            running.kill()


def wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not start within 10 s")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_in_order(process: tuple[subprocess.Popen[bytes], int], number: int) -> None:
    running, _ = process
    running.send_signal(number)
    output, log = running.communicate(timeout=15)
    assert (running.returncode, output) == (0, b"")
    assert json.loads(log.splitlines()[0])["message"].startswith("listening on 127.0.0.1")


def test_a_signal_lets_the_requests_under_way_finish(
    process: tuple[subprocess.Popen[bytes], int], installation: Installation
) -> None:
    running, port = process
    database = sqlite3.connect(installation.folder / "var" / "sukma.sqlite3", isolation_level=None)
    asked = []
    with closing(database), ExitStack() as open_until_read:
        database.execute("BEGIN IMMEDIATE")  # nobody's answer can be written now
        for number in range(20):  # more than there are threads: some wait their turn
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            open_until_read.callback(connection.close)
            connection.request(
                "POST", "/kirim/7k3q", json.dumps({**dict.fromkeys(ITEMS, 3), "saran": str(number)}), JSON
            )
            asked.append(connection)
        until_all_is_read(port, len(asked))
        running.send_signal(signal.SIGTERM)
        until_nobody_listens(port)
        database.execute("ROLLBACK")
        receipts = [json.loads(connection.getresponse().read())["receipt"] for connection in asked]
    assert (running.wait(15), len(set(receipts))) == (0, 20)
    assert all(installation.store.by_receipt(receipt) for receipt in receipts)


def test_a_signal_lets_a_form_arrive_whose_other_half_is_on_its_way(
    process: tuple[subprocess.Popen[bytes], int], installation: Installation
) -> None:
    running, port = process
    body = json.dumps(dict.fromkeys(ITEMS, 3)).encode()
    head = (
        f"POST /kirim/7k3q HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
        slow.sendall(head.encode() + b"\r\n\r\n" + body[:20])
        until_all_is_read(port, 1)
        running.send_signal(signal.SIGTERM)
        until_nobody_listens(port)
        slow.sendall(body[20:])
        answer = slow.makefile("rb").read()  # to the end: nobody is to ask anything more over this connection
        assert (answer[:12], b"\r\nConnection: close\r\n" in answer) == (b"HTTP/1.1 201", True)
    assert (running.wait(15), installation.store.count()) == (0, 1)


def until_all_is_read(port: int, connections: int) -> None:
    """Wait until the server has taken everything that these connections sent out of the kernel's hands."""
    for _ in range(500):
        rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
        waiting = [row[4].split(":")[1] for row in rows if row[1].endswith(f":{port:04X}") and row[3] == "01"]
        if len(waiting) == connections and set(waiting) == {"0" * 8}:
            return
        time.sleep(0.02)
    pytest.fail("the server did not read within 10 s")


def until_nobody_listens(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.02)
    pytest.fail("the server still takes connections 2 s after the signal")


def test_the_server_stays_on_one_of_the_processors_that_it_may_use(
    process: tuple[subprocess.Popen[bytes], int],
) -> None:
    running, port = process
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
        pass  # who is answered finds all threads there; the port is open before them
    threads = [int(entry.name) for entry in Path(f"/proc/{running.pid}/task").iterdir()]
    place = os.sched_getaffinity(running.pid)
    assert len(place) == 1 and place <= os.sched_getaffinity(0)
    # Others are a library's in Go, which began before.
    assert sum(os.sched_getaffinity(thread) == place for thread in threads) > 16


def test_every_answer_that_got_a_receipt_outlives_a_kill(
    process: tuple[subprocess.Popen[bytes], int], installation: Installation
) -> None:
    running, port = process
    receipts: list[str] = []

    def post(number: int) -> None:
        body = json.dumps({**dict.fromkeys(ITEMS, 3), "saran": str(number)})
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("POST", "/kirim/7k3q", body, JSON)
            receipts.append(json.loads(connection.getresponse().read())["receipt"])
        except (OSError, http.client.HTTPException):
            return  # killed before it could answer: this one was promised nothing
        finally:
            connection.close()
        if len(receipts) == 40:
            running.kill()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, range(80)))
    assert len(receipts) >= 40
    assert all(installation.store.by_receipt(receipt) for receipt in receipts)
