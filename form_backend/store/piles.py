"""Paper forms into the store: the answers, and the line in the audit by which a second import is known, or neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from form_backend.store.answers import NewAnswer, Recorded, Store
from form_backend.store.audit import IMPORT, Entry, entries, note
from form_backend.store.database import POSTGRESQL


@dataclass(frozen=True)
class Pile:
    """A pile of forms: its name, and a digest of what the forms say."""

    name: str
    digest: str


class AlreadyImported(Exception):
    """The same content was recorded under another name; `entry` is of then."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(f"already imported as {entry.detail['batch']}")
        self.entry = entry


def add_import(store: Store, new: Sequence[NewAnswer], pile: Pile, actor: str, now: datetime) -> list[Recorded]:
    """Record the forms and write it down, in one transaction; AlreadyImported, nothing recorded."""

    def act(connection: Connection, recorded: int) -> None:
        if connection.dialect.name == POSTGRESQL:  # SQLite has one writer at a time
            connection.exec_driver_sql("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE")
        for entry in entries(connection, IMPORT):
            if entry.detail["digest"] == pile.digest and entry.detail["batch"] != pile.name:
                raise AlreadyImported(entry)
        if recorded:
            detail = {"batch": pile.name, "digest": pile.digest, "recorded": recorded}
            note(connection, now, actor, IMPORT, None, detail)

    return store.add_with(new, act)
