"""What operators did with answers: who, in which hour, why, and which ones by number. Never what an answer says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from form_backend.store.database import for_writing
from form_backend.store.schema import audit

SET_ASIDE, PUT_BACK, IMPORT, EXPORT, DISPOSE = "set-aside", "put-back", "import", "export", "dispose"


@dataclass(frozen=True)
class Entry:
    """One act. `hour` is ISO, UTC: an exact time beside an answer's number would be that answer's exact time."""

    hour: str
    actor: str
    action: str
    reason: str | None
    detail: Mapping[str, Any]


def note(
    connection: Connection, now: datetime, actor: str, action: str, reason: str | None, detail: Mapping[str, Any]
) -> None:
    """Write an act down, in the transaction that does it."""
    hour = now.replace(minute=0, second=0, microsecond=0).isoformat()
    row = {"hour": hour, "actor": actor, "action": action, "reason": reason, "detail": dict(detail)}
    connection.execute(insert(audit).values(row))


def write_down(engine: Engine, now: datetime, actor: str, action: str, detail: Mapping[str, Any]) -> None:
    """The same in a transaction of its own."""
    with for_writing(engine).begin() as connection:
        note(connection, now, actor, action, None, detail)


def entries(connection: Connection, action: str | None = None) -> list[Entry]:
    """What was written down, newest first; of one kind where `action` is given."""
    query = select(audit.c.hour, audit.c.actor, audit.c.action, audit.c.reason, audit.c.detail)
    if action is not None:
        query = query.where(audit.c.action == action)
    return [Entry(*row) for row in connection.execute(query.order_by(audit.c.id.desc()))]


def all_entries(engine: Engine) -> list[Entry]:
    """Everything that was written down, newest first."""
    with engine.connect() as connection:
        return entries(connection)
