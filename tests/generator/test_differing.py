"""Which pages an edit changes: exactly those whose bytes do, told from as few results as that takes."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from small_site import TOP, SmallSite

from generator.build import build
from generator.differing import Side, Today, differing
from generator.kept import NOTHING_KEPT, renewed
from generator.published import ResultsFolder, in_folder
from generator.registry import read_registry
from generator.write import SiteFolder
from generator.written import NothingKept, words_of
from skm.instrument import Biaya
from skm.periods import PeriodKind
from skm.units import Headline, Offline, Organisation, Registry, ReleaseRule, Retention, Site, Status, Unit

THEN = read_registry(TOP / "tests" / "golden" / "three-units" / "units.yaml").registry
WORDS = words_of(TOP / "site_src")
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


def built_then(site: SmallSite, now: Registry) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Addresses of the files that a build makes, gives other bytes, and removes."""

    def addresses(paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted("/" + path.removesuffix("index.html") for path in paths))

    before = site.tree()
    build(site.folder / "site_src", now, in_folder(site.results), site.link)
    after = site.tree()
    changed = (path for path in before.keys() & after.keys() if before[path] != after[path])
    return addresses(after.keys() - before.keys()), addresses(changed), addresses(before.keys() - after.keys())


@pytest.mark.parametrize("now", [pytest.param(now, id=name) for name, now in edits()])
def test_the_pages_of_another_value_are_those_whose_bytes_a_build_changes(now: Registry, site: SmallSite) -> None:
    words = site.folder / "site_src"
    told = differing(Side(THEN, WORDS, words), Side(now, WORDS, words), today(site, SiteFolder(site.link)))
    assert told == built_then(site, now)


def a_comment(words: Path) -> None:
    added(words / "mkdocs.yml", "# Diperiksa.\n")


def another_name_in_the_menu(words: Path) -> None:
    replaced(words / "mkdocs.yml", "- Tentang: tentang.md", "- Tentang kami: tentang.md")


def another_heading(words: Path) -> None:
    replaced(words / "docs" / "tentang.md", "# Tentang", "# Perihal")


def a_menu_that_takes_names_from_headings(words: Path) -> None:
    replaced(words / "mkdocs.yml", "- Tentang: tentang.md", "- tentang.md")
    another_heading(words)


def a_page_more(words: Path) -> None:
    replaced(words / "mkdocs.yml", "  - Tentang: tentang.md", "  - Tentang: tentang.md\n  - Baru: baru.md")
    added(words / "docs" / "baru.md", "# Baru\n")


def a_page_less(words: Path) -> None:
    replaced(words / "mkdocs.yml", "  - Aksesibilitas: aksesibilitas.md\n", "")
    (words / "docs" / "aksesibilitas.md").unlink()


def a_picture(words: Path) -> None:
    added(words / "docs" / "assets" / "peta.svg", "<svg/>\n")


def another_frame_of_results(words: Path) -> None:
    added(words / "docs" / "hasil" / "shell-unit.md", "\nKalimat baru.\n")


def the_backend_on_every_page(words: Path) -> None:
    main = words / "overrides" / "main.html"
    replaced(main, "{% endblock %}", "<p>{{ config.extra.backend }}</p>{% endblock %}", count=1)


def added(file: Path, text: str) -> None:
    file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + text, encoding="utf-8")


def replaced(file: Path, old: str, new: str, count: int = -1) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), encoding="utf-8")


@pytest.mark.parametrize(
    "edit",
    [
        a_comment,
        another_name_in_the_menu,
        another_heading,
        a_menu_that_takes_names_from_headings,
        a_page_more,
        a_page_less,
        a_picture,
        another_frame_of_results,
        the_backend_on_every_page,
    ],
)
def test_the_pages_of_other_words_are_those_whose_bytes_a_build_changes(
    site: SmallSite, edit: Callable[[Path], None]
) -> None:
    words = site.folder / "site_src"
    edit(words)
    told = differing(Side(THEN, WORDS), Side(THEN, words_of(words), words), today(site, SiteFolder(site.link)))
    assert told == built_then(site, THEN)


def test_planning_leaves_the_words_of_the_site_and_has_those_of_the_next_build_ready(site: SmallSite) -> None:
    words, cache = site.folder / "site_src", SiteFolder(site.link).words
    for edit in (a_comment, a_picture):
        edit(words)
        differing(Side(THEN, WORDS), Side(THEN, words_of(words), words), today(site, SiteFolder(site.link)))
    made = {place.name for place in cache.iterdir()}
    assert len(made) == 2
    site.build()
    assert {place.name for place in cache.iterdir()} == made


def test_words_that_were_changed_since_a_build_of_another_program_cannot_be_compared(site: SmallSite) -> None:
    shutil.rmtree(SiteFolder(site.link).words)
    words = site.folder / "site_src"
    now = replace(THEN, site=replace(THEN.site, title="SKM"))
    assert differing(Side(THEN, WORDS, words), Side(now, WORDS, words), today(site, SiteFolder(site.link)))[1]
    shutil.rmtree(SiteFolder(site.link).words)
    a_comment(words)
    with pytest.raises(NothingKept):
        differing(Side(THEN, WORDS), Side(THEN, words_of(words), words), today(site, SiteFolder(site.link)))


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
