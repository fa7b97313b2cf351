"""Ceilings of the intake where they must be counted: in memory for a process that is alone, else in the database."""

from sqlalchemy import Engine, update

from form_backend.guard import Ceiling, Ceilings, Count, Limit, counted
from form_backend.store.database import insert_into, is_shared
from form_backend.store.schema import ceilings


def ceiling(engine: Engine, kind: str, limit: Limit) -> Ceiling:
    """What counts the posts of keys of a kind (`client`, `unit`) on this installation's database."""
    return SharedCeilings(engine, kind, limit) if is_shared(engine) else Ceilings(limit)


class SharedCeilings:
    """A ceiling for all processes on a database of PostgreSQL; rows that no window covers go with `Store.purge`."""

    def __init__(self, engine: Engine, kind: str, limit: Limit) -> None:
        self._engine, self._kind, self._limit = engine, kind, limit

    def admit(self, key: str, now: float) -> int | None:
        """None and counted, or the seconds to wait. `now` is in seconds.

        The row of a key is locked from reading to writing, one row a transaction: nobody waits in a circle.
        """
        name, seconds = f"{self._kind} {key}", self._limit.seconds
        begin = insert_into(self._engine.dialect.name, ceilings).values(key=name, since=int(now), previous=0, current=0)
        held = begin.on_conflict_do_update(index_elements=["key"], set_={"key": begin.excluded.key})
        with self._engine.begin() as connection:
            row = connection.execute(held.returning(ceilings)).one()
            count = counted(Count(row.since // seconds, row.previous, row.current), self._limit, now)
            if isinstance(count, int):
                return count
            values = {"since": count.window * seconds, "previous": count.previous, "current": count.current}
            connection.execute(update(ceilings).where(ceilings.c.key == name).values(values))
        return None

    def forget(self, now: float) -> None:
        """Nothing to do: `Store.purge` deletes rows."""
