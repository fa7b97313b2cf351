"""Instruments as files: the shipped ones keep their wording, an installation's own are checked like the registry."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import SITE_YAML, registry_yaml, write_registry
from small_site import SmallSite

from form_backend.settings import Settings
from generator.errors import GeneratorError
from generator.instrument_model import ENTRIES, InstrumentFile, instrument_schema
from generator.instrument_rules import check_instrument
from generator.instruments import file_content, file_name, shipped
from generator.published import ChangedWording, in_folder, refuse_changed_wordings, with_published
from generator.registry import RegistryError, read_registry
from generator.registry_json import read_json
from generator.registry_shape import fit
from skm.instrument import Biaya, Instruments, instrument_from_mapping
from skm.responses import LANGUAGES
from skm.units import Registry
from sukma.wiring import Installation

FOLDER = Path("skm", "instruments")
SHIPPED = sorted((Path(__file__).parents[2] / FOLDER).glob("*.json"))

# What was shipped once stays as it was: results are read by it. A changed wording is a new file with the next version
# and a new line here; a new language is a new line once its draft is approved.
WORDINGS = {
    ("ipak.1", "en"): "c0ef2a20f65f2222",
    ("ipak.1", "id"): "1e1425fa4a30282e",
    ("ipkp.1", "en"): "032e402b982c2565",
    ("ipkp.1", "id"): "48e37c71651e00b0",
    ("permenpan-14-2017.1", "en"): "224352bcc57dafd2",
    ("permenpan-14-2017.1", "id"): "3474e4603895ddc5",
}

Change = Callable[[dict[str, Any]], object]
OWN: dict[str, Any] = {
    "format": 1,
    "id": "kota",
    "version": 1,
    "source": "Contoh",
    "title": {"id": "Survei Kota", "en": "City survey"},
    "unsur": [
        {
            "key": key,
            "rule": f"U{number}",
            "form": number,
            "name": {"id": key, "en": key},
            "items": [
                {
                    "question": {"id": f"Bagaimana {key}?", "en": f"How is {key}?"},
                    "options": {"id": ["Buruk", "Cukup", "Baik", "Sangat baik"], "en": ["1", "2", "3", "4"]},
                }
            ],
        }
        for number, key in enumerate(("waktu", "biaya", "keamanan"), 1)
    ],
}


def own(folder: Path, change: Change = bool, name: str = "") -> Path:
    """Writes the installation's own instrument with one change, under the name it should have or another."""
    data = json.loads(json.dumps(OWN))
    change(data)
    return own_text(folder, json.dumps(data, indent=1), name or f"{data['id']}.{data['version']}.json")


def own_text(folder: Path, text: str, name: str = "kota.1.json") -> Path:
    path = folder / "site_src" / "instruments" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def registry_with(folder: Path, instrument: str = "kota", **blocks: str) -> Registry:
    site = SITE_YAML.replace("  languages", f"  instrument: {instrument}\n  languages")
    return read_registry(write_registry(folder, registry_yaml(site, **blocks))).registry


def problems(folder: Path, instrument: str = "kota") -> list[tuple[str, str]]:
    """The keys of the problems and the lines of their files' text that they point at."""
    with pytest.raises(RegistryError) as error:
        registry_with(folder, instrument)
    found = error.value.problems
    assert all(problem.text("id") and problem.text("en") for problem in found)
    lines = (Path(problem.file).read_text(encoding="utf-8").splitlines()[problem.line - 1].strip() for problem in found)
    return [(problem.key, line) for problem, line in zip(found, lines, strict=True)]


# Those that come with the program


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_instrument_passes_the_checks_of_an_own_one(file: Path) -> None:
    document = read_json(file.read_bytes())
    assert document.faults == ()
    assert fit(0, document.value, InstrumentFile, ENTRIES)[1] == []
    assert list(check_instrument(0, file.name, document.value, shipped=())) == []


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_a_shipped_instrument_is_valid_by_the_schema(file: Path) -> None:
    schema = instrument_schema()
    assert misfits(json.loads(file.read_text(encoding="utf-8")), schema, schema) == []


