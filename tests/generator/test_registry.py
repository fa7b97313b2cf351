"""A good `units.yaml` becomes a registry; includes, digest, defaults and the schema."""

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from generator.registry import RegistryError, read_registry, schema
from skm.periods import PeriodKind, parse_period
from skm.units import Biaya, Organisation, ReleaseRule, Retention, Site, Status, Unit
from tests.builders import ORGANISATIONS, SITE_YAML, UNITS_YAML, a_registry, registry_yaml, write_registry

PART = UNITS_YAML.replace("7k3q", "2m4p")


def unit_of(folder: Path, lines: str) -> Unit:
    """The one unit of a registry whose entry has these lines more."""
    return read_registry(write_registry(folder, registry_yaml() + lines)).registry.units[0]


def keys_of(path: Path) -> list[tuple[str, str]]:
    with pytest.raises(RegistryError) as caught:
        read_registry(path)
    return [(Path(problem.file).name, problem.key) for problem in caught.value.problems]


def test_the_ordinary_file_becomes_the_ordinary_registry(tmp_path: Path) -> None:
    assert read_registry(write_registry(tmp_path)).registry == a_registry()


def test_what_the_site_does_not_say_has_the_documented_defaults(tmp_path: Path) -> None:
    path = write_registry(tmp_path, "site: {title: T, url: https://skm.example.go.id}\n")
    assert read_registry(path).registry.site == Site(
        "T",
        "https://skm.example.go.id",
        ("id",),
        "Asia/Jakarta",
        PeriodKind.QUARTER,
        "permenpan-14-2017",
        ReleaseRule(10, 7),
        "",
    )


def test_everything_the_site_says_is_taken(tmp_path: Path) -> None:
    more = "  timezone: Asia/Jayapura\n  period: half-year\n  release: {k: 5, grace: 0}\n  backend: https://a.example\n"
    site = read_registry(write_registry(tmp_path, registry_yaml(site=SITE_YAML + more))).registry.site
    assert (site.timezone, site.period, site.release, site.backend) == (
        "Asia/Jayapura",
        PeriodKind.HALF_YEAR,
        ReleaseRule(5, 0),
        "https://a.example",
    )


@pytest.mark.parametrize(("more", "text"), [("", 5), (", text: 1", 1)])
def test_answers_and_texts_are_kept_as_long_as_the_schedule_says(tmp_path: Path, more: str, text: int) -> None:
    site = SITE_YAML + f"  retention: {{schedule: JRA Kota Contoh, answers: 5{more}}}\n"
    found = read_registry(write_registry(tmp_path, registry_yaml(site=site))).registry.site
    assert found.retention == Retention("JRA Kota Contoh", answers=5, text=text)


def test_indonesian_is_always_there_and_first(tmp_path: Path) -> None:
    path = write_registry(tmp_path, registry_yaml(site=SITE_YAML.replace("[id, en]", "[en]")))
    assert read_registry(path).registry.site.languages == ("id", "en")


def test_the_languages_of_a_unit_replace_those_of_the_site(tmp_path: Path) -> None:
    assert unit_of(tmp_path, "    languages: []\n").languages == ("id",)


def test_a_unit_has_its_way_of_asking_for_biaya_and_its_address(tmp_path: Path) -> None:
    unit = unit_of(tmp_path, "    biaya: none\n    address: Jalan Pahlawan 28\n")
    assert (unit.biaya, unit.address) == (Biaya.NONE, "Jalan Pahlawan 28")


@pytest.mark.parametrize("users", ["4384", "{2026-TW4: 4384}"])
def test_users_are_a_number_or_a_number_for_each_period(tmp_path: Path, users: str) -> None:
    unit = unit_of(tmp_path, f"    users_per_period: {users}\n")
    assert unit.users_in(parse_period("2026-TW4")) == 4384


def test_a_year_needs_no_quotes_as_a_key(tmp_path: Path) -> None:
    text = registry_yaml(site=SITE_YAML + "  period: year\n") + "    users_per_period: {2026: 4384}\n"
    unit = read_registry(write_registry(tmp_path, text)).registry.units[0]
    assert unit.users_in(parse_period("2026")) == 4384


def test_a_moved_unit_leads_to_its_successor(tmp_path: Path) -> None:
    lines = "    status: moved\n    moved_to: 2m4p\n" + PART.removeprefix("units:\n")
    registry = read_registry(write_registry(tmp_path, registry_yaml() + lines)).registry
    assert registry.units[0].status is Status.MOVED
    assert registry.receiver(registry.units[0]).code == "2m4p"


def test_retired_codes_are_kept(tmp_path: Path) -> None:
    path = write_registry(tmp_path, "retired: [2m4p]\n" + registry_yaml())
    assert read_registry(path).registry.retired == {"2m4p"}


@pytest.mark.parametrize(("quoted", "code"), [('"1e23"', "1e23"), ('"0123"', "0123"), ("'1234'", "1234")])
def test_a_code_that_looks_like_a_number_is_a_code_in_quotes(tmp_path: Path, quoted: str, code: str) -> None:
    path = write_registry(tmp_path, registry_yaml().replace("7k3q", quoted))
    assert read_registry(path).registry.units[0].code == code


