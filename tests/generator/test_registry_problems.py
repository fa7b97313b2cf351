"""Every kind of mistake in `units.yaml`: its place, and a sentence with the remedy in both languages."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from generator.registry import SIZE_MAX, RegistryError, RegistryProblem, read_registry
from tests.builders import UNITS_YAML, registry_yaml, write_registry

# Each case changes one spot of the ordinary registry: kind, old text, new text, place, words of the sentence.
# Lines of that file: 1 site, 2 title, 3 url, 4 languages, 5 organisations, 6 kota, 7 dinas, 8 units, 9 code, 10 name,
# 11 organisation, 12 services.
ONE_UNIT = UNITS_YAML.removeprefix("units:\n")
SECOND = ONE_UNIT.replace("7k3q", "2m4p")
MOVED = "    status: moved\n    moved_to: "
CASES = [
    ("syntax_colon", "Loket Contoh", "Loket: Contoh", "10:16", "tanda kutip pada seluruh teks"),
    ("syntax_tab", "    name:", "\tname:", "10:1", "Ganti tab dengan spasi"),
    ("syntax_character", "Loket Contoh", "@Loket", "10:11", "tidak boleh dimulai dengan «@»"),
    ("syntax_escape", "Loket Contoh", '"Loket \\d"', "10:18", "tanda kutip tunggal"),
    ("syntax_quote", "Loket Contoh", '"Loket', "10:11", "dibuka di sini"),
    ("syntax_bracket", "KTP elektronik]", "KTP elektronik", "12:15", "kurung tutupnya"),
    ("syntax_key", "name: Loket Contoh", "name Loket", "10:5", "Tambahkan titik dua"),
    ("syntax_indent", "organisations:\n", "organisations:\n  - {id: x, name: X}\n bad\n", "7:2", "jumlah spasinya"),
    ("syntax", "site:\n", "%YAML 3.0\n---\nsite:\n", "1:1", "Periksa baris ini"),
    ("alias", "name: Loket Contoh", "name: *x", "10:11", "Tulis nilainya di sini"),
    ("anchor", "name: Loket Contoh", "name: &x Loket", "10:11", "Hapus &x"),
    ("merge", "    name: Loket", "    <<: {}\n    name: Loket", "10:5", "Tulis setiap kunci"),
    ("tag", "name: Loket Contoh", "name: !!str Loket", "10:11", "Hapus tag itu"),
    ("second_document", UNITS_YAML, UNITS_YAML + "---\nunits: []\n", "13:1", "dokumen kedua"),
    ("nesting", "Loket Contoh", "[" * 30, "10:28", "lebih dalam daripada 20"),
    ("key_form", "    name: Loket Contoh", "    [a]: Loket", "10:5", "satu kata"),
    ("duplicate_key", "    name: Loket", "    name: A\n    name: Loket", "11:5", "pada baris 10"),
    ("unprintable", "Loket Contoh", "Loket\x00", "10:16", "U+0000"),
    ("missing_key", "    name: Loket Contoh\n", "", "9:5", "Tambahkan `name: …`"),
    ("unknown_key", "    name:", "    nama:", "10:5", "Mungkin maksud Anda «name»"),
    ("unknown_key", "  languages:", "  langauges:", "4:3", "Mungkin maksud Anda «languages»"),
    ("unknown_key", "units:", "unit:", "8:1", "Mungkin maksud Anda «units»"),
    ("empty_value", "name: Loket Contoh", "name:", "10:10", "Isi nilainya"),
    ("unquoted_number", "code: 7k3q", "code: 0123", "9:11", 'Beri tanda kutip: "0123"'),
    ("unquoted_number", "code: 7k3q", "code: 1234", "9:11", 'Beri tanda kutip: "1234"'),
    ("unquoted_number", "code: 7k3q", "code: 1e23", "9:11", 'Beri tanda kutip: "1e23"'),
    ("unquoted_number", '"35.75"', "35.10", "6:60", 'Beri tanda kutip: "35.10"'),
    ("unquoted_date", "Loket Contoh", "2026-12-31", "10:11", 'Beri tanda kutip: "2026-12-31"'),
    ("unquoted_boolean", "Loket Contoh", "No", "10:11", 'Beri tanda kutip: "No"'),
    ("number_form", ONE_UNIT, ONE_UNIT + "    users_per_period: 4.384\n", "13:23", "misalnya 4384"),
    ("number_form", ONE_UNIT, ONE_UNIT + '    users_per_period: "4384"\n', "13:23", "tanpa tanda kutip"),
    ("expected_text", "Loket Contoh", "[Loket]", "10:11", "teks satu baris"),
    ("expected_number", ONE_UNIT, ONE_UNIT + "    users_per_period: [1]\n", "13:23", "bilangan bulat"),
    ("expected_list", "[Kartu Keluarga, KTP elektronik]", "Kartu Keluarga", "12:15", "harus berupa daftar"),
    ("expected_mapping", ONE_UNIT, "  - 7k3q\n", "9:5", "`kunci: nilai`"),
    ("blank", "Loket Contoh", '" "', "10:11", "tidak boleh kosong"),
    ("blank", "[Kartu Keluarga,", '["",', "12:16", "tidak boleh kosong"),
    ("control", "Loket Contoh", '"Loket\\tContoh"', "10:11", "dalam satu baris"),
    ("direction", "Loket Contoh", '"Loket \\u202Etxt"', "10:11", "pengubah arah"),
    ("direction", "Loket Contoh", "Loket \u2066txt\u2069", "10:11", "pengubah arah"),
    ("spaces", "Loket Contoh", '" Loket"', "10:11", "Hapus spasi"),
    ("too_long", "Loket Contoh", "x" * 201, "10:11", "paling banyak 200"),
    ("code_case", "7k3q", "7K3Q", "9:11", "Tulis 7k3q, bukan 7K3Q"),
    ("code_form", "7k3q", "7k3u", "9:11", "tanpa i, l, o, u"),
    ("id_form", "id: kota,", "id: Kota Contoh,", "6:10", "dinas-kesehatan"),
    ("region_form", '"35.75"', '"35-75"', "6:60", "35.75.01.1001"),
    ("url_scheme", "http://127.0.0.1:8000", "skm.example.go.id", "3:8", "diawali http://"),
    ("url_path", ":8000", ":8000/skm?x", "3:8", "Tulis http://127.0.0.1:8000."),
    ("url_credentials", "127.0.0.1", "a:b@127.0.0.1", "3:8", "sebelum @"),
    ("url_form", ":8000", ":80000", "3:8", "port"),
    ("url_path", "  languages", "  backend: http://x/\n  languages", "4:12", "Tulis http://x."),
    ("choice", ONE_UNIT, ONE_UNIT + "    biaya: nona\n", "13:12", "Mungkin maksud Anda «none»"),
    ("choice", "  languages", "  period: quartal\n  languages", "4:11", "Mungkin maksud Anda «quarter»"),
    ("choice", "  languages", "  instrument: permenpan-2017\n  languages", "4:15", "permenpan-14-2017"),
    ("choice", "[id, en]", "[id, us]", "4:19", "id, en, jv, mad"),
    ("timezone", "  languages", "  timezone: Asia/Jakrta\n  languages", "4:13", "Mungkin maksud Anda «Asia/Jakarta»"),
    ("timezone", "  languages", "  timezone: Asia\n  languages", "4:13", "Asia/Makassar (WITA)"),
    ("k_range", "  languages", "  release: {k: 4}\n  languages", "4:16", "paling sedikit 5"),
    ("grace_range", "  languages", "  release: {grace: -1}\n  languages", "4:20", "dari 0 sampai 60"),
    ("grace_range", "  languages", "  release: {grace: 61}\n  languages", "4:20", "dari 0 sampai 60"),
    ("years_range", "  languages", "  retention: {schedule: J, answers: 0}\n  languages", "4:37", "dari 1 sampai 100"),
    ("missing_key", "  languages", "  retention: {answers: 5}\n  languages", "4:14", "Tambahkan `schedule: …`"),
    ("users_range", ONE_UNIT, ONE_UNIT + "    users_per_period: 0\n", "13:23", "dari 1"),
    ("users_range", ONE_UNIT, ONE_UNIT + "    users_per_period: {2026-TW4: 0}\n", "13:34", "dari 1"),
    ("duplicate_code", ONE_UNIT, ONE_UNIT + ONE_UNIT, "13:11", "sudah dipakai di units.yaml:9:11"),
    ("duplicate_id", "id: dinas,", "id: kota,", "7:10", "sudah dipakai di units.yaml:6:10"),
    ("duplicate_retired", "units:\n", "retired: [2m4p, 2m4p]\nunits:\n", "8:17", "units.yaml:8:11"),
    ("code_form", "units:\n", "retired: [2m4]\nunits:\n", "8:11", "4–5 angka"),
    ("retired_code", "units:\n", "retired: [7k3q]\nunits:\n", "10:11", "tidak pernah dipakai ulang"),
    ("unknown_organisation", "organisation: dinas", "organisation: dina", "11:19", "Mungkin maksud Anda «dinas»"),
    ("unknown_parent", "parent: kota", "parent: kotta", "7:45", "Mungkin maksud Anda «kota»"),
    ("parent_circle", "Kota Contoh, ", "Kota Contoh, parent: dinas, ", "6:54", "kota → dinas → kota"),
    ("successor_missing", ONE_UNIT, ONE_UNIT + "    status: moved\n", "13:13", "Tambahkan `moved_to: KODE`"),
    ("successor_unwanted", ONE_UNIT, ONE_UNIT + "    moved_to: 2m4p\n" + SECOND, "13:5", "Hapus moved_to"),
    ("unknown_successor", ONE_UNIT, ONE_UNIT + MOVED + "2m4q\n" + SECOND, "14:15", "Mungkin maksud Anda «2m4p»"),
    ("successor_circle", ONE_UNIT, ONE_UNIT + MOVED + "7k3q\n", "14:15", "7k3q → 7k3q"),
    ("repeated", "KTP elektronik]", "kartu keluarga]", "12:32", "Hapus salah satu"),
    ("repeated", "[id, en]", "[id, en, id]", "4:23", "Hapus salah satu"),
    ("period_form", ONE_UNIT, ONE_UNIT + "    users_per_period: {TW4: 1}\n", "13:24", "Tulis seperti 2026-TW4"),
    ("period_kind", ONE_UNIT, ONE_UNIT + "    users_per_period: {2026-11: 1}\n", "13:24", "Tulis seperti 2026-TW4"),
    ("include_nothing", "site:\n", "include: [units.d/*.yaml]\nsite:\n", "1:11", "Tidak ada berkas"),
    ("include_outside", "site:\n", "include: [../*.yaml]\nsite:\n", "1:11", "ke luar folder"),
    ("include_outside", "site:\n", "include: [/*.yaml]\nsite:\n", "1:11", "ke luar folder"),
]
# All but those whose one change takes away what the rest of the file needs.
SINGLE = [case for case in CASES if case[0] not in ("unknown_key", "id_form", "duplicate_id")]
# Files that are wrong as a whole: kind, bytes, place, words.
WHOLE = [
    ("empty_file", b"# nothing yet\n", "1:1", "kosong"),
    ("not_mapping", b"- a\n- b\n", "1:1", "`kunci: nilai`"),
    ("utf8", "site:\n  title: café ".encode() + b"\xe9\n", "2:15", "UTF-8"),
    ("too_large", b"#" * (SIZE_MAX + 1), "1:1", "lebih besar daripada 20 MB"),
]
ELSEWHERE = {"did_you_mean", "no_file", "not_a_file", "unreadable", "tree_depth"} | {
    # test_instruments.py
    "biaya_variant",
    "empty_list",
    "form_range",
    "format_range",
    "instrument_file",
    "instrument_id_form",
    "instrument_shipped",
    "item_key_form",
    "item_key_missing",
    "item_key_reserved",
    "json_syntax",
    "ladder_coarser",
    "language_incomplete",
    "ladder_values",
    "options_alike",
    "options_count",
    "text_missing",
    "variant_unused",
    "version_range",
}  # tested below


def problems_of(path: Path) -> tuple[RegistryProblem, ...]:
    with pytest.raises(RegistryError) as caught:
        read_registry(path)
    return caught.value.problems


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("kind", "old", "new", "place", "words"), CASES)
def test_a_mistake_is_named_at_its_place_with_its_remedy(kind: str, old: str, new: str, place: str, words: str) -> None:
    assert registry_yaml().count(old) == 1
    write_registry(Path(), registry_yaml().replace(old, new))
    (problem,) = [problem for problem in problems_of(Path("units.yaml")) if problem.key == kind]
    assert problem.located("id").startswith(f"units.yaml:{place}: ")
    assert words in problem.text("id")


def test_a_code_that_differs_from_a_taken_one_only_in_case_is_told_both(tmp_path: Path) -> None:
    path = write_registry(tmp_path, registry_yaml() + ONE_UNIT.replace("7k3q", "7K3Q"))
    assert sorted(problem.key for problem in problems_of(path)) == ["code_case", "duplicate_code"]


@pytest.mark.parametrize(("kind", "content", "place", "words"), WHOLE)
def test_a_file_that_is_wrong_as_a_whole_is_one_problem(kind: str, content: bytes, place: str, words: str) -> None:
    Path("units.yaml").write_bytes(content)
    (problem,) = problems_of(Path("units.yaml"))
    assert problem.key == kind
    assert problem.located("id").startswith(f"units.yaml:{place}: ")
    assert words in problem.text("id")


@pytest.mark.parametrize("case", SINGLE, ids=[f"{case[0]}-{case[3]}" for case in SINGLE])
def test_a_single_mistake_gives_a_single_problem(case: tuple[str, str, str, str, str]) -> None:
    write_registry(Path(), registry_yaml().replace(case[1], case[2]))
    assert len(problems_of(Path("units.yaml"))) == 1


def test_every_sentence_is_provoked_by_a_test() -> None:
    keys = set(json.loads((files("generator") / "texts" / "check.json").read_text(encoding="utf-8"))["id"])
    assert {case[0] for case in CASES} | {case[0] for case in WHOLE} | ELSEWHERE == keys


def test_both_languages_have_the_same_sentences_with_the_same_blanks() -> None:
    words = json.loads((files("generator") / "texts" / "check.json").read_text(encoding="utf-8"))
    blanks = {lang: {key: set(re.findall(r"{\w+}", text)) for key, text in words[lang].items()} for lang in words}
    assert set(words) == {"id", "en"}
    assert blanks["id"] == blanks["en"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{case[3]}" for case in CASES])
def test_every_problem_has_an_english_sentence(case: tuple[str, str, str, str, str]) -> None:
    write_registry(Path(), registry_yaml().replace(case[1], case[2]))
    for problem in problems_of(Path("units.yaml")):
        assert "{" not in problem.text("en").replace("{k:", "")
        assert problem.text("en") != problem.text("id")


def test_all_problems_are_reported_at_once_in_the_order_of_their_places() -> None:
    text = registry_yaml().replace("id, en", "id, us").replace("7k3q", "0123").replace("name: Loket", "nama: Loket")
    write_registry(Path(), text)
    places = [(problem.line, problem.column, problem.key) for problem in problems_of(Path("units.yaml"))]
    assert places == [
        (4, 19, "choice"),
        (9, 5, "missing_key"),
        (9, 11, "unquoted_number"),
        (10, 5, "unknown_key"),
    ]


def test_a_missing_file_says_where_to_run_the_command() -> None:
    (problem,) = problems_of(Path("units.yaml"))
    assert (problem.key, problem.located("en")[:16]) == ("no_file", "units.yaml:1:1: ")


def test_a_folder_is_not_a_registry() -> None:
    Path("units.yaml").mkdir()
    assert [problem.key for problem in problems_of(Path("units.yaml"))] == ["not_a_file"]


def test_a_name_no_system_can_open_is_a_problem_and_not_a_crash() -> None:
    (problem,) = problems_of(Path("x" * 5000))
    assert problem.key == "unreadable"
    assert "hak bacanya" in problem.text("id")


def test_a_tree_of_organisations_that_is_too_deep_is_refused() -> None:
    chain = "".join(f"  - {{id: o{n}, name: O, parent: {f'o{n - 1}' if n else 'dinas'}}}\n" for n in range(15))
    write_registry(Path(), registry_yaml().replace("units:\n", chain + "units:\n"))
    (problem,) = problems_of(Path("units.yaml"))
    assert problem.key == "tree_depth"
    assert "«o11»" in problem.text("id")


@pytest.mark.parametrize(
    "name", ["Tapa'an", 'RSUD "Sehat" & <b>Kuat</b>', "Posyandu 🌸", "مستشفى المدينة", "n" * 199 + "ñ", "{0} {name}"]
)
def test_a_legal_name_appears_unchanged_in_the_sentence(name: str) -> None:
    services = f"    services: [{json.dumps(name, ensure_ascii=False)}, {json.dumps(name, ensure_ascii=False)}]\n"
    write_registry(Path(), registry_yaml(units=UNITS_YAML.replace(UNITS_YAML.splitlines(True)[4], services)))
    (problem,) = problems_of(Path("units.yaml"))
    assert problem.text("id").startswith(f"«{name}» sudah ada dalam services")


def test_a_sentence_stays_on_one_line_and_shows_what_is_invisible() -> None:
    text = registry_yaml().replace("organisation: dinas", 'organisation: "a\\nb\\u202Ec"')
    write_registry(Path(), text)
    (problem,) = problems_of(Path("units.yaml"))
    assert "«a\\u000ab\\u202ec»" in problem.located("en")


def test_a_circle_of_three_is_named_once() -> None:
    ways = {"1a1a": "2b2b", "2b2b": "3c3c", "3c3c": "1a1a"}
    units = "".join(ONE_UNIT.replace("7k3q", code) + MOVED + after + "\n" for code, after in ways.items())
    write_registry(Path(), registry_yaml(units="units:\n" + units))
    (problem,) = problems_of(Path("units.yaml"))
    assert problem.params["circle"] == "1a1a → 2b2b → 3c3c → 1a1a"
