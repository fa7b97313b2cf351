"""The written pages: what MkDocs makes of site_src, and that their figures are the program's own."""

import json
import re
import shutil
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generator.errors import GeneratorError
from generator.instruments import instrument, shipped
from generator.mkdocs_build import build_words
from generator.pages.data import unit_data
from skm import index
from skm.periods import Period
from skm.responses import ATTRIBUTES, UNDER_AGE
from skm.results import ReleasedBlock, Result
from skm.sample import sample_size
from skm.tally import Tally
from skm.units import Organisation, Registry, ReleaseRule, Site, Unit

SITE_SRC = Path(__file__).parents[2] / "site_src"
TITLE = """<b>"Tom & 'Jerry'"</b> &amp; 🐘"""
SITE = Site(title=TITLE, url="https://survei.example.id")
PAGES = ("metodologi", "privasi", "data-terbuka", "aksesibilitas", "tentang")  # in the menu
WRITTEN = {*PAGES, "integritas"}
NOTICE = "CONTOH – BUKAN HASIL SEBENARNYA"


class Document(HTMLParser):
    """A page taken apart: elements as (tag, attributes), text by class of its element, tables as rows of text."""

    _VOID = frozenset("area br col embed hr img input link meta source wbr".split())

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.tables: list[list[list[str]]] = []
        self.texts: list[tuple[str, str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in ("td", "th"):
            self.tables[-1][-1].append("")
        if tag not in self._VOID:
            self._open.append((tag, attributes.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.texts.extend((tag, class_name, data) for tag, class_name in self._open)
        if any(tag in ("td", "th") for tag, _ in self._open):
            self.tables[-1][-1][-1] += data

    def text(self, tag: str, class_name: str = "") -> str:
        """All text inside elements of this tag and class, spaces made single."""
        return " ".join(" ".join(t for name, cls, t in self.texts if name == tag and class_name in cls).split())

    def values(self, tag: str, attribute: str) -> list[str]:
        """The attribute of every such element that has it."""
        return [found[attribute] for name, found in self.elements if name == tag and attribute in found]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "site"
    build_words(SITE_SRC, SITE, folder, example=True)
    return folder


def page(out: Path, name: str) -> Document:
    return Document(out / name / "index.html")


@pytest.fixture(scope="module")
def method(out: Path) -> Document:
    return page(out, "metodologi")


def number(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_a_hostile_site_title_reads_as_it_was_written_in_title_header_menu_footer_and_meta(out: Path) -> None:
    found = page(out, "privasi")
    meta = {a["property"]: a["content"] for t, a in found.elements if t == "meta" and "property" in a}
    logos = [a for t, a in found.elements if t == "a" and "md-logo" in a.get("class", "")]
    assert found.text("title") == f"Privasi - {TITLE}"
    assert found.text("header", "md-header").startswith(f"Menu {TITLE}")
    assert TITLE in found.text("label", "md-nav__title")
    assert TITLE in found.text("div", "md-copyright")
    assert meta["og:site_name"] == TITLE
    assert [(a["title"], a["aria-label"]) for a in logos] == [(TITLE, TITLE)] * 2


def test_no_element_comes_out_of_a_hostile_site_title(out: Path) -> None:
    for file in out.rglob("*.html"):
        assert "b" not in [tag for tag, _ in Document(file).elements], file


def test_every_page_loads_from_its_own_site_only(out: Path) -> None:
    for file in out.rglob("*.html"):
        found = Document(file)
        links = [
            a["href"] for t, a in found.elements if t == "link" and a.get("rel") not in ("canonical", "next", "prev")
        ]
        loaded = [*links, *found.values("script", "src"), *found.values("img", "src"), *found.values("iframe", "src")]
        assert loaded and not [url for url in loaded if urlsplit(url).netloc], file


def test_the_notice_is_on_every_page_of_an_example_site(out: Path) -> None:
    assert [file for file in out.rglob("*.html") if NOTICE not in Document(file).text("aside", "md-banner")] == []


def test_the_notice_is_on_no_page_of_a_real_site(tmp_path: Path) -> None:
    build_words(SITE_SRC, Site(title="Survei", url="https://survei.example.id"), tmp_path / "out", example=False)
    assert [file for file in tmp_path.rglob("*.html") if NOTICE in file.read_text(encoding="utf-8")] == []


def test_the_menu_has_the_eight_pages_in_order_in_the_tabs_and_again_in_the_footer(out: Path) -> None:
    names = "Beranda Cari unit Hasil Metodologi Privasi Data terbuka Aksesibilitas Tentang"
    found = page(out, "tentang")
    assert (found.text("nav", "md-tabs"), found.text("nav", "kaki")) == (names, names)


def test_every_page_is_indonesian_and_has_one_heading_of_the_first_level(out: Path) -> None:
    for name in PAGES:
        found = page(out, name)
        assert found.values("html", "lang") == ["id"]
        assert [tag for tag, _ in found.elements].count("h1") == 1


def test_every_written_page_describes_itself(out: Path) -> None:
    def description(name: str) -> str:
        return next(a["content"] for t, a in page(out, name).elements if t == "meta" and a.get("name") == "description")

    assert len({description(name) for name in PAGES}) == len(PAGES)


def test_the_page_for_a_missing_address_works_at_any_depth_and_points_to_the_finder(out: Path) -> None:
    found = Document(out / "404.html")
    local = [url for url in (*found.values("a", "href"), *found.values("link", "href")) if not urlsplit(url).netloc]
    assert [url for url in local if not url.startswith(("/", "#"))] == []
    assert "/cari/" in local


def test_the_page_for_a_missing_address_takes_the_code_of_a_poster_without_script(out: Path) -> None:
    elements = Document(out / "404.html").elements
    forms = [attributes for tag, attributes in elements if tag == "form" and attributes.get("method") == "get"]
    assert [form["action"] for form in forms] == ["/kirim/"]
    assert any(tag == "input" and attributes.get("name") == "kode" for tag, attributes in elements)


def test_the_page_for_a_missing_address_says_it_in_english_too(out: Path) -> None:
    assert ("div", {"lang": "en"}) in Document(out / "404.html").elements


def test_the_search_knows_the_written_pages_and_no_shell_or_filled_page(out: Path) -> None:
    entries = json.loads((out / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
    assert {entry["location"].split("/")[0] for entry in entries} == WRITTEN


def test_no_sitemap_and_no_source_map_is_left(out: Path) -> None:
    assert [path.name for path in out.rglob("*") if path.name.startswith("sitemap") or path.suffix == ".map"] == []


def test_two_builds_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    build_words(SITE_SRC, SITE, tmp_path / "again", example=True)
    first, second = (
        {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (out, tmp_path / "again")
    )
    assert first == second


def test_modules_in_the_current_folder_do_not_take_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mkdocs.py").write_text("raise SystemExit('the wrong mkdocs')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    build_words(SITE_SRC, SITE, Path("out"), example=False)
    assert (tmp_path / "out" / "privasi" / "index.html").is_file()


def test_a_folder_of_pages_may_be_called_results_and_an_editors_lock_is_no_page(tmp_path: Path) -> None:
    shutil.copytree(SITE_SRC, tmp_path / "site_src")
    (tmp_path / "site_src/docs/results").mkdir()
    (tmp_path / "site_src/docs/results/index.md").write_text("# Arsip\n", encoding="utf-8")
    (tmp_path / "site_src/docs/.#tentang.md").symlink_to("orang@mesin.1")
    config = tmp_path / "site_src/mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("  /integritas.md\n", "  /integritas.md\n  /results/\n"), encoding="utf-8")
    build_words(tmp_path / "site_src", SITE, tmp_path / "out", example=False)
    assert page(tmp_path / "out", "results").text("h1") == "Arsip"


def test_a_broken_link_is_refused_in_the_builders_words(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "overrides").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Awal\n\n[ke sana](hilang.md)\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("theme: {name: material, font: false}\n", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"hilang\.md"):
        build_words(tmp_path, SITE, tmp_path / "out", example=False)


def test_a_folder_without_words_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match=re.escape(str(tmp_path))):
        build_words(tmp_path, SITE, tmp_path / "out", example=False)


def test_the_nine_unsur_and_their_words_are_those_of_the_instrument(method: Document) -> None:
    assert method.tables[0][1:] == [
        [unsur.rule, str(unsur.form), unsur.name["id"], *unsur.items[0].options["id"]]
        for unsur in instrument("permenpan-14-2017").unsur
    ]


def test_the_worked_example_is_what_the_program_computes(method: Document) -> None:
    *rows, total = method.tables[1][1:]
    nrr = {name: Fraction(number(points)) / 40 for name, points, _ in rows}
    without = {name: value for name, value in nrr.items() if name != "Biaya/Tarif"}
    text = method.text("article")
    assert [number(mean) for *_, mean in rows] == [index.round_half_up(value) for value in nrr.values()]
    assert number(total[1]) == sum(number(points) for _, points, _ in rows)
    assert f"menjadi {index.round_half_up(index.ikm(nrr))}".replace(".", ",") in text
    assert f"menjadi {index.round_half_up(index.ikm(nrr, index.Convention.PERMENPAN_011))}".replace(".", ",") in text
    assert f"dalam contoh ini {index.round_half_up(index.ikm(without))}".replace(".", ",") in text
    assert index.mutu(index.ikm(nrr)).letter == "B"


def test_the_classes_are_those_of_the_program(method: Document) -> None:
    found = [(letter, kinerja, number(span.split(" – ")[0])) for letter, kinerja, span in method.tables[2][1:]]
    assert found == [(row.letter, row.kinerja, row.lowest) for row in index.MUTU_TABLE]


def test_the_sample_sizes_are_those_of_the_program(method: Document) -> None:
    assert [int(number(s)) for _, s in method.tables[3][1:]] == [
        sample_size(int(number(n))) for n, _ in method.tables[3][1:]
    ]


def test_the_defaults_of_the_release_rule_are_those_of_the_program(method: Document) -> None:
    rule, text = ReleaseRule(), method.text("article")
    assert f"k = {rule.k} bila tidak diatur lain" in text
    assert f": {rule.grace} hari bila tidak diatur lain" in text


def test_the_method_says_what_the_release_rule_does_not_protect_against(method: Document) -> None:
    assert "mengisi sendiri k − 1 jawaban" in method.text("li")


def test_every_key_of_the_open_data_is_explained_and_no_other(out: Path) -> None:
    site = Site(title="Survei", url="https://survei.example.id")
    unit = Unit("7k3q", "Loket", "kota", ("id",))
    period = Period(2026, 10, 3)
    form, tally = "permenpan-14-2017.1.official", Tally(12, {"waktu": (0, 2, 4, 6)})
    result = Result("7k3q", period, form, (ReleasedBlock(period, 1, tally, form),), True, 3, True)
    registry = Registry(site, (Organisation("kota", "Kota"),), (unit,), instruments=shipped())
    data = unit_data(unit, registry.site.period, registry.instruments, [result])
    whole, one = (
        {key for row in table[1:] for key in row[0].split(", ")} for table in page(out, "data-terbuka").tables
    )
    assert whole == set(data)
    assert one == set(data["periods"][0])


def test_the_privacy_page_names_everything_that_is_asked_about_a_person(out: Path) -> None:
    words = {"jenis_kelamin": "jenis kelamin", "usia": "kelompok umur"}
    text = page(out, "privasi").text("li")
    assert [name for name in ATTRIBUTES if words.get(name, name) not in text] == []
    assert UNDER_AGE == "<18" and "di bawah 18 tahun" in page(out, "privasi").text("p")


def test_the_privacy_page_promises_what_is_kept_and_does_not_say_anonymous_otherwise(out: Path) -> None:
    text = page(out, "privasi").text("article")
    assert "tanpa nama, NIK, atau nomor telepon; alamat internet tidak disimpan" in text
    assert re.findall(r"[^.]*\banonim\b[^.]*", text) == [
        " Kami tidak menyebutnya anonim, karena kata itu menjanjikan lebih daripada yang dapat dijamin siapa pun"
    ]
