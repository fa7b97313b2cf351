"""Reads what a site repository has published: results (`results/<period>/<code>.json`) and their instruments."""

import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from generator.errors import GeneratorError
from generator.instruments import file_name, published_files
from skm.errors import SkmError
from skm.instrument import Instrument, Instruments, instrument_from_mapping
from skm.results import Result, decode

Results = Mapping[str, Sequence[Result]]
_ENOUGH = 1 << 16  # bytes
FileName = tuple[str, str]  # period and code of a results file


@dataclass(frozen=True)
class ResultsFolder:
    """A folder of results and its state: `version` names its content, "" where nothing was ever published.

    `changed_since` gives the files that another state has otherwise, or None where that is not known. `settle` makes
    every file what that state says, before all of them are read.
    """

    folder: Path
    version: str
    changed_since: Callable[[str], Collection[FileName] | None]
    settle: Callable[[], None] = lambda: None

    def names(self) -> dict[str, list[str]]:
        """Code → the periods of its files."""
        found: dict[str, list[str]] = {}
        for period in self.periods():
            for file in (self.folder / period).iterdir():
                if file.suffix == ".json":
                    found.setdefault(file.stem, []).append(period)
        return found

    def periods(self) -> list[str]:
        """The folders of periods, sorted."""
        return sorted(entry.name for entry in self.folder.iterdir() if entry.is_dir()) if self.folder.is_dir() else []

    def read(self, code: str, periods: Iterable[str], instruments: Instruments) -> Sequence[Result]:
        """A unit's results of these periods, newest first (longer before shorter); files that are not there are none.

        GeneratorError where a file is not one of results, or names a form that is not among `instruments`.
        """
        return sorted_results(self._read(code, periods, instruments))

    def _read(self, code: str, periods: Iterable[str], instruments: Instruments) -> Iterator[Result]:
        for period in periods:
            path = f"{self.folder}/{period}/{code}.json"
            try:
                content = _content(path)
            except FileNotFoundError:
                continue
            yield _checked(path, content, instruments)


def _content(path: str) -> bytes:
    """A file's bytes, with as few questions to the system as there can be: a province has 150,000 of them."""
    file, parts = os.open(path, os.O_RDONLY), []
    try:
        while part := os.read(file, _ENOUGH):
            parts.append(part)
    finally:
        os.close(file)
    return b"".join(parts)


def in_folder(folder: Path) -> ResultsFolder:
    """A folder whose state nobody keeps: it is named by its content, and any change of it may be anywhere."""
    digest, files = sha256(), sorted(folder.glob("*/*.json"))
    for file in files:
        digest.update(f"{file.parent.name}/{file.name}\0".encode() + sha256(file.read_bytes()).digest())
    version = digest.hexdigest() if files else ""
    return ResultsFolder(folder, version, lambda since: () if since == version else None)


def sorted_results(results: Iterable[Result]) -> list[Result]:
    """Newest period first, longer before shorter."""
    return sorted(results, key=lambda result: (result.period.last_day, result.period.months), reverse=True)


def _checked(file: str, content: bytes, instruments: Instruments) -> Result:
    try:
        result = decode(content)
        for versi in (result.instrument, *result.earlier_forms):
            instruments.of_versi(versi)
    except (SkmError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise GeneratorError(f"{file}: not a results file of this program: {error}") from error
    named = f"{result.period}/{result.code}"
    if not file.endswith(f"/{named}.json"):
        raise GeneratorError(f"{file}: the file says it is {named}; restore it from git")
    return result


class ChangedWording(GeneratorError):
    """An instrument asks something else than results say that it asked, under the same version."""

    def __init__(self, file: str, newer: str) -> None:
        super().__init__(
            f"site_src/instruments/{file}: published results hold answers to another wording; "
            f"restore it, and write the new wording into {newer}"
        )
        self.file, self.newer = file, newer


def refuse_changed_wordings(instruments: Instruments, site_src: Path) -> None:
    """ChangedWording where results name a published instrument that changed.

    `site_src` is the folder of the published repository. Texts still called drafts there may be mended, languages
    added.
    """
    for before, now in _published_instruments(instruments, site_src):
        if now and _differs(before, now) and _is_named(before, site_src / "results"):
            raise ChangedWording(file_name(now), file_name(replace(now, version=now.version + 1)))


def with_published(instruments: Instruments, site_src: Path) -> Instruments:
    """These and, kept, what the published repository holds of those that are gone and that its results name."""
    gone = (before for before, now in _published_instruments(instruments, site_src) if now is None)
    return instruments.with_kept(before for before in gone if _is_named(before, site_src / "results"))


def _published_instruments(instruments: Instruments, site_src: Path) -> Iterator[tuple[Instrument, Instrument | None]]:
    """Every instrument of the published repository, and the installation's of that id and version, if there is one."""
    known = {(one.id, one.version): one for one in instruments.known}
    for file in published_files(site_src):
        if before := _published_instrument(file):
            yield before, known.get((before.id, before.version))


def _published_instrument(file: Path) -> Instrument | None:
    try:
        return instrument_from_mapping(json.loads(file.read_bytes()))
    except (SkmError, ValueError, TypeError, AttributeError):
        return None  # nothing was ever answered to a file that no program could read


def _differs(before: Instrument, now: Instrument) -> bool:
    return any(before.asked(lang) != now.asked(lang) for lang in before.languages().difference(before.drafts))


def _is_named(instrument: Instrument, results: Path) -> bool:
    name = f'"{instrument.id}.{instrument.version}.'.encode()
    return any(name in file.read_bytes() for file in results.glob("*/*.json"))
