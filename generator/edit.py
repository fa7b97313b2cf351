"""What an edit changes before it is made: the site as it is beside the site as it would be, with the same results."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from generator.pages import poster
from generator.plan import Page, Sources, plan
from generator.published import Results
from generator.shell import FILLED_PAGES, SHELL_PAGES, frames_of
from generator.state import digest_of
from generator.totals import Totals, own_sum, row_of
from skm.units import Organisation, Registry, Status, Unit

REMOVED = "removed"
NEW = "new"
_DOCS, _INSTRUMENTS = "site_src/docs/", "site_src/instruments/"


@dataclass(frozen=True)
class Side:
    """A registry and the written files of the same time (path → digest)."""

    registry: Registry
    words: Mapping[str, str]


@dataclass(frozen=True)
class Parts:
    """Things by name that an edit makes, changes and removes."""

    made: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An entry of the registry (`id` is its id or code) and the keys that differ."""

    id: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Entries:
    """Entries of the registry by id or code."""

    made: tuple[str, ...] = ()
    changed: tuple[Entry, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Poster:
    """A poster to print; `because` is `new`, or what is printed otherwise: `address` `name` `organisation` `language`.

    The third names the second language of the poster.
    """

    unit: str
    name: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Hanging:
    """A unit whose posters hang though it takes no answers; `status` is what became of it.

    `page` is what its code leads to: `successor` (`to`), `closed`, `gone` (its results are still there), or `missing`:
    404. `now` is the code of an entry of the same name and organisation that came with the edit.
    """

    unit: str
    name: str
    status: str
    page: str
    to: str | None = None
    now: str | None = None


@dataclass(frozen=True)
class Redirect:
    """A code that leads elsewhere than before: `before` and `after` are codes, None where it leads to a closed page."""

    unit: str
    status: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Series:
    """A unit whose figures are no longer comparable with the earlier ones: another form is asked from now on."""

    unit: str
    before: str
    after: str


@dataclass(frozen=True)
class Edit:
    """Everything that an edit changes; `site` are keys of the site's block, `words` are files of `site_src`."""

    site: tuple[str, ...]
    organisations: Entries
    units: Entries
    pages: Parts
    words: Parts
    posters: tuple[Poster, ...]
    hanging: tuple[Hanging, ...]
    redirects: tuple[Redirect, ...]
    series: tuple[Series, ...]

    @property
    def is_nothing(self) -> bool:
        """True where nobody would notice."""
        return not any((self.site, *_all(self.organisations), *_all(self.units), *_all(self.pages), *_all(self.words)))

    @property
    def orphans(self) -> tuple[Hanging, ...]:
        """Units that were deleted from the registry though their posters may hang: no entry is ever deleted."""
        return tuple(one for one in self.hanging if one.status == REMOVED)


def edit(then: Side, now: Side, results: Results) -> Edit:
    """What differs between two times, had both had these results."""
    before, after = then.registry, now.registry
    both = [(before.unit_by_code[u.code], u) for u in after.units if u.code in before.unit_by_code]
    return Edit(
        site=_differing(before.site, after.site),
        organisations=_entries(before.organisation_by_id, after.organisation_by_id),
        units=_entries(before.unit_by_code, after.unit_by_code),
        pages=_pages(then, now, results),
        words=_parts(then.words, now.words),
        posters=tuple(_posters(before, after)),
        hanging=tuple(_hanging(before, after, results)),
        redirects=tuple(_redirects(before, after, both)),
        series=tuple(_series(before, after, both)),
    )


def _all(found: Parts | Entries) -> tuple[object, ...]:
    return (found.made, found.changed, found.removed)


def _differing(one: object, other: object) -> tuple[str, ...]:
    names = (field.name for field in fields(one))  # type: ignore[arg-type]
    return tuple(name for name in names if getattr(one, name) != getattr(other, name))


def _parts(before: Mapping[str, object], after: Mapping[str, object]) -> Parts:
    return Parts(
        tuple(sorted(after.keys() - before.keys())),
        tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name])),
        tuple(sorted(before.keys() - after.keys())),
    )


