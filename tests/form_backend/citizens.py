"""People who answer a running server and do not give up: an answer without a receipt is sent again, as phones do."""

import http.client
import json
import time
import uuid
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any

from installation import ITEMS

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def post(port: int, answer_id: str, timeout: float = 20) -> tuple[int, dict[str, Any]]:
    """(status, content) of one answer sent as JSON; OSError or HTTPException where nobody replied."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = json.dumps({**dict.fromkeys(ITEMS, 3), "id": answer_id})
        connection.request("POST", "/kirim/7k3q", body, JSON)
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


def get(port: int, path: str) -> int:
    """The status of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@dataclass
class Citizens:
    """`receipts` holds what was promised, by the answer's id; `strange` are statuses that no receipt came with."""

    port: int
    receipts: dict[str, str] = field(default_factory=dict)
    strange: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._lock, self._stop, self._unheard = Lock(), Event(), 0
        self._threads = [Thread(target=self._answer) for _ in range(8)]

    def __enter__(self) -> "Citizens":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def wait_for(self, receipts: int, within: float = 60) -> None:
        """Until so many receipts were given."""
        until = time.monotonic() + within
        while len(self.receipts) < receipts:
            assert time.monotonic() < until, f"only {len(self.receipts)} of {receipts} receipts: {self.strange}"
            time.sleep(0.005)

    def _answer(self) -> None:
        while not self._stop.is_set():
            answer_id = str(uuid.uuid4())
            while not self._sent(answer_id):
                time.sleep(0.02)

    def _sent(self, answer_id: str) -> bool:
        try:
            status, content = post(self.port, answer_id)
        except (OSError, http.client.HTTPException):
            return False
        with self._lock:
            if "receipt" in content:
                self.receipts[answer_id] = content["receipt"]
            else:
                self.strange.add(status)
        return "receipt" in content
