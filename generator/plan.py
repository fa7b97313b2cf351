"""The list of files that the site should have, as values: what each is made from, and how."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from html import escape

from generator.pages import (
    data,
    finder,
    home,
    message,
    organisation,
    overview,
    poster,
    results,
    sitemap,
    survey,
    worker,
)
from generator.shell import Shells
from generator.stamp import Stamp
from generator.state import base_of, digest_of, forms_of
from generator.totals import Totals
from skm.results import Result
from skm.units import Organisation, Registry, Status, Unit

ALL = "*"


@dataclass(frozen=True)
class Page:
    """A file of the site: `name` gives the digest of what its bytes follow from, `render` makes them.

    The digest leaves out the program, results, and the `frame` that the page is stamped into, if any. `shows` says
    whose results stand on it: a unit's code, an organisation's id after a slash, ALL, or nobody's ("").
    """

    path: str
    name: Callable[[], str]  # where only results are new, nobody asks: it takes the whole registry
    render: Callable[[], str]
    shows: str = ""
    frame: Stamp | None = None

    @property
    def digest(self) -> str:
        """As the manifest has it."""
        return self.name()


@dataclass(frozen=True)
class Sources:
    """What a site is made from; `revision` names the program and the words, which every page depends on.

    `results` reads a unit's, newest period first; `totals` are those of organisations.
    """

    registry: Registry
    results: Callable[[str], Sequence[Result]]
    totals: Totals
    shells: Shells
    words: tuple[str, ...]
    revision: str
    example: bool

    @cached_property
    def base(self) -> str:
        """Names what every page follows from."""
        return base_of(self.registry, self.revision, self.example)

    @cached_property
    def forms(self) -> str:
        """Names what figures follow from beside results."""
        return forms_of(self.registry)

    def named(self) -> str:
        """The base, for pages that are named when asked."""
        return self.base

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Code → what names everything that the registry says of the unit and of the organisations above it."""
        paths = {node.id: digest_of(self.registry.path(node.id)) for node in self.registry.organisations}
        return {unit.code: self._digest_of_unit(unit, paths[unit.organisation]) for unit in self.registry.units}

    def _digest_of_unit(self, unit: Unit, path: str) -> str:
        receiver = self.registry.receiver(unit)
        return digest_of(path, unit, receiver if receiver is not unit else None)

    @cached_property
    def below(self) -> dict[str, str]:
        """Organisation → what names it and everything below it."""
        found: dict[str, str] = {}
        for root in self.registry.children.get(None, ()):
            self._name_below(root, found)
        return found

    def _name_below(self, node: Organisation, found: dict[str, str]) -> str:
        below = [self._name_below(child, found) for child in self.registry.children.get(node.id, ())]
        own = [self.units[unit.code] for unit in self.registry.units_of.get(node.id, ())]
        found[node.id] = digest_of(self.base, node, below, own)
        return found[node.id]


def plan(sources: Sources) -> Iterator[Page]:
    """Every generated file, units first."""
    for unit in sources.registry.units:
        yield from unit_pages(unit, sources)
    yield from other_pages(sources)


def pages_showing(codes: Collection[str], sources: Sources) -> Iterator[Page]:
    """The files on which results of these units stand."""
    registry = sources.registry
    nodes = {node.id for code in codes for node in registry.path(registry.unit_by_code[code].organisation)}
    for code in sorted(codes):
        yield from (page for page in unit_pages(registry.unit_by_code[code], sources) if page.shows)
    for node in registry.organisations:
        if node.id in nodes:
            yield from (page for page in _organisation_pages(node, sources) if page.shows)
    yield from (page for page in _site_pages(sources) if page.shows)


def unit_pages(unit: Unit, sources: Sources) -> Iterator[Page]:
    """The files of a unit."""

    site, frame = sources.registry.site, sources.shells.unit

    def identity() -> str:
        return digest_of(sources.base, sources.units[unit.code])

    # Figures say nothing else of the site's block: to render them thousands of results would be read.
    def shown() -> str:
        return digest_of(sources.forms, site.release, sources.units[unit.code])

    def figures() -> str:
        return digest_of(sources.forms, unit)

    for lang in survey.survey_languages(unit, sources.registry):
        path = f"s/{unit.code}/index.html" if lang == "id" else f"s/{unit.code}/{lang}/index.html"
        yield Page(path, identity, partial(_survey, unit, sources, lang))
    yield Page(f"hasil/{unit.code}/index.html", shown, partial(_results, unit, sources), unit.code, frame)
    yield Page(f"hasil/{unit.code}/data.json", figures, partial(_data, unit, sources), unit.code)
    yield Page(f"poster/{unit.code}/index.html", identity, partial(_poster, unit, sources))


