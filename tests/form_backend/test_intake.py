from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from installation import ITEMS, Clock, Installation
from sqlalchemy import Row, select

from form_backend import guard
from form_backend.errors import ClosedUnit, TooMany, UnknownUnit
from form_backend.intake import Intake, Outcome
from form_backend.store.schema import answers, terms
from form_backend.submission import Submission
from generator.registry import read_registry
from skm.responses import SIMULATED, Fault, Problem, Response, SubmissionError

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OFFICIAL, KESESUAIAN = "permenpan-14-2017.1.official", "permenpan-14-2017.1.kesesuaian"
Fields = Callable[..., dict[str, str]]


@pytest.fixture
def intake(installation: Installation) -> Intake:
    registry = read_registry(installation.units).registry
    return Intake(installation.store, lambda: registry, installation.clock, b"s" * 32)


def send(intake: Intake, fields: dict[str, str], code: str = "7k3q", address: str = "203.0.113.9") -> Outcome:
    submission = Submission({name: [value] for name, value in fields.items()})
    return intake.record(code, submission, address, may_repeat=False)


def rows(intake: Intake) -> list[Row]:
    with intake.store.engine.connect() as connection:
        return list(connection.execute(select(answers).order_by(answers.c.seq)))


def test_an_answer_counts_on_the_units_day_not_on_utcs(
    intake: Intake, installation: Installation, filled: Fields
) -> None:
    installation.clock.now = datetime(2026, 9, 30, 17, 30, tzinfo=UTC)  # 00.30 WIB on the first of October
    send(intake, filled())
    assert (rows(intake)[0].day, rows(intake)[0].period) == ("2026-10-01", "2026-TW4")


@pytest.mark.parametrize(
    ("hari", "day"),
    [
        ("2026-11-20", "2026-11-20"),  # kept offline for some days
        ("2026-09-30", "2026-11-24"),  # its period is closed
        ("2026-11-25", "2026-11-24"),  # in the future
        ("1990-01-01", "2026-11-24"),
    ],
)
def test_a_day_that_is_named_counts_while_its_period_is_open(
    intake: Intake, filled: Fields, hari: str, day: str
) -> None:
    send(intake, filled(hari=hari))
    assert rows(intake)[0].day == day


def test_within_the_days_of_grace_the_last_period_is_open(
    intake: Intake, installation: Installation, filled: Fields
) -> None:
    installation.clock.now = datetime(2027, 1, 7, 5, tzinfo=UTC)
    send(intake, filled(hari="2026-12-31"))
    assert rows(intake)[0].period == "2026-TW4"


def test_a_day_long_ago_fixes_no_terms_for_its_year(intake: Intake, filled: Fields) -> None:
    send(intake, filled(hari="1990-01-01"))
    with intake.store.engine.connect() as connection:
        assert connection.scalars(select(terms.c.year)).all() == [2026]


def test_codes_are_compared_in_lower_case(intake: Intake, filled: Fields) -> None:
    send(intake, filled(), code="7K3Q")
    assert rows(intake)[0].unit == "7k3q"


def test_a_moved_units_answers_are_the_successors(intake: Intake, filled: Fields) -> None:
    send(intake, filled(), code="m0ve")
    assert rows(intake)[0].unit == "7k3q"


def test_an_unknown_unit_takes_no_answer(intake: Intake, filled: Fields) -> None:
    with pytest.raises(UnknownUnit):
        send(intake, filled(), code="9999")


def test_a_closed_unit_takes_no_answer(intake: Intake, filled: Fields) -> None:
    with pytest.raises(ClosedUnit):
        send(intake, filled(), code="c105")


@pytest.mark.parametrize("versi", ["nonsense", "a.b.c", "permenpan-14-2017.2.official", KESESUAIAN])
def test_a_form_that_the_unit_never_showed_is_refused(intake: Intake, filled: Fields, versi: str) -> None:
    with pytest.raises(SubmissionError) as caught:
        send(intake, filled(versi=versi))
    assert caught.value.problems == (Problem("versi", Fault.NOT_ALLOWED),)


