"""What the entries of a registry owe each other and the site: unique codes, known organisations, its languages.

Works on the plain values, so that an entry with a wrong name still has its organisation checked. Values of a wrong
type are passed over here; `registry_shape` has named them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.registry_chains import successors, tree
from generator.registry_findings import Entry, Finding, Spot, entries, unknown
from generator.registry_problems import Suggestions
from skm.errors import SkmError
from skm.instrument import Biaya, Instrument, Instruments
from skm.periods import PeriodKind, parse_period
from skm.responses import LANGUAGES
from skm.units import DEFAULT_INSTRUMENT

_EXAMPLES = {
    PeriodKind.MONTH: "2026-11",
    PeriodKind.QUARTER: "2026-TW4",
    PeriodKind.HALF_YEAR: "2026-S2",
    PeriodKind.YEAR: "2026",
}


def check(
    files: Sequence[object], all_read: bool, instruments: Instruments, unread: Collection[str]
) -> Iterator[Finding]:
    """Every finding of the rules; the first file is `units.yaml`.

    `all_read` False: a file could not be read, so that nothing is said about names that may be in it. `unread` are the
    ids of instruments that have mistakes of their own.
    """
    organisations = list(entries(files, "organisations"))
    units = list(entries(files, "units"))
    root = files[0] if isinstance(files[0], dict) else {}
    site = root.get("site")
    site = site if isinstance(site, dict) else {}
    retired = _retired(root)
    yield from _duplicates(organisations, "id", "duplicate_id")
    yield from _duplicates(units, "code", "duplicate_code")
    yield from _retired_rules(root, retired, units)
    yield from tree(organisations, all_read)
    if all_read:
        suggestions = Suggestions()
        ids = {text: None for entry in organisations if (text := entry.text("id")) is not None}
        for unit in units:
            yield from unknown(unit, "organisation", ids, "unknown_organisation", suggestions)
    yield from successors(units, all_read)
    form = _instrument(site, instruments)
    if form is None:
        yield from _unknown_instrument(site, instruments, unread)
    yield from _languages(Spot(0, ("site", "languages")), site.get("languages"), form)
    for unit in units:
        yield from _repeats(unit, "services")
        yield from _biaya(unit, form)
        yield from _languages(unit.spot("languages"), unit.value.get("languages"), form)
        yield from _users(unit, site)


def _duplicates(entries: Iterable[Entry], key: str, finding: str) -> Iterator[Finding]:
    # In lower case, as both are to be written: mending the letters of a code must not uncover that it was taken.
    first: dict[str, Spot] = {}
    for entry in entries:
        text = entry.text(key)
        if text is None:
            continue
        spot, lower = entry.spot(key), text.lower()
        if lower in first:
            yield Finding(spot, finding, {"value": text}, first[lower])
        first.setdefault(lower, spot)


def _retired(root: Mapping[str, Any]) -> dict[str, Spot]:
    found = root.get("retired")
    spots: dict[str, Spot] = {}
    for place, code in enumerate(found if isinstance(found, list) else ()):
        if isinstance(code, str):
            spots.setdefault(code, Spot(0, ("retired", place)))
    return spots


def _retired_rules(root: Mapping[str, Any], retired: Mapping[str, Spot], units: Iterable[Entry]) -> Iterator[Finding]:
    found = root.get("retired")
    for place, code in enumerate(found if isinstance(found, list) else ()):
        spot = Spot(0, ("retired", place))
        if isinstance(code, str) and retired[code] != spot:
            yield Finding(spot, "duplicate_retired", {"value": code}, retired[code])
    for unit in units:
        code = unit.text("code")
        if code is not None and code in retired:
            yield Finding(unit.spot("code"), "retired_code", {"value": code}, retired[code])


def _repeats(entry: Entry, key: str) -> Iterator[Finding]:
    found = entry.value.get(key)
    first: dict[str, Spot] = {}
    for place, text in enumerate(found if isinstance(found, list) else ()):
        if not isinstance(text, str):
            continue
        spot = entry.spot(key, place)
        name = text.casefold()
        if name in first:
            yield Finding(spot, "repeated", {"value": text, "key": key}, first[name])
        first.setdefault(name, spot)


def _instrument(site: Mapping[str, Any], instruments: Instruments) -> Instrument | None:
    name = site.get("instrument", DEFAULT_INSTRUMENT)
    return instruments.newest(name) if name in instruments.ids() else None


def _unknown_instrument(
    site: Mapping[str, Any], instruments: Instruments, unread: Collection[str]
) -> Iterator[Finding]:
    name, known = site.get("instrument"), instruments.ids()
    if isinstance(name, str) and name not in unread:
        params = {"key": "instrument", "value": name, "choices": ", ".join(known), **Suggestions().near(name, known)}
        yield Finding(Spot(0, ("site", "instrument")), "choice", params)


def _biaya(unit: Entry, form: Instrument | None) -> Iterator[Finding]:
    found = unit.text("biaya")
    if form is None or found not in list(Biaya):
        return
    try:
        form.with_biaya(Biaya(found))
    except SkmError:
        yield Finding(unit.spot("biaya"), "biaya_variant", {"value": str(found), "instrument": form.id})


def _languages(spot: Spot, found: object, form: Instrument | None) -> Iterator[Finding]:
    if not isinstance(found, list):
        return
    complete = form.languages() if form else frozenset(LANGUAGES)
    first: dict[str, Spot] = {}
    for place, language in enumerate(found):
        if language not in LANGUAGES:
            continue
        here = Spot(spot.file, (*spot.path, place))
        if language in first:
            yield Finding(here, "repeated", {"value": language, "key": "languages"}, first[language])
        elif form and language not in complete:
            params = {"value": language, "instrument": form.id, "complete": ", ".join(sorted(complete, reverse=True))}
            yield Finding(here, "language_incomplete", params)
        first.setdefault(language, here)


def _users(unit: Entry, site: Mapping[str, Any]) -> Iterator[Finding]:
    users = unit.value.get("users_per_period")
    kind = site.get("period", PeriodKind.QUARTER.value)
    for text in users if isinstance(users, dict) else ():
        if finding := _period_fault(text, kind):
            params = {"value": text, "kind": str(kind), "example": _example(kind)}
            yield Finding(unit.spot("users_per_period", text, on_key=True), finding, params)


def _period_fault(text: str, kind: object) -> str | None:
    try:
        period = parse_period(text)
    except SkmError:
        return "period_form"
    if str(period) != text:  # digits of another script
        return "period_form"
    allowed = (kind, PeriodKind.YEAR)  # N of the year gives each of its periods a quota
    return "period_kind" if kind in list(PeriodKind) and period.kind not in allowed else None


def _example(kind: object) -> str:
    return next((example for known_kind, example in _EXAMPLES.items() if known_kind == kind), "2026-TW4")
