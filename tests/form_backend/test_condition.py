"""What `/readyz` shows, and that it costs and tells nothing it should not."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from installation import Installation
from publishing import IN_TW4, Answers
from sqlalchemy import event, insert

from form_backend.condition import LEAST_FREE_MB, Seen, condition
from form_backend.git_run import RepositoryError
from form_backend.publish import Publisher
from form_backend.store.answers import Store
from form_backend.store.condition import Facts, facts
from form_backend.store.marks import BACKED_UP, PUBLISHED, mark
from form_backend.store.schema import repeats

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
FRESH = Facts(0, None, None, None, None, None)
WELL = Facts(0, None, "2026-11-20", NOW - timedelta(minutes=5), NOW - timedelta(hours=20), NOW)


def seen(**changes: Any) -> dict[str, Any]:
    known = {"facts": WELL, "registry_problem": None, "site": True, "free_mb": 10_000} | changes
    return condition(Seen(**known), NOW)


def bad(found: dict[str, Any]) -> list[str]:
    return [name for name, part in found.items() if isinstance(part, dict) and not part["ok"]]


@pytest.mark.parametrize("known", [FRESH, WELL])
def test_an_installation_that_runs_or_begins_is_healthy(known: Facts) -> None:
    found = seen(facts=known)
    assert (found["ready"], found["healthy"], bad(found)) == (True, True, [])


@pytest.mark.parametrize(
    ("changes", "part", "ready"),
    [
        ({"facts": None}, "database", False),
        ({"site": False}, "site", False),
        ({"registry_problem": "units.yaml:7:13: …"}, "registry", True),
        ({"free_mb": LEAST_FREE_MB - 1}, "disk", True),
        ({"facts": Facts(3, "2026-11-24", None, NOW - timedelta(hours=2), NOW, NOW)}, "publisher", True),
        ({"facts": Facts(0, None, None, None, NOW, NOW)}, "publisher", True),
        ({"facts": Facts(0, None, None, NOW, NOW - timedelta(hours=40), NOW)}, "backup", True),
        ({"facts": Facts(0, None, None, NOW, None, NOW)}, "backup", True),
        ({"facts": Facts(0, None, None, NOW, NOW, NOW + timedelta(hours=3))}, "clock", True),
        ({"facts": replace(WELL, exact_since=NOW - timedelta(hours=48, seconds=1))}, "exact_times", True),
    ],
)
def test_each_fault_is_seen_in_its_part_and_only_what_stops_answers_is_not_ready(
    changes: dict[str, Any], part: str, ready: bool
) -> None:
    found = seen(**changes)
    assert (bad(found), found["healthy"], found["ready"]) == ([part], False, ready)


def test_backups_of_postgresql_are_not_ours_to_judge() -> None:
    assert seen(facts=Facts(0, None, None, NOW, None, NOW), backs_up=False)["healthy"]


def test_the_database_tells_what_waits_for_the_remote_and_what_it_took_last(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    answers(25)
    publisher.run(IN_TW4)
    gone = remote.rename(remote.with_name("gone.git"))
    answers(25)
    with pytest.raises(RepositoryError):
        publisher.run(date(2026, 10, 21))
    assert (facts(store.engine).waiting, facts(store.engine).pushed_on) == (0, "2026-10-20")
    decisions = publisher.decide(date(2026, 10, 21))
    publisher.store.release(decisions, [], date(2026, 10, 21), publisher._known())
    found = facts(store.engine)
    assert (found.waiting, found.waiting_since) == (1, "2026-10-21")
    gone.rename(remote)


def test_exact_times_are_well_up_to_48_hours() -> None:
    found = seen(facts=replace(WELL, exact_since=NOW - timedelta(hours=48)))
    assert (found["healthy"], found["exact_times"]) == (True, {"ok": True, "oldest_hours": 48})


@pytest.mark.engines
def test_the_oldest_exact_time_or_digest_is_known_and_nothing_of_it_once_it_is_forgotten(
    store: Store, answers: Answers
) -> None:
    answers(3, date(2026, 11, 23))
    answers(3, date(2026, 11, 22))
    found = [facts(store.engine).exact_since]
    with store.engine.begin() as connection:
        connection.execute(insert(repeats).values(digest="x", at=1000, receipt="x"))
    found.append(facts(store.engine).exact_since)
    store.purge(datetime(2026, 11, 25, 3, tzinfo=UTC))
    found.append(facts(store.engine).exact_since)
    first, gone = datetime(2026, 11, 22, 3, tzinfo=UTC), None
    assert found == [first, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), gone]


def test_marks_are_kept_as_the_last_of_each(store: Store) -> None:
    for moment in (NOW - timedelta(days=1), NOW):
        mark(store.engine, PUBLISHED, moment)
    mark(store.engine, BACKED_UP, NOW - timedelta(days=2))
    found = facts(store.engine)
    assert (found.published_at, found.backed_up_at) == (NOW, NOW - timedelta(days=2))


def test_readyz_names_every_part_and_no_place_of_the_machine(installation: Installation, client: FlaskClient) -> None:
    installation.units.write_text("site: [", encoding="utf-8")
    answer = client.get("/readyz")
    assert (answer.json or {}).keys() == set(
        "ready healthy database disk registry site publisher backup exact_times clock".split()
    )
    assert str(installation.folder) not in json.dumps(answer.json)


def test_no_question_of_readyz_reads_the_answers_through(store: Store, client: FlaskClient) -> None:
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))  # type: ignore[arg-type]

    event.listen(store.engine, "before_cursor_execute", note)
    assert client.get("/readyz").status_code == 200
    event.remove(store.engine, "before_cursor_execute", note)
    with store.engine.connect() as connection:
        plans = [
            row[3]
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert any("answers" in plan for plan in plans)
    assert [plan for plan in plans if "SCAN answers" in plan or "TEMP B-TREE" in plan] == []


def test_however_often_it_is_asked_the_disk_is_written_once(store: Store, client: FlaskClient) -> None:
    statements: list[str] = []
    event.listen(store.engine, "commit", lambda _connection: statements.append("commit"))
    for _ in range(20):
        client.get("/readyz")
    assert statements.count("commit") <= 2
