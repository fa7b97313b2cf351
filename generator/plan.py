"""The list of files that the site should have, as values: what each is made from, and how."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
from generator.published import Results
from generator.shell import Shells
from generator.stamp import Stamp
from skm.results import Result
from skm.units import Organisation, Registry, Status, Unit


@dataclass(frozen=True)
class Page:
    """A file of the site: `digest` names everything that its bytes follow from, `render` makes them."""

    path: str
    digest: str
    render: Callable[[], str]


@dataclass(frozen=True)
class Sources:
    """What a site is made from; `revision` names the program and the words, which every page depends on."""

    registry: Registry
    results: Results
    shells: Shells
    words: tuple[str, ...]
    revision: str
    example: bool


def digest_of(*values: object) -> str:
    """A name for values: equal values, equal name. Values are frozen dataclasses, strings, numbers, sequences."""
    return hashlib.sha256(repr(values).encode()).hexdigest()


def plan(sources: Sources) -> Iterator[Page]:
    """Every generated file, units first."""
    base = digest_of(sources.revision, sources.registry.site, sources.registry.instruments, sources.example)
    for unit in sources.registry.units:
        yield from _unit_pages(unit, sources, base)
    yield from _lost_pages(sources, base)
    for node in sources.registry.organisations:
        yield from _organisation_pages(node, sources, base)
    yield from _site_pages(sources, base)


def _unit_pages(unit: Unit, sources: Sources, base: str) -> Iterator[Page]:
    registry, found = sources.registry, sources.results.get(unit.code, ())
    identity = digest_of(base, unit, registry.path(unit.organisation), registry.receiver(unit))
    for lang in survey.survey_languages(unit, registry):
        path = f"s/{unit.code}/index.html" if lang == "id" else f"s/{unit.code}/{lang}/index.html"
        yield Page(path, digest_of(identity, lang), partial(_survey, unit, sources, lang))
    with_results = digest_of(identity, found)
    yield Page(f"hasil/{unit.code}/index.html", with_results, partial(_results, unit, found, sources))
    yield Page(f"hasil/{unit.code}/data.json", with_results, partial(_data, unit, found, registry))
    yield Page(f"poster/{unit.code}/index.html", identity, partial(_poster, unit, sources))


def _lost_pages(sources: Sources, base: str) -> Iterator[Page]:
    """Codes that have results and are no longer in the registry: printed once, so they still lead to a page."""
    for code in sorted(sources.results.keys() - sources.registry.unit_by_code.keys()):
        for path in (f"s/{code}/index.html", f"hasil/{code}/index.html"):
            yield Page(path, base, partial(message.message_page, "gone", "id", sources.registry.site))


def _survey(unit: Unit, sources: Sources, lang: str) -> str:
    if unit.status is not Status.ACTIVE:
        return survey.closed_page(unit, sources.registry, lang, example=sources.example)
    return survey.stamped_survey(unit, sources.registry, lang, example=sources.example)


def _poster(unit: Unit, sources: Sources) -> str:
    if unit.status is not Status.ACTIVE:  # nobody hangs up a code that leads nowhere
        return survey.closed_page(unit, sources.registry, "id", example=sources.example)
    return poster.poster_page(unit, sources.registry, example=sources.example)


def _results(unit: Unit, found: Sequence[Result], sources: Sources) -> str:
    return _stamped(
        sources.shells.unit,
        title=results.title(unit),
        description=results.description(unit, sources.registry, found),
        body=results.body(unit, sources.registry, found),
        path=f"hasil/{unit.code}/",
    )


def _data(unit: Unit, found: Sequence[Result], registry: Registry) -> str:
    return data.encode(data.unit_data(unit, registry, found))


def _stamped(shell: Stamp, *, title: str, description: str, body: str, path: str) -> str:
    """A shell filled; title and description come as text, the body as finished markup."""
    return shell.fill(title=escape(title), description=escape(description), body=body, path=path)


def _organisation_pages(node: Organisation, sources: Sources, base: str) -> Iterator[Page]:
    registry = sources.registry
    below = tuple(registry.units_below(node.id))
    found = {unit.code: sources.results[unit.code] for unit in below if unit.code in sources.results}
    identity = digest_of(base, registry.path(node.id), registry.children.get(node.id), below)
    yield Page(
        f"hasil/org/{node.id}/index.html",
        digest_of(identity, tuple(found.items())),
        partial(_organisation, node, found, sources),
    )
    for page in range(1, finder.pages(node, registry) + 1):
        path = finder.address(node, page).strip("/")
        yield Page(f"{path}/index.html", identity, partial(_browse, node, page, f"{path}/", sources))


def _organisation(node: Organisation, found: Mapping[str, Sequence[Result]], sources: Sources) -> str:
    return _stamped(
        sources.shells.organisation,
        title=organisation.title(node),
        description=organisation.description(node, sources.registry, found),
        body=organisation.body(node, sources.registry, found),
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


def _site_pages(sources: Sources, base: str) -> Iterator[Page]:
    registry, shells = sources.registry, sources.shells
    everything = digest_of(base, registry.organisations, registry.units)
    with_results = digest_of(everything, tuple(sorted(sources.results.items())))
    yield Page("index.html", with_results, partial(_filled, shells.home, home.body, registry, sources.results))
    yield Page(
        "hasil/index.html", with_results, partial(_filled, shells.results, overview.body, registry, sources.results)
    )
    yield Page("sw.js", base, partial(worker.worker, registry.site, base))
    for path, kind in message.FRONT_PAGES.items():
        yield Page(path, base, partial(message.front_page, kind, registry.site, example=sources.example))
    yield Page("cari/index.html", everything, partial(_filled, shells.find, finder.body, registry))
    yield Page("cari/units.json", everything, partial(finder.units_json, registry))
    yield Page("sitemap.xml", everything, partial(sitemap.sitemap, registry, sources.words))
    yield Page("robots.txt", base, partial(sitemap.robots, registry.site))


def _filled(shell: Stamp, body: Callable[..., str], *values: object) -> str:
    return shell.fill(body=body(*values))


def manifest_text(pages: Mapping[str, str]) -> str:
    """The manifest as written: path → digest, sorted."""
    return json.dumps(pages, indent=0, sort_keys=True) + "\n"
