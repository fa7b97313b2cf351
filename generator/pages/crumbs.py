"""The way to a page of results: the organisations above it, as links."""

from collections.abc import Iterable

from markupsafe import Markup

from generator.pages import bodies
from skm.units import Organisation

_say = bodies.sayer("results")


def above(path: Iterable[Organisation]) -> Markup:
    """The organisations from the root down, as items of the list in `crumbs` of results_macros.html."""
    crumb = "results_macros.html#crumb"
    return Markup("".join([bodies.stamped(crumb, _say, id=node.id, name=node.name) for node in path]))
