"""Disposal on the command line: nothing goes without a schedule, a report number and somebody who decided."""

import json
from pathlib import Path

import pytest
from builders import SITE_YAML, registry_yaml
from click.testing import CliRunner, Result
from command_line import installation

from sukma.cli import make_cli

KEPT = SITE_YAML + "  retention: {schedule: JRA Kota Contoh, answers: 5}\n"


def run(folder: Path, site: str, *words: str) -> Result:
    installation(folder, registry_yaml(site=site))
    return CliRunner().invoke(make_cli("id"), ["retention", *words])


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_schedule_everything_is_kept(tmp_path: Path) -> None:
    ran = run(tmp_path, SITE_YAML, "--dry-run")
    assert (ran.exit_code, ran.stderr) == (1, "site.retention belum ditetapkan: semua jawaban disimpan.\n")


@pytest.mark.parametrize("words", [(), ("--report-number", "BA-1"), ("--actor", "Arsiparis")])
def test_without_report_number_and_actor_nothing_goes(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = run(tmp_path, KEPT, *words)
    assert (ran.exit_code, "Pemusnahan perlu --report-number" in ran.stderr) == (2, True)


def test_a_dry_run_says_what_is_due(tmp_path: Path) -> None:
    ran = run(tmp_path, KEPT, "--dry-run", "--json")
    assert json.loads(ran.stdout) == {"schedule": "JRA Kota Contoh", "dry_run": True, "due": []}
