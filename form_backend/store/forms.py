"""The forms that each unit has shown, and since when another stands in their place; and what they asked.

A page may wait for a signal in somebody's pocket: its answer comes under the form of that day. So a questionnaire that
was shown is kept: its file may be gone by then.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Engine, bindparam, select, update

from form_backend.store.database import insert_into
from form_backend.store.schema import forms, questionnaires
from form_backend.store.writer import Writer
from skm.instrument import Instrument, Instruments, instrument_from_mapping, instrument_to_mapping
from skm.units import Registry, Status


class FormStore:
    """Remembers forms by unit; safe to use from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = Writer(engine)
        self._noted: Registry | None = None
        self._kept: Instruments | None = None

    def note(self, registry: Registry, today: date) -> None:
        """Remember what the units of a registry show; costs nothing while it is the one that was noted last.

        What a unit showed before and shows no longer (a newer version, another way of asking for biaya, a unit that
        takes no answers any more) is replaced from this day on. Of the registry's instruments those are kept that any
        unit ever showed.
        """
        if registry is self._noted:
            return
        active = (unit for unit in registry.units if unit.status is Status.ACTIVE)
        shown = {(unit.code, registry.instrument(unit).versi) for unit in active}

        def write(connection: Connection) -> Instruments:
            _note(connection, shown, today)
            _keep(connection, registry.instruments.known)
            return _kept(connection)

        self._kept = self._writer.run(write)
        self._noted = registry

    @property
    def kept(self) -> Instruments:
        """The questionnaires that were shown, as they were noted last; read once, so asking costs no query."""
        if self._kept is None:
            with self._engine.connect() as connection:
                self._kept = _kept(connection)
        return self._kept

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
        statement = insert_into(connection.dialect.name, forms)
        values = [{"unit": unit, "versi": versi, "replaced": None} for unit, versi in sorted(new)]
        connection.execute(
            statement.on_conflict_do_update(index_elements=["unit", "versi"], set_={"replaced": None}), values
        )


def _keep(connection: Connection, known: Iterable[Instrument]) -> None:
    """Of these the ones that were shown, in their newest words: a language may have been added."""
    shown = set(connection.scalars(select(forms.c.versi).distinct()))
    before = {(row.id, row.version): row.content for row in connection.execute(select(questionnaires))}
    for one in known:
        content = instrument_to_mapping(one)
        if before.get((one.id, one.version)) == content or all(form.versi not in shown for form in one.forms()):
            continue
        row = insert_into(connection.dialect.name, questionnaires).values(
            id=one.id, version=one.version, content=content
        )
        connection.execute(row.on_conflict_do_update(index_elements=["id", "version"], set_={"content": content}))


def _kept(connection: Connection) -> Instruments:
    rows = connection.scalars(select(questionnaires.c.content).order_by(questionnaires.c.id, questionnaires.c.version))
    return Instruments(tuple(instrument_from_mapping(content) for content in rows))
