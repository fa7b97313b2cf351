import json
import logging
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from form_backend.errors import TooMany, Unreadable
from form_backend.logs import JsonLines, note_failure


def line(error: BaseException) -> dict[str, object]:
    record = logging.LogRecord("sukma.backend", logging.ERROR, __file__, 1, "failed", (), (type(error), error, None))
    found: dict[str, object] = json.loads(JsonLines().format(record))
    return found


def test_a_surprise_is_logged_without_the_values_it_quotes() -> None:
    found = line(ValueError("rahasia warga"))
    assert found["error"] == "ValueError"
    assert "rahasia" not in json.dumps(found)


def test_what_the_database_says_of_the_machine_is_logged() -> None:
    found = line(OperationalError("INSERT …", {}, sqlite3.OperationalError("database or disk is full")))
    assert found["detail"] == "database or disk is full"


def test_the_words_of_a_library_are_not_kept_only_where_it_spoke() -> None:
    said = "Client disconnected while serving /kirim/7k3q"
    record = logging.LogRecord("waitress", logging.WARNING, "channel.py", 434, said, (), None, "service")
    assert json.loads(JsonLines().format(record))["message"] == "channel.py:434 service"


def test_a_log_line_says_where_it_went_wrong() -> None:
    try:
        raise RuntimeError
    except RuntimeError as error:
        record = logging.LogRecord("n", logging.ERROR, "", 1, "failed", (), (RuntimeError, error, None))
        found = json.loads(JsonLines().format(record))
    assert "test_logs.py" in found["trace"][0]


def test_what_senders_do_wrong_is_no_event_but_a_flood_and_a_surprise_are(caplog: pytest.LogCaptureFixture) -> None:
    for error in (Unreadable("broken"), TooMany(60), RuntimeError("surprise")):
        note_failure(error)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