@pytest.mark.parametrize("name", ["Tapa'an", "<b>R&D</b>", "Posyandu 🌸", "مستشفى المدينة", "x" * 200])
def test_names_of_every_kind_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    path = write_registry(tmp_path, registry_yaml().replace("Loket Contoh", name))
    assert read_registry(path).registry.units[0].name == name


def test_a_file_of_a_windows_editor_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + registry_yaml().replace("\n", "\r\n").encode())
    assert read_registry(path).registry == a_registry()


def test_an_organisation_needs_no_units(tmp_path: Path) -> None:
    registry = read_registry(write_registry(tmp_path, registry_yaml(units=""))).registry
    assert (registry.organisations, registry.units) == (ORGANISATIONS, ())


def test_included_files_add_their_organisations_and_units(tmp_path: Path) -> None:
    part = "organisations:\n  - {id: lain, name: Lain, parent: kota}\n" + PART.replace("dinas", "lain")
    loaded = read_registry(write_registry(tmp_path, "include: [units.d/*.yaml]\n" + registry_yaml(), b=part))
    assert [unit.code for unit in loaded.registry.units] == ["7k3q", "2m4p"]
    assert loaded.registry.organisations[-1] == Organisation("lain", "Lain", "kota")


def test_files_and_digest_are_those_of_everything_read_in_order(tmp_path: Path) -> None:
    text = "include: [units.d/b.yaml, units.d/*.yaml]\n" + registry_yaml()
    loaded = read_registry(write_registry(tmp_path, text, a="units: []\n", b=PART))
    assert [path.name for path in loaded.files] == ["units.yaml", "b.yaml", "a.yaml"]
    assert loaded.digest == hashlib.sha256((text + PART + "units: []\n").encode()).hexdigest()


def test_an_included_file_holds_organisations_and_units_only(tmp_path: Path) -> None:
    path = write_registry(tmp_path, "include: [units.d/*.yaml]\n" + registry_yaml(), a="site: {}\n" + PART)
    assert keys_of(path) == [("a.yaml", "unknown_key")]


def test_a_code_used_in_two_files_names_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_registry(tmp_path, "include: [units.d/*.yaml]\n" + registry_yaml(), a=UNITS_YAML)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RegistryError, match=r"^units.d/a.yaml:2:11: Kode 7k3q sudah dipakai di units.yaml:10:11"):
        read_registry(Path("units.yaml"))


def test_a_broken_part_does_not_make_its_names_unknown_elsewhere(tmp_path: Path) -> None:
    text = "include: [units.d/*.yaml]\n" + registry_yaml().replace("dinas\n", "lain\n")
    path = write_registry(tmp_path, text, a="organisations: [\n")
    assert keys_of(path) == [("a.yaml", "syntax_bracket")]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text(PART, encoding="utf-8")
    inside = tmp_path / "inside"
    (inside / "units.d").mkdir(parents=True)
    (inside / "units.d" / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    path = write_registry(inside, "include: [units.d/*.yaml]\n" + registry_yaml())
    assert keys_of(path) == [("units.yaml", "include_outside")]


def test_a_pattern_that_leads_back_to_the_registry_itself_is_refused(tmp_path: Path) -> None:
    path = write_registry(tmp_path, 'include: ["units.d/../*.yaml"]\n' + registry_yaml())
    assert keys_of(path) == [("units.yaml", "include_outside")]


def test_a_part_outside_of_units_d_is_refused_as_the_site_repository_would_not_hold_it(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(PART, encoding="utf-8")
    path = write_registry(tmp_path, "include: [more.yaml]\n" + registry_yaml())
    assert keys_of(path) == [("units.yaml", "include_outside")]


@pytest.mark.parametrize("pattern", ["units.d", "units.d/**x", "units.d/[", "units.d/" + "a" * 150])
def test_a_pattern_without_sense_matches_nothing(tmp_path: Path, pattern: str) -> None:
    path = write_registry(tmp_path, f'include: ["{pattern}"]\n' + registry_yaml())
    assert keys_of(path) == [("units.yaml", "include_nothing")]


def test_the_schema_forbids_what_the_reader_forbids() -> None:
    found = schema()
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["required"] == ["site"]
    entries = [found, *(part for part in found["$defs"].values() if part["type"] == "object")]
    assert len(entries) == 7
    assert all(entry["additionalProperties"] is False for entry in entries)


def test_every_key_of_the_schema_is_described() -> None:
    found = schema()
    keys = [key for part in [found, *found["$defs"].values()] for key in part.get("properties", {}).items()]
    assert [name for name, key in keys if not key.get("description")] == []


def _unit_property(name: str) -> dict[str, Any]:
    found: dict[str, Any] = schema()["$defs"]["UnitEntry"]["properties"][name]
    return found


def test_the_schema_knows_codes_and_choices() -> None:
    pattern = _unit_property("code")["pattern"]
    assert re.search(pattern, "7k3q")
    assert not re.search(pattern, "7k3u")
    assert schema()["$defs"]["Biaya"]["enum"] == ["official", "kesesuaian", "none"]
    assert schema()["$defs"]["SiteEntry"]["properties"]["instrument"]["examples"] == [
        "ipak",
        "ipkp",
        "permenpan-14-2017",
    ]
