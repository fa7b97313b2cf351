"""Which pages an edit changes: the site as it is beside the site as it would be, both with the results of today.

Sums come from what the last build kept; results are read of those units only on whose pages they may stand otherwise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from generator.kept import NOTHING_KEPT, Kept, read_kept, renewed
from generator.plan import Page, Sources, plan
from generator.published import ResultsFolder
from generator.shell import FILLED_PAGES, SHELL_PAGES, frames_of
from generator.state import digest_of, forms_of, read_state
from generator.totals import Totals
from generator.write import SiteFolder
from skm.instrument import Instruments
from skm.results import Result
from skm.units import Registry

_DOCS, _INSTRUMENTS = "site_src/docs/", "site_src/instruments/"
_Read = Callable[[str], Sequence[Result]]


@dataclass(frozen=True)
class Side:
    """A registry and the written files of the same time (path → digest)."""

    registry: Registry
    words: Mapping[str, str]


@dataclass(frozen=True)
class Today:
    """What is published, read by `instruments`; the last build of `site` has kept the sums of most of it."""

    published: ResultsFolder
    instruments: Instruments
    site: SiteFolder

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


def differing(before: Side, after: Side, today: Today) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Addresses of the pages that are made, changed and removed; GeneratorError where results cannot be read."""
    if before == after:
        return (), (), ()
    kept = today.kept(before.registry)
    alike = forms_of(before.registry) == forms_of(after.registry)
    old = _planned(before, today, kept)
    new = _planned(after, today, renewed(kept, after.registry, (), today.read) if alike else today.kept(after.registry))
    changed = [path for path, page in old.items() if path in new and _differs(page, new[path])]
    return _addresses(new.keys() - old.keys()), _addresses(changed), _addresses(old.keys() - new.keys())


def _differs(one: Page, other: Page) -> bool:
    """A digest covers more than its page shows, so what differs in no more than that is rendered twice."""
    return one.frame != other.frame or (one.digest != other.digest and one.render() != other.render())


def _planned(side: Side, today: Today, kept: Kept) -> Mapping[str, Page]:
    registry = side.registry
    frames, copied = _words(side)
    totals, shells = Totals(registry, kept.rows, kept.sums), frames_of(frames)
    revision, read, example = digest_of(sorted(side.words.items())), today.read_by(registry), bool(kept.examples)
    sources = Sources(registry, read, totals, shells, tuple(sorted(copied)), revision, example)
    return {page.path: page for page in (*plan(sources), *(_as_page(*one) for one in copied.items()))}


def _as_page(path: str, digest: str) -> Page:
    return Page(path, lambda: digest, lambda: digest)


def _words(side: Side) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """What the builder makes of the words: page of `site_src` → name of its frame, and file of the site → its name.

    Every page follows from what is outside `docs` and from what the builder is told of the site.
    """
    site, words = side.registry.site, dict(side.words)
    docs = {path.removeprefix(_DOCS): words.pop(path) for path in side.words if path.startswith(_DOCS)}
    outside = [word for word in sorted(words.items()) if not word[0].startswith(_INSTRUMENTS)]
    around = digest_of(site.title, site.backend, outside)
    named = digest_of(around, site.url)  # every page but the one for a missing address names its own
    pages = {path.removesuffix(".md"): digest_of(named, text) for path, text in docs.items() if path.endswith(".md")}
    filled = {*SHELL_PAGES.values(), *FILLED_PAGES.values()}
    frames = {page: pages.pop(page, "") for page in filled}
    copied = {path: text for path, text in docs.items() if not path.endswith(".md")}
    copied |= {f"{page.removesuffix('index')}/index.html".replace("//", "/"): name for page, name in pages.items()}
    index = digest_of([text for path, text in sorted(docs.items()) if path.removesuffix(".md") in pages])
    return frames, copied | {"404.html": around, "search/search_index.json": index}


def _addresses(paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted("/" + path.removesuffix("index.html") for path in paths))
