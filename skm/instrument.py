"""The questionnaire as a value: unsur, items, wordings. An instrument is versioned data, never code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from skm.errors import SkmError
from skm.units import Biaya

SCALE = (1, 2, 3, 4)  # worst first, as the regulation prints it


@dataclass(frozen=True)
class Item:
    """One question; `options[lang]` holds the four words for the values 1, 2, 3, 4."""

    key: str
    question: Mapping[str, str]
    options: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Unsur:
    """One element of service: `rule` is its number in the rule (U8), `form` its place on the form (9)."""

    key: str
    rule: str
    form: int
    name: Mapping[str, str]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Instrument:
    """A questionnaire version, its unsur in the rule's order."""

    id: str
    version: int
    title: Mapping[str, str]
    unsur: tuple[Unsur, ...]
    variants: Mapping[Biaya, Item | None]
    biaya: Biaya = Biaya.OFFICIAL

    @property
    def versi(self) -> str:
        """Names the form that was shown, so that an answer that waited offline is read by its own questions."""
        return f"{self.id}.{self.version}.{self.biaya}"

    def items(self) -> Iterator[Item]:
        """The questions in the form's order, which is not the rule's (unsur 8 and 9 change places)."""
        for unsur in sorted(self.unsur, key=lambda unsur: unsur.form):
            yield from unsur.items

    def with_biaya(self, biaya: Biaya) -> "Instrument":
        """The questionnaire as a unit with this way of asking for *biaya* shows it; SkmError where it has none."""
        if biaya is self.biaya:
            return self
        if biaya is Biaya.OFFICIAL or biaya not in self.variants:
            raise SkmError(f"instrument {self.id} has no variant of biaya called {biaya}")
        item = self.variants[biaya]
        unsur = tuple(
            replace(u, items=(item,)) if u.key == "biaya" and item else u
            for u in self.unsur
            if u.key != "biaya" or item
        )
        return replace(self, unsur=unsur, biaya=biaya)

    def languages(self) -> frozenset[str]:
        """The languages in which every text is there."""
        texts: list[Mapping[str, object]] = [self.title, *(u.name for u in self.unsur)]
        for item in self.items():
            texts += [item.question, item.options]
        return frozenset.intersection(*(frozenset(text) for text in texts))


def _item(key: str, data: Mapping[str, Any]) -> Item:
    options = {lang: tuple(words) for lang, words in data["options"].items()}
    if any(len(words) != len(SCALE) for words in options.values()):
        raise SkmError(f"item {key}: every language needs {len(SCALE)} options")
    return Item(data.get("key", key), dict(data["question"]), options)


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
        variants = {
            Biaya(name): _item("biaya", item) if item else None for name, item in data.get("variants", {}).items()
        }
        instrument = Instrument(data["id"], int(data["version"]), dict(data["title"]), unsur, variants)
    except KeyError as error:
        raise SkmError(f"instrument {data.get('id', '?')}: {error} is missing") from error
    keys = [item.key for item in instrument.items()]
    if len(set(keys)) != len(keys):
        raise SkmError(f"instrument {instrument.id}: an item key is used twice")
    if "id" not in instrument.languages():
        raise SkmError(f"instrument {instrument.id}: the Indonesian text is not complete")
    return instrument