def test_the_schema_finds_what_is_wrong() -> None:
    schema, data = instrument_schema(), json.loads(json.dumps(OWN))
    data["unsur"][0]["items"][0]["options"]["id"].pop()
    data["unsur"][1] |= {"key": "Biaya", "nomor": 4}
    del data["title"]["id"], data["version"]
    data["title"]["fr"] = "Enquête"
    assert misfits(data, schema, schema) == ["version", "fr", "id", "nomor", "Biaya"]


def misfits(value: Any, schema: Any, whole: Any, name: str = "") -> list[str]:
    """The names of what a JSON Schema forbids, by the few words of it that the instrument's schema uses."""
    if "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    for choice in schema.get("anyOf", ()):
        schema = choice if "$ref" not in choice else whole["$defs"][choice["$ref"].rsplit("/", 1)[1]]
    kind = {"object": dict, "array": list, "string": str, "integer": int}[schema["type"]]
    if not isinstance(value, kind):
        return [name]
    found: list[str] = []
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
        found += [key for key in schema.get("required", ()) if key not in value]
        found += [key for key in value if key not in schema.get("propertyNames", {}).get("enum", value)]
        found += [key for key in value if key not in known and others is False]
        for key, part in value.items():
            found += misfits(part, known.get(key, others), whole, key) if known.get(key, others) else []
    elif isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            found.append(name)
        for part in value:
            found += misfits(part, schema["items"], whole, name)
    elif isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(value)
    return found


def test_a_shipped_wording_never_changes_under_its_version() -> None:
    found = {
        (f"{one.id}.{one.version}", lang): hashlib.sha256(repr(one.asked(lang)).encode()).hexdigest()[:16]
        for one in shipped().known
        for lang in one.languages().difference(one.drafts)
    }
    assert found == WORDINGS


def test_every_shipped_instrument_is_complete_in_every_language() -> None:
    assert shipped().ids() == ("ipak", "ipkp", "permenpan-14-2017")
    assert {lang: one.missing(lang) for one in shipped().known for lang in LANGUAGES} == dict.fromkeys(LANGUAGES, ())


def test_the_regional_languages_say_that_they_wait_for_a_native_writer() -> None:
    assert {one.drafts for one in shipped().known} == {("jv", "mad")}


def test_every_key_of_the_schema_is_described() -> None:
    schema = instrument_schema()
    entries = [schema, *schema["$defs"].values()]
    assert all(one["description"] for entry in entries for one in entry["properties"].values())


# An installation's own


def test_an_own_instrument_is_shown_by_the_units(tmp_path: Path) -> None:
    own(tmp_path)
    registry = registry_with(tmp_path)
    assert registry.instrument(registry.units[0]).versi == "kota.1.official"


def test_an_own_instrument_without_ladders_has_the_official_ones(tmp_path: Path) -> None:
    own(tmp_path)
    official = shipped().newest("permenpan-14-2017").ladders
    assert registry_with(tmp_path).instruments.newest("kota").ladders == official


def test_the_newest_version_is_shown_and_the_older_one_still_read(tmp_path: Path) -> None:
    own(tmp_path)
    own(tmp_path, lambda data: data.update(version=2))
    registry = registry_with(tmp_path)
    assert registry.instrument(registry.units[0]).version == 2
    assert registry.instruments.of_versi("kota.1.none").biaya is Biaya.NONE


def test_the_digest_and_the_files_of_a_registry_cover_its_instruments(tmp_path: Path) -> None:
    before = read_registry(write_registry(tmp_path)).digest
    path = own(tmp_path)
    after = read_registry(tmp_path / "units.yaml")
    assert after.files[-1] == path
    assert after.digest != before


def test_every_problem_of_registry_and_instruments_is_named_at_once(tmp_path: Path) -> None:
    own(tmp_path, lambda data: data["unsur"][0]["name"].pop("id"))
    own_text(tmp_path, "{", "lain.1.json")
    with pytest.raises(RegistryError) as error:
        registry_with(tmp_path, organisations="organisations: []\n")
    assert {Path(problem.file).name for problem in error.value.problems} == {"units.yaml", "kota.1.json", "lain.1.json"}


