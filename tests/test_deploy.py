"""deploy/systemd as systemd itself reads it, and as the command line would."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from sukma.cli import make_cli

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted(file.name for kind in ("service", "timer") for file in (DEPLOY / "systemd").glob(f"*.{kind}"))
INSTALLED = "/opt/sukma/.venv/bin/sukma"


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units where the program is this one: systemd looks whether it can be run."""
    shutil.copytree(DEPLOY / "systemd", tmp_path / "units")
    for file in (tmp_path / "units").glob("*.service"):
        text = file.read_text(encoding="utf-8")
        assert INSTALLED in text
        file.write_text(text.replace(INSTALLED, str(Path(sys.executable).with_name("sukma"))), encoding="utf-8")
    return tmp_path / "units"


def verified(units: Path) -> str:
    """What `systemd-analyze verify` says of the units; nothing, where all is well."""
    if shutil.which("systemd-analyze") is None:
        pytest.fail("systemd-analyze is not on PATH: install it (Debian: apt-get install systemd)")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *UNITS]
    environment = {"SYSTEMD_UNIT_PATH": f"{units}:", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(command, cwd=units, env=environment, capture_output=True, text=True, check=False)
    return ran.stderr + (f"exit code {ran.returncode}" if ran.returncode else "")


def test_systemd_finds_nothing_to_say_of_the_units(units: Path) -> None:
    assert verified(units) == ""


def test_systemd_reads_what_the_services_have_in_common(units: Path) -> None:
    common = units / "sukma-.service.d" / "common.conf"
    common.write_text(common.read_text(encoding="utf-8") + "NoSuchKey=1\n", encoding="utf-8")
    assert verified(units).count("NoSuchKey") == len([name for name in UNITS if name.endswith(".service")])


@pytest.mark.parametrize("name", ["sukma-serve.service", "sukma-publish.service", "sukma-backup.service"])
def test_a_service_runs_a_command_that_is_there(name: str) -> None:
    text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
    program, command, *options = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    known = make_cli("id").commands[command].params
    assert program == INSTALLED
    named = {word for word in options if word.startswith("-")}
    assert named <= {option for one in known if isinstance(one, click.Option) for option in one.opts}


def test_every_timer_has_its_service_and_the_instructions_name_every_unit_that_is_to_be_enabled() -> None:
    told = (DEPLOY / "README.md").read_text(encoding="utf-8")
    timers = [name for name in UNITS if name.endswith(".timer")]
    assert {name.replace(".timer", ".service") for name in timers} | {"sukma-serve.service"} == set(UNITS) - set(timers)
    assert [name for name in [*timers, "sukma-serve.service"] if name not in told] == []