def test_a_field_of_a_wrong_kind_is_named_once(intake: Intake) -> None:
    fields = {item: ["3"] for item in ITEMS if item != "waktu"}
    submission = Submission(fields, (Problem("waktu", Fault.NOT_ALLOWED),))
    with pytest.raises(SubmissionError) as caught:
        intake.record("7k3q", submission, "203.0.113.9", may_repeat=True)
    assert caught.value.problems == (Problem("waktu", Fault.NOT_ALLOWED),)


def test_a_double_tap_without_script_is_one_answer(intake: Intake, filled: Fields) -> None:
    first, second = send(intake, filled()), send(intake, filled())
    assert second.recorded == first.recorded.__class__(first.recorded.receipt, duplicate=True)
    assert len(rows(intake)) == 1


def test_two_people_behind_one_address_in_the_same_second_are_two(intake: Intake, filled: Fields) -> None:
    send(intake, filled(3))
    send(intake, filled(2))
    assert [row.labels for row in rows(intake)] == [["straight_line"], ["straight_line"]]


def test_alike_answers_for_two_units_are_two(intake: Intake, filled: Fields) -> None:
    send(intake, filled())
    send(intake, {field: value for field, value in filled().items() if field != "biaya"}, code="n4w8")
    assert len(rows(intake)) == 2


def test_a_double_tap_that_takes_longer_is_recorded_labelled_and_gets_its_own_receipt(
    intake: Intake, installation: Installation, filled: Fields
) -> None:
    first = send(intake, filled())
    installation.clock.turn(seconds=10.001)
    second = send(intake, filled())
    assert (second.recorded.duplicate, second.recorded.receipt != first.recorded.receipt) == (False, True)
    assert [row.labels[-1] for row in rows(intake)] == ["straight_line", "repeated"]


def test_a_program_that_sends_alike_answers_without_id_sends_new_ones(intake: Intake, filled: Fields) -> None:
    for _ in range(2):
        submission = Submission({name: [value] for name, value in filled().items()})
        assert not intake.record("7k3q", submission, "203.0.113.9", may_repeat=True).recorded.duplicate


def test_alike_answers_from_two_addresses_are_two(intake: Intake, filled: Fields) -> None:
    send(intake, filled())
    send(intake, filled(), address="203.0.113.10")
    assert len(rows(intake)) == 2


@pytest.mark.parametrize("channel", ["kiosk", "kertas"])
def test_alike_answers_at_a_kiosk_or_from_paper_are_many(intake: Intake, filled: Fields, channel: str) -> None:
    send(intake, filled(k=channel))
    send(intake, filled(k=channel))
    assert len(rows(intake)) == 2


def test_alike_answers_with_ids_of_their_own_are_many(intake: Intake, filled: Fields) -> None:
    send(intake, filled(id=ID))
    send(intake, filled(id=ID.replace("0f8f", "1f8f")))
    assert len(rows(intake)) == 2


def test_who_fills_the_trap_gets_a_receipt_and_counts_nothing(intake: Intake, filled: Fields) -> None:
    outcome = send(intake, filled(situs="https://spam.example"))
    holder = intake.receipt_holder(outcome.recorded.receipt)
    assert rows(intake) == []
    assert holder is not None
    assert holder[0].code == "7k3q"


def test_who_fills_the_trap_under_one_id_twice_gets_one_receipt_as_anybody_does(intake: Intake, filled: Fields) -> None:
    receipts = [send(intake, filled(situs="x", id=id)).recorded.receipt for id in (ID, ID, ID.replace("0f8f", "1f8f"))]
    assert receipts[0] == receipts[1] != receipts[2]


def test_who_fills_the_trap_without_an_id_gets_a_receipt_of_his_own_each_time(intake: Intake, filled: Fields) -> None:
    receipts = {send(intake, filled(situs="x")).recorded.receipt for _ in range(2)}
    assert len(receipts) == 2


@pytest.mark.parametrize("receipt", ["0000000000", "short", "iiiiiiiiii", "ABCDEFGHJK"])
def test_a_receipt_that_nobody_got_belongs_to_nobody(intake: Intake, receipt: str) -> None:
    assert intake.receipt_holder(receipt) is None


def test_a_flood_from_one_address_has_to_wait(intake: Intake, filled: Fields) -> None:
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", per_client=guard.Ceilings(guard.Limit(1)))
    send(intake, filled())
    with pytest.raises(TooMany) as caught:
        send(intake, filled(2))
    assert 1 <= caught.value.wait <= 601


