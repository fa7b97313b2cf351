"""Answers set aside and restored, before and after their release, and what a final file says about its people."""

from datetime import date
from pathlib import Path

import pytest
from publishing import IN_TW3, IN_TW4, Answers, published
from sqlalchemy import select, update

from form_backend.publish import Publisher
from form_backend.store.answers import Store
from form_backend.store.schema import answers as table

pytestmark = pytest.mark.engines
CLOSED = date(2027, 1, 8)
LATER = date(2027, 2, 1)
YEAR_FILE = "site_src/results/2026/7k3q.json"


def set_aside(store: Store, *seqs: int, reason: str | None = "petugas") -> None:
    """As people decide it: a reason, or None to restore."""
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.seq.in_(seqs)).values(set_aside=reason))


def test_an_answer_set_aside_before_its_release_is_counted_nowhere(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(25)
    set_aside(store, 3)
    publisher.run(CLOSED)
    final = published(remote)
    assert (final["n"], final["held"], final["set_aside"]) == (24, 0, 1)


def test_too_few_set_aside_after_their_release_are_noted_and_still_count(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(25)
    publisher.run(CLOSED)
    set_aside(store, 1, 2, 3)
    publisher.run(LATER)
    final = published(remote)
    assert (final["n"], [block["noted"] for block in final["blocks"]]) == (25, [3])


def test_enough_set_aside_after_their_release_leave_the_final_file_and_the_year_with_a_correction(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(12, value=1)
    answers(13, value=3)
    publisher.run(CLOSED)
    set_aside(store, *range(1, 13))
    publisher.run(LATER)
    for path in ("site_src/results/2026-TW4/7k3q.json", YEAR_FILE):
        final = published(remote, path)
        assert (final["n"], final["ikm"]) == (13, "75.00")
        assert final["corrections"] == [{"period": "2026-TW4", "day": "2027-02-01", "n": 12, "set_aside": True}]


def test_a_part_that_is_restored_counts_again_and_both_corrections_stand(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(25)
    publisher.run(CLOSED)
    set_aside(store, *range(1, 13))
    publisher.run(LATER)
    set_aside(store, *range(1, 13), reason=None)
    publisher.run(LATER)
    final = published(remote)
    assert (final["n"], [c["set_aside"] for c in final["corrections"]]) == (25, [True, False])


def test_an_interim_file_whose_answers_are_all_set_aside_shows_nothing_any_more(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(25)
    publisher.run(IN_TW4)
    set_aside(store, *range(1, 16))
    publisher.run(IN_TW4)
    assert (published(remote)["blocks"], published(remote)["ikm"]) == ([], None)


def test_a_period_whose_answers_were_all_set_aside_is_final_and_says_so(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(4)
    set_aside(store, 1, 2, 3, 4)
    publisher.run(CLOSED)
    final = published(remote)
    assert (final["final"], final["n"], final["held"], final["set_aside"]) == (True, 0, 0, 4)


def test_a_second_run_after_a_division_does_nothing(publisher: Publisher, answers: Answers, store: Store) -> None:
    answers(25)
    publisher.run(CLOSED)
    set_aside(store, *range(1, 13))
    publisher.run(LATER)
    assert publisher.decide(LATER) == {}


def test_a_division_leaves_every_answer_in_one_block(publisher: Publisher, answers: Answers, store: Store) -> None:
    answers(25)
    publisher.run(CLOSED)
    set_aside(store, *range(1, 13))
    publisher.run(LATER)
    with store.engine.connect() as connection:
        blocks = connection.execute(select(table.c.seq, table.c.block).order_by(table.c.seq)).all()
    assert len({block for _, block in blocks[:12]}) == 1 and blocks[0].block != blocks[12].block


def test_a_breakdown_is_in_the_final_file_only_and_prints_no_small_row(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(14, jenis_kelamin="l", pendidikan="sma")
    answers(11, jenis_kelamin="p", pendidikan="s3")
    publisher.run(IN_TW4)
    assert "breakdowns" not in published(remote)
    publisher.run(CLOSED)
    rows = published(remote)["breakdowns"]["rows"]
    assert [(row["values"], row["n"]) for row in rows["jenis_kelamin"]] == [(["l"], 14), (["p"], 11), (["-"], 0)]
    assert all(row["n"] == 0 or row["n"] >= 5 for found in rows.values() for row in found)


def test_the_breakdown_stays_as_it_was_at_the_close_when_answers_are_set_aside_later(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(12, jenis_kelamin="l")
    answers(13, jenis_kelamin="p")
    publisher.run(CLOSED)
    before = published(remote)["breakdowns"]
    set_aside(store, *range(1, 11))
    publisher.run(LATER)
    assert published(remote)["n"] == 15
    assert published(remote)["breakdowns"] == before


def test_a_year_adds_what_its_quarters_print(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(12, IN_TW3, jenis_kelamin="l")
    answers(13, IN_TW4, jenis_kelamin="p")
    publisher.run(CLOSED)
    year = published(remote, YEAR_FILE)["breakdowns"]
    assert (year["n"], [row["n"] for row in year["rows"]["jenis_kelamin"]]) == (25, [12, 13, 0])


def test_reasons_of_setting_aside_are_counted_from_five_on(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(30)
    set_aside(store, *range(1, 7))
    publisher.run(CLOSED)
    found = published(remote)["breakdowns"]["aside"]
    assert [(row["n"], row["values"][0]) for row in found if row["n"]] == [(6, "petugas")]


@pytest.mark.parametrize("value", [1, 3, 4])
def test_the_squares_of_alike_answers_are_n_times_the_square_of_their_value(
    publisher: Publisher, answers: Answers, remote: Path, value: int
) -> None:
    answers(20, value=value)
    publisher.run(CLOSED)
    assert float(published(remote)["blocks"][0]["squares"]) == 20 * value**2


def test_what_a_period_received_stays_the_sum_of_its_three_numbers_after_a_correction(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(40)
    publisher.run(CLOSED)
    set_aside(store, *range(1, 13))
    publisher.run(LATER)
    final = published(remote)
    assert (final["n"], final["held"], final["set_aside"]) == (28, 0, 12)


def test_reasons_that_no_longer_add_up_between_two_closes_are_not_printed(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(7, IN_TW3)
    publisher.run(date(2026, 10, 8))  # the third quarter closes and holds them back
    set_aside(store, *range(1, 8))
    answers(12)
    publisher.run(CLOSED)
    year = published(remote, YEAR_FILE)
    assert (year["set_aside"], "aside" in year["breakdowns"]) == (7, False)
