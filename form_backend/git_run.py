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
from form_backend.git_words import GOES_ON, REACH, RENEWED, Both, remedy, said, sentence

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is a sentence at first use, not an ImportError
_given = {name: os.environ.get(name) for name in OFFLINE}
os.environ |= OFFLINE  # nor is a mistake in the user's settings: GitPython runs git as it is loaded
try:
    from git import Git, GitCommandNotFound
    from git.util import remove_password_if_present
finally:
    for _name, _value in _given.items():
        os.environ.pop(_name) if _value is None else os.environ.update({_name: _value})

_ENDLESS = "no end within its limit"  # what is told of a git that was ended
Answer = tuple[int, str, str]  # a git command's exit status, output and errors


class RepositoryError(Exception):
    """The site repository cannot be used now; the sentence names place and remedy, `both` in Indonesian and English."""

    def __init__(self, said: Both | str) -> None:
        self.both = (said, said) if isinstance(said, str) else said
        super().__init__(self.both[1])


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
        place, usual = (self.shown, REACH) if limit else (str(self.clone), RENEWED)
        words = sentence("endless", limit=f"{limit}") if err == _ENDLESS else said(err.replace(self.remote, self.shown))
        return GitFailed(sentence("failed", place=place, verb=verb, said=words, todo=remedy(err, usual)))

    @contextmanager
    def told(self) -> Iterator[None]:
        """RepositoryError for a machine without git, and for what files and disks refuse."""
        try:
            yield
        except GitCommandNotFound as error:
            raise RepositoryError(sentence("no_git")) from error
        except OSError as error:
            said = f"{error.filename or self.clone}: {error.strerror}"
            raise RepositoryError(sentence("machine", said=said, todo=remedy(said, GOES_ON))) from error


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
            said = b"", _ENDLESS.encode()
    out, err = (part.decode(errors="surrogateescape").removesuffix("\n") for part in said)
    return out, err
