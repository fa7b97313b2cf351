"""From the bytes of a request to the fields that were sent; nothing is replaced, guessed or dropped silently."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from form_backend.errors import TooLarge, Unreadable, UnsupportedType
from skm.responses import Fault, Problem

MAX_BYTES = 64 * 1024
MAX_FIELDS = 64  # a completely filled form has 32
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Submission:
    """Field → the values sent for it; `faults` are fields whose value is not even a text (JSON only)."""

    fields: Mapping[str, Sequence[str]]
    faults: tuple[Problem, ...] = ()

    def first(self, name: str) -> str:
        """The first value of a field, or nothing."""
        return next(iter(self.fields.get(name, ())), "")


def read(body: bytes, mimetype: str, charset: str | None = None) -> Submission:
    """A submission; Unreadable, UnsupportedType or TooLarge say why there is none."""
    if mimetype not in (FORM, JSON) or (charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedType(f"{mimetype}: a form or JSON in UTF-8 is needed")
    if len(body) > MAX_BYTES:
        raise TooLarge(f"more than {MAX_BYTES} bytes")
    try:
        text = body.decode("utf-8")
        return _read_form(text) if mimetype == FORM else _read_json(text)
    except (ValueError, RecursionError) as error:
        # Not chained: the error of a parser quotes what somebody wrote.
        raise Unreadable(f"not {mimetype} in UTF-8: {type(error).__name__}") from None


def _read_form(text: str) -> Submission:
    if text.count("&") >= MAX_FIELDS:
        raise TooLarge(f"more than {MAX_FIELDS} fields")
    if _BROKEN_ESCAPE.search(text):
        raise ValueError("a % that escapes nothing")
    fields: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict") if text else ():
        fields.setdefault(name, []).append(value)
    return Submission(fields)


def _read_json(text: str) -> Submission:
    # Integers stay as they were written; whatever is neither a text nor an integer is a fault of its field.
    pairs = json.loads(text, object_pairs_hook=_Pairs, parse_int=str, parse_float=float, parse_constant=float)
    if not isinstance(pairs, _Pairs):
        raise ValueError("not an object")
    if len(pairs) > MAX_FIELDS:
        raise TooLarge(f"more than {MAX_FIELDS} fields")
    fields: dict[str, list[str]] = {}
    faults = []
    for name, value in pairs:
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
        else:
            faults.append(Problem(name, Fault.NOT_ALLOWED))
    return Submission(fields, tuple(faults))


class _Pairs(list[tuple[str, object]]):
    """The members of a JSON object in order, repeated names included."""
