"""The shape of `units.yaml`: its keys, their types and what each means; also the JSON Schema that editors use.

What needs a second look elsewhere in the file (does the organisation exist?) is in `registry_rules`.
"""

from enum import StrEnum
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from generator.instruments import shipped
from generator.registry_values import (
    NAME_MAX,
    ORIGIN,
    REGION,
    SLUG,
    SLUG_MAX,
    between,
    code,
    one_of,
    origin,
    other_origin,
    region,
    slug,
    text,
    timezone,
)
from skm.codes import ALPHABET
from skm.instrument import Biaya
from skm.periods import PeriodKind
from skm.responses import LANGUAGES
from skm.units import DEFAULT_INSTRUMENT, Headline, Offline, Organisation, ReleaseRule, Retention, Site, Status, Unit

K_LEAST, K_MOST = 5, 1000  # docs/release-rule.md, rule 1: k is 5 or more
GRACE_MOST = 60
USERS_MOST = 999_999_999
YEARS_MOST = 100


def _choice(kind: type[StrEnum]) -> BeforeValidator:
    return BeforeValidator(lambda value: kind(one_of(lambda: list(kind), value)))


def _pattern(pattern: str, **more: int) -> Any:
    return Field(json_schema_extra={"pattern": f"^{pattern}$", **more})


def _limits(least: int, most: int) -> Any:
    return Field(json_schema_extra={"minimum": least, "maximum": most})


_ONE_LINE: Any = Field(json_schema_extra={"minLength": 1, "maxLength": NAME_MAX})
Text = Annotated[str, AfterValidator(text), _ONE_LINE]
Code = Annotated[str, AfterValidator(code), _pattern(f"[{ALPHABET}]{{4,5}}")]
Slug = Annotated[str, AfterValidator(slug), _pattern(SLUG.pattern, maxLength=SLUG_MAX)]
# Names of other entries are only asked to exist (`registry_rules`), which says more than their form.
CodeOfOther = Annotated[str, _pattern(f"[{ALPHABET}]{{4,5}}")]
SlugOfOther = Annotated[str, _pattern(SLUG.pattern, maxLength=SLUG_MAX)]
Region = Annotated[str, AfterValidator(region), _pattern(REGION.pattern)]
Origin = Annotated[str, AfterValidator(origin), _pattern(ORIGIN.pattern)]
OtherOrigin = Annotated[str, AfterValidator(other_origin), _pattern(f"({ORIGIN.pattern})?")]
Timezone = Annotated[str, AfterValidator(timezone)]
Language = Annotated[
    str, BeforeValidator(partial(one_of, lambda: LANGUAGES)), Field(json_schema_extra={"enum": list(LANGUAGES)})
]
# Whether there is such a questionnaire is asked by `registry_rules`: an installation may have its own.
InstrumentId = Annotated[str, _pattern(SLUG.pattern, maxLength=SLUG_MAX)]
Users = Annotated[int, AfterValidator(partial(between, "users_range", 1, USERS_MOST)), _limits(1, USERS_MOST)]

Years = Annotated[int, AfterValidator(partial(between, "years_range", 1, YEARS_MOST)), _limits(1, YEARS_MOST)]


def _users_form(value: object) -> str:
    return "by_period" if isinstance(value, dict) else "number"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ReleaseEntry(_Entry):
    """Aturan penerbitan hasil."""

    k: Annotated[int, AfterValidator(partial(between, "k_range", K_LEAST, K_MOST)), _limits(K_LEAST, K_MOST)] = Field(
        default=10, description="Jumlah jawaban paling sedikit dalam setiap hasil yang diterbitkan; paling kecil 5."
    )
    grace: Annotated[int, AfterValidator(partial(between, "grace_range", 0, GRACE_MOST)), _limits(0, GRACE_MOST)] = (
        Field(default=7, description="Berapa hari sebuah periode masih dibuka sesudah hari terakhirnya.")
    )


class RetentionEntry(_Entry):
    """Berapa lama jawaban disimpan; tanpa bagian ini semuanya disimpan."""

    schedule: Text = Field(description="Nama jadwal retensi arsip (JRA) yang menetapkannya.")
    answers: Years = Field(description="Berapa tahun jawaban disimpan sesudah tahunnya berakhir.")
    text: Years | None = Field(
        default=None, description="Berapa tahun saran dan alasan disimpan sesudah tahunnya berakhir; baku: answers."
    )

    def retention(self) -> Retention:
        """The entry as the domain's value."""
        return Retention(self.schedule, self.answers, self.answers if self.text is None else self.text)


class SiteEntry(_Entry):
    """Yang berlaku untuk seluruh situs."""

    title: Text = Field(description="Judul situs.")
    url: Origin = Field(description="Alamat situs yang dicetak pada poster, tanpa garis miring di akhir.")
    languages: list[Language] = Field(default=["id"], description="Bahasa halaman survei; Indonesia (id) selalu ada.")
    timezone: Timezone = Field(default="Asia/Jakarta", description="Zona waktu, misalnya Asia/Jakarta untuk WIB.")
    period: Annotated[PeriodKind, _choice(PeriodKind)] = Field(
        default=PeriodKind.QUARTER, description="Panjang periode survei: month, quarter, half-year, atau year."
    )
    instrument: InstrumentId = Field(default=DEFAULT_INSTRUMENT, description="Kuesioner yang dipakai.")
    release: ReleaseEntry = Field(default_factory=lambda: ReleaseEntry(), description="Kapan hasil diterbitkan.")
    backend: OtherOrigin = Field(
        default="", description="Alamat penerima jawaban bila berbeda dari alamat situs; kosong bila sama."
    )
    offline: Annotated[Offline, _choice(Offline)] = Field(
        default=Offline.PAGES,
        description="Apakah halaman survei disimpan di ponsel agar terbuka tanpa sinyal: pages (ya) atau none (tidak).",
    )

    retention: RetentionEntry | None = Field(default=None, description="Berapa lama jawaban disimpan.")

    def site(self) -> Site:
        """The entry as the domain's value."""
        rule = ReleaseRule(self.release.k, self.release.grace)
        return Site(
            self.title,
            self.url,
            with_indonesian(self.languages),
            self.timezone,
            self.period,
            self.instrument,
            rule,
            self.backend,
            self.offline,
            self.retention.retention() if self.retention else None,
        )


