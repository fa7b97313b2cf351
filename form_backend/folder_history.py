"""The git that a folder is in, read and never written: files as they were at a revision.

Only what was asked for by name is looked at, through plumbing that runs no hook, filter or program of a repository.
"""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

_FILES, _LINK = ("100644", "100755"), "120000"  # no submodules


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


class LinkOutside(HistoryError):
    """A symbolic link of a commit leads to no file of it: what was read there cannot be known."""

    def __init__(self, path: str, commit: str) -> None:
        super().__init__(f"{path} is a link that leads to no file of {commit}")
        self.path, self.commit = path, commit


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


def files_at(
    folder: Path, commit: str, paths: Sequence[str], wanted: Callable[[str], bool] = lambda _path: True
) -> Mapping[str, bytes]:
    """The wanted files of a commit at and below these paths of the folder: path from the folder → bytes.

    A link is the file that it leads to; LinkOutside where the commit has none there.
    """
    listed = _git(folder, "ls-tree", "-r", "-z", commit, "--", *paths)
    if listed.returncode:
        raise NoHistory(folder, _said(listed.stderr))
    names = {path: name for path, name in _names(listed.stdout, commit) if wanted(path)}
    given = b"".join(os.fsencode(name) + b"\n" for name in names.values())
    content = _git(folder, "cat-file", "--batch", "--follow-symlinks", given=given)
    if content.returncode:
        raise NoHistory(folder, _said(content.stderr))
    found = {}
    for path, text in zip(names, _contents(content.stdout), strict=True):
        if text is None:
            raise LinkOutside(path, commit)
        found[path] = text
    return found


def _names(listed: bytes, commit: str) -> Iterator[tuple[str, str]]:
    """Path → what git finds the content by."""
    for line in filter(None, listed.split(b"\0")):
        kind, _, name = line.partition(b"\t")
        (mode, _, blob), path = kind.decode().split(), os.fsdecode(name)
        if mode == _LINK and "\n" not in path:  # where git's questions end
            yield path, f"{commit}:./{path}"
        elif mode in _FILES:
            yield path, blob


def _contents(batch: bytes) -> Iterator[bytes | None]:
    """None for what is no file: a folder, or where a link ends that leads nowhere."""
    place = 0
    while place < len(batch):
        end = batch.index(b"\n", place)
        *name, size = batch[place:end].split()
        place = end + 2 + int(size)
        yield batch[end + 1 : place - 1] if name[1:] == [b"blob"] else None


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
