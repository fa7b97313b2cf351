"""`sukma serve`: a parent with two children, the web server and the publisher; what ends one way ends both."""

import ctypes
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from sukma.wiring import Installation

PUBLISH_EVERY = "5m"
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_PATIENCE = 15  # seconds that children get to finish what they do


def serve_site(here: Installation, host: str, port: int) -> None:
    """The web server alone, in this process, until SIGTERM or SIGINT."""
    from form_backend.wsgi import serve

    here.store.purge(datetime.now(UTC))  # where no publisher runs beside it, exact times must still go
    serve(here.app(), host, port)


def serve_all(file: Path, link: Path | None, host: str, port: int, lang: str) -> int:
    """Web server and publisher as children until one of them or a signal ends it; gives the exit code."""
    sukma = [sys.executable, "-m", "sukma", "--lang", lang]
    common = ["-f", str(file), *(["-d", str(link)] if link else [])]
    children = [
        _child([*sukma, "serve", "--no-publish", *common, "--host", host, "--port", str(port)]),
        _child([*sukma, "publish", "--every", PUBLISH_EVERY, *common]),
    ]
    asked = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    while not asked and all(child.poll() is None for child in children):
        time.sleep(0.1)
    codes = [child.poll() for child in children]
    _end(children)
    return 0 if asked else next((code for code in codes if code), 1)


def _child(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child in a session of its own: Ctrl-C reaches the parent, which ends its children in order.

    A parent that is killed outright takes them along: the kernel sends them SIGTERM.
    """
    libc = ctypes.CDLL(None)
    return subprocess.Popen(
        command, start_new_session=True, preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    )


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + _PATIENCE
    for child in children:
        try:
            child.wait(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
