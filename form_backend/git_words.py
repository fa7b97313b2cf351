"""What git and a remote say, on one line and with a remedy; and what a commit of ours says."""

import re
from collections.abc import Mapping

_IDLE = re.compile(r"hint:|Please make sure|and the repository exists")
_REMEDIES = {
    "No space left": "free some disk space",
    "dubious ownership": "run as the owner of that folder, or tell git to trust it (git config safe.directory)",
    "currently checked out": "somebody works in that folder: name one with SUKMA_REMOTE that is not there yet",
    "bad config": "mend that file",
    "resource busy": "something is mounted there: name a folder inside it with SUKMA_SITE_REPO",
    "Host key verification": "connect once by hand with ssh and check the host's key",
    "Permission denied|not permitted|create temporary object directory": (
        "give this user the right to read and write there (file rights, key or token)"
    ),
    "Authentication failed|terminal prompts disabled": "give this user a key or token that may push",
    "not our ref 0000|bad object|missing necessary objects|invalid gitfile": "restore that repository from a copy",
    "not (appear to be )?a git repository|not found|does not exist": "check SUKMA_REMOTE, or restore it from a copy",
}


def with_trailers(message: str, trailers: Mapping[str, str]) -> bytes:
    """A commit's text with its trailers; ValueError for what is none."""
    for key, value in trailers.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key) or not value.strip() or not value.isprintable():
            raise ValueError(f"{key!r}: {value!r} is not a commit trailer")
    last = "".join(f"{key}: {value}\n" for key, value in trailers.items())
    return (message.strip() + "\n" + (f"\n{last}" if last else "")).encode()


def said(err: str) -> str:
    """What the remote (or else git) said, on one line and without a foreign host's control characters."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", err) if line.strip() and not _IDLE.match(line)]
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    text = "; ".join(line for line in remote or lines if line)
    return "".join(sign if sign.isprintable() else " " for sign in text)[:600] or "git gave no reason"


def remedy(err: str, usual: str) -> str:
    """What helps against the errors of a git command."""
    return next((remedy for sign, remedy in _REMEDIES.items() if re.search(sign, err)), usual)