def test_a_mistake_in_an_instrument_does_not_make_its_name_unknown(tmp_path: Path) -> None:
    own(tmp_path, lambda data: data.update(format=2))
    assert [key for key, _ in problems(tmp_path)] == ["format_range"]


def test_an_instrument_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    own(tmp_path)
    assert problems(tmp_path, "kotta") == [("choice", "instrument: kotta")]


def item(data: dict[str, Any], unsur: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = data["unsur"][unsur]["items"][0]
    return found


LADDER = [[["l"], ["p"]]]


@pytest.mark.parametrize(
    ("change", "key", "line"),
    [
        (lambda d: d.update(warna="merah"), "unknown_key", '"warna": "merah"'),
        (lambda d: d["unsur"][0].update(bobot=2), "unknown_key", '"bobot": 2'),
        (lambda d: item(d).update(tanya="?"), "unknown_key", '"tanya": "?"'),
        (lambda d: d.pop("title"), "missing_key", "{"),
        (lambda d: d["title"].pop("id"), "text_missing", '"title": {'),
        (lambda d: item(d, 2)["options"].pop("en"), "text_missing", '"options": {'),
        (lambda d: d["title"].update(jv="Survei"), "text_missing", '"name": {'),
        (lambda d: d["title"].update(fr="Enquête"), "choice", None),
        (lambda d: d["title"].update(id=""), "blank", '"id": "",'),
        (lambda d: d["title"].update(en=None), "empty_value", '"en": null'),
        (lambda d: item(d)["options"]["id"].pop(), "options_count", '"id": ['),
        (lambda d: item(d)["options"].update(id=["Baik"] * 4), "options_alike", '"id": ['),
        (lambda d: d.update(ladders={"jenis_kelamin": []}), "empty_list", None),
        (lambda d: d.update(unsur=[]), "empty_list", '"unsur": []'),
        (lambda d: d["unsur"][1].update(items=[]), "empty_list", '"items": []'),
        (lambda d: d["unsur"][1].update(key="waktu"), "repeated", '"key": "waktu",'),
        (lambda d: d["unsur"][1].update(rule="U1"), "repeated", '"rule": "U1",'),
        (lambda d: d["unsur"][1].update(form=1), "repeated", '"form": 1,'),
        (lambda d: item(d, 1).update(key="waktu"), "repeated", '"key": "waktu"'),
        (lambda d: d["unsur"][0]["items"].append(item(d, 1)), "item_key_missing", "{"),
        (lambda d: d["unsur"][0].update(key="Waktu!"), "item_key_form", '"key": "Waktu!",'),
        (lambda d: d["unsur"][0].update(key="usia"), "item_key_reserved", '"key": "usia",'),
        (lambda d: item(d).update(key="saran"), "item_key_reserved", '"key": "saran"'),
        (lambda d: d.update(id="Kota"), "instrument_id_form", '"id": "Kota",'),
        (lambda d: d["unsur"][0].update(form=0), "form_range", '"form": 0,'),
        (lambda d: d.update(version=0), "version_range", '"version": 0,'),
        (lambda d: d.update(version=True), "number_form", '"version": true,'),
        (lambda d: d.update(drafts=["id"]), "choice", '"id"'),
        (lambda d: d["unsur"][1].update(key="b") or d.update(variants={"kesesuaian": item(d)}), "variant_unused", None),
        (lambda d: d.update(ladders={"warna": LADDER}), "choice", None),
        (lambda d: d.update(ladders={"jenis_kelamin": [[["l"]]]}), "ladder_values", None),
        (lambda d: d.update(ladders={"jenis_kelamin": [[["l"], ["p", "l"]]]}), "ladder_values", None),
        (lambda d: d.update(ladders={"jenis_kelamin": LADDER * 2}), "ladder_coarser", None),
        (lambda d: d.update(ladders={"jenis_kelamin": [["l", "p"]]}), "expected_list", None),
    ],
)
def test_a_mistake_is_named_at_its_line(tmp_path: Path, change: Change, key: str, line: str | None) -> None:
    own(tmp_path, change, name="kota.0.json" if key == "version_range" else "kota.1.json")
    found = [problem for problem in problems(tmp_path) if problem[0] == key]
    assert found
    assert line in (None, found[0][1])


def test_a_coarser_rung_joins_whole_rows_of_the_one_before(tmp_path: Path) -> None:
    ages = ["<18", "18-25", "26-35", "36-45", "46-55", "56-65", ">65"]
    pairs = [ages[:2], ages[2:4], ages[4:]]
    own(tmp_path, lambda data: data.update(ladders={"usia": [pairs, [ages[:3], ages[3:]]]}))
    assert [key for key, _ in problems(tmp_path)] == ["ladder_coarser"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("null", "empty_file"),
        ("[]", "not_mapping"),
        ('{"id": "kota", "id": "kota"}', "duplicate_key"),
        ('{"id": "kota",}', "json_syntax"),
        ("id: kota\n", "json_syntax"),
        ('{"id": "kota" // ini\n}', "syntax_bracket"),
        ("[" * 30 + "]" * 30, "nesting"),
    ],
)
def test_a_file_that_is_no_json_object_with_single_keys_is_refused(tmp_path: Path, text: str, key: str) -> None:
    own_text(tmp_path, text)
    assert key in [problem for problem, _ in problems(tmp_path)]


