"""Two real servers on one PostgreSQL: what they promise, they promise together, whatever becomes of the database."""

import http.client
import json
import socket
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import psycopg
import pytest
from builders import registry_yaml
from postgresql import Server
from served import Served, backend, serving

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
FILLED = {**dict.fromkeys(ITEMS, "3"), "saran": "Loketnya sejuk"}
THANKED = (200, 201)
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Cluster:
    """Two servers of one city, and the database under them."""

    city: Served
    ports: tuple[int, int]
    database: Server
    name: str

    def post(self, number: int, **fields: str) -> tuple[int, dict[str, str]]:
        """Post to one of the servers in turn; (0, nothing) where no answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[number % 2], timeout=10)
        try:
            connection.request("POST", "/kirim/7k3q", json.dumps(FILLED | fields), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except OSError:
            return 0, {}
        finally:
            connection.close()

    def recorded(self) -> list[tuple[str, str]]:
        """(id, receipt) of every answer."""
        address = f"host=127.0.0.1 port={self.database.port} user=sukma dbname={self.name}"
        with psycopg.connect(address) as connection:
            return connection.execute("SELECT id, receipt FROM answers").fetchall()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, durable_postgresql: Server) -> Iterator[Cluster]:
    ports = []
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as listening:
            ports.append(listening.getsockname()[1])
    url = durable_postgresql.empty()
    settings = {"SUKMA_DATABASE_URL": url.render_as_string()}
    with (
        serving(tmp_path_factory.mktemp("kota"), ports[0], registry_yaml(), **settings) as city,
        backend(city.folder, ports[1], city.env),
    ):
        yield Cluster(city, (ports[0], ports[1]), durable_postgresql, str(url.database))


def test_one_id_posted_to_two_servers_by_a_hundred_at_once_is_one_record(cluster: Cluster) -> None:
    id = str(uuid.uuid4())
    with ThreadPoolExecutor(100) as pool:
        replies = list(pool.map(lambda number: cluster.post(number, id=id), range(100)))
    assert Counter(status for status, _ in replies) == {201: 1, 200: 99}
    assert [found for found in cluster.recorded() if found[0] == id] == [(id, replies[0][1]["receipt"])]
    assert len({reply["receipt"] for _, reply in replies}) == 1


@dataclass
class Crowd:
    """People who send until they are thanked; each answer has an id that stays the same from try to try."""

    cluster: Cluster
    end: Event = field(default_factory=Event)
    receipts: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)

    def send(self, first: int) -> None:
        tries = first
        while not self.end.is_set():
            id, until = str(uuid.uuid4()), time.monotonic() + PATIENCE
            while time.monotonic() < until:
                status, reply = self.cluster.post(tries, id=id)
                self.statuses[status] += 1
                tries += 1
                if status in THANKED:
                    self.receipts[id] = reply["receipt"]
                    break
                time.sleep(0.05)


def test_no_answer_is_lost_or_doubled_while_the_database_restarts_under_load(cluster: Cluster) -> None:
    before, crowd = len(cluster.recorded()), Crowd(cluster)
    with ThreadPoolExecutor(8) as pool:
        sending = [pool.submit(crowd.send, number) for number in range(8)]
        try:
            for _ in range(2):
                time.sleep(0.7)
                cluster.database.stop()
                time.sleep(0.3)
                cluster.database.start()
                thanked, until = len(crowd.receipts), time.monotonic() + PATIENCE
                while len(crowd.receipts) < thanked + 50 and time.monotonic() < until:
                    time.sleep(0.05)
        finally:
            crowd.end.set()
        for one in sending:
            one.result()
    recorded = cluster.recorded()
    assert len(crowd.receipts) > 100
    assert crowd.statuses[503] > 0 and crowd.statuses.keys() <= {200, 201, 503}
    assert crowd.receipts.items() <= dict(recorded).items()
    assert len(recorded) == before + len(crowd.receipts)


def test_what_two_servers_took_is_published_once(cluster: Cluster) -> None:
    for number in range(25):
        cluster.post(number)
    taken = len(cluster.recorded())
    first, second = (json.loads(cluster.city.sukma("publish", "--json", "--no-build").stdout) for _ in range(2))
    assert ([one["n"] for one in first["released"]], second["released"]) == ([taken - 10], [])


def test_the_logs_of_both_servers_hold_no_answer(cluster: Cluster) -> None:
    logs = "".join(file.read_text() for file in cluster.city.folder.parent.glob("*.log"))
    assert "listening on" in logs
    assert "sejuk" not in logs
    assert [receipt for id, receipt in cluster.recorded() if receipt in logs or (id and id in logs)] == []
