"""What the parts of an instrument's file owe each other: unique keys, complete texts, ladders that are ladders.

Works on the plain values, so that one wrong key hides no other mistake. Values of a wrong type are passed over here;
`registry_shape` has named them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from generator.registry_findings import Entry, Finding, Spot
from skm.instrument import Instrument
from skm.responses import ATTRIBUTES, LANGUAGES, Form

# What a submission may carry beside the answers: no item may be called like it.
_RESERVED = Form(Instrument("", 1, {}, ())).fields()


def check_instrument(number: int, name: str, value: object, shipped: Collection[str]) -> Iterator[Finding]:
    """Every finding of the rules in the file called `name`, which is the registry's file `number`.

    `shipped` are the ids that belong to the program.
    """
    if not isinstance(value, dict):
        return
    whole = Entry(number, (), value)
    unsur = list(_below(whole, "unsur"))
    yield from _name(whole, name, shipped)
    for key in ("key", "rule", "form"):
        yield from _once((one, key) for one in unsur)
    yield from _item_keys(unsur)
    yield from _missing(whole, unsur)
    yield from _variants(whole, unsur)
    yield from _ladders(whole)


def _below(entry: Entry, key: str) -> Iterator[Entry]:
    found = entry.value.get(key)
    for place, value in enumerate(found if isinstance(found, list) else ()):
        if isinstance(value, dict):
            yield Entry(entry.file, (*entry.path, key, place), value)


def _name(whole: Entry, name: str, shipped: Collection[str]) -> Iterator[Finding]:
    identity, version = whole.text("id"), whole.value.get("version")
    if identity in shipped:
        yield Finding(whole.spot("id"), "instrument_shipped", {"value": str(identity)})
    expected = f"{identity}.{version}.json"
    if identity and isinstance(version, int) and name != expected:
        yield Finding(whole.spot("id"), "instrument_file", {"value": name, "expected": expected})


def _once(found: Iterable[tuple[Entry, str]]) -> Iterator[Finding]:
    """The later ones of those that are equal under their key."""
    first: dict[object, Spot] = {}
    for entry, key in found:
        value = entry.value.get(key)
        if not isinstance(value, str | int):
            continue
        spot = entry.spot(key)
        if value in first and first[value] != spot:
            yield Finding(spot, "repeated", {"value": str(value), "key": key}, first[value])
        first.setdefault(value, spot)


def _item_keys(unsur: Iterable[Entry]) -> Iterator[Finding]:
    """An unsur's first item may be called like the unsur; each further one needs a key of its own."""
    keyed = []
    for one in unsur:
        for place, item in enumerate(_below(one, "items")):
            if item.text("key") is None and place:
                yield Finding(Spot(item.file, item.path), "item_key_missing", {"key": one.text("key") or "…"})
            else:
                keyed.append(item if "key" in item.value else one)
    yield from _once((entry, "key") for entry in keyed)
    for entry in keyed:
        key = entry.text("key")
        if key is not None and (key in _RESERVED or key.startswith("alasan_")):
            yield Finding(entry.spot("key"), "item_key_reserved", {"value": key})


def _missing(whole: Entry, unsur: Sequence[Entry]) -> Iterator[Finding]:
    """A language that has any text has all of them, Indonesian always; only a draft may still be unfinished."""
    there = [(entry, key, entry.value[key]) for entry, key in _texts(whole, unsur) if _has_texts(entry, key)]
    drafts = whole.value.get("drafts")
    unfinished = [lang for lang in (drafts if isinstance(drafts, list) else ()) if isinstance(lang, str)]
    begun = {lang for _, _, text in there for lang in text}.difference(unfinished) | {"id"}
    for lang in (lang for lang in LANGUAGES if lang in begun):
        for entry, key, text in there:
            if lang not in text:
                yield Finding(entry.spot(key), "text_missing", {"key": key, "value": lang})


def _texts(whole: Entry, unsur: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
    yield whole, "title"
    yield from ((one, "name") for one in unsur)
    asked = [item for one in unsur for item in _below(one, "items")]
    variants = whole.value.get("variants")
    variant = variants.get("kesesuaian") if isinstance(variants, dict) else None
    if isinstance(variant, dict):
        asked.append(Entry(whole.file, ("variants", "kesesuaian"), variant))
    yield from ((entry, key) for entry in asked for key in ("question", "options"))


def _has_texts(entry: Entry, key: str) -> bool:
    return isinstance(entry.value.get(key), dict)


def _variants(whole: Entry, unsur: Iterable[Entry]) -> Iterator[Finding]:
    variants = whole.value.get("variants")
    if variants and isinstance(variants, dict) and all(one.text("key") != "biaya" for one in unsur):
        yield Finding(whole.spot("variants", on_key=True), "variant_unused")


def _ladders(whole: Entry) -> Iterator[Finding]:
    found = whole.value.get("ladders")
    for attribute, ladder in found.items() if isinstance(found, dict) else ():
        values = ATTRIBUTES.get(attribute)
        if values is None or not _is_ladder(ladder):
            continue
        before: list[set[str]] = []
        for place, rung in enumerate(ladder):
            spot = whole.spot("ladders", attribute, place)
            rows = [set(row) for row in rung]
            if sorted(value for row in rung for value in row) != sorted(values) or not all(rows):
                yield Finding(spot, "ladder_values", {"key": attribute, "choices": ", ".join(values)})
                break
            if before and (len(rows) >= len(before) or not all(any(old <= row for row in rows) for old in before)):
                yield Finding(spot, "ladder_coarser", {"key": attribute})
            before = rows


def _is_ladder(found: Any) -> bool:
    rungs = found if isinstance(found, list) else [None]
    rows = [row for rung in rungs for row in (rung if isinstance(rung, list) else [None])]
    return all(isinstance(row, list) and all(isinstance(value, str) for value in row) for row in rows)
