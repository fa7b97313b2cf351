"""A site brought up to date, or made anew.

A change of the words, of the program, or of most pages makes a fresh tree, in several processes; anything else replaces
the files it touches. Both give the same bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from generator.csp import policy
from generator.kept import KEPT, NOTHING_KEPT, Kept, forget_ahead, read_ahead, read_kept, renewed, results_of
from generator.mkdocs_build import Builder
from generator.pages import bodies, lean
from generator.plan import Page, Sources, manifest_text, other_pages, pages_showing, plan, unit_pages
from generator.progress import Progress, Stages, Summary
from generator.published import FileName, ResultsFolder, sorted_results
from generator.state import STATE, State, state_of
from generator.totals import Own, Totals, own_sum, row_of
from generator.words import Words, words
from generator.workers import in_chunks, meanwhile
from generator.write import SiteFolder, fresh_tree, older_trees, remove, replace_files, swap_in, write_files
from skm.results import Result
from skm.units import Organisation, Registry

_ASSETS = {"assets/sukma.css": ("material.css", "results.css"), "assets/cari.js": ("finder.js",)}
_FEW = 400  # pages that one process has written before another is ready


@dataclass(frozen=True)
class Build:
    """One run: what it is made from and where it goes; `named` is the registry's name (`generator.state`).

    `beside` are files that go beside the site as they are.
    """

    site_src: Path
    registry: Registry
    named: str
    published: ResultsFolder
    site: SiteFolder
    jobs: int
    builder: Builder
    progress: Progress | None
    clock: Stages
    before: State | None
    beside: Mapping[str, bytes]

    def words(self, example: bool) -> Words:
        served = (self.before.revision,) if self.before else ()
        how: dict[str, Any] = {"example": example, "builder": self.builder, "stay": served}
        return words(self.site_src, self.registry.site, self.site.words, **how)

    def sources(self, written: Words, example: bool, read: Callable[[str], Sequence[Result]], kept: Kept) -> Sources:
        totals = Totals(self.registry, kept.rows, kept.sums)
        return Sources(self.registry, read, totals, written.shells, written.files, written.revision, example)

    def state(self, sources: Sources, pages: int) -> State:
        return state_of(self.registry, self.named, self.published, sources.revision, sources.example, pages)

    def told(self, done: int, of: int) -> None:
        if self.progress:
            self.progress(done, of)


def make_ready(build: Path | None, registry: Registry) -> None:
    """Compile the templates of what results stand on, and read what the last build keeps."""
    bodies.compile_templates("results.html", "results_macros.html", "organisation.html", "home.html", "overview.html")
    if build:
        read_ahead(build, registry)


def updated(run: Build) -> Summary | None:
    """The build that is served, brought up to date; None where a fresh one is called for."""
    before = run.before
    files = run.published.changed_since(before.results) if before else None
    if before is None or files is None or run.site.current is None:
        return None
    written = run.words(before.example)
    touched = {code for _, code in files}
    sources = run.sources(written, before.example, _reader(run, files), NOTHING_KEPT)
    if (sources.revision, sources.base) != (before.revision, before.base):
        return None
    kept = read_kept(run.site.current, run.registry)
    if kept is None:
        return None
    kept = renewed(kept, run.registry, touched, sources.results)
    if bool(kept.examples) != before.example:
        return None
    return _replaced(run, replace(sources, totals=Totals(run.registry, kept.rows, kept.sums)), before, touched, kept)


def _replaced(run: Build, sources: Sources, before: State, touched: set[str], kept: Kept) -> Summary | None:
    state, current = run.state(sources, before.pages), run.site.current
    beside, removed = {**run.beside, KEPT: kept.dump(run.registry)}, list[str]()
    if state.registry == before.registry and touched <= run.registry.unit_by_code.keys():
        changed = list(pages_showing(touched, sources))
    else:
        earlier = run.site.manifest()
        if earlier is None or len(earlier) != before.pages:
            return None  # spoilt: a page that it does not name would stay for ever
        pages = [*plan(sources), *_asset_pages(sources.revision)]
        showing = _showing(touched, run.registry)
        changed = [page for page in pages if earlier.get(page.path) != page.digest or page.shows in showing]
        manifest = {page.path: page.digest for page in pages}
        removed = sorted(earlier.keys() - manifest.keys())
        state = replace(state, pages=len(manifest))
        beside["manifest.json"] = manifest_text(manifest).encode()
    run.clock.done("plan")
    if 2 * len(changed) > state.pages > _FEW or current is None:
        return None
    contents = dict(_rendered(changed, partial(run.told, of=len(changed))))
    run.clock.done("render")
    replace_files(current, contents, removed, beside | {STATE: state.dump()})
    run.clock.done("write")
    return Summary(len(changed), state.pages - len(changed), len(removed), False, run.clock.seconds)


def _showing(touched: Iterable[str], registry: Registry) -> set[str]:
    """What `Page.shows` says on pages where results of these units stand."""
    units = [registry.unit_by_code[code] for code in touched if code in registry.unit_by_code]
    nodes = {f"/{node.id}" for unit in units for node in registry.path(unit.organisation)}
    return {*(unit.code for unit in units), *nodes, *("*" for _ in units[:1])}


def _reader(run: Build, files: Iterable[FileName]) -> Callable[[str], Sequence[Result]]:
    """Reads what a unit has published: what changed from its file, the rest from what was built of it."""
    changed: dict[str, list[str]] = {}
    for period, code in files:
        changed.setdefault(code, []).append(period)
    remembered: dict[str, Sequence[Result]] = {}

    def read(code: str) -> Sequence[Result]:
        if code not in remembered:
            known = results_of(run.site.link / "hasil" / code / "data.json")
            if known is None:
                remembered[code] = run.published.read(code, run.published.periods(), run.registry.instruments)
            else:
                some = changed.get(code, ())
                new = run.published.read(code, some, run.registry.instruments)
                remembered[code] = sorted_results([*(r for r in known if str(r.period) not in some), *new])
        return remembered[code]

    return read


def made_anew(run: Build) -> Summary:
    """A fresh tree. Whether any result is an example is known once all are read: where it was guessed wrong, again."""
    forget_ahead()
    run.published.settle()
    example = run.before.example if run.before else False
    with meanwhile(partial(remove, older_trees(run.site))):
        summary = _fresh(run, example)
        return summary or _fresh(run, not example) or _never()


def _never() -> Summary:
    raise RuntimeError("results are examples and are not")


def _fresh(run: Build, example: bool) -> Summary | None:
    written = run.words(example)
    run.clock.done("words")
    tree, names = fresh_tree(run.site), run.published.names()

    @lru_cache(maxsize=1)  # several pages of a unit follow from them
    def read(code: str) -> Sequence[Result]:
        return run.published.read(code, names.get(code, ()), run.registry.instruments)

    sources = run.sources(written, example, read, NOTHING_KEPT)
    write_files(tree / "site", ((path, (written.tree / path).read_bytes()) for path in written.files))
    codes = [*(unit.code for unit in run.registry.units), *sorted(names.keys() - run.registry.unit_by_code.keys())]
    _ = sources.units  # named once, before the processes part
    lean.policy_hashes()  # and so are scripts and styles: their minifier does not live on in a forked process
    run.clock.done("read")
    pages, kept = _units(run, sources, tree / "site", codes)
    if bool(kept.examples) != example:
        remove([tree])
        return None
    run.clock.done("units")
    nodes = in_chunks(partial(_sums, run.registry, kept.rows), run.registry.organisations, run.jobs)
    kept = replace(kept, sums={node: own for some in nodes for node, own in some})
    sources = replace(sources, totals=Totals(run.registry, kept.rows, kept.sums))
    rest = [*other_pages(sources), *_asset_pages(sources.revision)]
    pages |= _write(tree / "site", rest)  # by one process: each would copy the whole registry for the half of a second
    run.told(len(pages), len(pages))
    run.clock.done("lists")
    beside = {
        **run.beside,
        "manifest.json": manifest_text(pages).encode(),
        "policy.txt": _policy(written, run.registry).encode(),
        STATE: run.state(sources, len(pages)).dump(),
        KEPT: kept.dump(run.registry),
    }
    removed = len((run.site.manifest() or {}).keys() - pages.keys())
    swap_in(run.site, tree, beside)
    run.clock.done("swap")
    return Summary(len(pages), 0, removed, True, run.clock.seconds)


def _units(run: Build, sources: Sources, site: Path, codes: Sequence[str]) -> tuple[dict[str, str], Kept]:
    """Write every unit's pages; path → digest, and what is to be kept of the units."""
    pages: dict[str, str] = {}
    rows: dict[str, bytes] = {}
    examples: set[str] = set()
    done = 0
    for some in in_chunks(partial(_write_units, sources, site), codes, run.jobs):
        for code, (row, example, written) in some.items():
            pages.update(written)
            if row:
                rows[code] = row
            if example:
                examples.add(code)
        done += len(some)
        run.told(done, len(codes) + 1)
    return pages, Kept(rows, {}, frozenset(examples))


