"""What every command has: options in the reader's language, printing, and failures told as sentences."""

import errno
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from form_backend.settings import SettingsError
from generator.errors import GeneratorError
from generator.registry_problems import RegistryError
from skm.codes import in_lower_case
from skm.errors import SkmError
from sukma.texts import Say, sayer
from sukma.wiring import NoInstallation

Option = Callable[[Callable[..., Any]], Callable[..., Any]]


class Cli:
    """The commands with their words in one language."""

    def __init__(self, lang: str) -> None:
        self.lang, self.say = lang, sayer(lang)

    def file(self) -> Option:
        return click.option(
            "-f", "file", type=click.Path(path_type=Path), default=Path("units.yaml"), help=self.say("opt_file")
        )

    def json(self) -> Option:
        return click.option("--json", "as_json", is_flag=True, help=self.say("opt_json"))

    def folder(self) -> Option:
        return click.option("-d", "link", type=click.Path(path_type=Path), default=None, help=self.say("opt_dir"))

    def unit(self, name: str, text: str) -> Option:
        """A unit's code, in lower case: posters show it in capitals. An empty one is a variable that was not set."""

        def code(_context: click.Context, _option: click.Parameter, typed: str | None) -> str | None:
            if typed is not None and not typed.strip():
                raise click.UsageError(self.say("empty_unit"))
            return None if typed is None else in_lower_case(typed.strip())

        return click.option("--unit", name, default=None, callback=code, help=self.say(text))

    def flag(self, name: str, text: str) -> Option:
        return click.option(name, is_flag=True, help=self.say(text))

    def sentence(self, error: Exception) -> str:
        """What is said of a failure, on one line; a surprise speaks for itself."""
        return _expected(error, self.say) or str(error)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Expected failures become their sentence on stderr and exit code 1; surprises keep their traceback."""
        try:
            yield
        except RegistryError as error:
            for problem in error.problems:
                click.echo(problem.located(self.lang), err=True)
            fail(self.say("problems", count=len(error.problems)))
        except SettingsError as error:
            fail(*error.problems)
        except Exception as error:
            sentence = _expected(error, self.say)
            if sentence is None:
                raise
            fail(sentence)


def _expected(error: Exception, say: Say) -> str | None:
    """The sentence of an expected failure, None for a surprise. Imports only what must have been loaded."""
    if isinstance(error, GeneratorError | NoInstallation | SkmError):
        return _sentence(error, say)

    from sqlalchemy.exc import DatabaseError

    from form_backend.backups import BackupError
    from form_backend.folder_history import HistoryError
    from form_backend.git_run import RepositoryError
    from form_backend.publish import PublishError
    from form_backend.store.database import UnfitDatabase
    from form_backend.wsgi import ServeError

    if isinstance(error, HistoryError | PublishError | ServeError | UnfitDatabase):
        return _sentence(error, say)
    if isinstance(error, BackupError):
        return say(error.key, **error.values)
    if isinstance(error, RepositoryError):
        named = type(error).__name__ in _NAMED
        return _sentence(error, say) if named else say("repository", id=error.both[0], en=error.both[1])
    said = error.orig if isinstance(error, DatabaseError) else error
    if isinstance(said, sqlite3.Error):
        full = getattr(said, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
        return say("database_disk" if full else "database", reason=said)
    if isinstance(error, DatabaseError):
        return say("database", reason=said)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC and not error.filename:
        return say("disk_full")
    if isinstance(error, OSError) and error.strerror:
        return say("disk", place=error.filename or "", reason=error.strerror)
    return None


_NAMED = {
    "ChangedWording": "changed_wording",
    "LinkOutside": "link_outside",
    "NoHistory": "no_history",
    "NoInstallation": "no_installation",
    "NoRevision": "no_revision",
    "NotThen": "not_then",
    "NothingBuilt": "nothing_built",
    "NothingKept": "nothing_kept",
    "NotOurSite": "not_our_site",
    "ForeignClone": "not_our_clone",
    "OlderDatabase": "older_database",
    "AnotherPublisher": "another_publisher",
    "LostLock": "lost_lock",
    "NewerSchema": "newer_schema",
    "NotBackedUp": "not_backed_up",
    "WrongEncoding": "wrong_encoding",
    "InUse": "in_use",
    "OlderSchema": "older_schema",
    "NothingToCopy": "nothing_to_copy",
    "NotEmpty": "not_empty",
    "StillExact": "still_exact",
    "Unequal": "unequal",
    "UnreadableThen": "unreadable_then",
    "ServeError": "no_listening",
}


def _sentence(error: Exception, say: Say) -> str:
    """What an expected failure says, in the reader's language where the failure has a name there."""
    key = _NAMED.get(type(error).__name__)
    return say(key, **vars(error)) if key else str(error)


def fail(*sentences: str) -> NoReturn:
    """Tell a problem on stderr and end with exit code 1."""
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(1)


def print_json(content: object) -> None:
    """Data for programs, on stdout."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))
