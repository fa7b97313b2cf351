"""The questionnaire as a value: unsur, items, wordings. An instrument is versioned data, never code."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from skm.errors import SkmError

SCALE = (1, 2, 3, 4)  # worst first, as the regulation prints it

# Ways of grouping an attribute's values for a breakdown, the finest first: rungs of rows of values.
Ladder = tuple[tuple[tuple[str, ...], ...], ...]
Texts = Mapping[str, str]  # language → text


class Biaya(StrEnum):
    """How a unit asks for the unsur *biaya*: official wording, kesesuaian wording, or not at all (free by law)."""

    OFFICIAL = "official"
    KESESUAIAN = "kesesuaian"
    NONE = "none"


@dataclass(frozen=True)
class Item:
    """One question; `options[lang]` holds the four words for the values 1, 2, 3, 4."""

    key: str
    question: Texts
    options: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Unsur:
    """One element of service: `rule` is its number in the rule (U8), `form` its place on the form (9)."""

    key: str
    rule: str
    form: int
    name: Texts
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Instrument:
    """A questionnaire version, its unsur in the rule's order.

    `short` names its index ("Nilai SKM"). `variants` are other wordings of *biaya*; `ladders` group respondents'
    attributes; the texts of the languages in `drafts` still wait for a native writer. `source` says where it is from.
    """

    id: str
    version: int
    title: Texts
    unsur: tuple[Unsur, ...]
    variants: Mapping[Biaya, Item] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    drafts: tuple[str, ...] = ()
    short: str = "SKM"
    source: str = ""
    biaya: Biaya = Biaya.OFFICIAL

    def __hash__(self) -> int:  # the texts are mappings, which have none
        return hash(self.versi)

    @property
    def versi(self) -> str:
        """Names the form that was shown, so that an answer that waited offline is read by its own questions.

        Figures under one `versi` are a series; where it changes, the series breaks (docs/instruments.md).
        """
        return f"{self.id}.{self.version}.{self.biaya}"

    @property
    def asks_biaya(self) -> bool:
        """True where *biaya* is one of its unsur."""
        return any(unsur.key == "biaya" for unsur in self.unsur)

    def items(self) -> tuple[Item, ...]:
        """The questions in the form's order, which is not the rule's (unsur 8 and 9 change places)."""
        return self._items

    @cached_property
    def _items(self) -> tuple[Item, ...]:
        return tuple(item for unsur in sorted(self.unsur, key=lambda unsur: unsur.form) for item in unsur.items)

    def forms(self) -> Iterator["Instrument"]:
        """The questionnaire in each of its ways of asking for *biaya*; itself alone where it does not ask."""
        yield self
        if self.biaya is Biaya.OFFICIAL and self.asks_biaya:
            yield from (self.with_biaya(biaya) for biaya in self.variants)
            if len(self.unsur) > 1:
                yield self.with_biaya(Biaya.NONE)

    def with_biaya(self, biaya: Biaya) -> "Instrument":
        """The questionnaire as a unit with this way of asking for *biaya* shows it; SkmError where it has none.

        A questionnaire without that unsur is the same for every unit.
        """
        if biaya is self.biaya or (self.biaya is Biaya.OFFICIAL and not self.asks_biaya):
            return self
        if self.biaya is not Biaya.OFFICIAL or (biaya is not Biaya.NONE and biaya not in self.variants):
            raise SkmError(f"instrument {self.id} has no variant of biaya called {biaya}")
        kept = (unsur for unsur in self.unsur if unsur.key != "biaya" or biaya is not Biaya.NONE)
        unsur = tuple(replace(u, items=(self.variants[biaya],)) if u.key == "biaya" else u for u in kept)
        if not unsur:
            raise SkmError(f"instrument {self.id} asks for nothing but biaya")
        return replace(self, unsur=unsur, biaya=biaya)

    def languages(self) -> frozenset[str]:
        """The languages in which every text is there, the variants' texts too."""
        return frozenset.intersection(*(frozenset(text) for _, text in self._texts()))

    def missing(self, lang: str) -> tuple[str, ...]:
        """The places, as in the file, where a text in this language is missing; none for a complete language."""
        return tuple(f"{place}.{lang}" for place, text in self._texts() if lang not in text)

    def asked(self, lang: str) -> tuple[object, ...]:
        """Everything that makes an answer in this language mean what it means: what is asked, in which words and order.

        Two instruments of one id and version that differ in it are an error: a changed wording is a new version.
        """
        shape = tuple((u.key, u.rule, u.form, tuple(item.key for item in u.items)) for u in self.unsur)
        words = tuple((place, text[lang]) for place, text in self._texts() if lang in text)
        return (shape, words)

    def _texts(self) -> Iterator[tuple[str, Mapping[str, object]]]:
        yield "title", self.title
        for number, unsur in enumerate(self.unsur):
            yield f"unsur[{number}].name", unsur.name
            for place, item in enumerate(unsur.items):
                yield f"unsur[{number}].items[{place}].question", item.question
                yield f"unsur[{number}].items[{place}].options", item.options
        for biaya, item in self.variants.items():
            yield f"variants.{biaya}.question", item.question
            yield f"variants.{biaya}.options", item.options


