"""When something that has to happen again and again went well last: publishing, backups."""

from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from form_backend.database import for_writing
from form_backend.schema import marks

PUBLISHED, BACKED_UP = "published", "backed-up"


def mark(engine: Engine, name: str, now: datetime) -> None:
    """It went well now."""
    with for_writing(engine).begin() as connection:
        row = {"name": name, "at": now.isoformat(timespec="seconds")}
        if not connection.execute(update(marks).where(marks.c.name == name).values(row)).rowcount:
            connection.execute(insert(marks).values(row))


def last(engine: Engine) -> dict[str, datetime]:
    """Name → when it went well last; what never did is absent."""
    with engine.connect() as connection:
        rows = connection.execute(select(marks.c.name, marks.c.at))
        return {name: datetime.fromisoformat(at) for name, at in rows}
