"""Small values and files for tests: a test names what it is about, the rest is ordinary."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.instruments import shipped
from skm.units import Organisation, Registry, Site, Unit

ORGANISATIONS = (
    Organisation("kota", "Pemerintah Kota Contoh", kode_wilayah="35.75"),
    Organisation("dinas", "Dinas Contoh", parent="kota"),
)


def a_site(**changes: Any) -> Site:
    """A site with the defaults of the registry; `changes` are its fields."""
    site = Site("Survei Kepuasan Masyarakat Kota Contoh", "http://127.0.0.1:8000", languages=("id", "en"))
    return replace(site, **changes)


def a_unit(code: str = "7k3q", **changes: Any) -> Unit:
    """A unit of the organisation `dinas`; `changes` are its fields."""
    unit = Unit(code, "Loket Contoh", "dinas", languages=("id", "en"), services=("Kartu Keluarga", "KTP elektronik"))
    return replace(unit, **changes)


def a_registry(
    *units: Unit,
    site: Site | None = None,
    organisations: Iterable[Organisation] = ORGANISATIONS,
    retired: Iterable[str] = (),
) -> Registry:
    """A registry of these units, or of one ordinary unit."""
    return Registry(site or a_site(), tuple(organisations), units or (a_unit(),), frozenset(retired), shipped())


SITE_YAML = """\
site:
  title: Survei Kepuasan Masyarakat Kota Contoh
  url: http://127.0.0.1:8000
  languages: [id, en]
"""
ORGANISATIONS_YAML = """\
organisations:
  - {id: kota, name: Pemerintah Kota Contoh, kode_wilayah: "35.75"}
  - {id: dinas, name: Dinas Contoh, parent: kota}
"""
UNITS_YAML = """\
units:
  - code: 7k3q
    name: Loket Contoh
    organisation: dinas
    services: [Kartu Keluarga, KTP elektronik]
"""


def registry_yaml(site: str = SITE_YAML, organisations: str = ORGANISATIONS_YAML, units: str = UNITS_YAML) -> str:
    """The text of a `units.yaml` whose blocks a test may replace: site on line 1, organisations 5, units 8."""
    return site + organisations + units


def write_registry(folder: Path, text: str | None = None, **parts: str) -> Path:
    """Writes `units.yaml`, and `parts` (name without `.yaml` → text) into `units.d/`; gives the path of the first."""
    path = folder / "units.yaml"
    path.write_text(registry_yaml() if text is None else text, encoding="utf-8")
    for name, part in parts.items():
        (folder / "units.d").mkdir(exist_ok=True)
        (folder / "units.d" / f"{name}.yaml").write_text(part, encoding="utf-8")
    return path
