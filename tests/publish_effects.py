"""A publishing run that is killed just before one of its effects: each file it writes, moves or removes, each git, each
commit of the database. Python tells of them by its audit events, so none can be forgotten."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from generator.pages import lean
from sukma.cli import make_cli

COMMIT = "COMMIT"
_PAIRS = ("os.rename", "os.symlink", "os.link")
_CHANGES = (*_PAIRS, "os.mkdir", "os.remove", "os.rmdir", "os.truncate")


def effects(folder: Path) -> list[str]:
    """Run `sukma publish` in a process of its own; every effect on the outside that it had, in order."""
    report = folder.with_name(f"{folder.name}.effects")
    assert publish(folder, report=report) == 0
    return report.read_text().splitlines()


def publish(folder: Path, *, kill_before: int | None = None, report: Path | None = None) -> int:
    """The same, killed before its effect of that number; the exit code, negative where a signal ended it."""
    lean.policy_hashes()  # the minifier does not live on in a forked process; what it made is kept
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.chdir(folder)
            _redirect()
            with _watched(kill_before) as seen:
                code = _command()
            if report:
                report.write_text("\n".join(seen))
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _redirect() -> None:
    with Path("publish.log").open("wb") as log:
        for number in (1, 2):
            os.dup2(log.fileno(), number)
    for name in [name for name in os.environ if name.startswith("SUKMA_")]:
        del os.environ[name]


def _command() -> int:
    try:
        make_cli("id")(args=["publish", "--at", "2026-10-20"], prog_name="sukma")
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@contextmanager
def _watched(kill_before: int | None) -> Iterator[list[str]]:
    seen: list[str] = []
    here = Path.cwd()

    def happens(what: str) -> None:
        if len(seen) == kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(what)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name == "subprocess.Popen":
            happens(" ".join(os.fspath(word) for word in arguments[1]))
        elif name in _CHANGES or (name == "open" and _writes(arguments)):
            named = arguments[: 2 if name in _PAIRS else 1]
            paths = [here / part for part in named if isinstance(part, str | os.PathLike)]
            places = [str(path.relative_to(here)) for path in paths if path.is_relative_to(here)]
            if places and not (name == "os.mkdir" and paths[0].is_dir()):
                happens(f"{name} {' '.join(places)}")

    event.listen(Engine, "commit", lambda _connection: happens(COMMIT))
    sys.addaudithook(hook)
    yield seen


def _writes(arguments: tuple[Any, ...]) -> bool:
    _path, mode, flags = arguments
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(flags & (os.O_WRONLY | os.O_RDWR))
