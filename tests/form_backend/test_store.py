"""What any engine must do for the intake, on each of them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Row, insert, select, text
from sqlalchemy.exc import IntegrityError

from form_backend.store.answers import NewAnswer, Store, open_store
from form_backend.store.schema import answers, repeats
from skm.codes import ALPHABET
from skm.periods import PeriodKind, parse_period
from skm.responses import SIMULATED, Response

pytestmark = pytest.mark.engines
NOON = datetime(2026, 11, 24, 5, 12, 34, 567, tzinfo=UTC)
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def answer(
    unit: str = "7k3q", at: datetime = NOON, digest: str | None = None, id: str | None = None, channel: str = "qr"
) -> NewAnswer:
    response = Response({"waktu": 3}, "permenpan-14-2017.1.official", id=id, channel=channel, lang="en", saran="Baik")
    return NewAnswer(unit, parse_period("2026-TW4"), "2026-11-24", at, response, digest=digest)


def rows(store: Store) -> list[Row]:
    with store.engine.connect() as connection:
        return list(connection.execute(select(answers).order_by(answers.c.seq)))


def test_a_receipt_is_ten_characters_of_the_alphabet(store: Store) -> None:
    [recorded] = store.add([answer()])
    assert len(recorded.receipt) == 10
    assert set(recorded.receipt) <= set(ALPHABET)


def test_an_answer_is_kept_as_it_was_given(store: Store) -> None:
    store.add([answer(id=ID)])
    [row] = rows(store)
    assert (row.id, row.unit, row.period, row.day, row.language, row.channel) == (
        (ID, "7k3q", "2026-TW4", "2026-11-24", "en", "qr")
    )
    assert (row.answers, row.saran, row.block, row.set_aside) == ({"waktu": 3}, "Baik", None, None)


def test_the_hour_of_receipt_names_no_minute(store: Store) -> None:
    store.add([answer()])
    assert rows(store)[0].received_hour == "2026-11-24T05:00:00+00:00"


def test_the_same_id_is_the_same_answer(store: Store) -> None:
    [first] = store.add([answer(id=ID)])
    [second] = store.add([answer(id=ID, unit="n4w8")])
    assert (second.receipt, second.duplicate) == (first.receipt, True)
    assert store.count() == 1


def test_different_ids_always_differ(store: Store) -> None:
    recorded = store.add([answer(id=ID), answer(id=OTHER_ID)])
    assert not any(one.duplicate for one in recorded)
    assert store.count() == 2


def test_one_id_from_many_threads_is_one_record_with_one_receipt(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = [one for [one] in pool.map(lambda _: store.add([answer(id=ID)]), range(100))]
    assert len({one.receipt for one in found}) == 1
    assert sum(not one.duplicate for one in found) == 1
    assert store.count() == 1


def test_one_digest_from_many_threads_is_one_record(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: store.add([answer(digest="d")]), range(100)))
    assert store.count() == 1


def test_two_processes_agree_on_an_id(store: Store) -> None:
    other = open_store(store.engine.url)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: (store, other)[n % 2].add([answer(id=ID)]), range(60)))
    other.close()
    assert store.count() == 1


@pytest.mark.parametrize("seconds", [0, 1, 9.9, 10])
def test_a_post_that_is_repeated_within_ten_seconds_gets_the_first_receipt(store: Store, seconds: float) -> None:
    [first] = store.add([answer(digest="d")])
    [second] = store.add([answer(digest="d", at=NOON + timedelta(seconds=seconds))])
    assert (second.receipt, second.duplicate) == (first.receipt, True)


def test_a_later_post_is_recorded_with_a_receipt_and_a_label_of_its_own(store: Store) -> None:
    [first] = store.add([answer(digest="d")])
    [second] = store.add([answer(digest="d", at=NOON + timedelta(seconds=10.1))])
    assert second.receipt != first.receipt
    assert [row.labels for row in rows(store)] == [[], ["repeated"]]


def test_all_answers_of_one_call_are_recorded_or_none(store: Store) -> None:
    broken = answer()._replace(unit=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        store.add([answer(), broken])
    assert store.count() == 0


def test_a_broken_answer_does_not_fail_those_who_wait_beside_it(store: Store) -> None:
    broken = answer()._replace(unit=None)  # type: ignore[arg-type]

    def add(number: int) -> bool:
        try:
            store.add([broken if number % 3 == 0 else answer()])
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        kept = list(pool.map(add, range(90)))
    assert (sum(kept), store.count()) == (60, 60)


def test_new_and_known_answers_that_are_committed_together_each_get_their_own_receipt(store: Store) -> None:
    [known] = store.add([answer(id=ID)])
    found = store.add([answer(), answer(id=ID), answer(digest="d"), answer(id=OTHER_ID), answer(id=OTHER_ID)])
    receipts = {row.receipt: row.id for row in rows(store)}
    assert [one.duplicate for one in found] == [False, True, False, False, True]
    assert [receipts[one.receipt] for one in found] == [None, ID, None, OTHER_ID, OTHER_ID]
    assert (found[1].receipt, store.count()) == (known.receipt, 4)


def test_a_receipt_finds_its_unit_and_language(store: Store) -> None:
    [recorded] = store.add([answer()])
    found = store.by_receipt(recorded.receipt)
    assert found is not None
    assert (found.unit, found.language) == ("7k3q", "en")


def test_an_unknown_receipt_finds_nothing(store: Store) -> None:
    assert store.by_receipt("0000000000") is None


def test_the_first_answer_of_a_year_fixes_its_terms(store: Store) -> None:
    store.terms(2026, 10, PeriodKind.QUARTER)
    again = open_store(store.engine.url)
    assert again.terms(2026, 5, PeriodKind.MONTH) == (10, PeriodKind.QUARTER)
    assert again.terms(2027, 5, PeriodKind.MONTH) == (5, PeriodKind.MONTH)
    again.close()


def test_exact_times_and_digests_are_gone_before_48_hours(store: Store) -> None:
    store.add([answer(digest="d")])
    store.purge(NOON + timedelta(hours=47, minutes=5))
    assert rows(store)[0].received_at is None
    with store.engine.connect() as connection:
        assert connection.execute(select(repeats)).all() == []


def test_exact_times_of_today_are_kept_for_the_labels(store: Store) -> None:
    store.add([answer(digest="d")])
    store.purge(NOON + timedelta(hours=40))
    assert rows(store)[0].received_at == "2026-11-24T05:12:34.000567+00:00"


def test_an_empty_store_holds_neither_real_nor_simulated_answers(store: Store) -> None:
    assert (store.holds_real_answers(), store.begins_simulated()) == (False, False)


def test_a_simulated_store_says_so(store: Store) -> None:
    store.add([answer(channel=SIMULATED)])
    assert (store.holds_real_answers(), store.begins_simulated()) == (False, True)


def test_one_persons_answer_among_simulated_ones_is_noticed(store: Store) -> None:
    store.add([answer(channel=SIMULATED), answer()])
    assert store.holds_real_answers()


def test_answers_outlive_the_process(store: Store) -> None:
    store.add([answer()])
    store.close()
    again = open_store(store.engine.url)
    assert again.count() == 1
    again.close()


def test_an_error_of_the_database_does_not_quote_an_answer(store: Store) -> None:
    with pytest.raises(IntegrityError) as caught, store.engine.begin() as connection:
        connection.execute(insert(answers).values(receipt="r", saran="rahasia warga"))
    assert "rahasia" not in str(caught.value)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("wal_autocheckpoint", 0),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 5000),
    ],
)
def test_sqlite_is_opened_so_that_a_receipt_is_a_promise(store: Store, pragma: str, value: object) -> None:
    with store.engine.connect() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_database_without_a_folder_gets_one(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/a/b/c.sqlite3").close()
    assert (tmp_path / "a" / "b" / "c.sqlite3").is_file()
