"""A registry as it was read, the files that it consists of, and a copy kept so that it need not be read again.

Reading nine thousand units takes more than a second, the copy a twentieth of that. It holds only as long as every byte
of every file, the set of files and the program are those it was made from.
"""

import glob
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from generator.instruments import own_files
from generator.program import program_digest
from generator.workers import apart
from skm.units import Registry


@dataclass(frozen=True)
class LoadedRegistry:
    """A registry, the files it came from (`units.yaml` first), and the SHA-256 of their bytes in that order.

    The installation's own instruments are the last of the files. `include` are the patterns that name the others;
    `named` is what `generator.state` calls the registry.
    """

    registry: Registry
    files: tuple[Path, ...]
    digest: str
    include: tuple[str, ...]
    named: str


def included(root: Path, pattern: str) -> Iterator[Path]:
    """The files that a pattern of `include` matches, sorted."""
    # Path.glob raises for patterns such as "." and "a**"; this one simply matches nothing.
    for name in sorted(glob.glob(pattern, root_dir=root.parent, recursive=True)):  # noqa: PTH207
        path = root.parent / name
        if path.is_file() and path != root:
            yield path


def kept_or_read(path: Path, kept: Path, read: Callable[[Path], LoadedRegistry]) -> LoadedRegistry:
    """The registry at `path` from the copy `kept` where that is still right, else read, and kept anew.

    Where there is no folder for the copy, nothing is kept. The copy is made by a process of its own: reading the files
    of a province takes memory that a process does not give back.
    """
    if (found := _kept(path, kept)) is None and kept.parent.is_dir():
        apart(partial(_keep, path, kept, read))
        found = _kept(path, kept)
    return found or read(path)  # which says what is wrong where nothing could be kept


def _kept(path: Path, kept: Path) -> LoadedRegistry | None:
    with suppress(OSError):  # there is none
        seal, _, copy = kept.read_bytes().partition(b"\n")
        if seal == _seal(copy):
            key, include, content = pickle.loads(copy)
            if key == _key(path, include):
                found: LoadedRegistry = pickle.loads(content)
                return found
    return None


def _keep(path: Path, kept: Path, read: Callable[[Path], LoadedRegistry]) -> None:
    loaded = read(path)
    fresh = kept.with_name(f".{kept.name}")
    copy = pickle.dumps((_key(path, loaded.include), loaded.include, pickle.dumps(loaded)))
    fresh.write_bytes(_seal(copy) + b"\n" + copy)
    fresh.replace(kept)


def _seal(copy: bytes) -> bytes:
    """Names program and copy: a pickle of another program, or of a spoilt disk, may load and be another registry."""
    return sha256(program_digest().encode() + copy).hexdigest().encode()


def _key(path: Path, include: Iterable[str]) -> str:
    digest = sha256()
    parts = dict.fromkeys(part for pattern in include for part in included(path, pattern))
    for file in (path, *parts, *own_files(path)):
        digest.update(f"\0{file}\0".encode("utf-8", "surrogateescape") + sha256(file.read_bytes()).digest())
    return digest.hexdigest()
