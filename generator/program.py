"""A name for the program as it is installed: another version makes another site."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

_LIBRARIES = ("pymdown-extensions", "markdown", "jinja2", "qrcode", "tdewolff-minify")


@cache
def program_digest() -> str:
    """Changes with this program's own code and with its libraries; the builder of the words has a name of its own."""
    digest = sha256(repr([version(name) for name in _LIBRARIES]).encode())
    for package in ("generator", "skm"):
        folder = Path(str(files(package)))
        for path in paths_below(folder):
            if "__pycache__" not in path:
                digest.update(path.encode() + b"\0" + sha256((folder / path).read_bytes()).digest())
    return digest.hexdigest()


def paths_below(folder: Path) -> Iterator[str]:
    """Every file below a folder, sorted."""
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
