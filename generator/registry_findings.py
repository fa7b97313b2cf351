"""What the checks of a registry hand on: a mistake, the spot where it is, and the entries they look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.registry_problems import Suggestions
from generator.registry_yaml import Path


@dataclass(frozen=True)
class Spot:
    """A value (or, `on_key`, its key) of one of the files, by the file's number."""

    file: int
    path: Path
    on_key: bool = False


@dataclass(frozen=True)
class Finding:
    """A mistake before its place is looked up; `first` is the other spot that the sentence speaks of."""

    spot: Spot
    key: str
    params: Mapping[str, str] = field(default_factory=dict)
    first: Spot | None = None


@dataclass(frozen=True)
class Entry:
    """One organisation or unit as it was written."""

    file: int
    path: Path
    value: Mapping[str, Any]

    def spot(self, *steps: str | int, on_key: bool = False) -> Spot:
        """A spot inside the entry."""
        return Spot(self.file, (*self.path, *steps), on_key)

    def text(self, key: str) -> str | None:
        """The value of a key where it is a text."""
        value = self.value.get(key)
        return value if isinstance(value, str) else None


def entries(files: Sequence[object], key: str) -> Iterator[Entry]:
    """Every entry of the list `key`, over all files."""
    for number, content in enumerate(files):
        found = content.get(key) if isinstance(content, dict) else None
        for place, value in enumerate(found if isinstance(found, list) else ()):
            if isinstance(value, dict):
                yield Entry(number, (key, place), value)


def unknown(entry: Entry, key: str, among: Mapping[str, Any], finding: str, near: Suggestions) -> Iterator[Finding]:
    """The finding where the name under `key` is not one of those it may lead to."""
    text = entry.text(key)
    if text is not None and text not in among:
        yield Finding(entry.spot(key), finding, {"value": text, **near.near(text, among)})


def by_text(found: Iterable[Entry], key: str) -> dict[str, Entry]:
    """The entries by the text under `key`, the first one where several share it."""
    by: dict[str, Entry] = {}
    for entry in found:
        text = entry.text(key)
        if text is not None:
            by.setdefault(text, entry)
    return by
