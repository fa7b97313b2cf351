"""When something that has to happen again and again went well last: publishing, labelling, backups."""

from datetime import datetime

from sqlalchemy import Connection, Engine, select

from form_backend.store.database import for_writing, insert_into
from form_backend.store.schema import marks

PUBLISHED, LABELLED, BACKED_UP, WRITTEN = "published", "labelled", "backed-up", "written"


def mark(engine: Engine, name: str, now: datetime, seq: int | None = None) -> None:
    """It went well now; `seq` is the newest answer that it has seen."""
    with for_writing(engine).begin() as connection:
        put(connection, name, now, seq)


def put(connection: Connection, name: str, now: datetime, seq: int | None = None) -> None:
    """The same within a transaction that has the right to write."""
    noted = {"at": now.isoformat(timespec="seconds"), "seq": seq}
    statement = insert_into(connection.dialect.name, marks).values(name=name, **noted)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=noted))


def seen(engine: Engine, name: str) -> int | None:
    """The newest answer that it had seen when it went well last."""
    with engine.connect() as connection:
        return connection.scalar(select(marks.c.seq).where(marks.c.name == name))


def last(engine: Engine) -> dict[str, datetime]:
    """Name → when it went well last; what never did is absent."""
    with engine.connect() as connection:
        rows = connection.execute(select(marks.c.name, marks.c.at))
        return {name: datetime.fromisoformat(at) for name, at in rows}