def _write_units(
    sources: Sources, site: Path, codes: Sequence[str]
) -> dict[str, tuple[bytes | None, bool, dict[str, str]]]:
    """In one of the processes: code → its row, whether it is an example, its pages."""
    found = {}
    for code in codes:
        results, unit = sources.results(code), sources.registry.unit_by_code.get(code)
        pages = _write(site, list(unit_pages(unit, sources))) if unit else {}
        row = row_of(sources.registry, results) if results else None
        found[code] = row, any(result.example for result in results), pages
    return found


def _sums(registry: Registry, rows: Mapping[str, bytes], nodes: Sequence[Organisation]) -> list[tuple[str, Own]]:
    return [(node.id, own_sum(node.id, registry, rows)) for node in nodes]


def _write(site: Path, pages: Sequence[Page]) -> dict[str, str]:
    write_files(site, _rendered(pages))
    return {page.path: page.digest for page in pages}


def _rendered(pages: Sequence[Page], told: Callable[[int], None] | None = None) -> Iterator[tuple[str, bytes]]:
    for number, page in enumerate(pages, 1):
        yield page.path, page.render().encode()
        if told:
            told(number)


def _asset_pages(revision: str) -> Iterator[Page]:
    def joined(names: tuple[str, ...]) -> str:
        return "\n".join((files("generator") / "templates" / name).read_text(encoding="utf-8") for name in names)

    for path, names in _ASSETS.items():
        yield Page(path, lambda: revision, partial(joined, names))


def _policy(written: Words, registry: Registry) -> str:
    """One policy for all static pages: only the inline scripts and styles that this build itself wrote."""
    scripts, styles = lean.policy_hashes()
    shells = written.shells
    return policy(scripts | shells.policy_scripts, styles | shells.policy_styles, registry.site.backend)
