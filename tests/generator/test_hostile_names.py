"""Names that mean something to HTML, SVG, JSON, templates or the builder itself are words like any other."""

import json
from collections.abc import Sequence

import pytest
import yaml
from small_site import SmallSite, three_units

from generator.registry_values import NAME_MAX

NAMES = {
    "mark": 'O\'Brien & "Anak" <b>tebal</b>',
    "scr1": "</title></h1></svg><script>alert('x')</script>",
    "jnj4": "{{ unit.code }} {% raw %} {n} {0} %s ${x} \\1",
    "am9s": "&amp; &lt;b&gt; &quot;sudah&quot; &#39;lolos&#39;",
    "em0j": "Kantor 🏛️ Urusan 👨‍👩‍👧 Keluarga",
    "ara8": "مكتب الشؤون الدينية 2",
    "0ng0": "Balai" + "x" * (NAME_MAX - 5),
    "m4rk": "SUKMAXBODYXSUKMA dan SUKMAXTITLEXSUKMA",
}
PAGES = ("s/{}/", "s/{}/en/", "hasil/{}/", "poster/{}/", "hasil/org/o-{}/", "cari/o-{}/")


def registry_of(names: Sequence[str]) -> str:
    """A registry in which each name is that of an organisation, of its one unit and of the unit's first service."""
    organisations = [{"id": f"o-{code}", "name": name} for code, name in zip(NAMES, names, strict=True)]
    units = [
        {"code": code, "name": name, "organisation": f"o-{code}", "services": [name, "Lain"], "address": name}
        for code, name in zip(NAMES, names, strict=True)
    ]
    site = {"title": "Survei Kota Contoh", "url": "http://127.0.0.1:8000", "languages": ["id", "en"]}
    return yaml.safe_dump({"site": site, "organisations": organisations, "units": units}, allow_unicode=True)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return built_with(three_units(tmp_path_factory.mktemp("hostile")), list(NAMES.values()))


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory, hostile: SmallSite) -> SmallSite:
    """The same site, and nothing in it but ordinary names."""
    return built_with(hostile.copy_to(tmp_path_factory.mktemp("harmless")), [f"Loket {code}" for code in NAMES])


def built_with(site: SmallSite, names: Sequence[str]) -> SmallSite:
    site.registry_file.write_text(registry_of(names), encoding="utf-8")
    site.build()
    return site


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("address", PAGES)
def test_a_name_changes_the_words_of_a_page_and_nothing_else(
    hostile: SmallSite, harmless: SmallSite, code: str, address: str
) -> None:
    path = address.format(code) + "index.html"
    assert hostile.page(path).shape() == harmless.page(path).shape()


@pytest.mark.parametrize("path", ["index.html", "cari/index.html", "hasil/index.html"])
def test_the_names_change_the_words_of_a_list_and_nothing_else(
    hostile: SmallSite, harmless: SmallSite, path: str
) -> None:
    assert hostile.page(path).shape() == harmless.page(path).shape()


@pytest.mark.parametrize("code", NAMES)
@pytest.mark.parametrize("address", PAGES)
def test_a_name_is_the_heading_and_in_the_title_of_each_page(hostile: SmallSite, code: str, address: str) -> None:
    page = hostile.page(address.format(code) + "index.html")
    assert page.text_of("h1") == [NAMES[code]]
    assert NAMES[code] in page.text_of("title")[0]


@pytest.mark.parametrize("code", NAMES)
def test_a_service_is_sent_exactly_as_the_registry_spells_it(hostile: SmallSite, code: str) -> None:
    page = hostile.page(f"s/{code}/index.html")
    assert NAMES[code] in page.values("value")
    assert NAMES[code] in page.text_of("option")


@pytest.mark.parametrize("code", NAMES)
def test_a_name_is_read_out_with_its_links(hostile: SmallSite, code: str) -> None:
    labels = hostile.page(f"cari/o-{code}/index.html").values("aria-label")
    assert len([label for label in labels if NAMES[code] in label]) == 3


@pytest.mark.parametrize("code", NAMES)
def test_a_name_is_what_the_picture_of_the_code_is_called(hostile: SmallSite, code: str) -> None:
    assert hostile.page(f"poster/{code}/index.html").text_of("title")[1] == f"Kode QR survei {NAMES[code]}"


@pytest.mark.parametrize("code", NAMES)
def test_a_name_describes_the_results_page_to_search_engines(hostile: SmallSite, code: str) -> None:
    page = hostile.page(f"hasil/{code}/index.html")
    described = [attributes["content"] for tag, attributes in page.tags if attributes.get("name") == "description"]
    assert [NAMES[code] in text for text in described] == [True]


@pytest.mark.parametrize("code", NAMES)
def test_a_name_is_itself_in_the_open_data(hostile: SmallSite, code: str) -> None:
    data = json.loads((hostile.link / f"hasil/{code}/data.json").read_bytes())
    assert data["name"] == NAMES[code]


def test_the_names_are_themselves_in_what_the_search_reads(hostile: SmallSite) -> None:
    units = json.loads((hostile.link / "cari/units.json").read_bytes())
    assert {unit["code"]: (unit["name"], unit["organisation"]) for unit in units} == {
        code: (name, name) for code, name in NAMES.items()
    }
