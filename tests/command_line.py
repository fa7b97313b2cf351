"""An installation in a folder of its own, driven through the real command line as a process of its own."""

import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
SUKMA = (sys.executable, "-m", "sukma")
# What is mounted then is seen by that command only. Without root's rights the namespace is one of users as well.
OWN_MOUNTS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
PATIENCE = 60  # seconds: a command that takes longer hangs


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """`units.yaml` and `site_src/` in a folder; `var/` comes from the commands."""

    folder: Path

    def sukma(self, *arguments: str, **env: str) -> Ran:
        """Run a command to its end."""
        ran = subprocess.run(
            [*SUKMA, *arguments],
            cwd=self.folder,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout, ran.stderr)

    @contextmanager
    def running(self, *arguments: str, before: Sequence[str] = (), **env: str) -> Iterator["Running"]:
        """A command that stays until it is told to go, which happens at the end where the test did not.

        `before` is a program that becomes the command.
        """
        process = subprocess.Popen(
            [*before, *SUKMA, *arguments],
            cwd=self.folder,
            env=environment(**env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            bufsize=0,
            preexec_fn=_as_from_a_terminal,
        )
        with process:
            try:
                yield Running(process)
            finally:
                if process.poll() is None:
                    process.terminate()

    def write_registry(self, text: str) -> None:
        (self.folder / "units.yaml").write_text(text, encoding="utf-8")


def _as_from_a_terminal() -> None:
    """Whoever was started in the background by a shell ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Running:
    """A command under way."""

    process: "subprocess.Popen[bytes]"

    def wait_for(self, *patterns: str) -> str:
        """What it says until each of these was said, in any order."""
        assert self.process.stderr is not None
        said, until = b"", time.monotonic() + PATIENCE
        while missing := [pattern for pattern in patterns if not re.search(pattern, said.decode(errors="replace"))]:
            ready, _, _ = select.select([self.process.stderr], [], [], max(until - time.monotonic(), 0))
            more = os.read(self.process.stderr.fileno(), 65536) if ready else b""
            assert more, f"{missing} was not said: {said.decode(errors='replace')}"
            said += more
        return said.decode(errors="replace")

    def ended_by(self, number: signal.Signals, within: float) -> int:
        """Send a signal; the exit code once it and every child that shares its stderr have ended, all in time."""
        self.process.send_signal(number)
        self.process.communicate(timeout=within)
        return self.process.returncode


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command: an Indonesian user without settings of his own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUKMA_", "LC_", "LANG"))}
    return kept | {"LANG": "C.UTF-8"} | changes


def installation(folder: Path, registry: str) -> Installation:
    """An installation with this registry and the words of this repository."""
    shutil.copytree(TOP / "site_src", folder / "site_src", ignore=shutil.ignore_patterns("results"))
    made = Installation(folder)
    made.write_registry(registry)
    return made
