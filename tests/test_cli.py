"""The command line as its users meet it: real processes, real folders; stdout is data, stderr is talk."""

import json
import re
import signal
import socket
import sqlite3
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import yaml
from builders import registry_yaml
from command_line import TOP, Installation, Ran, installation

from skm.periods import Period, PeriodKind, day_of, period_of
from sukma.cli import make_cli

UNITS = """\
units:
  - code: 7k3q
    name: Loket Contoh
    organisation: dinas
    services: [Kartu Keluarga, KTP elektronik]
  - {code: n4w8, name: Puskesmas Contoh, organisation: dinas, biaya: kesesuaian}
  - {code: c105, name: Kantor Lama, organisation: kota, status: closed}
"""
REGISTRY = registry_yaml(units=UNITS)
PROMPTLY = 12.0  # seconds in which a process that is told to go has gone, on a busy machine too


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation for commands that only read it, or that may be run in any order."""
    return installation(tmp_path_factory.mktemp("here"), REGISTRY)


# check and schema


def test_ctrl_c_ends_a_check_with_130_and_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    with patch("generator.registry.read_registry", side_effect=KeyboardInterrupt), pytest.raises(SystemExit) as end:
        make_cli("id")(["check", "--json"])
    assert (end.value.code, *capsys.readouterr()) == (130, "", "")


def test_check_of_a_good_registry_is_silent_on_stdout_and_ends_with_0(here: Installation) -> None:
    ran = here.sukma("check")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "units.yaml: 3 unit, 2 organisasi, tanpa kesalahan.\n"


BAD = REGISTRY.replace("code: n4w8", "code: N4W8").replace("organisation: kota", "organisation: kotta")


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return installation(tmp_path_factory.mktemp("bad"), BAD)


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        ("id", ["Kode ditulis dengan huruf kecil. Tulis n4w8", "Mungkin maksud Anda «kota».", "2 kesalahan."]),
        ("en", ["Codes are written in lower case. Write n4w8", "Did you mean «kota»?", "2 problem(s)."]),
    ],
)
def test_check_names_every_problem_with_its_place_in_either_language(
    bad: Installation, lang: str, sentences: list[str]
) -> None:
    ran = bad.sukma("check", "--lang", lang)
    lines = ran.err.splitlines()
    assert ran.code == 1
    assert [line.split(": ")[0] for line in lines[:2]] == ["units.yaml:13:12", "units.yaml:14:51"]
    assert [sentence in line for sentence, line in zip(sentences, lines, strict=True)] == [True] * 3


def test_an_english_locale_is_answered_in_english(bad: Installation) -> None:
    assert "Codes are written in lower case" in bad.sukma("check", LC_ALL="en_GB.UTF-8").err


def test_check_as_json_lists_the_problems_on_stdout(bad: Installation) -> None:
    ran = bad.sukma("check", "--json")
    assert ran.code == 1
    assert [(entry["file"], entry["line"], entry["column"], entry["key"]) for entry in ran.json] == [
        ("units.yaml", 13, 12, "code_case"),
        ("units.yaml", 14, 51, "unknown_organisation"),
    ]


def test_check_as_json_of_a_good_registry_is_an_empty_list(here: Installation) -> None:
    ran = here.sukma("check", "--json")
    assert (ran.code, ran.json) == (0, [])


HOSTILE = 'O\'Brien & "Anak" <b> 🏛️ مكتب'


def test_a_hostile_value_is_quoted_as_it_is_on_the_one_line_of_its_problem(tmp_path: Path) -> None:
    units = yaml.safe_dump({"units": [{"code": "7k3q", "name": "Loket", "organisation": HOSTILE}]}, allow_unicode=True)
    ran = installation(tmp_path, registry_yaml(units=units)).sukma("check")
    assert ran.code == 1
    assert f"Organisasi «{HOSTILE}» tidak ada." in ran.err.splitlines()[0]


def test_a_value_cannot_forge_a_line_of_the_report(tmp_path: Path) -> None:
    units = 'units:\n  - {code: 7k3q, name: Loket, organisation: "x\\nunits.yaml:1:1: semua \\x1b[32mbenar"}\n'
    ran = installation(tmp_path, registry_yaml(units=units)).sukma("check")
    assert len(ran.err.splitlines()) == 2
    assert "\x1b" not in ran.err


def unknown_keys(value: Any, schema: Any, whole: Any) -> list[str]:
    """The keys of a value that a JSON Schema does not name."""
    if "$ref" in schema:
        return unknown_keys(value, whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "anyOf" in schema:
        return min((unknown_keys(value, one, whole) for one in schema["anyOf"]), key=len)
    if isinstance(value, list):
        return [key for item in value for key in unknown_keys(item, schema["items"], whole)]
    if not isinstance(value, dict):
        return []
    known = schema.get("properties", {})
    inner = (unknown_keys(item, known[key], whole) for key, item in value.items() if key in known)
    return [key for key in value if key not in known] + list(chain.from_iterable(inner))


def test_schema_prints_a_json_schema_that_knows_every_key_of_the_citys_registry(here: Installation) -> None:
    ran = here.sukma("schema")
    registry = yaml.safe_load((TOP / "units.yaml").read_text(encoding="utf-8"))
    assert (ran.code, unknown_keys(registry, ran.json, ran.json)) == (0, [])
    assert unknown_keys({"units": [{"kode": "7k3q"}]}, ran.json, ran.json) == ["kode"]
    assert ran.json["additionalProperties"] is False


def test_openapi_prints_the_shipped_description_of_the_addresses(here: Installation) -> None:
    ran = here.sukma("openapi")
    assert (ran.code, ran.out) == (0, (TOP / "form_backend" / "openapi.yaml").read_text(encoding="utf-8"))


# build


def test_build_as_json_says_what_was_written_and_how_long_each_stage_took(tmp_path: Path) -> None:
    ran = installation(tmp_path, REGISTRY).sukma("build", "--json")
    summary = ran.json
    assert ran.code == 0
    assert summary.keys() == {"written", "unchanged", "removed", "full", "seconds"}
    assert summary["written"] > 20
    assert summary["full"] is True
    assert summary["seconds"].keys() == {"read", "words", "units", "lists", "swap"}


def test_the_second_build_writes_nothing(here: Installation) -> None:
    # Whatever order a process has its sets in.
    here.sukma("build", PYTHONHASHSEED="1")
    for seed in "234":
        summary = here.sukma("build", "--json", PYTHONHASHSEED=seed).json
        assert (summary["written"], summary["removed"], summary["full"]) == (0, 0, False)


def test_build_puts_the_site_where_the_option_says(here: Installation, tmp_path: Path) -> None:
    ran = here.sukma("build", "-d", str(tmp_path / "lain"), SUKMA_SITE_DIR=str(tmp_path / "bukan"))
    assert ran.code == 0
    assert (tmp_path / "lain" / "s" / "7k3q" / "index.html").is_file()
    assert not (tmp_path / "bukan").exists()


def test_build_refuses_a_folder_with_files_in_it(here: Installation, tmp_path: Path) -> None:
    (tmp_path / "penting.txt").touch()
    ran = here.sukma("build", "-d", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert f"{tmp_path} bukan buatan perintah build" in ran.err


def test_build_of_a_bad_registry_names_the_problems_and_builds_nothing(bad: Installation) -> None:
    ran = bad.sukma("build")
    assert ran.code == 1
    assert "units.yaml:13:12: " in ran.err
    assert not (bad.folder / "var" / "site").exists()


# usage, and places where nothing is


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("bulid",), id="unknown command"),
        pytest.param(("build", "--fast"), id="unknown option"),
        pytest.param(("simulate", "--answers", "0"), id="number out of range"),
        pytest.param(("publish", "--every", "5x"), id="no interval"),
        pytest.param(("publish", "--at", "kemarin"), id="no time"),
        pytest.param(("publish", "--every", "5m", "--at", "2026-10-08"), id="one moment again and again"),
        pytest.param(("simulate", "--answers", "5", "--period", "2026-TW5"), id="no period"),
        pytest.param(("check", "--lang", "fr"), id="unknown language"),
        pytest.param(("simulate", "--answers", "5", "--unit", " "), id="no code"),
    ],
)
def test_a_command_that_was_typed_wrongly_ends_with_2(here: Installation, arguments: tuple[str, ...]) -> None:
    ran = here.sukma(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("lang", "words"), [("id", "bukan periode: tulis 2026-11"), ("en", "is not a period: write")])
def test_a_period_that_is_none_is_refused_in_either_language(here: Installation, lang: str, words: str) -> None:
    ran = here.sukma("simulate", "--answers", "5", "--period", "2026-TW5", "--lang", lang)
    assert f"'2026-TW5' {words}" in ran.err


@pytest.mark.parametrize("words", [("--lang", "fr", "check"), ("check", "--lang=fr"), ("check", "--lang")])
@pytest.mark.parametrize(("locale", "said"), [("C.UTF-8", "tulis --lang id"), ("en_US.UTF-8", "write --lang id")])
def test_which_languages_there_are_is_told(here: Installation, words: tuple[str, ...], locale: str, said: str) -> None:
    ran = here.sukma(*words, LANG=locale)
    assert (ran.code, said in ran.err) == (2, True)


@pytest.mark.parametrize("command", ["build", "publish", "serve", "demo"])
def test_outside_of_an_installation_a_command_says_what_is_missing(tmp_path: Path, command: str) -> None:
    ran = Installation(tmp_path).sukma(command)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "Folder ini bukan instalasi: units.yaml tidak ada. Jalankan sukma di folder berisi units.yaml dan site_src/.\n"
    )


def test_a_folder_without_words_is_no_installation(tmp_path: Path) -> None:
    bare = Installation(tmp_path)
    bare.write_registry(REGISTRY)
    ran = bare.sukma("build")
    assert (ran.code, ran.err.partition(".")[0]) == (1, "Folder ini bukan instalasi: site_src tidak ada")


def test_settings_that_cannot_be_are_all_named(here: Installation) -> None:
    ran = here.sukma("build", SUKMA_LIMITS="vielleicht", SUKMA_DATABASE_URL="mysql://x")
    assert ran.code == 1
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["SUKMA_DATABASE_URL", "SUKMA_LIMITS"]


# simulate and publish


@dataclass(frozen=True)
class Published:
    """An installation whose last period was simulated and published when it had closed, and what each step said."""

    here: Installation
    period: Period
    closing: date
    simulated: Ran
    dry: Ran
    before_dry: dict[str, list[str]]
    after_dry: dict[str, list[str]]
    first: Ran
    second: Ran


def today() -> date:
    return day_of(datetime.now(UTC), ZoneInfo("Asia/Jakarta"))


def state_of(here: Installation) -> dict[str, list[str]]:
    """What an installation remembers: every row of its database, and the names of what else is in `var`."""
    var = here.folder / "var"
    with sqlite3.connect(var / "sukma.sqlite3") as database:
        rows = list(database.iterdump())
    database.close()
    others = sorted(entry.name for entry in var.iterdir() if not entry.name.startswith(("sukma.sqlite3", "clone.lock")))
    return {"rows": rows, "files": others}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    here = installation(tmp_path_factory.mktemp("published"), REGISTRY)
    period = period_of(today(), PeriodKind.QUARTER).previous()
    closing = period.last_day + timedelta(days=8)
    simulated = here.sukma("simulate", "--answers", "60", "--period", str(period), "--json")
    before = state_of(here)
    dry = here.sukma("publish", "--dry-run", "--at", str(closing), "--json")
    after = state_of(here)
    first, second = (here.sukma("publish", "--at", str(closing), "--json") for _ in range(2))
    return Published(here, period, closing, simulated, dry, before, after, first, second)


def test_simulate_says_how_many_answers_it_recorded_and_in_which_period(published: Published) -> None:
    assert published.simulated.json == {"recorded": 60, "period": str(published.period)}


def test_a_dry_run_says_what_would_be_published(published: Published) -> None:
    dry = published.dry.json
    assert dry["released"] == published.first.json["released"]
    assert (dry["commit"], dry["pushed"], dry["built"]) == (None, False, False)


def test_a_dry_run_changes_nothing(published: Published) -> None:
    assert published.after_dry == published.before_dry


def test_publish_as_json_is_what_the_contract_says(published: Published) -> None:
    report = published.first.json
    assert published.first.code == 0
    assert report.keys() == {"released", "held", "commit", "pushed", "built"}
    assert [entry.keys() for entry in report["released"]] == [{"unit", "period", "n", "added"}] * 2
    assert sum(entry["added"] for entry in report["released"]) == 60
    assert re.fullmatch("[0-9a-f]{40}", report["commit"])
    assert (report["pushed"], report["built"]) == (True, True)


def test_the_second_run_has_nothing_to_publish(published: Published) -> None:
    report = published.second.json
    assert published.second.code == 0
    assert (report["released"], report["commit"], report["pushed"]) == ([], None, False)


def test_what_was_published_is_on_the_page_of_the_unit(published: Published) -> None:
    data = json.loads((published.here.folder / "var/site/hasil/7k3q/data.json").read_bytes())
    numbers = {entry["unit"]: entry["n"] for entry in published.first.json["released"]}
    assert (data["latest"]["period"], data["latest"]["n"]) == (str(published.period), numbers["7k3q"])
    assert data["latest"]["final"] is True
    assert data["latest"]["example"] is True


def test_answers_that_wait_are_held_with_their_reason(published: Published) -> None:
    published.here.sukma("simulate", "--answers", "3", "--unit", "7k3q")
    held = published.here.sukma("publish", "--dry-run", "--json").json["held"]
    running = str(period_of(today(), PeriodKind.QUARTER))
    assert {"unit": "7k3q", "period": running, "waiting": 3, "reason": "open"} in held


@pytest.mark.parametrize(
    ("period", "sentence"),
    [
        pytest.param(lambda published: str(published.period), "sudah final untuk 7k3q", id="final"),
        pytest.param(lambda published: f"{published.period.year + 3}-TW1", "belum mulai", id="future"),
        pytest.param(lambda published: str(published.period.year), "bukan periode registri ini", id="another length"),
    ],
)
def test_simulate_refuses_a_period_that_cannot_take_answers(published: Published, period: Any, sentence: str) -> None:
    ran = published.here.sukma("simulate", "--answers", "5", "--unit", "7k3q", "--period", period(published))
    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err


def test_a_units_code_may_be_typed_as_its_poster_shows_it(here: Installation) -> None:
    assert here.sukma("simulate", "--answers", "1", "--unit", "7K3Q", "--json").json["recorded"] == 1


@pytest.mark.parametrize("code", ["zzzz", "c105"])
def test_simulate_refuses_a_unit_that_takes_no_answers(here: Installation, code: str) -> None:
    ran = here.sukma("simulate", "--answers", "5", "--unit", code, "--lang", "en")
    assert ran.code == 1
    assert f"Unit code {code} is not in the registry, or the unit is not active." in ran.err


# beside citizens' answers

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku sarana pengaduan".split()


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation to which a citizen has sent an answer, through its web server."""
    made = installation(tmp_path_factory.mktemp("answered"), REGISTRY)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with made.running("serve", "--no-publish", "--port", str(port)) as server:
        server.wait_for("listening on")
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/kirim/7k3q",
            json.dumps(dict.fromkeys(ITEMS, 3)).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as reply:
            assert reply.status == 201
        assert server.ended_by(signal.SIGTERM, PROMPTLY) == 0
    return made


