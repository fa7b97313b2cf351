"""What organisations' pages are made from: of every unit its newest release, of every organisation the sum of its own.

Kept from build to build, so that another total never asks what nine thousand units once published. A unit's row holds
its newest release and the later or longer periods around it: no organisation shows a period before the newest of one
of its units, so none needs more.
"""

import pickle
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from generator.pages.data import latest_release, published
from skm.periods import Period
from skm.results import Result
from skm.roll_up import Part, RollUp, part_of, roll_up, together
from skm.units import Registry, Status

Row = Mapping[Period, Part]


@dataclass(frozen=True)
class Own:
    """The sum of the units directly under an organisation: its newest release, a part for each period of their rows.

    `units` are those it was made from, with whether each is active: where it differs, the sum has to be made again.
    """

    units: tuple[tuple[str, bool], ...]
    newest: Period | None
    parts: Row


@dataclass(frozen=True)
class Covered:
    """A period of an organisation: those of its units that have a release, and how many active ones are silent."""

    period: Period
    part: Part
    silent: int

    @property
    def reported(self) -> int:
        """Units that have a release."""
        return self.part.reported

    @property
    def expected(self) -> int:
        """Units that have reported or should."""
        return self.part.reported + self.silent

    @property
    def people(self) -> int:
        """Everybody in the released blocks."""
        return self.part.tally.n

    @property
    def example(self) -> bool:
        """True where any figure comes from simulated answers."""
        return self.part.example


def row_of(registry: Registry, results: Sequence[Result]) -> bytes:
    """A unit's row as it is kept: its newest release, period → part."""
    newest = latest_release(results, registry.site.period)
    shown = [r for r in results if newest and r.blocks and r.period.last_day >= newest.period.first_day]
    parts = {r.period: part_of(published(r, registry.instruments), active=True) for r in shown}
    return pickle.dumps((newest.period if newest else None, parts))


def units_of(node: str, registry: Registry) -> tuple[tuple[str, bool], ...]:
    """The units directly under an organisation, as `Own.units` has them."""
    return tuple((unit.code, unit.status is Status.ACTIVE) for unit in registry.units_of.get(node, ()))


def own_sum(node: str, registry: Registry, rows: Mapping[str, bytes]) -> Own:
    """The sum of the units directly under an organisation."""
    units = units_of(node, registry)
    found = [(active, *_read(rows[code])) for code, active in units if code in rows]
    parts: dict[Period, list[Part]] = {}
    for active, _, row in found:
        for period, part in row.items():
            parts.setdefault(period, []).append(part if part.active == active else replace(part, active=int(active)))
    newest = max((period for _, period, _ in found if period), default=None)
    return Own(units, newest, {period: together(some) for period, some in parts.items()})


@lru_cache(maxsize=1024)  # asked for the sum of an organisation, and again for its list of units
def _read(row: bytes) -> tuple[Period | None, Row]:
    found: tuple[Period | None, Row] = pickle.loads(row)
    return found


@dataclass(frozen=True)
class Totals:
    """Code → row as kept, organisation → sum of its own units; `registry` of today.

    What was asked is remembered, so a Totals is used for one build.
    """

    registry: Registry
    rows: Mapping[str, bytes]
    sums: Mapping[str, Own] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry, results: Mapping[str, Sequence[Result]]) -> "Totals":
        """Made from all results at once; code → newest period first."""
        rows = {code: row_of(registry, some) for code, some in results.items()}
        return cls(registry, rows, {node.id: own_sum(node.id, registry, rows) for node in registry.organisations})

    def lost(self) -> Collection[str]:
        """Codes with results that the registry does not list any more, sorted."""
        return sorted(self.rows.keys() - self.registry.unit_by_code.keys())

    def row(self, code: str) -> Row:
        """Period → part of a unit; empty where it has no release."""
        return _read(self.rows[code])[1] if code in self.rows else {}

    def newest(self, node: str | None) -> Period | None:
        """The newest period of the registry's length in which any unit below has a release; None: of all units."""
        if node not in self._newest:
            own = self.sums[node].newest if node is not None and node in self.sums else None
            below = (self.newest(child.id) for child in self.registry.children.get(node, ()))
            self._newest[node] = max((period for period in (own, *below) if period), default=None)
        return self._newest[node]

    def part(self, node: str | None, period: Period) -> Part:
        """The sum of all units below; None: of all units."""
        if (node, period) not in self._parts:
            own = self.sums[node].parts.get(period) if node is not None and node in self.sums else None
            below = [self.part(child.id, period) for child in self.registry.children.get(node, ())]
            found = [part for part in (own, *below) if part and part.reported]
            self._parts[node, period] = together(found)
        return self._parts[node, period]

    def covered(self, node: str | None, period: Period | None = None) -> Covered | None:
        """Of a period, or of the newest one; None before the first release."""
        period = period or self.newest(node)
        if period is None:
            return None
        part = self.part(node, period)
        return Covered(period, part, self.active(node) - part.active)

    def rolled(self, node: str, period: Period) -> RollUp:
        """The two figures of an organisation."""
        if (node, period) not in self._rolled:
            headline = self.registry.organisation_by_id[node].headline
            self._rolled[node, period] = roll_up(self.part(node, period), headline, self.registry.instruments)
        return self._rolled[node, period]

    def active(self, node: str | None) -> int:
        """How many units below take answers."""
        if node not in self._active:
            own = self.registry.units_of.get(node, ()) if node is not None else ()
            below = sum(self.active(child.id) for child in self.registry.children.get(node, ()))
            self._active[node] = sum(unit.status is Status.ACTIVE for unit in own) + below
        return self._active[node]

    @cached_property
    def _newest(self) -> dict[str | None, Period | None]:
        return {}

    @cached_property
    def _parts(self) -> dict[tuple[str | None, Period], Part]:
        return {}

    @cached_property
    def _rolled(self) -> dict[tuple[str, Period], RollUp]:
        return {}

    @cached_property
    def _active(self) -> dict[str | None, int]:
        return {}
