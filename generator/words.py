"""The written pages and the shells, built once and kept until words, builder or program change."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from generator.mkdocs_build import Builder, build_words, builder_name
from generator.shell import Shells, lift
from generator.stamp import Stamp
from skm.units import Site

_LIBRARIES = ("pymdown-extensions", "markdown", "jinja2", "qrcode")


@dataclass(frozen=True)
class Words:
    """`tree` holds the finished written pages (paths in `files`), `revision` names program and words."""

    tree: Path
    files: tuple[str, ...]
    shells: Shells
    revision: str


def words(site_src: Path, site: Site, cache_dir: Path, *, example: bool, builder: Builder = Builder.MKDOCS) -> Words:
    """The words of `site_src`, from the cache where nothing they follow from has changed."""
    revision = _revision(site_src, site, example, builder)
    kept = cache_dir / revision
    if not kept.exists():
        cache_dir.mkdir(parents=True, exist_ok=True)
        fresh = cache_dir / f"{revision}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        build_words(site_src, site, fresh / "tree", example=example, builder=builder)
        (fresh / "shells.json").write_text(json.dumps(asdict(lift(fresh / "tree")), default=sorted), encoding="utf-8")
        fresh.rename(kept)
        for other in cache_dir.iterdir():
            if other != kept:
                shutil.rmtree(other)
    tree = kept / "tree"
    return Words(tree, tuple(_paths(tree)), _shells(kept / "shells.json"), revision)


def _shells(file: Path) -> Shells:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for name, value in content.items():
        is_stamp = isinstance(value, dict)
        content[name] = Stamp(tuple(value["parts"]), tuple(value["names"])) if is_stamp else frozenset(value)
    return Shells(**content)


def _revision(site_src: Path, site: Site, example: bool, builder: Builder) -> str:
    digest = sha256(_program().encode())
    digest.update(repr((site, example, builder_name(builder))).encode())
    for path in _paths(site_src):
        if not path.startswith("results/"):
            digest.update(path.encode() + b"\0" + sha256((site_src / path).read_bytes()).digest())
    return digest.hexdigest()[:32]


@cache
def _program() -> str:
    """A name for this program's own code and for what builds with it: another version, another site."""
    digest = sha256(repr([version(name) for name in _LIBRARIES]).encode())
    for package in ("generator", "skm"):
        folder = Path(str(files(package)))
        for path in _paths(folder):
            if "__pycache__" not in path:
                digest.update(path.encode() + b"\0" + sha256((folder / path).read_bytes()).digest())
    return digest.hexdigest()


def _paths(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
