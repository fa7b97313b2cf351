"""Which pages an edit changes: the site as it is beside the site as it would be, both with the results of today.

Sums and words come from what the last build kept; results are read of those units only on whose pages they may stand
otherwise, and words are built where they differ.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from generator.kept import NOTHING_KEPT, Kept, read_kept, renewed
from generator.mkdocs_build import Builder
from generator.plan import Page, Sources, plan
from generator.published import ResultsFolder
from generator.state import forms_of, read_state
from generator.totals import Totals
from generator.words import Words, kept_words, words, words_revision
from generator.write import SiteFolder
from generator.written import NothingKept
from skm.instrument import Instruments
from skm.results import Result
from skm.units import Registry

_Read = Callable[[str], Sequence[Result]]


@dataclass(frozen=True)
class Side:
    """A registry and the written files of the same time (path → digest), and where these files are to be had."""

    registry: Registry
    words: Mapping[str, str]
    site_src: Path | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Today:
    """What is published, read by `instruments`; the last build of `site` has kept the sums of most of it.

    `builder` is that of the next build.
    """

    published: ResultsFolder
    instruments: Instruments
    site: SiteFolder
    builder: Builder = Builder.MKDOCS

    @cached_property
    def read(self) -> _Read:
        """Reads a unit's results, newest first; GeneratorError. Both sides ask one after the other: read once."""
        periods = self.published.periods()
        return lru_cache(maxsize=1)(lambda code: self.published.read(code, periods, self.instruments))

    def read_by(self, registry: Registry) -> _Read:
        """The same without results whose form this registry does not know."""
        find = registry.instruments.find
        return lambda code: [result for result in self.read(code) if find(result.instrument)]

    def kept(self, registry: Registry) -> Kept:
        """What a build with this registry would keep."""
        build = self.site.current
        before, kept = read_state(build), read_kept(build, registry) if build else None
        files = self.published.changed_since(before.results) if before and kept else None
        touched = self.published.names().keys() if files is None else {code for _, code in files}
        return renewed(kept if kept and files is not None else NOTHING_KEPT, registry, touched, self.read_by(registry))

    def words(self, side: Side, *, example: bool, stay: str = "") -> Words:
        """The written pages of a side, as a build kept them or, for this and for the next build, built now.

        Those of the revision `stay` are not forgotten for it.
        """
        how: dict[str, Any] = {"example": example, "builder": self.builder}
        revision = words_revision(side.words, side.registry.site, **how)
        if kept := kept_words(self.site.words, revision):
            return kept
        if side.site_src is None:
            raise NothingKept(self.site.words / revision)
        served = read_state(self.site.current)
        how["stay"] = (stay, served.revision if served else "")
        return words(side.site_src, side.registry.site, self.site.words, **how)


def differing(before: Side, after: Side, today: Today) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Addresses of the pages that are made, changed and removed.

    GeneratorError where results cannot be read or words not be built, NothingKept where words of that time are gone.
    """
    if before == after:
        return (), (), ()
    kept = today.kept(before.registry)
    alike = forms_of(before.registry) == forms_of(after.registry)
    anew = renewed(kept, after.registry, (), today.read) if alike else today.kept(after.registry)
    then = today.words(before, example=bool(kept.examples))
    now = today.words(after, example=bool(anew.examples), stay=then.revision)
    old, new = _planned(before, today, kept, then), _planned(after, today, anew, now)
    changed = [path for path, page in old.items() if path in new and _differs(page, new[path])]
    return _addresses(new.keys() - old.keys()), _addresses(changed), _addresses(old.keys() - new.keys())


def _differs(one: Page, other: Page) -> bool:
    """A digest covers more than its page shows, so what differs in no more than that is rendered twice."""
    return one.frame != other.frame or (one.digest != other.digest and one.render() != other.render())


def _planned(side: Side, today: Today, kept: Kept, written: Words) -> Mapping[str, Page]:
    registry = side.registry
    totals, example = Totals(registry, kept.rows, kept.sums), bool(kept.examples)
    read = today.read_by(registry)
    sources = Sources(registry, read, totals, written.shells, written.files, written.revision, example)
    return {page.path: page for page in (*(_copied(path, written.tree) for path in written.files), *plan(sources))}


def _copied(path: str, tree: Path) -> Page:
    """A file that the builder has finished."""
    digest = sha256((tree / path).read_bytes()).hexdigest()
    return Page(path, lambda: digest, lambda: digest)


def _addresses(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted("/" + path.removesuffix("index.html") for path in paths))