def test_a_shipped_id_cannot_be_taken(tmp_path: Path) -> None:
    own(tmp_path, lambda data: data.update(id="ipak", version=2))
    assert problems(tmp_path, "ipak") == [("instrument_shipped", '"id": "ipak",')]


def test_two_files_cannot_hold_the_same_version(tmp_path: Path) -> None:
    own(tmp_path)
    own(tmp_path, lambda data: data["title"].update(id="Lain"), name="kota.2.json")
    assert problems(tmp_path) == [("instrument_file", '"id": "kota",')]


def test_an_unfinished_draft_is_allowed_and_not_offered(tmp_path: Path) -> None:
    own(tmp_path, lambda data: data.update(drafts=["jv"]) or data["title"].update(jv="Survei Kutha"))
    found = registry_with(tmp_path).instruments.newest("kota")
    assert (found.languages(), found.drafts) == ({"id", "en"}, ("jv",))
    assert found.missing("jv")[0] == "unsur[0].name.jv"


def test_a_unit_that_asks_for_biaya_in_a_way_the_instrument_lacks_is_named(tmp_path: Path) -> None:
    own(tmp_path)
    units = "units:\n  - {code: 7k3q, name: Loket, organisation: dinas, biaya: kesesuaian}\n"
    with pytest.raises(RegistryError, match="kota tidak memiliki cara kesesuaian"):
        registry_with(tmp_path, units=units)


def test_a_unit_whose_language_the_instrument_lacks_is_told_which_are_complete(tmp_path: Path) -> None:
    own(tmp_path)
    units = "units:\n  - {code: 7k3q, name: Loket, organisation: dinas, languages: [id, mad]}\n"
    with pytest.raises(RegistryError, match="yang lengkap: id, en"):
        registry_with(tmp_path, units=units)


def test_a_unit_without_biaya_goes_with_an_instrument_that_does_not_ask_for_it(tmp_path: Path) -> None:
    units = "units:\n  - {code: 7k3q, name: Loket, organisation: dinas, biaya: none}\n"
    registry = registry_with(tmp_path, "ipak", units=units)
    assert registry.instrument(registry.units[0]).versi == "ipak.1.official"


# Results and the wording they were given under


def with_result(site_src: Path, versi: str = "kota.1.official") -> Path:
    """A published result that names a form, and the folder of the published site it is in."""
    path = site_src / "results" / "2026-TW4" / "7k3q.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"format": 1, "code": "7k3q", "period": "2026-TW4", "instrument": versi, "blocks": [], "final": True}
    path.write_text(json.dumps(content), encoding="utf-8")
    return site_src


def known(change: Change = bool) -> Instruments:
    data = json.loads(json.dumps(OWN))
    change(data)
    return shipped().with_own([instrument_from_mapping(data)])


def reworded(data: dict[str, Any]) -> None:
    item(data)["question"]["id"] = "Seberapa cepat?"


