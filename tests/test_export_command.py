"""Answers taken out for the operator: complete, safe to open, and without what would say whose is whose."""

import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import registry_yaml
from click.testing import CliRunner, Result
from command_line import Installation, installation
from openpyxl import load_workbook

from form_backend.store.aside import change
from form_backend.store.audit import all_entries
from skm.responses import Response
from sukma.cli import make_cli
from sukma.wiring import Installation as Wired

NOW = datetime(2026, 11, 24, 9, 41, 27, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x")'
UNITS = "units:\n  - {code: 7k3q, name: Loket, organisation: dinas}\n  - {code: n4w8, name: Lain, organisation: kota}\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(make_cli("en"), ["export", *words])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty answers of one unit and two of another, the first two set aside."""
    made: Installation = installation(tmp_path_factory.mktemp("export"), registry_yaml(units=UNITS))
    with pytest.MonkeyPatch.context() as inside:
        inside.chdir(made.folder)
        here = Wired.here(Path("units.yaml"))
        registry = here.loaded.registry
        for unit, count in ((registry.units[0], 40), (registry.units[1], 2)):
            form = registry.instrument(unit)
            items = dict.fromkeys((item.key for item in form.items()), 3)
            said = [Response(items, form.versi, {"usia": "<18"}, saran=f"{EVIL} {n}") for n in range(count)]
            here.intake(NOW).record_many([(unit, one, NOW) for one in said])
        change(here.store.engine, [1, 2], "ganda", "Arsiparis", NOW)
        here.store.close()
    return made.folder


@pytest.fixture(autouse=True)
def _inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def test_json_holds_every_answer_with_the_names_of_the_contract() -> None:
    found = json.loads(run("--format", "json", "-o", "-").stdout_bytes)
    assert len(found) == 42
    assert found[0].keys() == set(
        "id unit period day hour channel language versi answers attributes saran alasan labels counted set_aside"
        " released".split()
    )
    assert sum(not one["counted"] for one in found) == 2


def test_no_order_of_record_no_receipt_and_no_minute_is_told() -> None:
    text = run("--format", "json", "-o", "-").stdout_bytes.decode()
    order = [one["saran"].rsplit(" ")[-1] for one in json.loads(text) if one["unit"] == "7k3q"]
    assert order != [str(n) for n in range(40)]
    assert not any(word in text for word in ("09:41", "receipt", '"seq"'))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--unit", "n4w8"), 2),
        (("--unit", "N4W8"), 2),
        (("--org", "dinas"), 40),
        (("--org", "kota"), 42),
        (("--period", "2026-TW3"), 0),
    ],
)
def test_units_organisations_and_periods_narrow_it_down(words: tuple[str, ...], count: int) -> None:
    assert len(json.loads(run(*words, "--format", "json", "-o", "-").stdout_bytes)) == count


def test_answers_of_a_unit_that_left_the_registry_are_taken_out_by_its_code() -> None:
    units = UNITS.splitlines(keepends=True)
    Path("less.yaml").write_text(registry_yaml(units="".join(units[:-1])), encoding="utf-8")
    assert len(json.loads(run("-f", "less.yaml", "--unit", "n4w8", "--format", "json", "-o", "-").stdout_bytes)) == 2


def test_no_cell_of_a_csv_is_a_formula() -> None:
    text = run("-o", "-").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 42
    assert {row["saran"][:2] for row in rows} == {"'="}
    assert (rows[0]["persyaratan"], rows[0]["usia"]) == ("3", "<18")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    ran = run("--format", "xlsx", "-o", str(tmp_path / "a.xlsx"))
    assert ran.exit_code == 0, ran.stderr
    book = load_workbook(tmp_path / "a.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert (book.worksheets[0].max_row, {cell.data_type for cell in cells} & {"f"}) == (43, set())


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_is_not_replaced_by_one(tmp_path: Path, kind: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    os.mkfifo(tmp_path / "pipe")
    before = (tmp_path / kind).lstat()
    ran = run("-o", str(tmp_path / kind))
    assert (ran.exit_code, "is no regular file" in ran.stderr) == (1, True)
    assert (tmp_path / kind).lstat().st_ino == before.st_ino


def test_the_installations_own_files_are_not_written_over() -> None:
    before = Path("units.yaml").read_bytes()
    for own in ("var/sukma.sqlite3", "var/secret", "units.yaml"):
        ran = run("-o", own)
        assert (ran.exit_code, "own and would be written over" in ran.stderr) == (1, True)
    assert (Path("units.yaml").read_bytes(), Path("var/sukma.sqlite3").read_bytes()[:6]) == (before, b"SQLite")


@pytest.mark.parametrize(("target", "said"), [("none/a.csv", "there is no folder none"), ("", "is no regular file")])
def test_a_place_where_no_file_can_be_is_told(target: str, said: str) -> None:
    ran = run("-o", target)
    assert (ran.exit_code, said in ran.stderr) == (1, True)


def test_only_its_owner_can_read_the_file_and_that_it_was_taken_is_written_down(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    assert run("--unit", "7k3q", "-o", str(target), "--actor", "Bagian Organisasi").exit_code == 0
    assert target.stat().st_mode & 0o777 == 0o600
    here = Wired.here(Path("units.yaml"))
    entry = all_entries(here.store.engine)[0]
    here.store.close()
    assert (entry.actor, entry.detail["unit"], entry.detail["answers"]) == ("Bagian Organisasi", "7k3q", 40)


@pytest.mark.parametrize(
    ("words", "said"), [(("--unit", "zzzz"), "Unit code zzzz"), (("--org", "x"), "Organisation x")]
)
def test_what_the_registry_does_not_have_is_told(words: tuple[str, ...], said: str) -> None:
    ran = run(*words, "-o", "-")
    assert (ran.exit_code, said in ran.stderr) == (1, True)
