"""The written pages and the shells, built once and kept until words, builder or program change."""

import json
import shutil
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generator.mkdocs_build import Builder, build_words, builder_name, settings
from generator.program import paths_below, program_digest
from generator.shell import Shells, lift
from generator.stamp import Stamp
from generator.state import digest_of
from generator.written import words_of
from skm.units import Site


@dataclass(frozen=True)
class Words:
    """`tree` holds the finished written pages (paths in `files`), `revision` names program and words."""

    tree: Path
    files: tuple[str, ...]
    shells: Shells
    revision: str


def words(
    site_src: Path,
    site: Site,
    cache_dir: Path,
    *,
    example: bool,
    builder: Builder = Builder.MKDOCS,
    stay: Collection[str] = (),
) -> Words:
    """The words of `site_src`, from the cache where nothing they follow from has changed.

    The cache forgets all others but the revisions that are to `stay`. GeneratorError in the builder's words.
    """
    revision = words_revision(words_of(site_src), site, example=example, builder=builder)
    if kept := kept_words(cache_dir, revision):
        return kept
    cache_dir.mkdir(parents=True, exist_ok=True)
    fresh = cache_dir / f"{revision}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    build_words(site_src, site, fresh / "tree", example=example, builder=builder)
    (fresh / "shells.json").write_text(json.dumps(asdict(lift(fresh / "tree")), default=sorted), encoding="utf-8")
    fresh.rename(cache_dir / revision)
    for other in cache_dir.iterdir():
        if other.name not in (revision, *stay):
            shutil.rmtree(other)
    return _read(cache_dir / revision)


def kept_words(cache_dir: Path, revision: str) -> Words | None:
    """The words of a revision, where the cache has them."""
    return _read(cache_dir / revision) if (cache_dir / revision).exists() else None


def _read(kept: Path) -> Words:
    tree = kept / "tree"
    return Words(tree, tuple(paths_below(tree)), _shells(kept / "shells.json"), kept.name)


def _shells(file: Path) -> Shells:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for name, value in content.items():
        is_stamp = isinstance(value, dict)
        content[name] = Stamp(tuple(value["parts"]), tuple(value["names"])) if is_stamp else frozenset(value)
    return Shells(**content)


def words_revision(words: Mapping[str, str], site: Site, *, example: bool, builder: Builder = Builder.MKDOCS) -> str:
    """Names the program, the builder, what it is told, and the words (path → digest, as `generator.written` has it)."""
    told = settings(site, builder, example=example)
    return digest_of(program_digest(), builder_name(builder), told, sorted(words.items()))[:32]
