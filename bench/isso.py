"""Isso, a comment server on SQLite, installed from the package index into a folder of its own for the time of a run."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import free_port, started
from bench.peer import installed

VERSION = "0.14.0"
_ORIGIN = "http://127.0.0.1:1"  # of the page that would show the comments
_SETTINGS = """
[general]
dbpath = {folder}/comments.db
host = {origin}/
[server]
listen = http://127.0.0.1:{port}/
[guard]
enabled = false
"""


@contextmanager
def served(folder: Path) -> Iterator[int | None]:
    """The port of a running Isso that asks for no patience; None where it cannot be installed."""
    if installed(folder, f"isso=={VERSION}") is None:
        yield None
        return
    program, port = folder / "bin" / "isso", free_port()
    settings = folder / "isso.cfg"
    settings.write_text(_SETTINGS.format(folder=folder, origin=_ORIGIN, port=port), encoding="utf-8")
    with started([str(program), "-c", str(settings), "run"], f"http://127.0.0.1:{port}/info"):
        yield port


def comments(count: int) -> list[bytes]:
    """Posts of a comment on one of fifty pages."""
    return [_post(n % 50, f"Antrean di loket {n} sudah lebih baik, mohon kursi ditambah.") for n in range(count)]


def _post(page: int, words: str) -> bytes:
    body = json.dumps({"text": words, "title": "Loket"}).encode()
    head = f"POST /new?uri=%2Floket%2F{page}%2F HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: {_ORIGIN}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