@dataclass(frozen=True)
class Instruments:
    """The questionnaires an installation knows, every version of each.

    `kept` are those whose files are gone: no form shows them, but answers and results are still read by them.
    """

    known: tuple[Instrument, ...] = ()
    kept: tuple[Instrument, ...] = ()

    def ids(self) -> tuple[str, ...]:
        """Every id once, sorted."""
        return tuple(sorted({one.id for one in self.known}))

    def newest(self, instrument_id: str) -> Instrument:
        """The newest version, which forms show; SkmError where there is none."""
        found = [one for one in self.known if one.id == instrument_id]
        if not found:
            raise SkmError(f"there is no instrument {instrument_id!r}")
        return max(found, key=lambda one: one.version)

    def of_versi(self, versi: str) -> Instrument:
        """The form that a result or an answer names; SkmError where it was never shipped, installed or kept."""
        try:
            return self._form_of_versi[versi]
        except KeyError:
            raise SkmError(f"{versi!r} names no form of this installation; put its file back") from None

    def find(self, versi: str) -> Instrument | None:
        """The same; None where there is no such form."""
        return self._form_of_versi.get(versi)

    @cached_property
    def _form_of_versi(self) -> Mapping[str, Instrument]:
        return {form.versi: form for one in (*self.kept, *self.known) for form in one.forms()}

    def with_own(self, own: Iterable[Instrument]) -> "Instruments":
        """These and an installation's own."""
        return replace(self, known=(*self.known, *own))

    def with_kept(self, shown: Iterable[Instrument]) -> "Instruments":
        """These, and of those that were once shown the ones that are gone."""
        there = {(one.id, one.version) for one in (*self.known, *self.kept)}
        return replace(self, kept=(*self.kept, *(one for one in shown if (one.id, one.version) not in there)))


def _item(key: str, data: Mapping[str, Any]) -> Item:
    options = {lang: tuple(words) for lang, words in data["options"].items()}
    if any(len(words) != len(SCALE) for words in options.values()):
        raise SkmError(f"item {key}: every language needs {len(SCALE)} options")
    return Item(data.get("key", key), dict(data["question"]), options)


def _ladder(data: Iterable[Iterable[Iterable[str]]]) -> Ladder:
    return tuple(tuple(tuple(row) for row in rung) for rung in data)


def instrument_from_mapping(data: Mapping[str, Any]) -> Instrument:
    """An instrument from the content of its JSON file; SkmError names what is missing or wrong."""
    try:
        unsur = tuple(
            Unsur(
                key=u["key"],
                rule=u["rule"],
                form=int(u["form"]),
                name=dict(u["name"]),
                items=tuple(_item(u["key"], item) for item in u["items"]),
            )
            for u in data["unsur"]
        )
        instrument = Instrument(
            id=data["id"],
            version=int(data["version"]),
            title=dict(data["title"]),
            unsur=unsur,
            variants={Biaya(name): _item("biaya", item) for name, item in data.get("variants", {}).items()},
            ladders={attribute: _ladder(rungs) for attribute, rungs in data.get("ladders", {}).items()},
            drafts=tuple(sorted(data.get("drafts", ()))),
            short=data.get("short", "SKM"),
            source=data.get("source", ""),
        )
    except KeyError as error:
        raise SkmError(f"instrument {data.get('id', '?')}: {error} is missing") from error
    keys = [item.key for item in instrument.items()]
    if len(set(keys)) != len(keys):
        raise SkmError(f"instrument {instrument.id}: an item key is used twice")
    if "id" not in instrument.languages():
        raise SkmError(f"instrument {instrument.id}: the Indonesian text is not complete")
    return instrument


def instrument_to_mapping(instrument: Instrument) -> dict[str, Any]:
    """The content of its JSON file, defaults written out: `instrument_from_mapping` gives the same instrument again."""
    return {
        "format": 1,
        "id": instrument.id,
        "version": instrument.version,
        "source": instrument.source,
        "title": dict(instrument.title),
        "short": instrument.short,
        "drafts": list(instrument.drafts),
        "unsur": [
            {
                "key": unsur.key,
                "rule": unsur.rule,
                "form": unsur.form,
                "name": dict(unsur.name),
                "items": [{"key": item.key, **_wording(item)} for item in unsur.items],
            }
            for unsur in instrument.unsur
        ],
        "variants": {biaya.value: _wording(item) for biaya, item in instrument.variants.items()},
        "ladders": {
            attribute: [[list(row) for row in rung] for rung in ladder]
            for attribute, ladder in instrument.ladders.items()
        },
    }


def _wording(item: Item) -> dict[str, Any]:
    return {"question": dict(item.question), "options": {lang: list(words) for lang, words in item.options.items()}}