class OrganisationEntry(_Entry):
    """Satu organisasi: pemerintah daerah, perangkat daerah, kecamatan, dan sebagainya."""

    id: Slug = Field(description="Nama pendek tetap untuk alamat halaman: huruf kecil, angka, tanda hubung.")
    name: Text = Field(description="Nama lengkap organisasi.")
    parent: SlugOfOther | None = Field(default=None, description="id organisasi induk; tidak diisi untuk yang teratas.")
    kode_wilayah: Region | None = Field(
        default=None, description='Kode wilayah Kemendagri dalam tanda kutip, mis. "35.75".'
    )
    headline: Annotated[Headline, _choice(Headline)] = Field(
        default=Headline.POOLED,
        description="Angka utama organisasi, ditetapkan sebelum tahunnya: pooled (gabungan responden) atau mean "
        "(rata-rata nilai unit).",
    )

    def organisation(self) -> Organisation:
        """The entry as the domain's value."""
        return Organisation(self.id, self.name, self.parent, self.kode_wilayah, self.headline)


class UnitEntry(_Entry):
    """Satu unit pelayanan, tempat orang dilayani dan ditanya."""

    code: Code = Field(description="Kode tetap pada poster; tidak pernah diubah dan tidak pernah dipakai ulang.")
    name: Text = Field(description="Nama unit pelayanan.")
    organisation: SlugOfOther = Field(description="id organisasi yang menjalankan unit ini.")
    services: list[Text] = Field(default=[], description="Jenis layanan yang dapat dipilih responden.")
    biaya: Annotated[Biaya, _choice(Biaya)] = Field(
        default=Biaya.OFFICIAL,
        description="Cara menanyakan biaya: official (baku), kesesuaian, atau none (gratis menurut aturan).",
    )
    users_per_period: (
        Annotated[
            Annotated[Users, Tag("number")] | Annotated[dict[str, Users], Tag("by_period")],
            Discriminator(_users_form),
        ]
        | None
    ) = Field(
        default=None,
        description="Jumlah pengguna layanan dalam satu periode, atau per periode atau tahun: {2026-TW4: 4384}.",
    )
    languages: list[Language] | None = Field(default=None, description="Mengganti daftar bahasa situs untuk unit ini.")
    address: Text | None = Field(default=None, description="Alamat kantor.")
    status: Annotated[Status, _choice(Status)] = Field(
        default=Status.ACTIVE, description="active, closed, moved, atau merged; unit tidak pernah dihapus dari berkas."
    )
    moved_to: CodeOfOther | None = Field(
        default=None, description="Kode unit penerus, hanya untuk status moved dan merged."
    )

    def unit(self, site_languages: tuple[str, ...]) -> Unit:
        """The entry as the domain's value; the unit's languages replace the site's."""
        return Unit(
            code=self.code,
            name=self.name,
            organisation=self.organisation,
            languages=site_languages if self.languages is None else with_indonesian(self.languages),
            services=tuple(self.services),
            biaya=self.biaya,
            users_per_period=self.users_per_period,
            address=self.address,
            status=self.status,
            moved_to=self.moved_to,
        )


class PartFile(_Entry):
    """Berkas tambahan yang disebut dalam include: hanya organisasi dan unit."""

    organisations: list[OrganisationEntry] = Field(default=[], description="Pohon organisasi.")
    units: list[UnitEntry] = Field(default=[], description="Unit pelayanan.")


class RootFile(PartFile):
    """Daftar unit pelayanan SuKMa-e (units.yaml)."""

    site: SiteEntry = Field(description="Judul, alamat, bahasa, dan aturan situs.")
    include: list[Text] = Field(default=[], description="Berkas tambahan di folder yang sama atau di bawahnya.")
    retired: list[Code] = Field(default=[], description="Kode yang pernah diberikan dan tidak boleh dipakai lagi.")


def with_indonesian(languages: list[str]) -> tuple[str, ...]:
    """The languages with Indonesian first, whether or not it was named."""
    return ("id", *(language for language in languages if language != "id"))


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `units.yaml`; a file of `units.d` is valid by `#/$defs/PartFile`."""
    found = RootFile.model_json_schema()
    part = PartFile.model_json_schema()
    definitions = found["$defs"]
    del part["$defs"]
    definitions["PartFile"] = part
    definitions["SiteEntry"]["properties"]["instrument"]["examples"] = list(shipped().ids())
    for choice in (Biaya, Headline, PeriodKind, Status):
        del definitions[choice.__name__]["description"]  # a docstring for programmers; each use has its own words
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **tidy(found)}


def tidy(part: Any) -> Any:
    """Without the titles that only repeat the keys, and without null, which no key takes (`empty_value`)."""
    if isinstance(part, list):
        return [tidy(item) for item in part if item != {"type": "null"}]
    if isinstance(part, dict):
        kept = {key: tidy(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
        return {key: value for key, value in kept.items() if not (key == "default" and value is None)}
    return part
