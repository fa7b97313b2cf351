"""`/hasil/`: the latest period in one sentence, and the organisations as a tree of links."""

from collections.abc import Set
from dataclasses import dataclass

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.pages.organisation import MAX_ROWS, Results, newest_period
from skm.roll_up import Coverage, coverage
from skm.units import Organisation, Registry

_say = bodies.sayer("results")


@dataclass(frozen=True)
class Node:
    """An organisation of the tree: how many of its units have reported, and the organisations shown below it."""

    organisation: Organisation
    units: str
    below: tuple["Node", ...]


def whole(registry: Registry, results: Results) -> Coverage | None:
    """The coverage of all units in the newest period with a release; None before the first."""
    period = newest_period(registry.units, results, registry.site.period)
    return coverage(registry.units, results, period) if period else None


def body(registry: Registry, results: Results) -> str:
    """What fills the page below its heading, as markup; `results`: code → what the unit has published, newest first."""
    covered = whole(registry, results)
    return bodies.render(
        "overview.html",
        _say,
        covered=covered,
        context=_context(covered) if covered else "",
        tree=tree(registry, covered),
    )


def _context(covered: Coverage) -> str:
    return _say("overview_context", n=number(covered.respondents), period=period_name(covered.period))


def tree(registry: Registry, covered: Coverage | None) -> tuple[Node, ...]:
    """The roots with the organisations directly below; the roots alone where that were more than 100 rows."""
    roots = registry.children.get(None, ())
    rows = len(roots) + sum(len(registry.children.get(root.id, ())) for root in roots)
    reported = covered.reported.keys() if covered else frozenset[str]()
    silent = frozenset(unit.code for unit in covered.silent) if covered else frozenset[str]()
    depth = 2 if rows <= MAX_ROWS else 1
    return tuple(_node(root, registry, reported, silent, depth) for root in roots)


def _node(organisation: Organisation, registry: Registry, reported: Set[str], silent: Set[str], depth: int) -> Node:
    codes = {unit.code for unit in registry.units_below(organisation.id)}
    part = len(codes & reported)
    expected = part + len(codes & silent)
    words = (
        _say("overview_units", part=number(part), whole=number(expected))
        if reported
        else _say("overview_count", count=number(len(codes)))
    )
    children = registry.children.get(organisation.id, ()) if depth > 1 else ()
    return Node(organisation, words, tuple(_node(child, registry, reported, silent, depth - 1) for child in children))
