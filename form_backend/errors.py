"""Expected failures of the backend, and the one table from an exception to what is answered."""

from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestedRangeNotSatisfiable,
    RequestEntityTooLarge,
)

from form_backend.store.database import Gone
from generator.pages.message import Kind
from skm.responses import Fault, SubmissionError


class BackendError(Exception):
    """Something the backend was asked for cannot be done."""


class UnknownUnit(BackendError):
    """No unit has this code."""


class UnknownReceipt(BackendError):
    """No answer has this receipt."""


class ClosedUnit(BackendError):
    """The unit, or the one it was moved to, takes no answers any more."""


class ForeignOrigin(BackendError):
    """A page of another site sent this."""


class TooLarge(BackendError):
    """More bytes or fields than a filled form has."""


class UnsupportedType(BackendError):
    """Neither a form nor JSON."""


class Unreadable(BackendError):
    """The body is not what its type says."""


class TooMany(BackendError):
    """A ceiling was reached; `wait` is in seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"try again in {wait} s")
        self.wait = wait


class NoSite(BackendError):
    """The site has not been built yet."""


@dataclass(frozen=True)
class Answer:
    """An HTTP status and the kind of message page that goes with it."""

    status: int
    kind: Kind


TABLE: tuple[tuple[type[Exception], Answer], ...] = (
    (SubmissionError, Answer(422, "incomplete")),
    (Unreadable, Answer(422, "unreadable")),
    (ForeignOrigin, Answer(403, "foreign")),
    (UnknownUnit, Answer(404, "not_found")),
    (UnknownReceipt, Answer(404, "no_receipt")),
    (NotFound, Answer(404, "not_found")),
    (MethodNotAllowed, Answer(405, "unsupported")),
    (ClosedUnit, Answer(410, "gone")),
    (TooLarge, Answer(413, "too_large")),
    (RequestEntityTooLarge, Answer(413, "too_large")),
    (UnsupportedType, Answer(415, "unsupported")),
    (TooMany, Answer(429, "too_many")),
    (RequestedRangeNotSatisfiable, Answer(416, "unreadable")),
    (HTTPException, Answer(400, "unreadable")),
    (NoSite, Answer(503, "unavailable")),
    (Gone, Answer(503, "unavailable")),
    (NoConnection, Answer(503, "unavailable")),  # others wait with all of them for a server that says nothing
    # Away, full, read-only, damaged: whichever it is, the answer is still in the sender's hands.
    (DBAPIError, Answer(503, "unavailable")),
)
SURPRISE = Answer(500, "unavailable")

# For programs; people read the survey page's own words.
FAULTS = {
    "id": {
        Fault.MISSING: "wajib diisi",
        Fault.NOT_ALLOWED: "nilai ini tidak dapat diterima",
        Fault.TOO_LONG: "terlalu panjang",
        Fault.REPEATED: "dikirim lebih dari satu kali",
        Fault.UNKNOWN_FIELD: "isian ini tidak dikenal",
        Fault.OUTDATED: "formulir ini telah diganti lebih dari 30 hari; muat ulang halamannya, lalu kirim lagi",
    },
    "en": {
        Fault.MISSING: "is required",
        Fault.NOT_ALLOWED: "has a value that is not accepted",
        Fault.TOO_LONG: "is too long",
        Fault.REPEATED: "was sent more than once",
        Fault.UNKNOWN_FIELD: "is not a known field",
        Fault.OUTDATED: "names a form that was replaced more than 30 days ago; reload the page and send again",
    },
}


def answer_to(error: Exception) -> Answer:
    """What is answered to an exception; a surprise is our fault, not the sender's."""
    return next((answer for kind, answer in TABLE if isinstance(error, kind)), SURPRISE)
