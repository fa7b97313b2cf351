"""The way out of MkDocs: its heirs make the same addresses with the same text of the same words, and a whole site."""

import os
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urljoin

import pytest
from small_site import TOP, SmallSite, files_below, three_units

from generator import mkdocs_build
from generator.build import build
from generator.errors import GeneratorError
from generator.mkdocs_build import Builder, build_words
from generator.published import in_folder
from generator.registry import read_registry
from skm.units import Site

HEIRS = (Builder.PROPERDOCS, Builder.ZENSICAL)


@dataclass
class Main(HTMLParser):
    """The text inside `<main>`, as it reads; scripts and styles are none of it."""

    texts: list[str] = field(default_factory=list)
    _inside: int = 0
    _silent: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self._inside += tag == "main"
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag == "main"
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if self._inside and not self._silent:
            self.texts.append(data)


def main_text(page: bytes) -> str:
    parser = Main()
    parser.feed(page.decode())
    return " ".join("".join(parser.texts).split())


def readable(tree: dict[str, bytes]) -> dict[str, str]:
    """Address → text of `<main>`, of every page that has one."""
    pages = {path: content for path, content in tree.items() if path.endswith(".html")}
    return {path: main_text(content) for path, content in pages.items()}


@pytest.fixture(scope="module", params=HEIRS, ids=str)
def heir(request: pytest.FixtureRequest) -> Builder:
    """A builder that is installed; where it is not, its test is skipped aloud, and fails in continuous integration."""
    builder: Builder = request.param
    try:
        version(str(builder))
    except PackageNotFoundError:
        missing = f"{builder} is not installed, and this test needs it (make setup)"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return builder


@pytest.fixture(scope="module")
def inherited(heir: Builder, tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The three-unit site, its words built by the heir."""
    site = three_units(tmp_path_factory.mktemp(str(heir)))
    registry = read_registry(site.registry_file).registry
    build(site.folder / "site_src", registry, in_folder(site.results), site.link, builder=heir)
    return site


def test_another_builder_makes_the_same_addresses(built: SmallSite, inherited: SmallSite) -> None:
    assert readable(inherited.tree()).keys() == readable(built.tree()).keys()


def test_the_text_of_every_page_is_the_same(built: SmallSite, inherited: SmallSite) -> None:
    ours, theirs = readable(built.tree()), readable(inherited.tree())
    assert [path for path in ours if ours[path] != theirs[path]] == []
    assert sum(len(text) > 100 for text in ours.values()) > 15


def test_the_generators_own_files_are_the_same_bytes(built: SmallSite, inherited: SmallSite) -> None:
    own = re.compile(
        r"(s|poster)/.*|hasil/[^/]+/data\.json|cari/units\.json|sitemap\.xml|robots\.txt|assets/sukma\.css"
    )
    ours, theirs = built.tree(), inherited.tree()
    assert [path for path in ours if own.fullmatch(path) and ours[path] != theirs.get(path)] == []


def test_every_page_loads_only_files_that_are_there(inherited: SmallSite) -> None:
    loading = re.compile(r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*? (?:src|href)="([^"]+)"')
    loaded = {
        urljoin(f"http://127.0.0.1:8000/{path}", link)
        for path, content in inherited.tree().items()
        if path.endswith(".html")
        for link in loading.findall(content.decode())
    }
    there = {f"http://127.0.0.1:8000/{path}" for path in inherited.tree()}
    assert loaded - there == {"data:,"}  # the icon of the lean pages: none
    assert len(loaded) > 5


def test_a_broken_link_is_refused_by_an_heir_too(heir: Builder, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "overrides").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Awal\n\n[ke sana](hilang.md)\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("theme: {name: material, font: false}\n", encoding="utf-8")
    site = Site(title="Survei", url="https://survei.example.id")
    with pytest.raises(GeneratorError, match=r"hilang\.md"):
        build_words(tmp_path, site, tmp_path / "out", example=False, builder=heir)


def test_a_builder_that_is_not_installed_is_named_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(mkdocs_build._PACKAGES, Builder.ZENSICAL, ("nama-yang-tidak-ada",))
    site = Site(title="Survei", url="https://survei.example.id")
    with pytest.raises(GeneratorError, match="SUKMA_BUILDER=zensical: nama-yang-tidak-ada is not installed"):
        build_words(TOP / "site_src", site, tmp_path / "out", example=False, builder=Builder.ZENSICAL)
    assert files_below(tmp_path) == {}


def test_another_builder_makes_the_site_anew(site: SmallSite) -> None:
    registry = read_registry(site.registry_file).registry
    summary = build(site.folder / "site_src", registry, in_folder(site.results), site.link, builder=Builder.PROPERDOCS)
    assert summary.full
