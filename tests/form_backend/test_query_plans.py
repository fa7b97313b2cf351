"""No statement of daily work reads a table from end to end: what an answer or a run costs does not grow with the years.

SQLite decides without statistics here, so its plans for a small database are those for a large one.
"""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from installation import Installation
from publishing import IN_TW3, Answers
from sqlalchemy import event, text

from form_backend.labelling import label_answers
from form_backend.publish import Publisher
from form_backend.store.answers import Store
from form_backend.store.labels import LabelStore

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
GROWING = r"\bSCAN (answers|repeats|blocks|closings|corrections|releases|release_files)\b"
# What waits, what is aside and what came in two days are few, and their indexes hold nothing else.
OF_FEW = (
    r" USING (COVERING )?INDEX ix_(answers_waiting|answers_aside|answers_received_at|blocks_changed|releases_pending)"
)


@pytest.fixture
def reading_everything(store: Store) -> Callable[[], set[str]]:
    """The statements said from now on that read a growing table from end to end, with how."""
    said: list[tuple[str, Any]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _note(*sent: Any) -> None:
        _, _, statement, parameters, _, many = sent
        said.append((statement, parameters[0] if many else parameters))

    def plans() -> set[str]:
        found = set()
        with closing(store.engine.raw_connection()) as connection:
            for statement, parameters in said:
                if not statement.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) or "LIMIT" in statement:
                    continue
                for row in connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
                    if re.search(GROWING + f"(?!{OF_FEW})", row[3]):
                        found.add(f"{row[3]}: {statement}")
        assert said
        return found

    return plans


def test_a_full_read_would_be_noticed(store: Store, reading_everything: Callable[[], set[str]]) -> None:
    with store.engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM answers WHERE unit = 'x' OR saran = 'y'"))
    assert len(reading_everything()) == 1


def test_recording_an_answer_and_showing_its_receipt(
    installation: Installation, filled: Callable[..., dict[str, str]], reading_everything: Callable[[], set[str]]
) -> None:
    client = installation.app().test_client()
    for fields in (filled(), filled(), filled(id=ID), filled(id=ID), filled(id=ID, saran="lain"), filled(situs="x")):
        client.get(client.post("/kirim/7k3q", data=fields).location)
    client.get("/readyz")
    assert reading_everything() == set()


def test_labels_and_forgetting(store: Store, answers: Answers, reading_everything: Callable[[], set[str]]) -> None:
    answers(3)
    for _ in range(2):  # the second looks at what came since the first
        label_answers(LabelStore(store.engine), ZoneInfo("Asia/Jakarta"), datetime.now(UTC))
    store.purge(datetime.now(UTC))
    assert reading_everything() == set()


def test_publishing_what_changed(
    answers: Answers, publisher: Publisher, reading_everything: Callable[[], set[str]]
) -> None:
    for day in (IN_TW3, IN_TW3, date(2026, 10, 8)):
        answers(25, day)
        publisher.run(day)
    assert reading_everything() == set()