@pytest.mark.parametrize("command", [("simulate", "--answers", "5"), ("publish", "--at", "2026-01-08")])
def test_nothing_is_made_up_beside_a_citizens_answer(answered: Installation, command: tuple[str, ...]) -> None:
    before = state_of(answered)
    ran = answered.sukma(*command, "--json")
    assert (ran.code, ran.out) == (1, "")
    assert "Basis data ini berisi jawaban warga: jawaban buatan dan --at ditolak." in ran.err
    assert state_of(answered) == before


def test_exact_times_go_within_48_hours_even_while_the_registry_is_broken(
    answered: Installation, free_port: int
) -> None:
    with closing(sqlite3.connect(answered.folder / "var" / "sukma.sqlite3")) as database, database:
        long_ago = (datetime.now(UTC) - timedelta(days=4)).isoformat(timespec="microseconds")
        database.execute("UPDATE answers SET received_at = ?", (long_ago,))
    answered.write_registry(REGISTRY + "  - [")
    assert answered.sukma("publish").code == 1
    answered.write_registry(REGISTRY)
    with closing(sqlite3.connect(answered.folder / "var" / "sukma.sqlite3")) as database:
        assert database.execute("SELECT received_at FROM answers").fetchall() == [(None,)]
    with answered.running("serve", "--port", str(free_port)) as server:
        server.wait_for("listening on")
        files = b"".join(file.read_bytes() for file in answered.folder.glob("var/sukma.sqlite3*"))
    assert long_ago.encode() not in files


