from importlib.resources import files
from pathlib import Path

import pytest
from installation import Installation

from form_backend.registry_watch import RegistryWatch
from generator.registry import RegistryError


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 2.0  # every look is a new second
        return self.now


@pytest.fixture
def units(installation: Installation) -> Path:
    return installation.units


def rename(units: Path, name: str) -> None:
    units.write_text(units.read_text(encoding="utf-8").replace("Loket Kependudukan", name), encoding="utf-8")


def name(watch: RegistryWatch) -> str:
    return watch.current().registry.unit_by_code["7k3q"].name


def test_a_changed_registry_is_taken_up(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    rename(units, "Loket Baru")
    assert (name(watch), watch.problem) == ("Loket Baru", None)


def test_a_bad_registry_keeps_the_last_good_one_and_says_why(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    units.write_text("site: [", encoding="utf-8")
    assert name(watch) == "Loket Kependudukan"
    assert watch.problem is not None
    assert "units.yaml:" in watch.problem


def test_a_missing_registry_keeps_the_last_good_one(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    units.unlink()
    assert name(watch) == "Loket Kependudukan"
    assert watch.problem is not None


def test_a_mended_registry_is_taken_up_again(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    good = units.read_text(encoding="utf-8")
    units.write_text("site: [", encoding="utf-8")
    watch.current()
    units.write_text(good.replace("Loket Kependudukan", "Loket Baru"), encoding="utf-8")
    assert (name(watch), watch.problem) == ("Loket Baru", None)


def test_a_mistake_in_a_file_that_only_the_new_text_includes_can_be_mended(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    part = units.parent / "units.d" / "more.yaml"
    part.parent.mkdir()
    part.write_text("units: [{code: 7k3r}]", encoding="utf-8")
    units.write_text("include: [units.d/*.yaml]\n" + units.read_text(encoding="utf-8"), encoding="utf-8")
    watch.current()
    part.write_text("units: [{code: 7k3r, name: Loket Dua, organisation: kota-contoh}]", encoding="utf-8")
    assert "7k3r" in watch.current().registry.unit_by_code


def test_a_file_that_joins_an_included_folder_is_taken_up(units: Path) -> None:
    folder = units.parent / "units.d"
    folder.mkdir()
    entry = "units: [{{code: {}, name: Loket, organisation: kota-contoh}}]"
    (folder / "a.yaml").write_text(entry.format("7k3r"), encoding="utf-8")
    units.write_text("include: [units.d/*.yaml]\n" + units.read_text(encoding="utf-8"), encoding="utf-8")
    watch = RegistryWatch(units, Seconds())
    (folder / "b.yaml").write_text(entry.format("7k3s"), encoding="utf-8")
    assert "7k3s" in watch.current().registry.unit_by_code


def test_an_own_instrument_that_comes_later_and_changes_is_taken_up(units: Path) -> None:
    watch = RegistryWatch(units, Seconds())
    text = (files("skm") / "instruments" / "ipak.1.json").read_text(encoding="utf-8").replace('"ipak"', '"ipak-kota"')
    file = units.parent / "site_src" / "instruments" / "ipak-kota.1.json"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert "ipak-kota" in watch.current().registry.instruments.ids()
    file.write_text(text.replace("Survei Persepsi", "Survei tentang"), encoding="utf-8")
    assert watch.current().registry.instruments.newest("ipak-kota").title["id"] == "Survei tentang Anti Korupsi"


def test_the_files_are_looked_at_once_a_second(units: Path) -> None:
    watch = RegistryWatch(units, lambda: 0.5)
    rename(units, "Loket Baru")
    assert name(watch) == "Loket Kependudukan"


def test_without_a_good_registry_nothing_begins(tmp_path: Path) -> None:
    with pytest.raises(RegistryError):
        RegistryWatch(tmp_path / "units.yaml", Seconds())
