"""Canonical JSON, as published files are written: equal content, equal bytes."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

text = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode
"""A value on one line: sorted keys, letters as they are."""


def encode(content: Mapping[str, Any] | Sequence[Any], entry: Callable[[object], str] = text) -> str:
    """Sorted keys, letters as they are, final newline.

    A line for every key of an object, and for every entry of a list that is the content or one of its values: a block
    or a period is a line, so that a difference is easy to see, and the encoder in C can write it. `entry` writes the
    entry of a list.
    """
    if not isinstance(content, Mapping):
        return f"{_lines(content, entry)}\n"
    lines = (f"{text(key)}: {_lines(value, entry)}" for key, value in sorted(content.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _lines(value: object, entry: Callable[[object], str]) -> str:
    if not isinstance(value, list | tuple):
        return text(value)
    return "[\n" + ",\n".join(map(entry, value)) + "\n]" if value else "[]"
