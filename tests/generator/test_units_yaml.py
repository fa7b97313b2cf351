"""The registry of the checkout: Kota Pasuruan, with its real region codes and permanent unit codes."""

import json
from collections import Counter
from pathlib import Path

import pytest

from generator.registry import read_registry, schema
from skm.periods import PeriodKind
from skm.units import Biaya, Registry, ReleaseRule, Status, Unit

UNITS_YAML = Path(__file__).parents[2] / "units.yaml"

# Kepmendagri 300.2.2-2138/2025: the city, its kecamatan, and in order the kelurahan of each.
KECAMATAN = {
    "35.75.01": ("Gadingrejo", (1001, 1002, 1003, 1004, 1005, 1006, 1007, 1009)),
    "35.75.02": ("Purworejo", (1001, 1002, 1003, 1004, 1005, 1006, 1011)),
    "35.75.03": ("Bugul Kidul", (1001, 1002, 1003, 1005, 1006, 1009)),
    "35.75.04": ("Panggungrejo", (1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013)),
}
KELURAHAN = (
    "Karangketug Gentong Sebani Petahunan Bukir Randusari Krapyakrejo Gadingrejo "
    "Pohjentrek Wirogunan Tembokrejo Purutrejo Kebonagung Purworejo Sekargadung "
    "Blandongan Kepel Tapa'an Bakalan Krampyangan Bugul_Kidul "
    "Karanganyar Tamba'an Trajeng Bangilan Kebonsari Mayangan Ngemplakrejo Petamanan Pekuncen Bugul_Lor "
    "Kandangsapi Panggungrejo Mandaranrejo"
).split()


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(UNITS_YAML).registry


def names_by_region() -> dict[str, str]:
    names = {"35.75": "Pemerintah Kota Pasuruan"}
    kelurahan = iter(KELURAHAN)
    for code, (kecamatan, numbers) in KECAMATAN.items():
        names[code] = f"Kecamatan {kecamatan}"
        names |= {f"{code}.{number}": f"Kelurahan {next(kelurahan).replace('_', ' ')}" for number in numbers}
    return names


@pytest.fixture(scope="module")
def active(registry: Registry) -> list[Unit]:
    return [unit for unit in registry.units if unit.status is Status.ACTIVE]


def test_the_site_asks_and_releases_as_the_contract_says(registry: Registry) -> None:
    site = registry.site
    assert (site.languages, site.period, site.release) == (("id", "en"), PeriodKind.QUARTER, ReleaseRule(10, 7))


def test_at_least_sixty_units_serve(active: list[Unit]) -> None:
    assert len(active) >= 60


def test_city_kecamatan_and_kelurahan_carry_their_own_region_codes(registry: Registry) -> None:
    found = {node.kode_wilayah: node.name for node in registry.organisations if node.kode_wilayah}
    assert found == names_by_region()


def test_each_region_stands_under_the_region_that_its_code_names(registry: Registry) -> None:
    by_region = {node.kode_wilayah: node.id for node in registry.organisations if node.kode_wilayah}
    for node in registry.organisations:
        if node.kode_wilayah and node.kode_wilayah != "35.75":
            assert node.parent == by_region[node.kode_wilayah.rpartition(".")[0]]


def test_every_kecamatan_and_kelurahan_has_its_office(registry: Registry) -> None:
    regions = [node.id for node in registry.organisations if node.kode_wilayah and node.kode_wilayah != "35.75"]
    assert [region for region in regions if not registry.units_of.get(region)] == []


def test_every_organisation_below_the_city_has_a_unit(registry: Registry) -> None:
    assert [node.id for node in registry.organisations if not list(registry.units_below(node.id))] == []


def test_every_unit_that_serves_names_a_service(active: list[Unit]) -> None:
    assert [unit.code for unit in active if not unit.services] == []


def test_every_way_of_asking_for_biaya_appears(registry: Registry) -> None:
    assert set(Counter(unit.biaya for unit in registry.units)) == set(Biaya)


def test_names_of_units_that_serve_are_unique(active: list[Unit]) -> None:
    assert [name for name, count in Counter(unit.name for unit in active).items() if count > 1] == []


def test_the_schema_that_editors_find_in_the_first_line_is_the_one_that_the_program_prints() -> None:
    first = UNITS_YAML.read_text(encoding="utf-8").split("\n", maxsplit=1)[0]
    named = UNITS_YAML.parent / first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(named.read_text(encoding="utf-8")) == schema()
