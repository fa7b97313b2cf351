"""What every test may ask for: a real Chromium, a real PostgreSQL, a port of its own, golden files refreshed."""

import os
import shutil
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from postgresql import Server, programs
from sqlalchemy.engine import URL

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refresh-golden", action="store_true", help="write the golden files anew; review their diff")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; a machine without it fails, for a journey nobody took proves nothing."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("chromium is not on PATH, and these tests drive it: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a fresh profile."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def server_or_reason(durable: bool = False) -> Server:
    """A server; where none is installed the test is skipped aloud, and fails in continuous integration."""
    if programs() is None:
        missing = "no PostgreSQL server is installed, and this test needs one (Debian: apt-get install postgresql)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return Server(durable)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """One server for the whole run."""
    server = server_or_reason()
    yield server
    server.remove()


@pytest.fixture
def shared_url(postgresql: Server) -> Iterator[URL]:
    """The address of a database of its own on PostgreSQL, with all tables."""
    url = postgresql.fresh()
    yield url
    postgresql.drop(url)


@pytest.fixture(scope="module")
def durable_postgresql() -> Iterator[Server]:
    """A server that syncs to the disk, and that a test may stop while others work."""
    server = server_or_reason(durable=True)
    yield server
    server.remove()
