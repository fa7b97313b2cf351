"""The git that a folder is in, read and never written: files as they were at a revision.

Only what was asked for by name is looked at, through plumbing that runs no hook, filter or program of a repository.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_FILES = ("100644", "100755")  # no links, no submodules


class HistoryError(Exception):
    """What was asked of a folder's history cannot be told."""


class NoHistory(HistoryError):
    """The folder is in no git that can be read; `reason` in git's words."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"{folder}: {reason}")
        self.folder, self.reason = folder, reason


class NoRevision(HistoryError):
    """The folder's git has no such revision."""

    def __init__(self, folder: Path, revision: str) -> None:
        super().__init__(f"{folder}: git knows no revision {revision!r}")
        self.folder, self.revision = folder, revision


def commit_of(folder: Path, revision: str) -> str:
    """The commit that a revision names; NoHistory, NoRevision."""
    found = _git(folder, "rev-parse", "--is-inside-work-tree")
    if found.returncode:
        raise NoHistory(folder, _said(found.stderr))
    if "\0" not in revision:
        found = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if not found.returncode:
            return found.stdout.decode().strip()
    if revision == "HEAD":
        raise NoHistory(folder, "there is no commit yet")
    raise NoRevision(folder, revision)


def files_at(folder: Path, commit: str, paths: Sequence[str]) -> Mapping[str, bytes]:
    """The files of a commit at and below these paths of the folder: path from the folder → bytes."""
    listed = _git(folder, "ls-tree", "-r", "-z", commit, "--", *paths)
    if listed.returncode:
        raise NoHistory(folder, _said(listed.stderr))
    blobs = dict(_blobs(listed.stdout))
    given = "".join(f"{blob}\n" for blob in blobs.values()).encode()
    content = _git(folder, "cat-file", "--batch", given=given)
    if content.returncode:
        raise NoHistory(folder, _said(content.stderr))
    return dict(zip(blobs, _contents(content.stdout), strict=True))


def _blobs(listed: bytes) -> Iterator[tuple[str, str]]:
    for line in filter(None, listed.split(b"\0")):
        kind, _, path = line.partition(b"\t")
        mode, _, blob = kind.decode().split()
        if mode in _FILES:
            yield os.fsdecode(path), blob


def _contents(batch: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(batch):
        end = batch.index(b"\n", place)
        size = int(batch[place:end].split()[2])
        yield batch[end + 1 : end + 1 + size]
        place = end + size + 2


def _git(folder: Path, *words: str, given: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    # A hook that runs this command sets GIT_DIR and the like; the folder's own git is what was asked for.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    command = ["git", "--no-replace-objects", "--literal-pathspecs", "-c", "core.fsmonitor=false", *words]
    try:
        return subprocess.run(command, cwd=folder, env=env, input=given, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise NoHistory(folder, f"{error.filename}: {error.strerror}") from error


def _said(err: bytes) -> str:
    text = err.decode(errors="replace").strip().splitlines()
    return "".join(sign for sign in (text or ["git gave no reason"])[0] if sign.isprintable())
