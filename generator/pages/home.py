"""The part of the home page that follows from registry and results: latest period, size, ways in."""

from generator.i18n import number, period_name
from generator.pages import bodies
from generator.totals import Totals
from skm.units import Registry, Status

_say = bodies.sayer("results")


def body(registry: Registry, totals: Totals) -> str:
    """What fills the home page between its written parts, as markup."""
    covered = totals.covered(None)
    active = sum(unit.status is Status.ACTIVE for unit in registry.units)
    latest = (
        _say(
            "home_latest",
            period=period_name(covered.period),
            reported=number(covered.reported),
            n=number(covered.people),
        )
        if covered
        else _say("nothing")
    )
    return bodies.render(
        "home.html",
        _say,
        find=bodies.sayer("finder"),
        backend=registry.site.backend,
        latest=latest,
        counts=_say("home_counts", units=number(active), organisations=number(len(registry.organisations))),
    )
