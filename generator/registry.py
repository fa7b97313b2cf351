"""Reads `units.yaml`, the files it includes and the installation's own instruments.

Gives a Registry, or every problem of every file at once with its place and remedy.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.instrument_model import ENTRIES, InstrumentFile
from generator.instrument_rules import check_instrument
from generator.instruments import own_files, shipped
from generator.registry_files import LoadedRegistry, included
from generator.registry_findings import Finding, Spot
from generator.registry_json import read_json
from generator.registry_model import PartFile, RootFile, schema
from generator.registry_problems import RegistryError, RegistryProblem, is_control
from generator.registry_rules import check
from generator.registry_shape import fit
from generator.registry_syntax import Fault
from generator.registry_yaml import Document, read_yaml
from generator.state import name_of
from skm.instrument import Instruments, instrument_from_mapping
from skm.units import DEFAULT_INSTRUMENT, Registry

__all__ = ["SIZE_MAX", "LoadedRegistry", "RegistryError", "RegistryProblem", "read_registry", "schema"]

SIZE_MAX = 20 * 1024 * 1024  # bytes a file; 10.000 units are 2 MB


@dataclass(frozen=True)
class _Source:
    path: Path
    content: bytes
    document: Document


def read_registry(path: Path) -> LoadedRegistry:
    """The registry at `path`; RegistryError with every problem of every file it names or that stands beside it."""
    root = _source(path)
    parts, findings = _include(path, root.document)
    sources = [root, *map(_source, parts)]
    values = [source.document.value if source.document.whole else None for source in sources]
    entries: list[Any] = []
    for number, source in enumerate(sources):
        if source.document.whole:
            entry, misfits = fit(number, source.document.value, RootFile if number == 0 else PartFile)
            entries.append(entry)
            findings += misfits
    own = [_source(file, read_json) for file in own_files(path)]
    instruments, unread, misfits = _instruments(len(sources), own)
    all_read = all(source.document.whole for source in sources)
    findings += [*misfits, *check(values, all_read, instruments, unread)]
    sources += own
    problems = _problems(sources, findings)
    if problems:
        raise RegistryError(problems)
    digest = hashlib.sha256(b"".join(source.content for source in sources)).hexdigest()
    found = _registry(entries, instruments)
    files = tuple(source.path for source in sources)
    return LoadedRegistry(found, files, digest, tuple(entries[0].include), name_of(found))


def _instruments(first: int, own: Sequence[_Source]) -> tuple[Instruments, set[str], list[Finding]]:
    """The known instruments, the ids of those with mistakes, and the mistakes; `first` is the first file's number."""
    known, unread, findings = shipped(), set(), list[Finding]()
    for number, source in enumerate(own, first):
        value, name = source.document.value, source.path.name
        entry, found = fit(number, value, InstrumentFile, ENTRIES) if source.document.whole else (None, [])
        found += check_instrument(number, name, value, shipped().ids())
        if entry and isinstance(value, dict) and not found and not source.document.faults:
            ladders = value.get("ladders") or shipped().newest(DEFAULT_INSTRUMENT).ladders
            known = known.with_own([instrument_from_mapping({**value, "ladders": ladders})])
        else:
            unread |= {name.partition(".")[0]}
        findings += found
    return known, unread, findings


def _source(path: Path, read: Callable[[bytes], Document] = read_yaml) -> _Source:
    """A file's content; a file that cannot be taken is an empty document with the fault that says why."""
    try:
        if not path.exists():
            return _refused(path, Fault((1, 1), "no_file"))
        if not path.is_file():
            return _refused(path, Fault((1, 1), "not_a_file"))
        with path.open("rb") as file:
            content = file.read(SIZE_MAX + 1)
    except (OSError, ValueError) as error:
        return _refused(path, Fault((1, 1), "unreadable", {"reason": getattr(error, "strerror", None) or str(error)}))
    if len(content) > SIZE_MAX:
        return _refused(path, Fault((1, 1), "too_large", {"limit": str(SIZE_MAX // 1024**2)}))
    return _Source(path, content, read(content))


def _refused(path: Path, fault: Fault) -> _Source:
    return _Source(path, b"", Document(None, (fault,), whole=False))


def _include(root: Path, document: Document) -> tuple[list[Path], list[Finding]]:
    """The files that the patterns of `include` match, each once, and what is wrong with the patterns."""
    value = document.value
    patterns = value.get("include") if document.whole and isinstance(value, dict) else None
    files: dict[Path, None] = {}
    findings: list[Finding] = []
    for place, pattern in enumerate(patterns if isinstance(patterns, list) else ()):
        if not isinstance(pattern, str) or not pattern.strip() or any(map(is_control, pattern)):
            continue
        found = [] if _leaves(pattern) else list(included(root, pattern))
        if _leaves(pattern) or not all(_inside(root, path) for path in found):
            findings.append(Finding(Spot(0, ("include", place)), "include_outside", {"value": pattern}))
        elif not found:
            findings.append(Finding(Spot(0, ("include", place)), "include_nothing", {"value": pattern}))
        else:
            files |= dict.fromkeys(found)
    return list(files), findings


def _leaves(pattern: str) -> bool:
    parts = Path(pattern).parts
    return parts[:1] != ("units.d",) or ".." in parts


def _inside(root: Path, path: Path) -> bool:
    return path.resolve().is_relative_to(root.parent.resolve())


def _problems(sources: list[_Source], findings: list[Finding]) -> list[RegistryProblem]:
    """Faults of the YAML and findings, in the order of files and places; at the place of a fault only the fault."""
    found: list[tuple[int, RegistryProblem]] = []
    faulty: set[tuple[int, int, int]] = set()
    for number, source in enumerate(sources):
        for fault in source.document.faults:
            faulty.add((number, *fault.place))
            found.append((number, RegistryProblem(str(source.path), *fault.place, fault.key, fault.params)))
    for finding in findings:
        place = _place(sources, finding.spot)
        if (finding.spot.file, *place) in faulty:
            continue
        params = dict(finding.params)
        if finding.first is not None:
            line, column = _place(sources, finding.first)
            params["first"] = f"{sources[finding.first.file].path}:{line}:{column}"
        file = str(sources[finding.spot.file].path)
        found.append((finding.spot.file, RegistryProblem(file, *place, finding.key, params)))
    return [problem for _, problem in sorted(found, key=lambda item: (item[0], item[1].line, item[1].column))]


def _place(sources: list[_Source], spot: Spot) -> tuple[int, int]:
    return sources[spot.file].document.place(spot.path, spot.on_key)


def _registry(entries: list[Any], instruments: Instruments) -> Registry:
    site = entries[0].site.site()
    return Registry(
        site=site,
        organisations=tuple(item.organisation() for entry in entries for item in entry.organisations),
        units=tuple(item.unit(site.languages) for entry in entries for item in entry.units),
        retired=frozenset(entries[0].retired),
        instruments=instruments,
    )
