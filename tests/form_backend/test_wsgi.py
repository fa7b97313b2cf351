"""The backend behind a real server on the loopback."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from installation import ITEMS, Installation

from form_backend.store import Store
from form_backend.wsgi import ServeError, Server

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
Fields = Callable[..., dict[str, str]]


@pytest.fixture
def port(installation: Installation) -> Iterator[int]:
    server = Server(installation.app(), "127.0.0.1", 0)
    stop = Event()
    thread = Thread(target=server.run, args=(stop,))
    thread.start()
    yield server.port
    stop.set()
    thread.join(15)
    assert not thread.is_alive()


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


def test_one_id_posted_by_many_at_once_is_one_record(port: int, store: Store, filled: Fields) -> None:
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


def test_half_sent_bodies_hold_nobody_up(port: int, connection: http.client.HTTPConnection, filled: Fields) -> None:
    slow = []
    for _ in range(20):
        half = socket.create_connection(("127.0.0.1", port))
        half.sendall(b"POST /kirim/7k3q HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\nwaktu=")
        slow.append(half)
    begin = time.monotonic()
    connection.request("POST", "/kirim/7k3q", urlencode(filled()), FORM)
    status = connection.getresponse().status
    for half in slow:
        half.close()
    assert (status, time.monotonic() - begin < 5) == (303, True)


def test_a_taken_port_is_a_sentence(port: int, installation: Installation) -> None:
    with pytest.raises(ServeError, match=f"cannot listen on 127.0.0.1 port {port}: "):
        Server(installation.app(), "127.0.0.1", port)


PROGRAM = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from form_backend.app import create_app
from form_backend.registry_watch import RegistryWatch
from form_backend.settings import Settings
from form_backend.store import open_store
from form_backend.wsgi import serve

folder = Path(sys.argv[1])
settings = Settings.from_environment({}, folder)
store = open_store(settings.database_url)
watch = RegistryWatch(folder / "units.yaml", time.monotonic)
app = create_app(settings, store, watch, lambda: datetime.now(UTC), settings.site_dir, lambda: "default-src 'self'")
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
