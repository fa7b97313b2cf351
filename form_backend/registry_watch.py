"""The registry as a running backend knows it: a changed file is taken up, a bad one keeps the last good copy.

The installation's own instruments are part of it.
"""

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from threading import Lock

from generator.instruments import own_folder
from generator.registry import LoadedRegistry, RegistryError, read_registry

_LOOK_EVERY = 1.0  # seconds; a change is to be seen within 5
_NAMES = (".yaml", ".yml", ".json")


class RegistryWatch:
    """Looks at the files at most once a second, when asked; `problem` says why the newest text is not in use."""

    def __init__(self, path: Path, monotonic: Callable[[], float]) -> None:
        """Reads the registry; RegistryError where there is no good copy to begin with."""
        self._path, self._clock, self._lock = path, monotonic, Lock()
        self._loaded = read_registry(path)
        self._watched = self._loaded.files
        self._seen = self._fingerprint()
        self._next_look = monotonic() + _LOOK_EVERY
        self.problem: str | None = None

    def current(self) -> LoadedRegistry:
        """The newest good registry. One caller reads a changed one, the others do not wait for it."""
        if self._clock() >= self._next_look and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._next_look = self._clock() + _LOOK_EVERY
                self._lock.release()
        return self._loaded

    def _look(self) -> None:
        if self._fingerprint() == self._seen:
            return
        try:
            self._loaded = read_registry(self._path)
            self._watched, self.problem = self._loaded.files, None
        except RegistryError as error:
            # The mistake may be in a file that only the new text includes: mending it must be seen too.
            self._watched = tuple({*self._loaded.files, *(Path(problem.file) for problem in error.problems)})
            self.problem = str(error).replace(f"{self._path.parent}/", "")  # shown to anybody: no path of the machine
        self._seen = self._fingerprint()

    def _fingerprint(self) -> bytes:
        # Instruments are found by their folder alone, which may come later.
        return _fingerprint(self._watched, {own_folder(self._path), *(file.parent for file in self._watched)})


def _fingerprint(files: Iterable[Path], folders: Iterable[Path]) -> bytes:
    """Changes with any byte of the files, and with a file that joins or leaves the folders."""
    digest = sha256()
    for file in sorted(files):
        digest.update(b"\0" + str(file).encode() + b"\0" + _content(file))
    for folder in sorted(folders):
        digest.update("\0".join(sorted(_names(folder))).encode())
    return digest.digest()


def _content(file: Path) -> bytes:
    # Editors replace a file by renaming; for a moment it may not be there.
    try:
        return sha256(file.read_bytes()).digest()
    except OSError as error:
        return type(error).__name__.encode()


def _names(folder: Path) -> Iterator[str]:
    return (entry.name for entry in folder.iterdir() if entry.suffix in _NAMES) if folder.is_dir() else iter(())
