"""The log of a real server says what went wrong with the machine, and nothing of those who were served."""

import http.client
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlencode, urlsplit

import pytest
from phone import ITEMS
from served import Served

FORM, JSON, PLAIN = "application/x-www-form-urlencoded", "application/json", "text/plain"
SECRET = "rahasia"  # in everything that is sent, so that one search finds any of it
CITIZEN = "127.0.0.77"
ID = "5ec2e7ab-d9cb-469f-a165-70867728950e"


@pytest.fixture
def sent(served: Served) -> Iterator[list[int]]:
    """The statuses of posts of every kind, while the machine is well and while it is not."""
    statuses: list[int] = []

    def send(method: str, path: str, body: bytes = b"", kind: str = FORM, **headers: str) -> None:
        peer = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=20, source_address=(CITIZEN, 0))
        told = {"User-Agent": SECRET, "Referer": f"{served.url}/s/7k3q/?{SECRET}", "X-Forwarded-For": "203.0.113.9"}
        peer.request(method, path, body, {"Content-Type": kind, **told, **headers})
        try:
            statuses.append(peer.getresponse().status)
        except http.client.HTTPException:
            statuses.append(0)
        finally:
            peer.close()

    def send_answers() -> None:
        answer = {**dict.fromkeys(ITEMS, "2"), "saran": SECRET, "alasan_waktu": SECRET, "id": ID}
        send("POST", "/kirim/7k3q", urlencode(answer).encode())
        send("POST", "/kirim/7k3q", json.dumps({**answer, "id": ID.replace("5e", "6e")}).encode(), JSON)
        send("POST", "/kirim/7k3q", urlencode({**answer, SECRET: SECRET, "loket": SECRET + "!"}).encode())
        send("POST", "/kirim/7k3q", json.dumps({**answer, "lang": SECRET}).encode(), JSON)

    def send_nonsense() -> None:
        send("POST", "/kirim/7k3q", f'{{"saran": "{SECRET}'.encode(), JSON)
        send("POST", "/kirim/7k3q", f"saran={SECRET}%ff".encode())
        send("POST", "/kirim/7k3q", SECRET.encode() * 20_000)
        send("POST", "/kirim/7k3q", SECRET.encode(), PLAIN)
        send("POST", "/kirim/7k3q", f"saran={SECRET}".encode(), Origin=f"https://{SECRET}.example")
        send("POST", f"/kirim/{SECRET}", f"saran={SECRET}".encode())
        send("POST", f"/kirim/7k3q?{SECRET}", b"", **{"Content-Length": "9" * 5000})  # waitress fails over this one
        for path in (f"/kirim/?kode={SECRET}", f"/terima/{SECRET}", f"/{SECRET}?{SECRET}", f"/{SECRET * 50}", "/"):
            send("GET", path)

    database = served.folder / "var" / "sukma.sqlite3"
    send_answers()
    send_nonsense()
    with closing(sqlite3.connect(database)) as broken:
        broken.execute("CREATE TRIGGER no BEFORE INSERT ON answers BEGIN SELECT RAISE(ABORT, 'rusak'); END")
        send_answers()
        broken.execute("ALTER TABLE answers RENAME COLUMN saran TO lain")
        send_answers()
    (served.folder / "var" / "site").resolve().with_name("policy.txt").unlink()
    send_nonsense()
    yield statuses


def test_a_log_is_lines_of_json_without_answers_texts_addresses_or_codes(served: Served, sent: list[int]) -> None:
    log = served.log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {0, 201, 303, 403, 404, 413, 415, 422, 500, 503} <= set(sent)
    assert {line.get("error") for line in lines} > {"IntegrityError", "OperationalError", "FileNotFoundError"}
    assert any(line["logger"] == "waitress" for line in lines)
    assert [word for word in (SECRET, CITIZEN, "203.0.113.9", ID[2:], "7k3q") if word in log] == []
