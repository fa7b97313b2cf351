"""Load from outside: keep-alive connections on raw sockets in a process of its own, so that it is not what is measured.

`python -m bench.load PORT CONNECTIONS SECONDS` reads requests from stdin, one per line as base64, posts them in turn on
every connection as fast as each is answered, and prints one line of JSON: answers, seconds, statuses, latencies.
"""

import base64
import json
import selectors
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Load:
    """What came back: `rate` in answers a second, `p50` and `p99` in milliseconds, how often each status came."""

    rate: float
    p50: float
    p99: float
    statuses: dict[int, int]
    busy: float  # share of a core that the generator itself used


def load(port: int, requests: Sequence[bytes], connections: int = 16, seconds: float = 5) -> Load:
    """Post these requests, in turn and again from the beginning, for so many seconds from another process."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.load", str(port), str(connections), str(seconds)],
        input=b"\n".join(map(base64.b64encode, requests)),
        stdout=subprocess.PIPE,
        cwd=ROOT,
        timeout=seconds + 60,
        check=True,
    )
    found = json.loads(ran.stdout)
    return Load(
        found["rate"], found["p50"], found["p99"], {int(s): n for s, n in found["statuses"].items()}, found["busy"]
    )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def started(command: Sequence[str], url: str, **how: object) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that answers at `url`, until the end of the block."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)  # type: ignore
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(url, timeout=2):
                break
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


class _Connection:
    def __init__(self, port: int) -> None:
        self._port = port
        self._open()

    def _open(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        self._got, self.begun = b"", time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> tuple[int, bool] | None:
        """(status, whether the server keeps the connection) once the whole answer is there."""
        more = self.socket.recv(65536)
        self._got += more
        head, mark, body = self._got.partition(b"\r\n\r\n")
        if not mark:
            return None if more else (0, False)
        lower = head.lower()
        length = int(lower.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        if len(body) < length and more:
            return None
        return int(head[9:12]), b"connection: close" not in lower and head.startswith(b"HTTP/1.1")


def _post(port: int, connections: int, seconds: float, requests: Iterator[bytes]) -> dict[str, object]:
    selector, statuses, times = selectors.DefaultSelector(), Counter[int](), list[float]()
    for _ in range(connections):
        connection = _Connection(port)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        connection.send(next(requests))
    begun = time.perf_counter()
    until = begun + seconds
    while (now := time.perf_counter()) < until:
        for key, _ in selector.select(until - now):
            connection = key.data
            answer = connection.answered()
            if answer is None:
                continue
            status, kept = answer
            statuses[status] += 1
            times.append(time.perf_counter() - connection.begun)
            if not kept:
                selector.unregister(connection.socket)
                connection.socket.close()
                connection = _Connection(port)
                selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
    took = time.perf_counter() - begun
    times.sort()
    return {
        "rate": len(times) / took,
        "p50": 1000 * times[len(times) // 2],
        "p99": 1000 * times[int(len(times) * 0.99)],
        "statuses": statuses,
        "busy": time.process_time() / took,
    }


if __name__ == "__main__":
    port, connections, seconds = sys.argv[1:]
    bodies = [base64.b64decode(line) for line in sys.stdin.buffer.read().split(b"\n")]
    print(json.dumps(_post(int(port), int(connections), float(seconds), cycle(bodies))))