def test_a_changed_wording_is_refused_once_results_name_its_version(tmp_path: Path) -> None:
    own(tmp_path)
    published = with_result(tmp_path / "site_src")
    with pytest.raises(ChangedWording, match=r"kota\.1\.json: .* new wording into kota\.2\.json"):
        refuse_changed_wordings(known(reworded), published)


def test_a_changed_wording_is_nobody_s_business_before_there_are_results(tmp_path: Path) -> None:
    own(tmp_path)
    refuse_changed_wordings(known(reworded), with_result(tmp_path / "site_src", "kota.2.official"))


def test_a_new_language_and_a_new_version_change_no_wording(tmp_path: Path) -> None:
    own(tmp_path, lambda data: data.update(drafts=["en"]))
    published = with_result(tmp_path / "site_src")
    refuse_changed_wordings(known(lambda data: data["title"].update(en="Better English")), published)
    newer = known(lambda data: reworded(data) or data.update(version=2)).newest("kota")
    refuse_changed_wordings(shipped().with_own([known().newest("kota"), newer]), published)


def test_a_version_whose_file_is_gone_is_read_from_beside_the_results_that_name_it(tmp_path: Path) -> None:
    own(tmp_path)
    site_src = with_result(tmp_path / "site_src")
    assert with_published(shipped(), site_src).of_versi("kota.1.official") == known().newest("kota")
    assert "kota" not in with_published(shipped(), site_src).ids()
    assert with_published(known(), site_src) == known()
    assert with_published(shipped(), with_result(tmp_path / "site_src", "kota.2.official")) == shipped()


def test_a_file_made_anew_says_the_same_and_passes_the_check(tmp_path: Path) -> None:
    assert [instrument_from_mapping(json.loads(file_content(one))) for one in shipped().known] == [*shipped().known]
    file = own(tmp_path)
    kota = registry_with(tmp_path).instruments.newest("kota")
    file.write_bytes(file_content(kota))
    assert registry_with(tmp_path).instruments.newest("kota") == kota


def test_an_installation_is_refused_whose_wording_differs_from_the_published_one(tmp_path: Path) -> None:
    here = Installation(write_registry(tmp_path), Settings.from_environment({}, tmp_path))
    own(here.settings.site_repo)
    with_result(here.results_dir.parent)
    own(tmp_path, reworded)
    with pytest.raises(ChangedWording):
        _ = here.loaded


def test_an_own_instrument_is_among_the_words_that_are_published(tmp_path: Path) -> None:
    here = Installation(write_registry(tmp_path), Settings.from_environment({}, tmp_path))
    text = own(tmp_path).read_bytes()
    assert here.publisher().words()["site_src/instruments/kota.1.json"] == text


def test_results_whose_instrument_is_gone_are_not_guessed(tmp_path: Path) -> None:
    results = with_result(tmp_path / "site_src") / "results"
    assert in_folder(results).read("7k3q", ["2026-TW4"], known())[0].instrument == "kota.1.official"
    with pytest.raises(GeneratorError, match=r"7k3q\.json: .*'kota\.1\.official' names no form"):
        in_folder(results).read("7k3q", ["2026-TW4"], shipped())


# The site


def test_a_build_shows_an_own_instrument_and_notices_its_change(site: SmallSite) -> None:
    own(site.folder, lambda data: data.update(variants={"kesesuaian": item(data, 1)}))
    site.edit("instrument: permenpan-14-2017", "instrument: kota")
    site.build()
    before = (site.link / "s/7k3q/index.html").read_text(encoding="utf-8")
    own(site.folder, lambda data: reworded(data) or data.update(version=2, variants={"kesesuaian": item(data, 1)}))
    site.build()
    after = (site.link / "s/7k3q/index.html").read_text(encoding="utf-8")
    assert ("Bagaimana waktu?" in before, "kota.1.official" in before) == (True, True)
    assert ("Seberapa cepat?" in after, "kota.2.official" in after) == (True, True)


def test_the_name_of_a_file_says_id_and_version() -> None:
    assert {file_name(one) for one in shipped().known} == {file.name for file in SHIPPED}
