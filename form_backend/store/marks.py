"""When something that has to happen again and again went well last: publishing, labelling, backups."""

from datetime import datetime

from sqlalchemy import Connection, Engine, select

from form_backend.store.database import for_writing, insert_into
from form_backend.store.schema import marks

PUBLISHED, LABELLED, BACKED_UP, WRITTEN = "published", "labelled", "backed-up", "written"


def mark(engine: Engine, name: str, now: datetime) -> None:
    """It went well now."""
    with for_writing(engine).begin() as connection:
        put(connection, name, now)


def put(connection: Connection, name: str, now: datetime) -> None:
    """The same within a transaction that has the right to write."""
    at = now.isoformat(timespec="seconds")
    statement = insert_into(connection.dialect.name, marks).values(name=name, at=at)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"at": at}))


def last(engine: Engine) -> dict[str, datetime]:
    """Name → when it went well last; what never did is absent."""
    with engine.connect() as connection:
        rows = connection.execute(select(marks.c.name, marks.c.at))
        return {name: datetime.fromisoformat(at) for name, at in rows}
