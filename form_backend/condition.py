"""How an installation is doing, decided from facts: what `/readyz` shows and `sukma doctor` explains.

No path, no address and no time finer than the hour: a push tells when the last of a block's people answered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from form_backend.settings import Settings
from form_backend.store.answers import Store
from form_backend.store.condition import Facts, facts
from form_backend.store.database import Gone

LEAST_FREE_MB = 256  # below it a build or a backup fails first, then the answers
PUBLISHER_LATE = timedelta(hours=1)  # it runs every few minutes
BACKUP_LATE = timedelta(hours=36)  # made daily, one may be some hours late
EXACT_TIMES = timedelta(hours=48)  # as promised to citizens (UU 27/2022)
CLOCK_AHEAD = timedelta(hours=1)

Part = Mapping[str, Any]


@dataclass(frozen=True)
class Seen:
    """What is looked at. `facts` is None where the database cannot be written; `backs_up`: `sukma backup` is for it."""

    facts: Facts | None
    registry_problem: str | None
    site: bool
    free_mb: int
    backs_up: bool = True


def condition(seen: Seen, now: datetime) -> dict[str, Any]:
    """The parts by name, each with `ok`; `ready`: answers are recorded and pages shown; `healthy`: all parts are ok."""
    facts = seen.facts
    parts: dict[str, Part] = {
        "database": {"ok": facts is not None},
        "disk": {"ok": seen.free_mb >= LEAST_FREE_MB, "free_mb": seen.free_mb},
        "registry": {"ok": seen.registry_problem is None, "problem": seen.registry_problem},
        "site": {"ok": seen.site},
    }
    if facts is not None:
        parts["publisher"] = _publisher(facts, now)
        parts["backup"] = _backup(facts, now) if seen.backs_up else {"ok": True, "last_hours": None}
        parts["exact_times"] = _exact_times(facts, now)
        parts["clock"] = {"ok": facts.newest is None or facts.newest <= now + CLOCK_AHEAD}
    healthy = all(part["ok"] for part in parts.values())
    return {"ready": facts is not None and seen.site, "healthy": healthy, **parts}


def look(store: Callable[[], Store], now: datetime) -> Facts | SQLAlchemyError | Gone:
    """What the database knows once something was written into it, or why that was not possible."""
    try:
        opened = store()
        opened.check_writable(now)
        return facts(opened.engine)
    except (SQLAlchemyError, Gone) as error:
        return error


def free_mb(settings: Settings) -> int:
    """Space left where the database is, or, with a database elsewhere, where the site is built."""
    sqlite = settings.database_url.get_backend_name() == "sqlite"
    folder = Path(settings.database_url.database or "").parent if sqlite else settings.folder
    try:
        return disk_usage(folder).free // 1_000_000
    except FileNotFoundError:
        return 0


def _publisher(facts: Facts, now: datetime) -> Part:
    late = facts.published_at is None or now - facts.published_at > PUBLISHER_LATE
    return {
        "ok": not late or (facts.published_at is None and facts.newest is None),  # nothing to publish yet
        "waiting": facts.waiting,
        "waiting_since": facts.waiting_since,
        "last_run_hours": _hours(facts.published_at, now),
        "last_push": facts.pushed_on,
    }


def _backup(facts: Facts, now: datetime) -> Part:
    late = facts.backed_up_at is None or now - facts.backed_up_at > BACKUP_LATE
    return {
        "ok": not late or (facts.backed_up_at is None and facts.newest is None),
        "last_hours": _hours(facts.backed_up_at, now),
    }


def _exact_times(facts: Facts, now: datetime) -> Part:
    kept = facts.exact_since is not None and now - facts.exact_since > EXACT_TIMES
    return {"ok": not kept, "oldest_hours": _hours(facts.exact_since, now)}


def _hours(then: datetime | None, now: datetime) -> int | None:
    return None if then is None else max(0, (now - then) // timedelta(hours=1))
