"""The shape of an instrument's file: its keys, their types and what each means; also its JSON Schema.

What needs a second look elsewhere in the file (is every text there in every language?) is in `instrument_rules`.
"""

import re
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from generator.registry_model import tidy
from generator.registry_values import NAME_MAX, SLUG, SLUG_MAX, between, one_of, text
from skm.instrument import SCALE
from skm.responses import ATTRIBUTES, LANGUAGES

FORMAT = 1
VERSION_MOST, UNSUR_MOST = 9999, 99
_KEY = re.compile(r"[a-z][a-z0-9]*([.-][a-z0-9]+)*")
_KEY_MAX = 40

_T = TypeVar("_T")


def _id(value: str) -> str:
    if SLUG.fullmatch(value) and len(value) <= SLUG_MAX:
        return value
    raise PydanticCustomError("instrument_id_form", "id", {"value": value, "limit": str(SLUG_MAX)})


def _key(value: str) -> str:
    if _KEY.fullmatch(value) and len(value) <= _KEY_MAX:
        return value
    raise PydanticCustomError("item_key_form", "key", {"value": value, "limit": str(_KEY_MAX)})


def _some(value: list[_T]) -> list[_T]:
    if not value:
        raise PydanticCustomError("empty_list", "empty list")
    return value


def _four(value: list[str]) -> list[str]:
    if len(value) != len(SCALE):
        raise PydanticCustomError("options_count", "options", {"count": str(len(value)), "need": str(len(SCALE))})
    if len(set(value)) < len(value):
        raise PydanticCustomError("options_alike", "options alike")
    return value


def _choice(choices: tuple[str, ...]) -> Any:
    return BeforeValidator(partial(one_of, lambda: choices)), Field(json_schema_extra={"enum": list(choices)})


def _number(key: Any, most: int) -> Any:
    extra: Any = {"minimum": 1, "maximum": most}
    return AfterValidator(partial(between, key, 1, most)), Field(json_schema_extra=extra)


_ONE_LINE: Any = Field(json_schema_extra={"minLength": 1, "maxLength": NAME_MAX})
Text = Annotated[str, AfterValidator(text), _ONE_LINE]
Language = Annotated[str, *_choice(LANGUAGES)]
DraftLanguage = Annotated[str, *_choice(tuple(lang for lang in LANGUAGES if lang != "id"))]
Attribute = Annotated[str, *_choice(tuple(ATTRIBUTES))]
Id = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": f"^{SLUG.pattern}$"})]
Key = Annotated[str, AfterValidator(_key), Field(json_schema_extra={"pattern": f"^{_KEY.pattern}$"})]
Texts = dict[Language, Text]
_FOUR: Any = Field(json_schema_extra={"minItems": len(SCALE), "maxItems": len(SCALE)})
_SOME: Any = Field(json_schema_extra={"minItems": 1})
Options = dict[Language, Annotated[list[Text], AfterValidator(_four), _FOUR]]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class WordingEntry(_Entry):
    """Satu pertanyaan dengan empat jawabannya."""

    question: Texts = Field(description="Bunyi pertanyaan, per bahasa.")
    options: Options = Field(description="Empat kata jawaban, per bahasa, dari yang terburuk (1) ke yang terbaik (4).")


class ItemEntry(WordingEntry):
    """Satu pertanyaan sebuah unsur."""

    key: Key | None = Field(default=None, description="Kunci jawaban; kunci unsurnya bila tidak diisi.")


class UnsurEntry(_Entry):
    """Satu unsur pelayanan; nilainya adalah rata-rata dari rata-rata pertanyaannya."""

    key: Key = Field(description="Kunci unsur menurut artinya, tidak pernah diubah.")
    rule: Text = Field(description="Nomor unsur menurut aturan, misalnya U8.")
    form: Annotated[int, *_number("form_range", UNSUR_MOST)] = Field(description="Urutan pada lembar survei.")
    name: Texts = Field(description="Nama unsur, per bahasa.")
    items: Annotated[list[ItemEntry], AfterValidator(_some), _SOME] = Field(description="Pertanyaannya.")


class VariantsEntry(_Entry):
    """Cara lain menanyakan unsur biaya; tanpa unsur biaya (none) selalu ada."""

    kesesuaian: WordingEntry | None = Field(default=None, description="Kesesuaian biaya dengan yang ditetapkan.")


class InstrumentFile(_Entry):
    """Satu versi sebuah kuesioner SuKMa-e (<id>.<version>.json)."""

    format: Annotated[int, *_number("format_range", FORMAT)] = Field(description="Bentuk berkas ini: 1.")
    id: Id = Field(description="Nama tetap kuesioner: huruf kecil, angka, tanda hubung.")
    version: Annotated[int, *_number("version_range", VERSION_MOST)] = Field(
        description="Nomor versi; perubahan bunyi adalah versi baru dalam berkas baru."
    )
    source: Text = Field(description="Asal kuesioner, dan apa yang belum diperiksa.")
    title: Texts = Field(description="Judul survei, per bahasa.")
    short: Text = Field(default="SKM", description='Nama pendek nilainya, misalnya SKM atau IPAK: "Nilai SKM 86,40".')
    drafts: list[DraftLanguage] = Field(
        default=[], description="Bahasa yang terjemahannya masih menunggu penutur asli; boleh belum lengkap."
    )
    unsur: Annotated[list[UnsurEntry], AfterValidator(_some), _SOME] = Field(description="Unsur, urut menurut aturan.")
    variants: VariantsEntry = Field(default=VariantsEntry(), description="Cara lain menanyakan biaya.")
    ladders: dict[Attribute, Annotated[list[list[list[Text]]], AfterValidator(_some), _SOME]] = Field(
        default={},
        description="Pengelompokan nilai ciri responden dari yang terhalus ke yang terkasar; baku bila tidak diisi.",
    )


ENTRIES: dict[tuple[str, ...], type[BaseModel]] = {
    ("unsur",): UnsurEntry,
    ("unsur", "items"): ItemEntry,
    ("variants",): VariantsEntry,
    ("variants", "kesesuaian"): WordingEntry,
}


def instrument_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an instrument's file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **tidy(InstrumentFile.model_json_schema())}
