"""The build: read, plan, write only what changed."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from generator.csp import policy
from generator.mkdocs_build import Builder
from generator.pages import lean
from generator.plan import Page, Sources, manifest_text, plan
from generator.published import read_results
from generator.words import Words, words
from generator.write import SiteFolder, replace_files, swap_in
from skm.units import Registry

_ASSETS = {"assets/sukma.css": ("material.css", "results.css"), "assets/cari.js": ("finder.js",)}


@dataclass(frozen=True)
class Summary:
    """What a build did; seconds by stage."""

    written: int
    unchanged: int
    removed: int
    full: bool
    seconds: dict[str, float] = field(default_factory=dict)


def build(
    site_src: Path,
    registry: Registry,
    results_dir: Path,
    link: Path,
    *,
    full: bool = False,
    builder: Builder = Builder.MKDOCS,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Bring the site at `link` up to date with registry, words and results; the second run does nothing.

    A change of words or of the program makes a fresh tree; anything else replaces the files it touches.
    """
    site = SiteFolder(link)
    with site.locked():
        clock = _Stages()
        results = read_results(results_dir, registry.instruments)
        example = any(result.example for found in results.values() for result in found)
        clock.done("read")
        written = words(site_src, registry.site, site.builds / "words", example=example, builder=builder)
        clock.done("words")
        sources = Sources(registry, results, written.shells, written.files, written.revision, example)
        pages = [*plan(sources), *_asset_pages(written.revision)]
        manifest = {page.path: page.digest for page in pages} | {"": written.revision}
        before = site.manifest()
        clock.done("plan")
        full = full or before.get("") != written.revision
        changed = pages if full else [page for page in pages if before.get(page.path) != page.digest]
        removed = sorted(before.keys() - manifest.keys())
        contents = _render(changed, progress)
        if full:
            swap_in(site, _with_words(written, contents), manifest_text(manifest), _policy(written, registry))
        elif (changed or removed) and site.current:
            replace_files(site.current, dict(contents), removed, manifest_text(manifest))
        clock.done("write")
        return Summary(len(changed), len(pages) - len(changed), len(removed), full, clock.seconds)


class _Stages:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def _render(pages: list[Page], progress: Callable[[int, int], None] | None) -> Iterator[tuple[str, bytes]]:
    for number, page in enumerate(pages, 1):
        yield page.path, page.render().encode()
        if progress:
            progress(number, len(pages))


def _with_words(written: Words, contents: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for path in written.files:
        yield path, (written.tree / path).read_bytes()
    yield from contents


def _asset_pages(revision: str) -> Iterator[Page]:
    def joined(names: tuple[str, ...]) -> str:
        return "\n".join((files("generator") / "templates" / name).read_text(encoding="utf-8") for name in names)

    for path, names in _ASSETS.items():
        yield Page(path, revision, lambda names=names: joined(names))  # type: ignore[misc]


def _policy(written: Words, registry: Registry) -> str:
    """One policy for all static pages: only the inline scripts and styles that this build itself wrote."""
    scripts, styles = lean.policy_hashes()
    shells = written.shells
    return policy(scripts | shells.policy_scripts, styles | shells.policy_styles, registry.site.backend)
