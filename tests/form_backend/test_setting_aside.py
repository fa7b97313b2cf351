"""Setting answers aside and putting them back, as the database knows it."""

from datetime import UTC, datetime

import pytest
from publishing import IN_TW3, Answers

from form_backend.store.answers import Store
from form_backend.store.aside import Choice, change, find
from form_backend.store.audit import all_entries

NOW = datetime(2026, 11, 24, 9, 41, 27, tzinfo=UTC)
WHO = "Kepala Bagian Organisasi"


def aside(store: Store) -> dict[int, str | None]:
    return {one.seq: one.set_aside for one in find(store.engine, Choice(aside=True)).answers}


def test_it_is_written_down_who_did_it_in_which_hour_to_which_answers_and_why(store: Store, answers: Answers) -> None:
    answers(5)
    change(store.engine, [2, 3], "ganda", WHO, NOW)
    [entry] = all_entries(store.engine)
    assert (entry.hour, entry.actor, entry.action, entry.reason) == (
        "2026-11-24T09:00:00+00:00",
        WHO,
        "set-aside",
        "ganda",
    )
    assert entry.detail == {"seqs": [2, 3]}


def test_the_second_time_changes_nothing_and_writes_nothing_down(store: Store, answers: Answers) -> None:
    answers(5)
    change(store.engine, [2, 3], "ganda", WHO, NOW)
    assert change(store.engine, [2, 3], "ganda", WHO, NOW) == []
    assert len(all_entries(store.engine)) == 1


def test_another_reason_takes_the_place_of_the_first_and_both_are_in_the_audit(store: Store, answers: Answers) -> None:
    answers(5)
    change(store.engine, [2, 3], "ganda", WHO, NOW)
    change(store.engine, [3], "skrip", WHO, NOW)
    assert aside(store) == {2: "ganda", 3: "skrip"}
    assert [entry.reason for entry in all_entries(store.engine)] == ["skrip", "ganda"]


def test_what_is_put_back_counts_again(store: Store, answers: Answers) -> None:
    answers(5)
    change(store.engine, [2, 3], "ganda", WHO, NOW)
    assert [one.seq for one in change(store.engine, [1, 2, 3], None, WHO, NOW)] == [2, 3]
    assert aside(store) == {}


@pytest.mark.parametrize(
    ("choice", "seqs"),
    [
        (Choice(numbers=(range(2, 4), range(5, 6))), [2, 3, 5]),
        (Choice(unit="7k3q", label="straight_line"), [1, 2, 3, 4, 5, 6]),
        (Choice(unit="7k3q", label="straight_line", period="2026-TW3"), [6]),
        (Choice(unit="7k3q", label="burst"), []),
        (Choice(numbers=(range(2, 4),), unit="n4w8"), []),
    ],
)
def test_answers_are_chosen_by_number_unit_label_and_period(
    store: Store, answers: Answers, choice: Choice, seqs: list[int]
) -> None:
    answers(5)
    answers(1, IN_TW3)
    assert [one.seq for one in find(store.engine, choice).answers] == seqs


def test_receipts_and_numbers_that_nobody_has_are_all_named(store: Store, answers: Answers) -> None:
    answers(2)
    found = find(store.engine, Choice(receipts=("0000000000",), numbers=(range(1, 2), range(7, 10))))
    assert found.unknown == ["0000000000", "7-9"]


def test_what_people_decide_by_holds_nothing_that_somebody_wrote_or_chose(store: Store, answers: Answers) -> None:
    answers(1, value=4, jenis_kelamin="p")
    change(store.engine, [1], "ganda", WHO, NOW)
    shown = f"{find(store.engine, Choice()).answers} {all_entries(store.engine)}"
    assert not any(secret in shown for secret in ("RAHASIA", "persyaratan", "jenis_kelamin"))