# processes that stay


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_publish_every_stops_when_it_is_told_to(published: Published, number: signal.Signals) -> None:
    with published.here.running("publish", "--every", "1h", "--no-build") as loop:
        loop.wait_for("Tidak ada yang perlu diterbitkan.")
        assert loop.ended_by(number, PROMPTLY) == 0


def test_serve_ends_its_server_and_its_publisher_when_it_is_told_to(here: Installation, free_port: int) -> None:
    with here.running("serve", "--port", str(free_port)) as parent:
        parent.wait_for("listening on", "Tersimpan di repositori situs|Tidak ada yang perlu diterbitkan")
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/s/7k3q/") as reply:
            assert reply.status == 200
        assert parent.ended_by(signal.SIGTERM, PROMPTLY) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", free_port), timeout=5)


def test_an_address_is_told_when_it_can_be_opened(here: Installation) -> None:
    with here.running("serve", "--no-publish", "--port", "0") as server:
        said = server.wait_for(r"Buka http\S+ ")
        address = re.findall(r"Buka (http://127\.0\.0\.1:\d+) ", said)[0]
        with urllib.request.urlopen(f"{address}/s/7k3q/") as reply:
            assert reply.status == 200


def test_a_parent_that_is_killed_outright_takes_server_and_publisher_along(here: Installation, free_port: int) -> None:
    with here.running("serve", "--port", str(free_port)) as parent:
        parent.wait_for("listening on")
        assert parent.ended_by(signal.SIGKILL, PROMPTLY) == -signal.SIGKILL
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", free_port), timeout=5)


@pytest.mark.parametrize("options", [(), ("--no-publish",)], ids=["with publisher", "alone"])
def test_serve_says_that_its_port_is_taken(here: Installation, options: tuple[str, ...]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = here.sukma("serve", "--port", str(port), *options)
    assert ran.code == 1
    assert f"Tidak dapat mendengarkan di 127.0.0.1 porta {port}: Address already in use" in ran.err
    assert "Buka http" not in ran.err
    assert "Traceback" not in ran.err
