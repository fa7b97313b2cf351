"""An installation served by the real commands."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builders import write_registry

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """An installation in a folder, served at `url`."""

    folder: Path
    url: str
    env: dict[str, str]

    @property
    def log(self) -> str:
        """What the server has said on stderr."""
        return (self.folder.parent / f"{self.url.rpartition(':')[2]}.log").read_text(encoding="utf-8")

    def sukma(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the program in the installation."""
        command = [sys.executable, "-m", "sukma", *words]
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=True)

    def publish(self) -> dict[str, Any]:
        """Publish once; the report."""
        report: dict[str, Any] = json.loads(self.sukma("publish", "--json").stdout)
        return report

    def get(self, path: str) -> str:
        """What a reader of an address gets."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            text: str = answer.read().decode()
            return text

    def status(self, path: str) -> int:
        """The status of what a reader gets, after redirects."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def answers(self) -> list[dict[str, Any]]:
        """The recorded answers, oldest first."""
        with closing(sqlite3.connect(self.folder / "var" / "sukma.sqlite3")) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("select * from answers order by seq")]

    def git(self, *words: str) -> str:
        """git in the bare remote."""
        command = ["git", "--git-dir", str(self.folder / "var" / "remote.git"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@contextmanager
def serving(base: Path, port: int, registry: str, **more: str) -> Iterator[Served]:
    """A city in `base`, built and served; `more` is set in its environment."""
    folder = base / "kota"
    folder.mkdir()
    write_registry(folder, registry)
    shutil.copytree(ROOT / "site_src", folder / "site_src")
    env = {name: text for name, text in os.environ.items() if not name.startswith("SUKMA_")}
    env |= {"SUKMA_LIMITS": "off", "PYTHONPATH": str(ROOT)} | more
    with backend(folder, port, env):
        yield Served(folder, f"http://127.0.0.1:{port}", env)


@contextmanager
def backend(folder: Path, port: int, env: dict[str, str]) -> Iterator[None]:
    """A server process of an installation."""
    command = [sys.executable, "-m", "sukma", "serve", "--no-publish", "--port", str(port)]
    logged = folder.parent / f"{port}.log"
    with logged.open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=env, stderr=log, start_new_session=True)
        try:
            wait(f"http://127.0.0.1:{port}/readyz", server, logged)
            yield
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            if server.poll() is not None:
                raise AssertionError(f"the server ended: {log.read_text()}") from None
            time.sleep(0.1)
    raise AssertionError(f"the server was not ready within a minute: {log.read_text()}")
