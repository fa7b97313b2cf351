"""`--every`: the same command again and again, each time as a short process of its own.

GitPython's README warns against long-running processes: it leaks. A run that fails is told and tried again.
"""

import re
import signal
import subprocess
import sys
from threading import Event
from types import FrameType

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
        # A session of its own: Ctrl-C reaches the loop, and the run is let finish.
        subprocess.run(command, check=False, start_new_session=True)
        stop.wait(seconds)
    return 0


def _once(arguments: list[str]) -> list[str]:
    left, skip = [], False
    for argument in arguments:
        if not skip and argument != "--every" and not argument.startswith("--every="):
            left.append(argument)
        skip = argument == "--every"
    return left
