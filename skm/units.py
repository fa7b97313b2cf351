"""Service units and the tree of organisations that run them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from skm.instrument import Biaya, Instrument, Instruments
from skm.periods import Period, PeriodKind

DEFAULT_INSTRUMENT = "permenpan-14-2017"


class Status(StrEnum):
    """The life of a unit; none is ever deleted (docs/interface.md, "Codes")."""

    ACTIVE = "active"
    CLOSED = "closed"
    MOVED = "moved"
    MERGED = "merged"


class Headline(StrEnum):
    """Which of its two figures an organisation is known by, named before the year: the only one with a mutu."""

    POOLED = "pooled"
    MEAN = "mean"


class Offline(StrEnum):
    """What phones keep of the site for a place without signal: opened survey pages, or nothing."""

    PAGES = "pages"
    NONE = "none"


@dataclass(frozen=True)
class ReleaseRule:
    """k = least number of people in a published block; grace = days a period stays open after its last day."""

    k: int = 10
    grace: int = 7


@dataclass(frozen=True)
class Retention:
    """How many whole years after the year of an answer it is kept: itself (`answers`), what was written in it (`text`).

    `schedule` names the archives' schedule (jadwal retensi arsip) that says so.
    """

    schedule: str
    answers: int
    text: int


@dataclass(frozen=True)
class Site:
    """What holds for the whole installation."""

    title: str
    url: str
    languages: tuple[str, ...] = ("id",)
    timezone: str = "Asia/Jakarta"
    period: PeriodKind = PeriodKind.QUARTER
    instrument: str = DEFAULT_INSTRUMENT
    release: ReleaseRule = field(default_factory=ReleaseRule)
    backend: str = ""
    offline: Offline = Offline.PAGES
    retention: Retention | None = None  # everything is kept


@dataclass(frozen=True)
class Organisation:
    """A node of the tree province → kabupaten/kota → perangkat daerah; `kode_wilayah` is Kemendagri's, a string."""

    id: str
    name: str
    parent: str | None = None
    kode_wilayah: str | None = None
    headline: Headline = Headline.POOLED


@dataclass(frozen=True)
class Unit:
    """A place where people are served and asked; `code` is permanent and opaque."""

    code: str
    name: str
    organisation: str
    languages: tuple[str, ...]
    services: tuple[str, ...] = ()
    biaya: Biaya = Biaya.OFFICIAL
    users_per_period: int | Mapping[str, int] | None = None
    address: str | None = None
    status: Status = Status.ACTIVE
    moved_to: str | None = None

    def users_in(self, period: Period) -> int | None:
        """N of the sample size for a period, where it is known."""
        users = self.users_per_period
        return users.get(str(period)) if isinstance(users, Mapping) else users

    def users_in_year(self, period: Period) -> int | None:
        """N of the whole year of a period, where that is what is known."""
        users = self.users_per_period
        return users.get(f"{period.year:04}") if isinstance(users, Mapping) else None


@dataclass(frozen=True)
class Registry:
    """Everything `units.yaml` says, checked: ids are unique, parents exist, the tree has no cycle.

    `instruments` are those that come with the program and the installation's own.
    """

    site: Site
    organisations: tuple[Organisation, ...]
    units: tuple[Unit, ...]
    retired: frozenset[str] = frozenset()
    instruments: Instruments = field(default=Instruments(), repr=False)

    def instrument(self, unit: Unit) -> Instrument:
        """The questionnaire that the unit shows today; SkmError where there is none of that id or way of asking."""
        if unit.biaya not in self._forms:
            self._forms[unit.biaya] = self.instruments.newest(self.site.instrument).with_biaya(unit.biaya)
        return self._forms[unit.biaya]

    @cached_property
    def _forms(self) -> dict[Biaya, Instrument]:
        return {}

    @cached_property
    def unit_by_code(self) -> Mapping[str, Unit]:
        """Code → unit."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def organisation_by_id(self) -> Mapping[str, Organisation]:
        """Id → organisation."""
        return {organisation.id: organisation for organisation in self.organisations}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[Organisation, ...]]:
        """Id → the organisations directly below, in registry order; None → the roots."""
        found: dict[str | None, list[Organisation]] = {}
        for organisation in self.organisations:
            found.setdefault(organisation.parent, []).append(organisation)
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def units_of(self) -> Mapping[str, tuple[Unit, ...]]:
        """Id → the units directly under the organisation, in registry order."""
        found: dict[str, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.organisation, []).append(unit)
        return {organisation: tuple(units) for organisation, units in found.items()}

    def units_below(self, organisation: str) -> Iterator[Unit]:
        """Every unit of the organisation and of those below it."""
        yield from self.units_of.get(organisation, ())
        for child in self.children.get(organisation, ()):
            yield from self.units_below(child.id)

    def path(self, organisation: str) -> tuple[Organisation, ...]:
        """The organisations from the root down to this one."""
        node: Organisation | None = self.organisation_by_id[organisation]
        found: list[Organisation] = []
        while node is not None:
            found.append(node)
            node = self.organisation_by_id[node.parent] if node.parent else None
        return tuple(reversed(found))

    def receiver(self, unit: Unit) -> Unit:
        """The unit that receives answers today: a moved or merged unit's successor, else itself."""
        while unit.moved_to is not None:
            unit = self.unit_by_code[unit.moved_to]
        return unit
