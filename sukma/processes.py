"""Child processes that a signal to their parent cannot leave behind."""

import ctypes
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def leave_on_sigterm() -> None:
    """From now on SIGTERM ends the program as Ctrl-C does, so that what was begun is cleaned up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def child(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child in a session of its own: Ctrl-C reaches the parent, which ends its children in order.

    A parent that is killed outright takes them along: the kernel sends them SIGTERM.
    """
    libc = ctypes.CDLL(None)
    return subprocess.Popen(
        command, start_new_session=True, preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    )
