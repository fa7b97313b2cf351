"""Which pages an edit changes: exactly those whose bytes do, told from as few results as that takes."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from small_site import TOP, SmallSite

from generator.differing import Side, Today, differing
from generator.kept import NOTHING_KEPT, renewed
from generator.published import ResultsFolder, in_folder
from generator.registry import read_registry
from generator.write import SiteFolder
from skm.instrument import Biaya
from skm.periods import PeriodKind
from skm.units import Headline, Offline, Organisation, Registry, ReleaseRule, Retention, Site, Status, Unit

THEN = read_registry(TOP / "tests" / "golden" / "three-units" / "units.yaml").registry
WORDS: Mapping[str, str] = {}
OF_SITE = {
    "title": "SKM Kota Contoh",
    "url": "https://survei.example.id",
    "languages": ("id", "en"),
    "timezone": "Asia/Jayapura",
    "period": PeriodKind.YEAR,
    "instrument": "ipkp",
    "release": ReleaseRule(12, 9),
    "backend": "https://kirim.example.id",
    "offline": Offline.NONE,
    "retention": Retention("Jadwal", 5, 1),
}
OF_UNIT = {
    "code": "n4w8",
    "name": "Loket Lain",
    "organisation": "kota-contoh",
    "languages": ("id", "en"),
    "services": ("Kartu Keluarga",),
    "biaya": Biaya.NONE,
    "users_per_period": 5000,
    "address": "Jalan Contoh 2",
    "status": Status.CLOSED,
    "moved_to": "b4y4",
}
OF_ORGANISATION = {"name": "Dinas Lain", "parent": None, "kode_wilayah": "35.76", "headline": Headline.MEAN}


def today(site: SmallSite, build: SiteFolder) -> Today:
    return Today(in_folder(site.results), THEN.instruments, build)


def edits() -> Iterator[tuple[str, Registry]]:
    """Every field of the registry with another value: its name, the registry then."""
    for name, value in OF_SITE.items():
        yield f"site.{name}", replace(THEN, site=replace(THEN.site, **{name: value}))
    first, second, last = THEN.units
    for name, value in OF_UNIT.items():
        changes: dict[str, Any] = {name: value, **({"status": Status.MOVED} if name == "moved_to" else {})}
        moved = last if name != "code" else replace(last, moved_to="n4w8")
        yield f"unit.{name}", replace(THEN, units=(replace(first, **changes), second, moved))
    for name, value in OF_ORGANISATION.items():
        above, below = THEN.organisations
        yield f"organisation.{name}", replace(THEN, organisations=(above, replace(below, **{name: value})))
    yield "retired", replace(THEN, retired=frozenset({"n4w8"}))


def test_every_field_of_a_registry_is_tried() -> None:
    assert OF_SITE.keys() == {field.name for field in fields(Site)}
    assert OF_UNIT.keys() == {field.name for field in fields(Unit)}
    assert {"id", *OF_ORGANISATION} == {field.name for field in fields(Organisation)}


@pytest.mark.parametrize("now", [pytest.param(now, id=name) for name, now in edits()])
def test_the_pages_of_another_value_are_those_whose_bytes_differ(
    now: Registry, built: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, results = (Side(THEN, WORDS), Side(now, WORDS)), today(built, SiteFolder(built.link))
    told = differing(*both, results)
    monkeypatch.setattr("generator.differing._differs", lambda one, other: one.render() != other.render())
    assert told == differing(*both, results)


def test_what_was_kept_and_what_came_since_is_what_all_results_give(site: SmallSite) -> None:
    build, new = SiteFolder(site.link), site.results / "2026-TW4" / "b4y4.json"
    before = today(site, build).kept(THEN)
    new.write_text((new.parent / "7k3q.json").read_text(encoding="utf-8").replace("7k3q", "b4y4"), encoding="utf-8")
    published = ResultsFolder(site.results, "later", lambda _since: [("2026-TW4", "b4y4")])
    found = Today(published, THEN.instruments, build)
    whole = renewed(NOTHING_KEPT, THEN, published.names(), found.read)
    assert found.kept(THEN).sums == whole.sums != before.sums


def test_a_build_of_another_length_of_periods_keeps_nothing_for_this_one(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(Today, "read", lambda _self, code: read.append(code) or [])
    found = today(site, SiteFolder(site.link))
    found.kept(THEN)
    assert read == []
    found.kept(replace(THEN, site=replace(THEN.site, period=PeriodKind.YEAR)))
    assert read == ["7k3q"]


def test_without_a_build_every_result_is_read(built: SmallSite, tmp_path: Path) -> None:
    nowhere, kept = SiteFolder(tmp_path / "site"), today(built, SiteFolder(built.link)).kept(THEN)
    assert today(built, nowhere).kept(THEN).sums == kept.sums
