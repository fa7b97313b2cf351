"""What people had written at an earlier time: kept with every build, or taken from a history.

Paths are those of the site repository: `units.yaml`, `units.d/…`, `site_src/…`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from generator.errors import GeneratorError
from generator.registry_problems import RegistryError
from skm.units import Registry

ROOT = "units.yaml"
WRITTEN = "written.json"
_WORDS, _INSTRUMENTS, _SETTINGS = "site_src/", "site_src/instruments/", "site_src/mkdocs.yml"


class NothingBuilt(GeneratorError):
    """There is no site to compare with."""

    def __init__(self, link: Path) -> None:
        super().__init__(f"{link}: no site was built yet; run sukma build, or name a revision with --against")
        self.link = link


class NothingKept(GeneratorError):
    """There is a site, but no (readable) note of what it was made from: `place` is gone, or an older version built."""

    def __init__(self, place: Path) -> None:
        super().__init__(f"{place} cannot be read; run sukma build, or name a revision with --against")
        self.place = place


class UnreadableThen(GeneratorError):
    """The earlier registry has mistakes; `first` is the first of them in Indonesian and English."""

    def __init__(self, error: RegistryError, folder: Path) -> None:
        def told(lang: str) -> str:
            return error.problems[0].located(lang).replace(f"{folder}/", "")

        super().__init__(f"the earlier registry has {len(error.problems)} mistakes, the first: {told('en')}")
        self.count, self.first_id, self.first_en = len(error.problems), told("id"), told("en")


@dataclass(frozen=True)
class Written:
    """`files` are those that a registry is read from, with their bytes; `words` has a digest of all of `site_src`."""

    files: Mapping[str, bytes]
    words: Mapping[str, str]

    def dump(self) -> bytes:
        """As a build keeps it."""
        files = {path: text.decode("utf-8", "surrogateescape") for path, text in self.files.items()}
        return json.dumps({"files": files, "words": dict(self.words)}).encode("ascii")


def written(files: Mapping[str, bytes]) -> Written:
    """What is to be remembered of these files."""
    registry = {p: text for p, text in files.items() if not p.startswith(_WORDS) or p.startswith(_INSTRUMENTS)}
    return Written(registry, {path: _digest(path, text) for path, text in files.items() if path.startswith(_WORDS)})


def is_word(path: str) -> bool:
    """True for a path of `site_src` that people wrote: no results or questionnaire kept for them, no hidden file of an
    editor, nothing compiled."""
    parts = PurePosixPath(path).parts
    return (
        parts[1:2] != ("results",)  # `site_src` alone may be a link
        and parts[1:3] != ("instruments", "gone")
        and not any(part.startswith((".", "__pycache__")) for part in parts[1:])
    )


def words_below(site_src: Path) -> Iterator[tuple[str, bytes]]:
    """Every word of a folder `site_src`: its path in the site repository, its bytes."""
    for file in sorted(site_src.rglob("*")):
        path = f"{_WORDS}{file.relative_to(site_src).as_posix()}"
        if is_word(path) and file.is_file():
            yield path, file.read_bytes()


def words_of(site_src: Path) -> Mapping[str, str]:
    """The same as `Written.words` has it."""
    return {path: _digest(path, text) for path, text in words_below(site_src)}


def read_written(build: Path) -> Written | None:
    """What a build was made from; None where it does not say."""
    try:
        found = json.loads((build / WRITTEN).read_bytes())
        files = {path: text.encode("utf-8", "surrogateescape") for path, text in found["files"].items()}
        return Written(files, dict(found["words"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def registry_of(then: Written) -> Registry:
    """The registry of that time; UnreadableThen where it has mistakes."""
    from generator.registry import read_registry  # a fifth of a second, for which a run with nothing to do has no use

    with TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(then.files, folder)
        try:
            return read_registry(folder / ROOT).registry
        except RegistryError as error:
            raise UnreadableThen(error, folder) from None


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)


def _digest(path: str, text: bytes) -> str:
    # The ends of lines are git's business: a checkout may have others than the history. What is copied to the site as
    # it is keeps its own.
    is_read = path.endswith((".md", ".html")) or path == _SETTINGS or path.startswith(_INSTRUMENTS)
    return sha256(text.replace(b"\r\n", b"\n") if is_read else text).hexdigest()
