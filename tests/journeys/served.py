"""An installation served by the real commands."""

import json
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Served:
    """An installation in a folder, served at `url`."""

    folder: Path
    url: str
    env: dict[str, str]

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

    def git(self, *words: str) -> str:
        """git in the bare remote."""
        command = ["git", "--git-dir", str(self.folder / "var" / "remote.git"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


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
