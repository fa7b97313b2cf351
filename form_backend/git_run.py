"""Git as a process, shielded from the machine that it runs on, and ended when the run ends."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from form_backend.git_settings import ALWAYS, KEPT, OFFLINE, ONLINE, SETTINGS
from form_backend.git_words import remedy, said

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is a sentence at first use, not an ImportError
_given = {name: os.environ.get(name) for name in OFFLINE}
os.environ |= OFFLINE  # nor is a mistake in the user's settings: GitPython runs git as it is loaded
try:
    from git import Git, GitCommandNotFound
    from git.util import remove_password_if_present
finally:
    for _name, _value in _given.items():
        os.environ.pop(_name) if _value is None else os.environ.update({_name: _value})

Answer = tuple[int, str, str]  # a git command's exit status, output and errors


class RepositoryError(Exception):
    """The site repository cannot be used now; the sentence names place and remedy."""


class GitFailed(RepositoryError):
    """A git command ended badly: the clone may be broken, or its remote out of reach."""


class ShieldedGit:
    """The git of one clone and its remote."""

    def __init__(self, clone: Path, remote: str) -> None:
        self.clone, self.remote = clone, remote
        self.shown = remove_password_if_present([remote])[0]

    def do(self, *words: str, limit: float | None = None, **how: Any) -> str:
        """What a git command printed; GitFailed."""
        status, out, err = self.run(*words, limit=limit, **how)
        if status:
            raise self.failed(words[0], err, limit)
        return out

    def run(self, *words: str, limit: float | None = None, at: Path | None = None, **how: Any) -> Answer:
        """Status, output, errors; `limit` (seconds): it talks to the remote. `at`: in this git folder instead."""
        where = [f"--git-dir={at}"] if at else [f"--git-dir={self.clone}/.git", f"--work-tree={self.clone}"]
        ours = ALWAYS | how.get("env", {}) | ({} if limit else OFFLINE)
        foreign = sorted(v for v in os.environ if v.startswith("GIT_") and v not in ours and not KEPT.match(v))
        shield = ["env", *(part for name in foreign for part in ("-u", name))] if foreign else []
        options = [part for setting in SETTINGS + (ONLINE if limit else []) for part in ("-c", setting)]
        command = [*shield, "git", "--literal-pathspecs", *where, *options, *words]
        # A session of its own has no terminal: ssh cannot stop to ask for a password.
        calmly: dict[str, Any] = {"as_process": True, "start_new_session": True}
        with tempfile.TemporaryFile() as given:
            given.write(how.get("stdin", b""))
            given.seek(0)
            begun = Git(self.clone).execute(command, given, env=ours, **calmly)  # whose end ends git
            out, err = _ended(begun.proc, limit)
        return begun.proc.returncode, out, err

    def failed(self, verb: str, err: str, limit: float | None) -> GitFailed:
        """What a failure of a command says of it."""
        place, usual = str(self.clone), "the next run makes the clone anew if it is broken"
        if limit:
            place, usual = self.shown, "check SUKMA_REMOTE and the network, the next run tries again"
        words = said(err).replace(self.remote, self.shown)
        return GitFailed(f"{place}: git {verb} failed: {words}; {remedy(err, usual)}")

    @contextmanager
    def told(self) -> Iterator[None]:
        """RepositoryError for a machine without git, and for what files and disks refuse."""
        try:
            yield
        except GitCommandNotFound as error:
            raise RepositoryError("the program git was not found: install it, or put it on PATH") from error
        except OSError as error:
            said = f"{error.filename or self.clone}: {error.strerror}"
            todo = remedy(said, "put that right, the next run goes on from there")
            raise RepositoryError(f"{said}; {todo}") from error


def _ended(process: "subprocess.Popen[bytes]", limit: float | None) -> tuple[str, str]:
    """What a git in a session of its own said; it ends with its helpers (ssh) at the limit, or when this run is ended.

    GitPython's own limit would outlive this run: its timer keeps the program alive after Ctrl-C.
    """
    with process:
        try:
            said = process.communicate(timeout=limit)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            said = b"", f"no end within {limit} seconds".encode()
    out, err = (part.decode(errors="surrogateescape").removesuffix("\n") for part in said)
    return out, err