def other_pages(sources: Sources) -> Iterator[Page]:
    """Every file that is not a unit's."""
    yield from _lost_pages(sources)
    for node in sources.registry.organisations:
        yield from _organisation_pages(node, sources)
    yield from _site_pages(sources)


def _lost_pages(sources: Sources) -> Iterator[Page]:
    """Codes that have results and are no longer in the registry: printed once, so they still lead to a page."""
    for code in sources.totals.lost():
        for path in (f"s/{code}/index.html", f"hasil/{code}/index.html"):
            yield Page(path, sources.named, partial(message.message_page, "gone", "id", sources.registry.site))


def _survey(unit: Unit, sources: Sources, lang: str) -> str:
    if unit.status is not Status.ACTIVE:
        return survey.closed_page(unit, sources.registry, lang, example=sources.example)
    return survey.stamped_survey(unit, sources.registry, lang, example=sources.example)


def _poster(unit: Unit, sources: Sources) -> str:
    if unit.status is not Status.ACTIVE:  # nobody hangs up a code that leads nowhere
        return survey.closed_page(unit, sources.registry, "id", example=sources.example)
    return poster.poster_page(unit, sources.registry, example=sources.example)


def _results(unit: Unit, sources: Sources) -> str:
    found = sources.results(unit.code)
    return _stamped(
        sources.shells.unit,
        title=results.title(unit),
        description=results.description(unit, sources.registry, found),
        body=results.body(unit, sources.registry, found),
        path=f"hasil/{unit.code}/",
    )


def _data(unit: Unit, sources: Sources) -> str:
    registry = sources.registry
    return data.encode(data.unit_data(unit, registry.site.period, registry.instruments, sources.results(unit.code)))


def _stamped(shell: Stamp, *, title: str, description: str, body: str, path: str) -> str:
    """A shell filled; title and description come as text, the body as finished markup."""
    return shell.fill(title=escape(title), description=escape(description), body=body, path=path)


def _organisation_pages(node: Organisation, sources: Sources) -> Iterator[Page]:
    registry, shells = sources.registry, sources.shells

    def identity() -> str:
        return digest_of(registry.path(node.id), sources.below[node.id])

    own = partial(_organisation, node, sources)
    yield Page(f"hasil/org/{node.id}/index.html", identity, own, f"/{node.id}", shells.organisation)
    for page in range(1, finder.pages(node, registry) + 1):
        path = finder.address(node, page).strip("/")
        browse = partial(_browse, node, page, f"{path}/", sources)
        yield Page(f"{path}/index.html", identity, browse, frame=shells.finder)


def _organisation(node: Organisation, sources: Sources) -> str:
    return _stamped(
        sources.shells.organisation,
        title=organisation.title(node),
        description=organisation.description(node, sources.totals),
        body=organisation.body(node, sources.registry, sources.totals),
        path=f"hasil/org/{node.id}/",
    )


def _browse(node: Organisation, page: int, path: str, sources: Sources) -> str:
    title = finder.title(node)
    return _stamped(
        sources.shells.finder,
        title=title,
        description=title,
        body=finder.browse(node, sources.registry, page),
        path=path,
    )


def _site_pages(sources: Sources) -> Iterator[Page]:
    registry, shells, base = sources.registry, sources.shells, sources.named

    def everything() -> str:
        return digest_of(sources.base, [sources.below[node.id] for node in registry.organisations])

    def order() -> str:
        return digest_of(everything(), tuple(unit.code for unit in registry.units))

    yield Page("index.html", everything, partial(_filled, shells.home, home.body, registry, sources.totals), ALL)
    overviewed = partial(_filled, shells.results, overview.body, registry, sources.totals)
    yield Page("hasil/index.html", everything, overviewed, ALL)
    yield Page("sw.js", base, partial(worker.worker, registry.site, sources.base))
    for path, kind in message.FRONT_PAGES.items():
        yield Page(path, base, partial(message.front_page, kind, registry.site, example=sources.example))
    yield Page("cari/index.html", everything, partial(_filled, shells.find, finder.body, registry))
    yield Page("cari/units.json", order, partial(finder.units_json, registry))
    yield Page("sitemap.xml", order, partial(sitemap.sitemap, registry, sources.words))
    yield Page("robots.txt", base, partial(sitemap.robots, registry.site))


def _filled(shell: Stamp, body: Callable[..., str], *values: object) -> str:
    return shell.fill(body=body(*values))


def manifest_text(pages: Mapping[str, str]) -> str:
    """The manifest as written: path → digest, sorted."""
    return json.dumps(pages, indent=0, sort_keys=True) + "\n"
