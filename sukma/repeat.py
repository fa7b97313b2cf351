"""`--every`: the same command again and again, each time as a short process of its own.

GitPython's README warns against long-running processes: it leaks. A run that fails is told and tried again.
"""

import re
import signal
import subprocess
import sys
from threading import Event
from types import FrameType

from sukma.processes import child

_PATIENCE = 5  # seconds
LONGEST = 3600  # seconds: each run also forgets exact times, which are 47 hours old by then and may not be 48
_UNITS = {"s": 1, "m": 60, "h": 3600}


def interval(text: str) -> int | None:
    """Seconds of `30s`, `5m` or `1h`; None for anything else."""
    match = re.fullmatch(r"([1-9][0-9]{0,4})([smh])", text)
    return int(match[1]) * _UNITS[match[2]] if match else None


def repeat(seconds: int) -> int:
    """Run this very command without `--every` at this pace until SIGTERM or SIGINT; a run under way is finished."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    command = [sys.executable, "-m", "sukma", *_once(sys.argv[1:])]
    while not stop.is_set():
        run = child(command)
        while run.poll() is None and not stop.wait(0.1):
            pass
        if stop.is_set():
            _finish(run)
        stop.wait(seconds)
    return 0


def _finish(run: "subprocess.Popen[bytes]") -> None:
    """Let a run finish; one that waits for a lock or a remote is ended, which is safe anywhere."""
    try:
        run.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        run.terminate()
        run.wait()


def _once(arguments: list[str]) -> list[str]:
    left, skip = [], False
    for argument in arguments:
        if not skip and argument != "--every" and not argument.startswith("--every="):
            left.append(argument)
        skip = argument == "--every"
    return left
