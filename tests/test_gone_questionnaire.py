"""A questionnaire whose file is deleted while answers to it are under way: they are taken, released and shown."""

import json
import os
import subprocess
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from builders import SITE_YAML, registry_yaml
from command_line import Installation, installation
from sqlalchemy.engine import URL

from form_backend.submission import Submission
from generator.instruments import instrument
from sukma.wiring import Installation as Wired

REGISTRY = registry_yaml(SITE_YAML.replace("  languages", "  instrument: ipkp-kota\n  languages"))
V1, FIRST = "ipkp-kota.1.official", "site_src/instruments/ipkp-kota.1.json"
GONE = "site_src/instruments/gone/ipkp-kota.1.json"


def write_version(folder: Path, version: int) -> None:
    text = (files("skm") / "instruments" / "ipkp.1.json").read_text(encoding="utf-8")
    text = text.replace('"ipkp"', '"ipkp-kota"').replace('"version": 1', f'"version": {version}')
    file = folder / "site_src" / "instruments" / f"ipkp-kota.{version}.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def answer(count: int, versi: str = V1) -> None:
    """So many people send the first version's form: of twenty who wait, ten may be released."""
    here = Wired.here(Path("units.yaml"))
    sent = {item.key: ["4"] for item in instrument("ipkp").items()} | {"versi": [versi]}
    intake = here.intake(datetime.now(UTC))
    for _ in range(count):
        intake.record("7k3q", Submission(sent), "203.0.113.9", may_repeat=True)
    here.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Installation:
    """An installation whose second version came while answers to the first waited, and the first's file went."""
    made = installation(tmp_path / "kota", REGISTRY)
    monkeypatch.chdir(made.folder)
    if request.param == "postgresql":
        url: URL = request.getfixturevalue("shared_url")
        monkeypatch.setenv("SUKMA_DATABASE_URL", url.render_as_string(hide_password=False))
    write_version(made.folder, 1)
    answer(3)
    write_version(made.folder, 2)
    (made.folder / FIRST).unlink()
    answer(17)
    return made


def settings() -> dict[str, str]:
    """What a command is told of the database that the test is about."""
    return {name: value for name, value in os.environ.items() if name == "SUKMA_DATABASE_URL"}


def published(here: Installation, path: str) -> bytes:
    show = ["git", "--git-dir", str(here.folder / "var" / "remote.git"), "show", f"main:{path}"]
    return subprocess.run(show, capture_output=True, check=True).stdout


def result(here: Installation) -> tuple[str, int]:
    """The form of the one published result, and how many people it counts."""
    [file] = (here.folder / "var" / "clone" / "site_src" / "results").glob("*-TW*/7k3q.json")
    [block] = json.loads(published(here, file.relative_to(here.folder / "var" / "clone").as_posix()))["blocks"]
    return block["instrument"], block["n"]


def test_what_was_answered_to_it_is_released(gone: Installation) -> None:
    assert gone.sukma("publish", "--no-build", **settings()).code == 0
    assert result(gone) == (V1, 10)


@pytest.mark.parametrize("gone", ["sqlite"], indirect=True)
def test_its_figures_are_shown_and_the_publics_copy_of_it_stays(gone: Installation) -> None:
    assert gone.sukma("publish").code == 0
    page = (gone.folder / "var" / "site" / "hasil" / "7k3q" / "index.html").read_text(encoding="utf-8")
    assert "IPKP" in page
    assert "10 responden" in page
    first = published(gone, GONE)
    for command in (("publish",), ("export", "-o", "-")):
        assert gone.sukma(*command).code == 0, command
    assert published(gone, GONE) == first
    (gone.folder / FIRST).write_bytes(first)  # what the public has is a file that an installation takes back
    assert gone.sukma("check").code == 0


@pytest.mark.parametrize("gone", ["sqlite"], indirect=True)
def test_a_plan_reads_what_was_answered_to_it_on_both_sides(gone: Installation) -> None:
    assert gone.sukma("publish").code == 0
    gone.write_registry(f"{REGISTRY}# Diperiksa.\n")
    assert gone.sukma("plan", "--lang", "en").out == "Nothing would change.\n"
    gone.write_registry(REGISTRY.replace("  languages", "  timezone: Asia/Jayapura\n  languages"))
    assert "/hasil/7k3q/" not in gone.sukma("plan", "--json").json["pages"]["changed"]


@pytest.mark.parametrize("gone", ["sqlite"], indirect=True)
def test_a_restored_backup_still_reads_what_was_answered_to_it(gone: Installation) -> None:
    assert gone.sukma("backup").code == 0
    [backup] = (gone.folder / "var" / "backups").iterdir()
    fresh = Installation(gone.folder.parent / "lain")
    fresh.folder.mkdir()
    assert fresh.sukma("restore", str(backup)).code == 0
    assert fresh.sukma("publish", "--no-build").code == 0
    assert result(fresh) == (V1, 10)


def test_pages_made_from_the_published_repository_ask_what_the_installation_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = installation(tmp_path / "kota", REGISTRY)
    monkeypatch.chdir(here.folder)
    for version in (1, 2):
        write_version(here.folder, version)
    answer(20, "ipkp-kota.2.official")
    assert here.sukma("publish").code == 0
    (here.folder / "site_src" / "instruments" / "ipkp-kota.2.json").unlink()  # back to the first
    assert here.sukma("publish").code == 0
    remote, checkout = here.folder / "var" / "remote.git", Installation(tmp_path / "checkout")
    subprocess.run(["git", "clone", "--quiet", str(remote), str(checkout.folder)], check=True)
    assert checkout.sukma("build", "-d", str(tmp_path / "pages"), SUKMA_SITE_REPO=".").code == 0
    assert V1 in (tmp_path / "pages" / "s" / "7k3q" / "index.html").read_text(encoding="utf-8")
    made, own = files_below(tmp_path / "pages"), files_below(here.folder / "var" / "site")
    assert [path for path in sorted(made.keys() | own.keys()) if made.get(path) != own.get(path)] == []
    assert "IPKP" in (tmp_path / "pages" / "hasil" / "7k3q" / "index.html").read_text(encoding="utf-8")


def files_below(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
