"""From a registry file's bytes to text, and the YAML parser's complaints in the registry's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Place = tuple[int, int]  # line and column, both counted from 1

_BOM = b"\xef\xbb\xbf"
# YAML's own set of printable characters, less the line breaks that editors do not count as lines.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEWLINE = re.compile("\r\n|\r|\n")
# The parser's words → the sentence, and whether the mistake is where it began or where it was noticed.
_SYNTAX = (
    ("mapping values are not allowed", "syntax_colon", False),
    ("tab character", "syntax_tab", False),
    ("cannot start any token", "syntax_character", False),
    ("escape", "syntax_escape", False),
    ("quoted scalar", "syntax_quote", True),
    ("flow", "syntax_bracket", True),
    ("could not find expected ':'", "syntax_key", True),
    ("block", "syntax_indent", False),
)


@dataclass(frozen=True)
class Fault:
    """Something YAML allows, or does not, at a place of the file; `key` names the sentence."""

    place: Place
    key: str
    params: Mapping[str, str] = field(default_factory=dict)


def decode(content: bytes) -> str | Fault:
    """The file's text, or the first place where it is not UTF-8 or not printable."""
    content = content.removeprefix(_BOM)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        return Fault(_end_of(before), "utf8", {"byte": f"0x{content[error.start]:02x}"})
    if bad := _UNPRINTABLE.search(text):
        return Fault(_end_of(text[: bad.start()]), "unprintable", {"character": f"U+{ord(bad.group()):04X}"})
    return text


def _end_of(text: str) -> Place:
    lines = _NEWLINE.split(text)
    return len(lines), len(lines[-1]) + 1


def place_of(mark: Any) -> Place:
    """A parser's mark, which counts from 0, as a place."""
    return mark.line + 1, mark.column + 1


def syntax_fault(error: yaml.YAMLError, text: str) -> Fault:
    """The parser's complaint about `text` as a fault."""
    problem = str(getattr(error, "problem", None) or error)
    words = f"{problem} {getattr(error, 'context', None) or ''}"
    key, at_start = next(((key, start) for part, key, start in _SYNTAX if part in words), ("syntax", False))
    noticed, began = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    mark = (began or noticed) if at_start else (noticed or began)
    place = place_of(mark) if mark else (1, 1)
    if key == "syntax":
        return Fault(place, key, {"detail": problem})
    if key == "syntax_character":
        line, column = place
        character = _NEWLINE.split(text)[line - 1][column - 1 :][:1]
        return Fault(place, "syntax_tab") if character == "\t" else Fault(place, key, {"character": character})
    return Fault(place, key)
