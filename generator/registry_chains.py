"""Names that lead to other names: an organisation to its parent, a moved unit to its successor.

Both must lead somewhere and never in a circle.
"""

from collections.abc import Iterator, Mapping, Sequence

from generator.registry_findings import Entry, Finding, by_text, unknown
from generator.registry_problems import Suggestions
from skm.units import Status

TREE_DEPTH = 12  # province to office needs 5
_NAMED_IN_CIRCLE = 8


def tree(organisations: Sequence[Entry], all_read: bool) -> Iterator[Finding]:
    """What is wrong with the parents."""
    by_id = by_text(organisations, "id")
    if all_read:
        near = Suggestions()
        for entry in organisations:
            yield from unknown(entry, "parent", by_id, "unknown_parent", near)
    above = {name: parent for name, entry in by_id.items() if (parent := entry.text("parent")) is not None}
    for circle in circles(above):
        yield Finding(by_id[circle[0]].spot("parent"), "parent_circle", {"circle": _arrows(circle)})
    for name, depth in depths(above).items():
        if depth == TREE_DEPTH + 1:
            yield Finding(by_id[name].spot("parent"), "tree_depth", {"value": name, "limit": str(TREE_DEPTH)})


def successors(units: Sequence[Entry], all_read: bool) -> Iterator[Finding]:
    """What is wrong with the status and successors of moved and merged units."""
    by_code = by_text(units, "code")
    near = Suggestions()
    for unit in units:
        status = unit.value.get("status", Status.ACTIVE.value)
        gone = status in (Status.MOVED, Status.MERGED)
        if gone and "moved_to" not in unit.value:
            yield Finding(unit.spot("status"), "successor_missing", {"status": status})
        if not gone and "moved_to" in unit.value and status in list(Status):
            yield Finding(unit.spot("moved_to", on_key=True), "successor_unwanted", {"status": status})
        if all_read:
            yield from unknown(unit, "moved_to", by_code, "unknown_successor", near)
    after = {code: successor for code, unit in by_code.items() if (successor := unit.text("moved_to")) is not None}
    for circle in circles(after):
        yield Finding(by_code[circle[0]].spot("moved_to"), "successor_circle", {"circle": _arrows(circle)})


def circles(after: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """Every circle of a map from a name to the next one, from its first name in the map's order."""
    done: set[str] = set()
    for start in after:
        way: dict[str, int] = {}
        name = start
        while name in after and name not in done and name not in way:
            way[name] = len(way)
            name = after[name]
        if name in way:
            yield tuple(way)[way[name] :]
        done.update(way)


def depths(above: Mapping[str, str]) -> dict[str, int]:
    """How many names stand above each one; names in a circle, or under one, have no depth."""
    found: dict[str, int] = {}
    hopeless: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        name = start
        while name in above and name not in found and name not in hopeless and name not in way:
            way[name] = None
            name = above[name]
        if name in way or name in hopeless:
            hopeless.update(way)
            continue
        depth = found.get(name, 0)
        for passed in reversed(way):
            depth += 1
            found[passed] = depth
    return found


def _arrows(circle: Sequence[str]) -> str:
    shown = circle if len(circle) <= _NAMED_IN_CIRCLE else (*circle[:_NAMED_IN_CIRCLE], "…")
    return " → ".join((*shown, circle[0]))
