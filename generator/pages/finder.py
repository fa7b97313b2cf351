"""Finding a unit: by the code on its poster, by searching, or by walking the tree of organisations without script."""

from generator.pages import bodies
from skm import canonical
from skm.units import Organisation, Registry, Unit

MAX_ROWS = 100
_say = bodies.sayer("finder")


def title(organisation: Organisation) -> str:
    """The title of the page that lists an organisation, as text."""
    return _say("title_of", name=organisation.name)


def body(registry: Registry) -> str:
    """What fills `/cari/` below its heading, as markup: code, search, organisations at the top or below an only one."""
    roots = registry.children.get(None, ())
    top = roots[0] if len(roots) == 1 and pages(roots[0], registry) == 1 else None
    return bodies.render(
        "finder.html",
        _say,
        path=(),
        backend=registry.site.backend,
        organisations=_counted(registry.children.get(top.id, ()) if top else roots, registry),
        units=registry.units_of.get(top.id, ()) if top else (),
        pages=(),
        page=1,
    )


def address(organisation: Organisation, page: int = 1) -> str:
    """Where a page of an organisation's list is. A dot is in no id, and keeps the depth the shell was built for."""
    return f"/cari/{organisation.id}/" if page == 1 else f"/cari/{organisation.id}.{page}/"


def pages(organisation: Organisation, registry: Registry) -> int:
    """How many pages of at most 100 rows the list of an organisation takes, at least one."""
    return max(-(-len(_entries(organisation, registry)) // MAX_ROWS), 1)


def browse(organisation: Organisation, registry: Registry, page: int = 1) -> str:
    """The middle of a list page as markup: organisations directly below, then the units, page by page from 1."""
    rows = _entries(organisation, registry)[(page - 1) * MAX_ROWS : page * MAX_ROWS]
    return bodies.render(
        "finder.html",
        _say,
        path=registry.path(organisation.id),
        organisations=_counted(tuple(row for row in rows if isinstance(row, Organisation)), registry),
        units=tuple(row for row in rows if isinstance(row, Unit)),
        pages=tuple(address(organisation, number + 1) for number in range(pages(organisation, registry))),
        page=page,
    )


def _entries(organisation: Organisation, registry: Registry) -> tuple[Organisation | Unit, ...]:
    return *registry.children.get(organisation.id, ()), *registry.units_of.get(organisation.id, ())


def _counted(organisations: tuple[Organisation, ...], registry: Registry) -> tuple[tuple[Organisation, int], ...]:
    return tuple((node, sum(1 for _ in registry.units_below(node.id))) for node in organisations)


def units_json(registry: Registry) -> str:
    """`/cari/units.json`: what the search box searches, in registry order."""
    return canonical.encode(
        [
            {
                "code": unit.code,
                "name": unit.name,
                "organisation": registry.organisation_by_id[unit.organisation].name,
                "status": unit.status.value,
            }
            for unit in registry.units
        ]
    )
