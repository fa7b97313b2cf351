"""`/hasil/`: the latest period in one sentence, and the organisations as a tree of links."""

from dataclasses import dataclass

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.pages.organisation import MAX_ROWS
from generator.totals import Covered, Totals
from skm.units import Organisation, Registry

_say = bodies.sayer("results")


@dataclass(frozen=True)
class Node:
    """An organisation of the tree: how many of its units have reported, and the organisations shown below it."""

    organisation: Organisation
    units: str
    below: tuple["Node", ...]


def body(registry: Registry, totals: Totals) -> str:
    """What fills the page below its heading, as markup."""
    covered = totals.covered(None)
    return bodies.render(
        "overview.html",
        _say,
        covered=covered,
        context=_context(covered) if covered else "",
        tree=tree(registry, totals),
    )


def _context(covered: Covered) -> str:
    return _say("overview_context", n=number(covered.people), period=period_name(covered.period))


def tree(registry: Registry, totals: Totals) -> tuple[Node, ...]:
    """The roots with the organisations directly below; the roots alone where that were more than 100 rows."""
    roots = registry.children.get(None, ())
    rows = len(roots) + sum(len(registry.children.get(root.id, ())) for root in roots)
    depth = 2 if rows <= MAX_ROWS else 1
    return tuple(_node(root, registry, totals, depth) for root in roots)


def _node(organisation: Organisation, registry: Registry, totals: Totals, depth: int) -> Node:
    whole = totals.covered(None)
    if whole and (there := totals.covered(organisation.id, whole.period)):
        words = _say("overview_units", part=number(there.reported), whole=number(there.expected))
    else:
        words = _say("overview_count", count=number(sum(1 for _ in registry.units_below(organisation.id))))
    children = registry.children.get(organisation.id, ()) if depth > 1 else ()
    return Node(organisation, words, tuple(_node(child, registry, totals, depth - 1) for child in children))
