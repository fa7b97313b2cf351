"""Child processes that a signal to their parent cannot leave behind."""

import ctypes
import signal
import subprocess

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def child(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child in a session of its own: Ctrl-C reaches the parent, which ends its children in order.

    A parent that is killed outright takes them along: the kernel sends them SIGTERM.
    """
    libc = ctypes.CDLL(None)
    return subprocess.Popen(
        command, start_new_session=True, preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    )
