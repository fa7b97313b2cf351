"""Logs: JSON lines on stderr. Never answers, free text or addresses."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime

from sqlalchemy.exc import OperationalError

from form_backend import NAME
from form_backend.errors import BackendError, answer_to

_OURS = "sukma"


class JsonLines(logging.Formatter):
    """One JSON object per record."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger and message; of an exception its type and the places it went through.

        What an exception says is kept only where it speaks of the machine: others quote the values at hand.
        """
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = type(error).__name__
            if isinstance(error, OperationalError):
                line["detail"] = str(error.orig)
            elif isinstance(error, OSError):
                line["detail"] = error.strerror
            line["trace"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            ]
        return json.dumps(line, ensure_ascii=False)


def _said(record: logging.LogRecord) -> str:
    """Our own words; of a library only where it spoke: its words name senders (waitress quotes address and path)."""
    if record.name.partition(".")[0] == _OURS:
        return record.getMessage()
    return f"{record.pathname}:{record.lineno} {record.funcName}"


def note_failure(error: Exception) -> None:
    """Log what is ours to mend; what a sender did wrong is no event, only who floods us is worth a line."""
    answer = answer_to(error)
    if answer.status >= 500 and not isinstance(error, BackendError):
        logging.getLogger(NAME).error("a request failed", exc_info=error)
    elif answer.status == 429:
        logging.getLogger(NAME).warning("a ceiling was reached")


def log_to_stderr() -> None:
    """Send every warning, and the backend's own notes, to stderr as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(NAME).setLevel(logging.INFO)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue of a few requests is no news
