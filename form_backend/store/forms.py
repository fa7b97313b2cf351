"""The forms that each unit has shown, and since when another stands in their place.

A page may wait for a signal in somebody's pocket: its answer comes under the form of that day.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from form_backend.store.schema import forms
from form_backend.store.writer import Writer
from skm.units import Registry, Status


class FormStore:
    """Remembers forms by unit; safe to use from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine)
        self._noted: Registry | None = None

    def note(self, registry: Registry, today: date) -> None:
        """Remember what the units of a registry show; costs nothing while it is the one that was noted last.

        What a unit showed before and shows no longer (a newer version, another way of asking for biaya, a unit that
        takes no answers any more) is replaced from this day on.
        """
        if registry is self._noted:
            return
        active = (unit for unit in registry.units if unit.status is Status.ACTIVE)
        shown = {(unit.code, registry.instrument(unit).versi) for unit in active}
        self._writer.run(lambda connection: _note(connection, shown, today))
        self._noted = registry

    def replaced(self, codes: set[str], versi: str) -> date | None:
        """The last day on which one of these units began to show another form than this; today's are `date.max`.

        None where none of them ever showed it.
        """
        query = select(forms.c.replaced).where(forms.c.unit.in_(codes), forms.c.versi == versi)
        with self._engine.connect() as connection:
            days = [date.fromisoformat(day) if day else date.max for day in connection.scalars(query)]
        return max(days, default=None)


def _note(connection: Connection, shown: set[tuple[str, str]], today: date) -> None:
    rows = connection.execute(select(forms.c.unit, forms.c.versi).where(forms.c.replaced.is_(None)))
    before = {(row.unit, row.versi) for row in rows}
    if gone := before - shown:
        this = (forms.c.unit == bindparam("of_unit"), forms.c.versi == bindparam("of_versi"))
        values = [{"of_unit": unit, "of_versi": versi} for unit, versi in sorted(gone)]
        connection.execute(update(forms).where(*this).values(replaced=today.isoformat()), values)
    if new := shown - before:
        insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(forms).on_conflict_do_update(index_elements=["unit", "versi"], set_={"replaced": None})
        values = [{"unit": unit, "versi": versi, "replaced": None} for unit, versi in sorted(new)]
        connection.execute(statement, values)
