"""What an edit changes before it is made: the site as it is beside the site as it would be, with the same results."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from generator.differing import Side, Today, differing
from generator.pages import poster
from skm.units import Organisation, Registry, Status, Unit

REMOVED = "removed"
NEW = "new"


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


def edit(then: Side, now: Side, today: Today) -> Edit:
    """What differs between two times, had both had these results."""
    before, after = then.registry, now.registry
    both = [(before.unit_by_code[u.code], u) for u in after.units if u.code in before.unit_by_code]
    return Edit(
        site=_differing(before.site, after.site),
        organisations=_entries(before.organisation_by_id, after.organisation_by_id),
        units=_entries(before.unit_by_code, after.unit_by_code),
        pages=Parts(*differing(then, now, today)),
        words=_parts(then.words, now.words),
        posters=tuple(_posters(before, after)),
        hanging=tuple(_hanging(before, after, today)),
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


def _posters(before: Registry, after: Registry) -> Iterator[Poster]:
    for unit in after.units:
        if unit.status is not Status.ACTIVE:
            continue
        old = before.unit_by_code.get(unit.code)
        if old is None or old.status is not Status.ACTIVE:
            yield Poster(unit.code, unit.name, (NEW,))
        elif because := _differing(poster.printed(old, before), poster.printed(unit, after)):
            yield Poster(unit.code, unit.name, because)


def _hanging(before: Registry, after: Registry, today: Today) -> Iterator[Hanging]:
    made = {(u.name, u.organisation): u.code for u in after.units if u.code not in before.unit_by_code}
    for old in before.units:
        unit = after.unit_by_code.get(old.code)
        if unit is None:
            page = "gone" if today.read(old.code) else "missing"
            if page == "gone" or old.code not in after.retired:  # who was answered was printed
                yield Hanging(old.code, old.name, REMOVED, page, now=made.get((old.name, old.organisation)))
        elif old.status is Status.ACTIVE and unit.status is not Status.ACTIVE:
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
        if unit.status is Status.ACTIVE:  # also one that was closed: its figures of before are still shown
            was, now = before.instrument(old).versi, after.instrument(unit).versi
            if was != now:
                yield Series(unit.code, was, now)
