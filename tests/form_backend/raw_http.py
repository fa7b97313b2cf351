"""Requests as bytes: what no well-behaved client would send."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from installation import ITEMS

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FILLED = dict.fromkeys(ITEMS, "3")


@dataclass(frozen=True)
class Reply:
    """`status` 0: the server hung up without a word."""

    status: int
    head: str
    body: bytes


def request(
    path: str = "/kirim/7k3q",
    body: bytes | None = None,
    content_type: str | None = FORM,
    *headers: str,
    method: str = "POST",
    length: str | None = "",
) -> bytes:
    """A post of a filled form unless told otherwise; `length` None leaves the header out, text replaces it."""
    body = urlencode(FILLED).encode() if body is None else body
    lines = [f"{method} {path} HTTP/1.1", "Host: survei.example", "Connection: close", *headers]
    lines += [f"Content-Type: {content_type}"] if content_type is not None else []
    lines += [f"Content-Length: {length or len(body)}"] if length is not None else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def exchange(port: int, *pieces: bytes, source: str = "127.0.0.1") -> Reply:
    """Send the pieces one after the other, then nothing more; what came back until the server hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20, source_address=(source, 0)) as connection:
        with suppress(OSError):  # it may refuse before it has heard all
            for piece in pieces:
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        said = b""
        with suppress(ConnectionResetError):
            while more := connection.recv(65536):
                said += more
    head, _, body = said.partition(b"\r\n\r\n")
    return Reply(int(head.split()[1]) if head else 0, head.decode("latin-1"), body)
