"""`sukma doctor`: what `/readyz` shows, with what only somebody on the machine may know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from form_backend.backups import replaced
from form_backend.condition import Seen, condition, free_mb, look
from form_backend.git_clone import ForeignClone
from form_backend.git_run import RepositoryError
from form_backend.last_failure import last_failure
from form_backend.settings import Settings
from form_backend.store.condition import Facts
from form_backend.store.forgetting import remembers
from generator.errors import GeneratorError
from generator.write import SiteFolder, left_trees
from sukma.wiring import Installation


@dataclass(frozen=True)
class Fault:
    """Something to be mended: `name` of the sentence, `values` go into it."""

    name: str
    values: dict[str, Any]


def examine(here: Installation, now: datetime) -> tuple[dict[str, Any], list[Fault]]:
    """The condition as `/readyz` has it, and every fault."""
    settings = here.settings
    found = look(lambda: here.store, now)
    known, reason = (found, "") if isinstance(found, Facts) else (None, str(getattr(found, "orig", found)))
    sqlite = settings.database_url.get_backend_name() == "sqlite"
    shown = condition(Seen(known, _registry_problem(here), here.is_built, free_mb(settings), sqlite), now)
    bad = {name: part for name, part in shown.items() if isinstance(part, dict) and not part["ok"]}
    faults = [Fault(_sentence(name, part), {**part, "reason": reason}) for name, part in bad.items()]
    return shown, [*faults, *_machine(here), *_replaced(settings, now)]


def _registry_problem(here: Installation) -> str | None:
    try:
        _ = here.loaded
    except GeneratorError as error:
        return str(error)
    return None


def _sentence(name: str, part: dict[str, Any]) -> str:
    ages = [value for key, value in part.items() if key.startswith("last") and key.endswith("hours")]
    return f"{name}_never" if ages == [None] else name


def _machine(here: Installation) -> Iterator[Fault]:
    settings = here.settings
    if not settings.limits:
        yield Fault("limits", {})
    try:
        here.repository.reach()
    except ForeignClone as error:
        yield Fault("clone", {"folder": str(error.folder)})
    except RepositoryError as error:
        yield Fault("remote", {"id": error.both[0], "en": error.both[1]})
    for tree in left_trees(SiteFolder(settings.site_dir)):
        yield Fault("old_build", {"folder": str(tree)})
    if (failure := last_failure(here.publish_failure)) is not None:
        yield Fault("publish_failed", {"reason": failure})
    database = settings.database_url.database if settings.database_url.get_backend_name() == "sqlite" else None
    for file in (settings.secret_file, *([Path(database)] if database else [])):
        if file.exists() and file.stat().st_mode & 0o077:
            yield Fault("private", {"file": str(file)})


def _replaced(settings: Settings, now: datetime) -> Iterator[Fault]:
    """Databases that restores put aside and that could not forget; those that did are kept as long as one likes."""
    if settings.database_url.get_backend_name() != "sqlite":
        return
    for file in replaced(Path(settings.database_url.database or "")):
        if remembers(file):
            age = timedelta(seconds=now.timestamp() - file.stat().st_mtime)
            yield Fault("replaced", {"file": str(file), "hours": age // timedelta(hours=1)})
