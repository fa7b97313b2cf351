"""Old answers go, and nothing that was published of them changes by a byte."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from publishing import REGISTRY, WORDS, Answers, git
from sqlalchemy import select, update

from form_backend.publish import Publisher
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import Store
from form_backend.store.aside import change
from form_backend.store.audit import all_entries
from form_backend.store.retention import Due, dispose, due
from form_backend.store.schema import answers as table
from skm.units import Retention

RULE = Retention("JRA Kota Contoh", answers=2, text=1)
TODAY = date(2027, 2, 1)
NOW = datetime(2027, 2, 1, 3, tzinfo=UTC)
WHO = ("BA-1/2027", "Arsiparis")


@pytest.fixture
def years(publisher: Publisher, answers: Answers, store: Store) -> None:
    """Three years: blocks, rests that were pooled, rests that were held, answers noted, divided and set aside."""
    for day, count in [(date(2024, 2, 1), 14), (date(2024, 5, 1), 6), (date(2024, 8, 1), 7), (date(2024, 11, 1), 33)]:
        answers(count, day, value=2, jenis_kelamin="p")
    change(store.engine, [1, 2], "ganda", "x", NOW)
    publisher.run(date(2025, 1, 8))
    change(store.engine, [3, 4, *range(28, 41)], "petugas", "x", NOW)
    answers(5, date(2025, 3, 1))
    answers(25, date(2025, 11, 1))
    publisher.run(date(2026, 1, 8))
    answers(25, date(2026, 11, 1))
    publisher.run(TODAY)


def files(publisher: Publisher) -> dict[str, bytes | None]:
    return publisher.encode(publisher.store.everything()[1])


def rows(store: Store) -> list[tuple[str, bool]]:
    with store.engine.connect() as connection:
        query = select(table.c.period, table.c.saran).order_by(table.c.seq)
        return sorted({(period[:4], saran is not None) for period, saran in connection.execute(query)})


@pytest.mark.usefixtures("years")
def test_published_files_are_the_same_bytes_from_a_reduced_database(
    publisher: Publisher, store: Store, remote: Path, tmp_path: Path
) -> None:
    before = files(publisher)
    assert any(b'"noted"' in (text or b"") for text in before.values())
    assert any(b'"corrections"' in (text or b"") for text in before.values())
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    assert files(publisher) == before
    elsewhere = SiteRepository(tmp_path / "clone", str(tmp_path / "again.git"), "main")
    again = Publisher(publisher.store, elsewhere, REGISTRY, lambda: WORDS)
    assert again.decide(TODAY) == {}
    again.run(TODAY)
    assert git(tmp_path / "again.git", "rev-parse", "main:site_src") == git(remote, "rev-parse", "main:site_src")


@pytest.mark.usefixtures("years")
def test_answers_and_texts_go_when_their_years_are_over_and_not_a_day_before(store: Store) -> None:
    assert due(store.engine, RULE, date(2026, 12, 31)) == [Due("7k3q", "2024", 0, 60)]
    assert due(store.engine, RULE, TODAY) == [Due("7k3q", "2024", 60, 0), Due("7k3q", "2025", 0, 30)]
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    assert rows(store) == [("2025", False), ("2026", True)]


@pytest.mark.usefixtures("years")
def test_nothing_is_left_of_them_in_the_file_of_the_database(store: Store) -> None:
    dispose(store.engine, Retention("JRA", 1, 1), date(2028, 2, 1), *WHO, NOW)
    file = Path(str(store.engine.url.database))
    assert [b"RAHASIA" in part.read_bytes() for part in file.parent.glob(f"{file.name}*")] == [False] * 3


@pytest.mark.usefixtures("years")
def test_a_disposal_is_written_down_with_report_schedule_and_numbers(store: Store) -> None:
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    entry = all_entries(store.engine)[0]
    assert (entry.actor, entry.detail) == (
        "Arsiparis",
        {
            "report": "BA-1/2027",
            "schedule": "JRA Kota Contoh",
            "of": [["2024", "7k3q", 60, 0], ["2025", "7k3q", 0, 30]],
        },
    )


@pytest.mark.usefixtures("years")
def test_the_second_time_nothing_is_due_and_nothing_written_down(store: Store) -> None:
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    once = all_entries(store.engine)
    assert dispose(store.engine, RULE, TODAY, *WHO, NOW) == []
    assert all_entries(store.engine) == once


def test_a_year_that_was_never_closed_stays(store: Store, answers: Answers) -> None:
    answers(25, date(2024, 2, 1))
    assert due(store.engine, RULE, TODAY) == []


@pytest.mark.usefixtures("years")
def test_while_a_release_waits_for_the_remote_nothing_goes(publisher: Publisher, store: Store) -> None:
    publisher.store.release({}, [], TODAY, publisher._known())
    assert dispose(store.engine, RULE, TODAY, *WHO, NOW) == []


@pytest.mark.usefixtures("years")
def test_blocks_that_do_not_hold_what_they_say_stop_the_disposal(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(table).where(table.c.seq == 50).values(block=None))
    with pytest.raises(RuntimeError, match="7k3q 2024"):
        dispose(store.engine, RULE, TODAY, *WHO, NOW)
    assert store.count() == 115


@pytest.mark.usefixtures("years")
def test_an_answer_that_came_to_a_year_after_its_disposal_goes_with_the_next(store: Store, answers: Answers) -> None:
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    answers(1, date(2024, 11, 1))
    assert dispose(store.engine, RULE, TODAY, *WHO, NOW) == [Due("7k3q", "2024", 1, 0)]


@pytest.mark.usefixtures("years")
def test_a_database_whose_answers_are_all_gone_is_still_a_real_one(store: Store) -> None:
    dispose(store.engine, Retention("JRA", 1, 1), date(2028, 2, 1), *WHO, NOW)
    with store.engine.begin() as connection:
        connection.execute(table.delete())
    assert store.holds_real_answers()


@pytest.mark.usefixtures("years")
def test_later_answers_are_released_as_ever_and_numbers_are_not_used_again(
    publisher: Publisher, answers: Answers, store: Store
) -> None:
    dispose(store.engine, RULE, TODAY, *WHO, NOW)
    answers(25, date(2027, 2, 1))
    assert [one.added for one in publisher.run(date(2027, 2, 2)).released] == [15]
    with store.engine.connect() as connection:
        assert connection.scalar(select(table.c.seq).order_by(table.c.seq.desc()).limit(1)) == 140
