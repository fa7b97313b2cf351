"""Answers under an older form: taken for 30 days after another one stood in its place, then asked to be given anew."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from installation import UNITS, Clock, Installation
from sqlalchemy import select, text

from form_backend.errors import ClosedUnit
from form_backend.intake import Intake, Outcome
from form_backend.store.answers import Store
from form_backend.store.database import open_engine
from form_backend.store.forms import FormStore
from form_backend.store.migrations import migrate
from form_backend.store.schema import answers, forms
from form_backend.submission import Submission
from generator.instruments import instrument
from generator.registry import read_registry
from skm.instrument import Biaya
from skm.responses import Fault, Problem, SubmissionError
from skm.units import Registry, Status

pytestmark = pytest.mark.engines
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
V1, V2 = "permenpan-14-2017.1.official", "permenpan-14-2017.2.official"
KESESUAIAN, NONE = "permenpan-14-2017.1.kesesuaian", "permenpan-14-2017.1.none"
Fields = Callable[..., dict[str, str]]


@dataclass
class Office:
    """An intake whose registry changes under it, on a clock that is turned by hand."""

    store: Store
    clock: Clock
    registry: Registry
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        self.intake = self.restarted()

    def restarted(self) -> Intake:
        """The intake of a server that starts now."""
        intake = Intake(self.store, lambda: self.registry, self.clock, b"s" * 32)
        intake.note_forms()
        return intake

    def turns_to(self, registry: Registry) -> None:
        """The server takes up a changed registry."""
        self.registry = registry
        self.intake.note_forms()

    def gets_a_new_version(self) -> None:
        known = self.registry.instruments
        newest = known.newest(self.registry.site.instrument)
        newer = known.with_own([replace(newest, version=newest.version + 1)])
        self.turns_to(replace(self.registry, instruments=newer))

    def changes(self, code: str, **fields: Any) -> None:
        """The unit has other fields in the registry."""
        units = tuple(replace(unit, **fields) if unit.code == code else unit for unit in self.registry.units)
        self.turns_to(replace(self.registry, units=units))

    def receives(self, fields: dict[str, str], code: str = "7k3q") -> str:
        """The form by which an answer was read; SubmissionError."""
        versi: str = self.sends(fields, code).response.versi
        return versi

    def sends(self, fields: dict[str, str], code: str = "7k3q") -> Outcome:
        """What became of an answer."""
        sent = Submission({name: [value] for name, value in fields.items()})
        return self.intake.record(code, sent, "203.0.113.9", may_repeat=True)


@pytest.fixture
def office(installation: Installation) -> Office:
    return Office(installation.store, installation.clock, read_registry(installation.units).registry)


def refused(office: Office, fields: dict[str, str], code: str = "7k3q") -> tuple[Problem, ...]:
    with pytest.raises(SubmissionError) as caught:
        office.receives(fields, code)
    return caught.value.problems


def test_an_answer_to_the_version_before_is_read_by_that_version(office: Office, filled: Fields) -> None:
    office.gets_a_new_version()
    assert [office.receives(filled(versi=versi)) for versi in (V1, V2)] == [V1, V2]


def test_the_version_before_is_taken_on_the_thirtieth_day_and_on_the_next_no_more(
    office: Office, filled: Fields
) -> None:
    office.gets_a_new_version()
    office.clock.turn(days=30)
    assert office.receives(filled(versi=V1)) == V1
    office.clock.turn(days=1)
    assert refused(office, filled(versi=V1)) == (Problem("versi", Fault.OUTDATED),)


def test_the_days_begin_when_the_newer_form_came_however_long_the_older_was_shown(
    office: Office, filled: Fields
) -> None:
    office.clock.turn(days=400)
    office.gets_a_new_version()
    assert office.receives(filled(versi=V1)) == V1


def test_a_server_that_starts_anew_counts_on_from_the_first_day(office: Office, filled: Fields) -> None:
    office.gets_a_new_version()
    office.clock.turn(days=29)
    office.intake = office.restarted()
    office.clock.turn(days=2)
    assert refused(office, filled(versi=V1)) == (Problem("versi", Fault.OUTDATED),)


def test_another_way_of_asking_for_biaya_is_another_form(office: Office, filled: Fields) -> None:
    office.changes("7k3q", biaya=Biaya.KESESUAIAN)
    assert office.receives(filled(versi=V1)) == V1
    office.clock.turn(days=31)
    assert office.receives(filled(versi=KESESUAIAN)) == KESESUAIAN
    assert refused(office, filled(versi=V1)) == (Problem("versi", Fault.OUTDATED),)


def test_a_unit_that_became_free_still_takes_what_was_said_of_its_price(office: Office, filled: Fields) -> None:
    office.changes("7k3q", biaya=Biaya.NONE)
    office.receives(filled(versi=V1))
    with office.store.engine.connect() as connection:
        assert connection.execute(select(answers.c.answers)).scalar_one()["biaya"] == 3


def test_an_answer_that_is_recorded_is_thanked_for_again_whatever_became_of_its_unit(
    office: Office, filled: Fields
) -> None:
    first = office.sends(filled(versi=V1, id=ID, lang="en"))
    office.gets_a_new_version()
    office.clock.turn(days=31)
    outdated = office.sends(filled(versi=V1, id=ID.upper(), lang="en"))
    office.changes("7k3q", status=Status.CLOSED)
    closed = office.sends(filled(versi=V1, id=ID, lang="en"))
    assert [one.recorded.receipt for one in (outdated, closed)] == [first.recorded.receipt] * 2
    assert (closed.recorded.duplicate, closed.response.lang, office.store.count()) == (True, "en", 1)
    with pytest.raises(ClosedUnit):
        office.receives(filled(versi=V1, id=ID.replace("0f8f", "1f8f")))


def test_the_same_answer_sent_again_after_its_unit_moved_is_no_other_answer(office: Office, filled: Fields) -> None:
    first = office.sends(filled(versi=V1, id=ID))
    office.changes("7k3q", status=Status.MOVED, moved_to="n4w8", biaya=Biaya.NONE)
    again = office.sends(filled(versi=V1, id=ID))
    assert (again.recorded.receipt, again.recorded.differs) == (first.recorded.receipt, False)


@pytest.mark.parametrize("name", ["id", "versi", "lang", "k", "saran", "hari"])
@pytest.mark.parametrize("status", [Status.ACTIVE, Status.CLOSED])
def test_what_a_database_cannot_hold_is_answered_without_asking_one(
    office: Office, filled: Fields, name: str, status: Status
) -> None:
    office.changes("7k3q", status=status)
    for value in ("\0", "x\0", "\ud800"):
        with pytest.raises(SubmissionError if status is Status.ACTIVE else ClosedUnit):
            office.receives({**filled(), name: value})


def test_what_only_the_old_form_asked_is_no_mistake_of_the_sender(office: Office, filled: Fields) -> None:
    office.changes("7k3q", biaya=Biaya.NONE)
    office.clock.turn(days=31)
    assert refused(office, filled(versi=V1, usia="9")) == (
        Problem("usia", Fault.NOT_ALLOWED),
        Problem("versi", Fault.OUTDATED),
    )


def test_a_form_that_comes_back_is_the_units_form_again(office: Office, filled: Fields) -> None:
    office.changes("7k3q", biaya=Biaya.KESESUAIAN)
    office.changes("7k3q", biaya=Biaya.OFFICIAL)
    office.clock.turn(days=31)
    assert office.receives(filled(versi=V1)) == V1
    assert refused(office, filled(versi=KESESUAIAN)) == (Problem("versi", Fault.OUTDATED),)
    office.changes("7k3q", biaya=Biaya.KESESUAIAN)
    assert office.receives(filled(versi=V1)) == V1


@pytest.mark.parametrize(("code", "versi"), [("7k3q", NONE), ("n4w8", V1), ("7k3q", V2)])
def test_a_form_that_the_unit_never_showed_is_not_known(office: Office, filled: Fields, code: str, versi: str) -> None:
    fields = filled(versi=versi)
    if code == "n4w8":
        del fields["biaya"]
    assert refused(office, fields, code) == (Problem("versi", Fault.NOT_ALLOWED),)


def test_the_form_of_a_unit_that_has_moved_is_taken_for_its_successor(office: Office, filled: Fields) -> None:
    office.changes("n4w8", status=Status.MOVED, moved_to="7k3q")
    fields = filled(versi=NONE)
    del fields["biaya"]
    assert office.receives(fields, "n4w8") == NONE
    office.clock.turn(days=31)
    assert Problem("versi", Fault.OUTDATED) in refused(office, fields, "n4w8")


def test_a_version_that_is_taken_back_is_shown_no_more_and_its_answers_are_read(office: Office, filled: Fields) -> None:
    before = office.registry
    office.gets_a_new_version()
    office.turns_to(before)
    assert [office.receives(filled(**versi)) for versi in ({}, {"versi": V2})] == [V1, V2]


def test_of_a_questionnaire_its_newest_words_are_kept_and_only_if_it_was_shown(office: Office) -> None:
    known = office.registry.instruments
    better = [replace(one, short="Nilai") for one in known.known if one.id == "permenpan-14-2017"]
    office.turns_to(replace(office.registry, instruments=replace(known, known=tuple(better))))
    assert FormStore(office.store.engine).kept.known == tuple(better)


def turns_to_ipkp(office: Office) -> None:
    office.turns_to(replace(office.registry, site=replace(office.registry.site, instrument="ipkp")))


def test_another_questionnaire_in_the_midst_of_a_period_takes_the_answers_to_the_one_before(
    office: Office, filled: Fields
) -> None:
    turns_to_ipkp(office)
    assert office.receives(filled(versi=V1)) == V1


def test_a_period_that_began_with_another_questionnaire_takes_no_answer_to_the_one_before(
    office: Office, filled: Fields
) -> None:
    office.clock.turn(days=(date(2027, 1, 1) - office.clock.now.date()).days)
    turns_to_ipkp(office)
    office.clock.turn(days=2)
    assert Problem("versi", Fault.OUTDATED) in refused(office, filled(versi=V1))
    # But to the period in which it was given, which is still open.
    assert office.receives(filled(versi=V1, hari="2026-12-31")) == V1


def test_without_a_version_an_answer_is_read_by_the_newest_form(office: Office, filled: Fields) -> None:
    office.gets_a_new_version()
    assert office.receives(filled()) == V2


def test_the_same_registry_is_noted_once(office: Office) -> None:
    with office.store.engine.begin() as connection:
        connection.execute(forms.delete())
    office.intake.note_forms()
    with office.store.engine.connect() as connection:
        assert connection.execute(select(forms)).all() == []


def test_a_database_of_before_takes_what_was_answered_for_shown(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/old.sqlite3")
    migrate(engine, "0002")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO answers (receipt, unit, period, day, received_hour, versi, channel, language, answers,"
                f" attributes, alasan, labels) VALUES ('r', '7k3q', '2026', '2026-01-01', '', '{KESESUAIAN}', 'qr',"
                " 'id', '{}', '{}', '{}', '[]')"
            )
        )
    migrate(engine)
    registry = _registry(tmp_path)
    found, today = FormStore(engine), Clock().now.date()
    found.note(registry, today)
    assert found.replaced({"7k3q"}, KESESUAIAN) == today
    engine.dispose()


def _registry(folder: Path) -> Registry:
    (folder / "units.yaml").write_text(UNITS, encoding="utf-8")
    return read_registry(folder / "units.yaml").registry


# Through the server; what it keeps was said above


def own_instrument(version: int) -> str:
    found = (files("skm") / "instruments" / "ipkp.1.json").read_text(encoding="utf-8")
    return found.replace('"ipkp"', '"ipkp-kota"').replace('"version": 1', f'"version": {version}')


@pytest.fixture(params=["kept", "gone"])
def newer(installation: Installation, request: pytest.FixtureRequest) -> FlaskClient:
    """A server that shows the second version of the installation's own questionnaire; the first's file may be gone."""
    folder = installation.folder / "site_src" / "instruments"
    folder.mkdir(parents=True)
    (folder / "ipkp-kota.1.json").write_text(own_instrument(1), encoding="utf-8")
    units = UNITS.replace("languages: [id, en]", "languages: [id, en]\n  instrument: ipkp-kota")
    installation.units.write_text(units, encoding="utf-8")
    installation.app()
    (folder / "ipkp-kota.2.json").write_text(own_instrument(2), encoding="utf-8")
    if request.param == "gone":
        (folder / "ipkp-kota.1.json").unlink()
    return installation.app(SUKMA_LIMITS="off").test_client()


@pytest.fixture
def later(newer: FlaskClient, installation: Installation) -> FlaskClient:
    """The same after 31 days."""
    assert newer.post("/kirim/7k3q", data=old_answer()).status_code == 303
    installation.clock.turn(days=31)
    return newer


def old_answer() -> dict[str, str]:
    keys = [item.key for item in instrument("ipkp").items()]
    return {**dict.fromkeys(keys, "3"), "versi": "ipkp-kota.1.official", "saran": "Loketnya sejuk"}


def test_a_forgotten_question_is_asked_again_by_the_form_that_was_answered(newer: FlaskClient) -> None:
    sent = old_answer()
    del sent["informasi"]
    again = newer.post("/kirim/7k3q", data=sent)
    assert again.status_code == 422
    assert 'name="versi" value="ipkp-kota.1.official"' in again.text
    assert again.text.count(" checked") == len(sent) - 2


ASKED_OTHERWISE = UNITS.replace("services: [KTP", "biaya: kesesuaian, services: [KTP")


def test_an_answer_keeps_its_question_where_the_form_comes_back(installation: Installation, filled: Fields) -> None:
    """Not the question that stands in its place today: nobody has answered that one."""
    installation.app()
    installation.units.write_text(ASKED_OTHERWISE, encoding="utf-8")
    sent = filled(4, versi=V1)
    del sent["waktu"]
    again = installation.app().test_client().post("/kirim/7k3q", data=sent)
    assert again.status_code == 422
    assert f'name="versi" value="{V1}"' in again.text
    assert "Gratis" in again.text


def test_an_answer_to_another_question_is_not_kept_on_the_newest_form(
    installation: Installation, filled: Fields
) -> None:
    installation.app()
    installation.units.write_text(ASKED_OTHERWISE, encoding="utf-8")
    client = installation.app().test_client()
    installation.clock.turn(days=31)
    again = client.post("/kirim/7k3q", data=filled(4, versi=V1))
    assert (again.status_code, again.text.count(" checked")) == (422, 8)
    assert f'name="versi" value="{KESESUAIAN}"' in again.text


def test_a_form_that_is_too_old_is_shown_anew_with_what_was_answered(later: FlaskClient) -> None:
    fields = old_answer()
    again = later.post("/kirim/7k3q", data=fields)
    assert again.status_code == 422
    assert "Formulir ini telah diganti" in again.text
    assert 'name="versi" value="ipkp-kota.2.official"' in again.text
    assert again.text.count(" checked") == len(fields) - 2
    assert "Loketnya sejuk" in again.text


@pytest.mark.parametrize(("lang", "words"), [("id", "muat ulang"), ("en", "reload")])
def test_a_program_is_told_to_reload(later: FlaskClient, lang: str, words: str) -> None:
    reply = later.post("/kirim/7k3q", json={**old_answer(), "lang": lang})
    [error] = (reply.json or {})["errors"]
    assert error["field"] == "versi"
    assert words in error["message"]
