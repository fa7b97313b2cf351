"""deploy/pages/pages.yml: its own steps, run in a fresh clone of a site repository that a real publisher filled."""

import os
import re
import shutil
import subprocess
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from builders import registry_yaml
from command_line import TOP, Installation, installation

WORKFLOW = TOP / "deploy" / "pages" / "pages.yml"
PROGRAM = ("skm", "generator", "form_backend", "sukma", "pyproject.toml", "requirements.lock", "README.md", "LICENSE")
BACKEND = "https://jawab.example.id"
REGISTRY = registry_yaml(
    units="units:\n  - {code: 7k3q, name: Loket Contoh, organisation: dinas}\n",
).replace("  url: http://127.0.0.1:8000\n", f"  url: https://survei.example.id\n  backend: {BACKEND}\n")


def git(at: Path, *words: str) -> str:
    identity = ["-c", "user.name=Uji", "-c", "user.email=uji@example.id", "-c", "init.defaultBranch=main"]
    ran = subprocess.run(["git", *identity, *words], cwd=at, check=True, capture_output=True, encoding="utf-8")
    return ran.stdout


def committed(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message={message}")


def job() -> Any:
    return yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]["pages"]


def filled(text: str, values: dict[str, str]) -> str:
    """A text of the workflow with its expressions replaced; one that is not among `values` is a KeyError."""
    return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: values[found[1]], text)


@dataclass(frozen=True)
class Deployment:
    """What a run of the steps started from, and what it made."""

    here: Installation
    checkout: Path
    artifact: Path
    refs_before: str

    @property
    def remote(self) -> Path:
        return self.here.folder / "var" / "remote.git"


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """An installation publishes, a person adds the workflow, the publisher goes on; then CI runs the steps."""
    top = tmp_path_factory.mktemp("pages")
    here = installation(top / "installation", REGISTRY)
    remote = here.folder / "var" / "remote.git"
    publish(here)
    person = top / "person"
    git(top, "clone", "--quiet", str(remote), str(person))
    (person / ".github" / "workflows").mkdir(parents=True)
    shutil.copy(WORKFLOW, person / ".github" / "workflows")
    committed(person, "Alur kerja")
    git(person, "push", "--quiet")
    here.write_registry(REGISTRY.replace("Loket Contoh", "Loket Lain"))
    publish(here, answers=False)
    checkout = top / "checkout"
    git(top, "clone", "--quiet", "--depth=1", f"file://{remote}", str(checkout))
    before = git(remote, "for-each-ref")
    artifact = run_steps(top, checkout, program_repository(top / "program"))
    return Deployment(here, checkout, artifact, before)


def publish(here: Installation, *, answers: bool = True) -> None:
    for command in ([("simulate", "--answers", "40")] if answers else []) + [("publish", "--no-build")]:
        ran = here.sukma(*command)
        assert ran.code == 0, ran.err


def program_repository(folder: Path) -> Path:
    """The program as it stands here, in a git of its own with a tag."""
    folder.mkdir()
    for name in PROGRAM:
        (shutil.copytree if (TOP / name).is_dir() else shutil.copy)(TOP / name, folder / name)
    git(folder, "init", "--quiet")
    committed(folder, "Program")
    git(folder, "tag", "v1")
    return folder


def bare_python(folder: Path) -> Path:
    """A Python that finds the libraries of this one, but into which the steps install: nothing is fetched."""
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    where = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    own = Path(subprocess.check_output(where, encoding="utf-8").strip())
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def run_steps(top: Path, checkout: Path, program: Path) -> Path:
    """Every `run:` of the workflow in its order, as the runner does it; the folder that the artifact is made from."""
    found, temp = job(), top / "temp"
    temp.mkdir()
    values = {"vars.SUKMA_PROGRAM": str(program), "vars.SUKMA_VERSION": "v1", "runner.temp": str(temp)}
    env = {name: filled(value, values) for name, value in found["env"].items()}
    env |= {"PATH": f"{bare_python(top / 'python')}:{os.environ['PATH']}", "RUNNER_TEMP": str(temp)}
    env |= {"HOME": str(temp), "LANG": "C.UTF-8", "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    for step in found["steps"]:
        if "run" in step:
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            ran = subprocess.run(command, cwd=checkout, env=env, capture_output=True, encoding="utf-8", check=False)
            assert ran.returncode == 0, f"{step['name']}: {ran.stdout}{ran.stderr}"
    return Path(
        filled(next(s["with"]["path"] for s in found["steps"] if "pages-artifact" in s.get("uses", "")), values)
    )


def below(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_deployed_pages_are_those_that_the_installation_builds(deployed: Deployment) -> None:
    ran = deployed.here.sukma("build")
    assert ran.code == 0, ran.err
    assert below(deployed.artifact) == below(deployed.here.folder / "var" / "site")


def test_the_deployed_pages_show_the_published_results_and_post_to_the_backend(deployed: Deployment) -> None:
    assert '"final": false' in (deployed.artifact / "hasil/7k3q/data.json").read_text(encoding="utf-8")
    assert f'action="{BACKEND}/kirim/7k3q"' in (deployed.artifact / "s/7k3q/index.html").read_text(encoding="utf-8")


def test_the_steps_ran_the_program_that_was_installed_and_not_this_checkout(deployed: Deployment) -> None:
    assert list((deployed.checkout.parent / "python").rglob("site-packages/sukma/cli.py"))


def test_a_deployment_touches_no_result_and_no_branch(deployed: Deployment) -> None:
    assert git(deployed.remote, "for-each-ref") == deployed.refs_before
    assert git(deployed.checkout, "status", "--porcelain", "--ignored") == ""
    assert git(deployed.checkout, "rev-parse", "HEAD") == git(deployed.remote, "rev-parse", "main")


def test_the_publisher_went_on_from_the_persons_commit_and_kept_the_file(deployed: Deployment) -> None:
    subjects = git(deployed.remote, "log", "--format=%s", "main").splitlines()
    assert subjects[:2] == ["Registry and words", "Alur kerja"]
    assert subjects[2].startswith("Results of 1 unit: ")
    assert git(deployed.remote, "show", "main:.github/workflows/pages.yml") == WORKFLOW.read_text(encoding="utf-8")


def test_no_built_page_is_in_the_history_of_the_site_repository(deployed: Deployment) -> None:
    names = set(git(deployed.remote, "log", "--format=", "--name-only", "main").split())
    pages = {name for name in names if name.endswith((".html", ".pdf", ".svg"))}
    assert {name for name in pages if not name.startswith(("site_src/overrides/", "site_src/docs/assets/"))} == set()
    built = set(below(deployed.artifact).values())
    held = [name for name in pages if name.endswith(".html")]
    assert [name for name in held if git(deployed.remote, "show", f"main:{name}").encode() in built] == []


def test_the_workflow_may_read_the_repository_and_nothing_more() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    assert yaml.safe_load(text)["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    assert job()["steps"][0]["with"] == {"persist-credentials": False}
    assert re.findall(r"git push|git commit|--force|-f ", text) == []


def test_no_expression_stands_in_a_shell_line() -> None:
    assert [step["run"] for step in job()["steps"] if "${{" in step.get("run", "")] == []
