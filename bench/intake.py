"""The intake under load: a real server, posts from another process, everything that is compared in one run.

`python -m bench.intake` measures all of it, with 5.000.000 stored answers and 200.000 posts for the memory (about ten
minutes and 5 GB of disk); other numbers may be given: `python -m bench.intake STORED POSTS`.
"""

import os
import shutil
import statistics
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from bench import isso, tally
from bench.load import ROOT, Load, free_port, load, started
from bench.stored import UNITS, province

ROUNDS, SECONDS = 18, 1.5
CONNECTIONS = 16
MEMORY_AT = (0.05, 0.5, 1.0)  # shares of the posts
ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()


def main(stored: int = 5_000_000, posts: int = 200_000) -> None:
    """Measure and print."""
    print(f"{'intake, ' + str(CONNECTIONS) + ' connections':<64}{'this':>10}{'other':>10}{'ratio':>8}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        empty = installation(folder / "empty")
        _beside_parsing_and_isso(empty, folder)
        full = installation(folder / "full")
        (full / "var").mkdir(exist_ok=True)
        past = province(stored)
        count = past.write(full / "var" / "sukma.sqlite3")
        _full_beside_empty(full, empty, count)
        tally.main(full / "var" / "sukma.sqlite3", past, folder / "tally.sqlite3", count)
        shutil.rmtree(full)
        _memory(empty, posts)


def installation(folder: Path) -> Path:
    """A city whose units are those of `bench.stored`."""
    shutil.copytree(ROOT / "site_src", folder / "site_src", ignore=shutil.ignore_patterns("results"))
    units = "".join(f'  - {{code: "{n:05x}", name: Loket {n}, organisation: kota}}\n' for n in range(UNITS))
    (folder / "units.yaml").write_text(
        "site: {title: Survei Kota Contoh, url: 'http://127.0.0.1:8000'}\n"
        f"organisations:\n  - {{id: kota, name: Kota Contoh}}\nunits:\n{units}",
        encoding="utf-8",
    )
    return folder


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server as `sukma serve` starts it, without ceilings."""
    port = free_port()
    command = [sys.executable, "-m", "sukma", "serve", "--no-publish", "--port", str(port)]
    env = {**os.environ, "SUKMA_LIMITS": "off", "PYTHONPATH": str(ROOT)}
    with started(command, f"http://127.0.0.1:{port}/readyz", cwd=folder, env=env) as server:
        yield port, server.pid


def answers(count: int, **more: str) -> list[bytes]:
    """Posts of filled forms with a comment, each with an id of its own, as the survey page's script sends them."""
    return [_post(f"{n % UNITS:05x}", {**fields(n), **more}) for n in range(count)]


def fields(n: int) -> dict[str, str]:
    """A filled form with a comment and an id of its own."""
    said = {item: str(1 + (n * n + place) % 4) for place, item in enumerate(ITEMS)}
    saran = f"Antrean di loket {n} sudah lebih baik, mohon kursi ditambah."
    return {**said, "id": str(uuid.uuid4()), "lang": "id", "k": "qr", "durasi": "74", "usia": "26-35", "saran": saran}


def _post(code: str, fields: dict[str, str]) -> bytes:
    body = urlencode(fields).encode()
    head = f"POST /kirim/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    return (head + "Content-Type: application/x-www-form-urlencoded\r\n\r\n").encode() + body


def _recorded(port: int, seconds: float = SECONDS) -> Load:
    found = load(port, answers(int(4000 * seconds)), CONNECTIONS, seconds)
    assert set(found.statuses) == {303}, found.statuses
    return found


def _parsed(port: int) -> Load:
    """The same way of the same posts but for the record: who fills the trap is answered alike and not counted."""
    return load(port, answers(4000, situs="x"), CONNECTIONS, SECONDS)


def _beside_parsing_and_isso(city: Path, folder: Path) -> None:
    recorded, parsed, other = [], [], []
    with served(city) as (port, _), isso.served(folder / "isso") as comments:
        for _ in range(ROUNDS):
            parsed.append(_parsed(port))
            recorded.append(_recorded(port))
            if comments is not None:
                other.append(load(comments, isso.comments(4000), CONNECTIONS, SECONDS))
                assert set(other[-1].statuses) == {201}, other[-1].statuses
    rate_row("durable answers a second / the same form only parsed", recorded, parsed)
    print(f"{'p99 of both, ms':<64}{_middle(recorded, 'p99'):>10.0f}{_middle(parsed, 'p99'):>10.0f}", flush=True)
    if other:
        rate_row("durable answers a second / comments a second of Isso", recorded, other)
    else:
        print("Isso could not be installed: not compared")


def _full_beside_empty(full: Path, empty: Path, count: int) -> None:
    these, others = [], []
    with served(full) as (here, _), served(empty) as (there, _):
        for _ in range(ROUNDS):
            these.append(_recorded(here))
            others.append(_recorded(there))
    rate_row(f"durable answers a second beside {count:,} stored / few".replace(",", "."), these, others)


def _memory(city: Path, posts: int) -> None:
    """Memory of the server after shares of the posts; the ratio is that of the last to the first."""
    sizes, sent = [], 0
    with served(city) as (port, pid):
        for share in MEMORY_AT:
            while sent < share * posts:
                sent += sum(_recorded(port, 5).statuses.values())
            sizes.append(_resident(pid))
    told = ", ".join(f"{size:.0f}" for size in sizes)
    first, last = (f"{share * posts:,.0f}".replace(",", ".") for share in (MEMORY_AT[0], MEMORY_AT[-1]))
    what = f"server's memory after {last} posts / {first} ({told} MB)"
    print(f"{what:<64}{sizes[-1]:>8.1f}MB{sizes[0]:>8.1f}MB{sizes[-1] / sizes[0]:>8.2f}", flush=True)


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def rate_row(what: str, these: Sequence[Load], others: Sequence[Load]) -> None:
    """Medians of rates, and of the ratios of each pair."""
    ratio = statistics.median(a.rate / b.rate for a, b in zip(these, others, strict=True))
    print(f"{what:<64}{_middle(these, 'rate'):>10.0f}{_middle(others, 'rate'):>10.0f}{ratio:>8.2f}", flush=True)


def _middle(found: Sequence[Load], name: str) -> float:
    return statistics.median(getattr(one, name) for one in found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
