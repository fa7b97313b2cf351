"""`sukma serve`: a parent with two children, the web server and the publisher; what ends one way ends both."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from sukma.processes import child
from sukma.wiring import Installation

PUBLISH_EVERY = "5m"
PURGE_SECONDS = 600.0  # little to forget at a time, and time to try again before 48 hours are over
_PATIENCE = 15  # seconds that children get to finish what they do


def serve_site(here: Installation, host: str, port: int, listening: Callable[[int], None]) -> None:
    """The web server alone, in this process, until SIGTERM or SIGINT; `listening` is told its port."""
    from form_backend.beside import beside
    from form_backend.wsgi import serve

    here.store.purge(datetime.now(UTC))
    app, intake = here.app()

    def purge() -> None:  # where no publisher runs beside it, exact times must still go
        intake.forget_clients()
        here.store.purge(datetime.now(UTC))

    with ExitStack() as until_the_end:
        # The last one out empties SQLite's log. An interpreter that ends closes nothing that `gc.freeze` keeps.
        until_the_end.callback(here.store.close)

        def opened(given: int) -> None:  # only now: a thread stays on the processor that the server has chosen
            until_the_end.enter_context(beside("forgetting exact times", purge, PURGE_SECONDS))
            listening(given)

        serve(app, host, port, opened)


def serve_all(file: Path, link: Path | None, host: str, port: int, lang: str) -> int:
    """Web server and publisher as children until one of them or a signal ends it; gives the exit code."""
    sukma = [sys.executable, "-m", "sukma", "--lang", lang]
    common = ["-f", str(file), *(["-d", str(link)] if link else [])]
    asked = False

    def end(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    children = [
        child([*sukma, "serve", "--no-publish", *common, "--host", host, "--port", str(port)]),
        child([*sukma, "publish", "--every", PUBLISH_EVERY, *common]),
    ]
    while not asked and all(process.poll() is None for process in children):
        time.sleep(0.1)
    codes = [process.poll() for process in children]
    _end(children)
    return 0 if asked else next((code for code in codes if code), 1)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for process in children:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + _PATIENCE
    for process in children:
        try:
            process.wait(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