def test_who_asks_again_for_the_receipt_of_a_recorded_answer_gets_it_above_the_ceiling(
    intake: Intake, filled: Fields
) -> None:
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", per_client=guard.Ceilings(guard.Limit(1)))
    first, again = (send(intake, filled(id=ID)).recorded for _ in range(2))
    assert (again.receipt, again.duplicate) == (first.receipt, True)


def test_a_flood_on_one_unit_has_to_wait(intake: Intake, filled: Fields) -> None:
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", per_unit=guard.Ceilings(guard.Limit(1)))
    send(intake, filled())
    with pytest.raises(TooMany):
        send(intake, filled(), address="203.0.113.10")


def test_a_flood_of_kiosks_has_to_wait_and_the_phones_beside_them_do_not(intake: Intake, filled: Fields) -> None:
    few = {"per_client": guard.Ceilings(guard.Limit(1)), "per_kiosk": guard.Ceilings(guard.Limit(1))}
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", **few)
    send(intake, filled(k="kiosk"))
    send(intake, filled())
    with pytest.raises(TooMany):
        send(intake, filled(2, k="kiosk"))


def test_who_says_to_every_unit_that_he_is_its_kiosk_has_to_wait_and_the_phones_beside_him_do_not(
    intake: Intake, filled: Fields
) -> None:
    few = {"per_client": guard.Ceilings(guard.Limit(1)), "per_kiosks": guard.Ceilings(guard.Limit(2))}
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", **few)
    send(intake, filled(k="kiosk"))
    send(intake, {item: value for item, value in filled(k="kiosk").items() if item != "biaya"}, code="n4w8")
    send(intake, filled())
    with pytest.raises(TooMany):
        send(intake, filled(2, k="kiosk"))
    send(intake, filled(2, k="kiosk"), address="203.0.113.10")


def test_without_limits_nobody_waits(intake: Intake, filled: Fields) -> None:
    full = guard.Ceilings(guard.Limit(0))
    intake = Intake(intake.store, intake.registry, intake.clock, b"s", limits=False, per_client=full, per_unit=full)
    send(intake, filled())
    assert len(rows(intake)) == 1


def test_nothing_that_names_the_sender_is_stored(intake: Intake, filled: Fields) -> None:
    send(intake, filled(), address="203.0.113.9")
    assert "203.0.113" not in repr(rows(intake))


def test_labels_are_kept_with_the_answer(intake: Intake, filled: Fields) -> None:
    send(intake, filled(4, durasi="3"))
    assert rows(intake)[0].labels == ["straight_line", "fast"]


def test_simulated_answers_go_the_same_way_at_their_own_instants(intake: Intake, installation: Installation) -> None:
    unit = intake.unit("7k3q")
    responses = [
        Response({"waktu": 3}, OFFICIAL, channel=SIMULATED),
        Response({"waktu": 4}, OFFICIAL, channel=SIMULATED),
    ]
    moments = [datetime(2026, 2, 1, 3, tzinfo=UTC), datetime(2026, 8, 1, 3, tzinfo=UTC)]
    intake.record_many((unit, response, at) for response, at in zip(responses, moments, strict=True))
    assert [(row.period, row.channel) for row in rows(intake)] == [("2026-TW1", SIMULATED), ("2026-TW3", SIMULATED)]
    assert not installation.store.holds_real_answers()


def test_the_length_of_a_period_is_that_of_the_years_first_answer(
    intake: Intake, installation: Installation, filled: Fields
) -> None:
    send(intake, filled())
    monthly = installation.units.read_text(encoding="utf-8").replace("languages: [id, en]", "period: month", 1)
    installation.units.write_text(monthly, encoding="utf-8")
    registry = read_registry(installation.units).registry
    clock = Clock(datetime(2026, 12, 30, 3, tzinfo=UTC))
    changed = Intake(installation.store, lambda: registry, clock, b"s")
    send(changed, filled())
    clock.now = datetime(2027, 1, 2, 3, tzinfo=UTC)
    send(changed, filled())
    assert [row.period for row in rows(intake)] == ["2026-TW4", "2026-TW4", "2027-01"]


def test_days_are_dates_of_the_calendar(intake: Intake, filled: Fields) -> None:
    send(intake, filled())
    assert date.fromisoformat(rows(intake)[0].day) == date(2026, 11, 24)