def _entries(before: Mapping[str, Unit | Organisation], after: Mapping[str, Unit | Organisation]) -> Entries:
    found = _parts(before, after)
    changed = tuple(Entry(name, _differing(before[name], after[name])) for name in found.changed)
    return Entries(found.made, changed, found.removed)


def _pages(before: Side, after: Side, results: Results) -> Parts:
    """Addresses of pages. A digest covers more than its page shows, so what differs is rendered twice."""
    old, new = _planned(before, results), _planned(after, results)
    common = old.keys() & new.keys()
    changed = [p for p in common if old[p].digest != new[p].digest and old[p].render() != new[p].render()]
    return Parts(_addresses(new.keys() - old.keys()), _addresses(changed), _addresses(old.keys() - new.keys()))


def _planned(side: Side, results: Results) -> Mapping[str, Page]:
    registry = side.registry
    known = {code: [r for r in found if registry.instruments.find(r.instrument)] for code, found in results.items()}
    readable = {code: found for code, found in known.items() if found}
    example = any(result.example for found in results.values() for result in found)
    frames, copied = _words(side)
    revision = digest_of(sorted(side.words.items()))
    rows = {code: row_of(registry, found) for code, found in readable.items()}
    totals = Totals(registry, rows, {node.id: own_sum(node.id, registry, rows) for node in registry.organisations})
    shown, words = frames_of(frames), tuple(sorted(copied))
    sources = Sources(registry, lambda code: readable.get(code, ()), totals, shown, words, revision, example)
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


def _posters(before: Registry, after: Registry) -> Iterator[Poster]:
    for unit in after.units:
        if unit.status is not Status.ACTIVE:
            continue
        old = before.unit_by_code.get(unit.code)
        if old is None or old.status is not Status.ACTIVE:
            yield Poster(unit.code, unit.name, (NEW,))
        elif because := _differing(poster.printed(old, before), poster.printed(unit, after)):
            yield Poster(unit.code, unit.name, because)


def _hanging(before: Registry, after: Registry, results: Collection[str]) -> Iterator[Hanging]:
    made = {(u.name, u.organisation): u.code for u in after.units if u.code not in before.unit_by_code}
    for old in before.units:
        unit = after.unit_by_code.get(old.code)
        if unit is None and old.code not in after.retired:
            page = "gone" if old.code in results else "missing"
            yield Hanging(old.code, old.name, REMOVED, page, now=made.get((old.name, old.organisation)))
        elif unit and old.status is Status.ACTIVE and unit.status is not Status.ACTIVE:
            to = _leads_to(unit, after)
            yield Hanging(old.code, old.name, str(unit.status), "successor" if to else "closed", to)


def _redirects(before: Registry, after: Registry, both: Iterable[tuple[Unit, Unit]]) -> Iterator[Redirect]:
    for old, unit in both:
        led, leads = _leads_to(old, before), _leads_to(unit, after)
        if led != leads:
            yield Redirect(unit.code, str(unit.status), led, leads)


def _leads_to(unit: Unit, registry: Registry) -> str | None:
    """The code of the unit that is rated where this one's code is opened; None where the page says that it is closed.

    The same rule as the page's (`survey.closed_page`): a successor that is closed itself receives nothing.
    """
    receiver = registry.receiver(unit)
    return receiver.code if receiver.status is Status.ACTIVE else None


def _series(before: Registry, after: Registry, both: Iterable[tuple[Unit, Unit]]) -> Iterator[Series]:
    for old, unit in both:
        if unit.status is Status.ACTIVE and old.status is Status.ACTIVE:
            was, now = before.instrument(old).versi, after.instrument(unit).versi
            if was != now:
                yield Series(unit.code, was, now)
