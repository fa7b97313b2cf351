"""`sukma demo` as its users meet it: a process that makes a folder of its own and takes it along when it goes."""

import re
import signal
from pathlib import Path

import pytest
from builders import registry_yaml
from command_line import Installation, installation

REGISTRY = registry_yaml()
SITE, UNITS = REGISTRY.split("units:\n")


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    return installation(tmp_path, REGISTRY)


def test_ctrl_c_while_answers_are_made_ends_quietly_and_takes_the_folder_along(
    here: Installation, free_port: int
) -> None:
    with here.running("demo", "--port", str(free_port)) as demo:
        said = demo.wait_for("Mengisi .*\n")
        demo.process.send_signal(signal.SIGINT)
        _, rest = demo.process.communicate(timeout=30)
    assert demo.process.returncode == 0
    assert [line for line in rest.decode().splitlines() if not line.startswith("Mengisi")] == []
    assert not Path(re.findall("Folder peragaan: (\\S+)", said)[0]).exists()


def test_the_files_that_a_registry_elsewhere_includes_come_along(here: Installation, free_port: int) -> None:
    elsewhere = here.folder / "lain"
    (elsewhere / "units.d").mkdir(parents=True)
    (elsewhere / "units.yaml").write_text(f"include: [units.d/*.yaml]\n{SITE}", encoding="utf-8")
    (elsewhere / "units.d" / "a.yaml").write_text(f"units:\n{UNITS}", encoding="utf-8")
    with here.running("demo", "-f", "lain/units.yaml", "--port", str(free_port)) as demo:
        demo.wait_for("Mengisi")
