"""Holds a file's values against its model and says in the registry's words what does not fit."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from generator.registry_findings import Finding, Spot
from generator.registry_model import OrganisationEntry, ReleaseEntry, RetentionEntry, SiteEntry, UnitEntry
from generator.registry_problems import Suggestions
from generator.registry_yaml import Odd, Path

_EXPECTED = {
    "string_type": "text",
    "int_type": "number",
    "list_type": "list",
    "dict_type": "mapping",
    "model_type": "mapping",
}
Entries = Mapping[tuple[str, ...], type[BaseModel]]  # the path of an entry, without numbers → its model
_ENTRIES: Entries = {
    ("site",): SiteEntry,
    ("site", "release"): ReleaseEntry,
    ("site", "retention"): RetentionEntry,
    ("organisations",): OrganisationEntry,
    ("units",): UnitEntry,
}
_File = TypeVar("_File", bound=BaseModel)


def fit(
    number: int, value: object, model: type[_File], inner: Entries = _ENTRIES
) -> tuple[_File | None, list[Finding]]:
    """The values as the model, or None and everything that does not fit; `number` is the file's."""
    if not isinstance(value, dict):
        return None, [Finding(Spot(number, ()), "empty_file" if value is None else "not_mapping")]
    findings = [Finding(Spot(number, path), "empty_value", {"key": _key(path)}) for path in _empty(value, ())]
    try:
        fitting = model.model_validate(value)
    except ValidationError as error:
        near = Suggestions()
        for fault in error.errors(include_url=False):
            findings.extend(_finding(number, value, fault, model, inner, near))
        return None, findings
    return (None if findings else fitting), findings


def _empty(value: object, path: Path) -> Iterator[Path]:
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _empty(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _empty(item, (*path, place))


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _path(value: Any, steps: Path) -> Path:
    """The steps that lead through the values; pydantic also names the branch of a choice of types."""
    found: list[str | int] = []
    for step in steps:
        if isinstance(step, int) if isinstance(value, list) else isinstance(value, dict) and step in value:
            value = value[step]
            found.append(step)
    return tuple(found)


def _finding(
    number: int, value: Any, fault: Any, model: type[BaseModel], inner: Entries, near: Suggestions
) -> Iterator[Finding]:
    kind, steps = fault["type"], fault["loc"]
    path = _path(value, steps)
    if kind == "missing":
        yield Finding(Spot(number, path), "missing_key", {"key": str(steps[-1])})
    elif kind == "extra_forbidden":
        entry = inner.get(tuple(step for step in path[:-1] if isinstance(step, str)), model)
        params = {"key": str(path[-1]), "known": ", ".join(entry.model_fields)}
        known = list(entry.model_fields)
        yield Finding(Spot(number, path, on_key=True), "unknown_key", {**params, **near.near(str(path[-1]), known)})
    elif kind in _EXPECTED:
        found = fault["input"]
        if found is not None and not (isinstance(found, Odd) and found.reading == "refused"):
            yield Finding(Spot(number, path), *_wrong_type(_EXPECTED[kind], found, _key(path)))
    else:
        yield Finding(Spot(number, path), kind, {"key": _key(path), **fault.get("ctx", {})})


def _wrong_type(expected: str, found: object, key: str) -> tuple[str, dict[str, str]]:
    if expected == "text" and isinstance(found, int | Odd):
        reading = found.reading if isinstance(found, Odd) else "number"
        return f"unquoted_{reading}", {"key": key, "value": found.text if isinstance(found, Odd) else str(found)}
    if expected == "number" and isinstance(found, str | Odd):
        return "number_form", {"key": key, "value": found.text if isinstance(found, Odd) else found}
    return f"expected_{expected}", {"key": key}
