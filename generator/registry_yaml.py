"""The YAML of a registry as plain values with their places, and what the registry does not take from YAML.

Read from the parser's events in one pass: a fifth of the time that a tree of nodes costs, and the only way to see
duplicate keys, anchors and aliases. Text, whole numbers, lists and mappings are all that a registry needs; a scalar
that YAML would turn into anything else stays visible as `Odd`, so that `35.10` is never quietly 35.1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from generator.registry_syntax import Fault, Place, decode, place_of, syntax_fault

Path = tuple[str | int, ...]

MAX_DEPTH = 20  # a registry needs 6; far below what a parser or a reader of the values could stumble over

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
# What either YAML 1.1 (this parser) or YAML 1.2 (editors) reads as something other than text.
_NUMBER = re.compile(
    r"[-+]?(0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?([eE][-+]?[0-9]+)?"
    r"|\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|\.(inf|Inf|INF))|\.(nan|NaN|NAN)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}.*)?")
_BOOLEAN = frozenset(
    form for word in "yes no true false on off".split() for form in (word, word.capitalize(), word.upper())
)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))


@dataclass(frozen=True)
class Odd:
    """A value that is none of a registry's kinds; `reading` = number, date, boolean, or refused (already a fault)."""

    text: str
    reading: str


@dataclass(frozen=True)
class Document:
    """A file's values, its faults, and the place of everything; `whole` is False where reading had to stop."""

    value: object
    faults: tuple[Fault, ...]
    whole: bool
    _start: Place = (1, 1)
    _places: Mapping[int, Mapping[str | int, tuple[Place, Place]]] = field(default_factory=dict)

    def place(self, path: Path, on_key: bool = False) -> Place:
        """Where the value at `path` stands, or its key."""
        value: Any = self.value
        place = self._start
        for step in path:
            key_place, value_place = self._places[id(value)][step]
            place = key_place if on_key else value_place
            value = value[step]
        return place


def plain_value(text: str) -> object:
    """What an unquoted scalar means here: None, an integer, text, or `Odd`."""
    if text in _NULL:
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return Odd(text, "number")
    if _DATE.fullmatch(text):
        return Odd(text, "date")
    return Odd(text, "boolean") if text in _BOOLEAN else text


@dataclass
class _Frame:
    """A list or mapping that is still open; `key` waits for its value, `repeated` says it will be thrown away."""

    container: Any
    places: dict[str | int, tuple[Place, Place]]
    key: str | None = None
    key_place: Place = (1, 1)
    repeated: bool = False


class _Stop(Exception):
    """Reading cannot go on; carries the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.key)
        self.fault = fault


class _Builder:
    """Builds the value from events; iterative, so that no nesting can exhaust the stack."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.places: dict[int, dict[str | int, tuple[Place, Place]]] = {}
        self.stack: list[_Frame] = []
        self.value: object = None
        self.start: Place = (1, 1)
        self.documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
        elif isinstance(event, yaml.AliasEvent):
            place = place_of(event.start_mark)
            name = str(event.anchor)
            self.faults.append(Fault(place, "alias", {"name": name}))
            self._put(Odd(name, "refused"), place)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Stop(Fault(place_of(event.start_mark), "second_document"))

    def _waits_for_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].container, dict) and self.stack[-1].key is None

    def _refused(self, event: Any, place: Place) -> bool:
        if event.anchor is not None:
            self.faults.append(Fault(place, "anchor", {"name": event.anchor}))
        if event.tag is not None:
            self.faults.append(Fault(place, "tag", {"tag": event.tag}))
        return event.tag is not None

    def _scalar(self, event: Any) -> None:
        place = place_of(event.start_mark)
        if self._refused(event, place):
            self._put(Odd(event.value, "refused"), place)
        elif self._waits_for_key():
            if event.value == "<<" and event.implicit[0]:
                self.faults.append(Fault(place, "merge"))
            self._put(event.value, place)
        else:
            self._put(plain_value(event.value) if event.implicit[0] else event.value, place)

    def _open(self, event: Any, container: Any) -> None:
        place = place_of(event.start_mark)
        self._refused(event, place)
        if len(self.stack) >= MAX_DEPTH:
            raise _Stop(Fault(place, "nesting", {"limit": str(MAX_DEPTH)}))
        if self._waits_for_key():
            raise _Stop(Fault(place, "key_form"))
        self._put(container, place)
        places: dict[str | int, tuple[Place, Place]] = {}
        self.places[id(container)] = places
        self.stack.append(_Frame(container, places))

    def _put(self, value: Any, place: Place) -> None:
        """The next value: the document's, a list's next, a mapping's next key, or the value of that key."""
        if not self.stack:
            self.value, self.start = value, place
            return
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            frame.places[len(frame.container)] = (place, place)
            frame.container.append(value)
        elif frame.key is None:
            frame.key, frame.key_place = value if isinstance(value, str) else value.text, place
            frame.repeated = frame.key in frame.container
            if frame.repeated:
                first = frame.places[frame.key][0]
                self.faults.append(Fault(place, "duplicate_key", {"key": frame.key, "first": str(first[0])}))
        else:
            if not frame.repeated:
                frame.places[frame.key] = (frame.key_place, place)
                frame.container[frame.key] = value
            frame.key = None


def read_yaml(content: bytes) -> Document:
    """The file's values and every fault of its YAML; any bytes give a Document, never an exception."""
    text = decode(content)
    if isinstance(text, Fault):
        return Document(None, (text,), whole=False)
    builder = _Builder()
    whole = True
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.YAMLError as error:
        builder.faults.append(syntax_fault(error, text))
        whole = False
    except _Stop as stop:
        builder.faults.append(stop.fault)
        whole = stop.fault.key == "second_document"
    return Document(builder.value, tuple(builder.faults), whole, builder.start, builder.places)
