"""The documentation under test: what it names exists, and what exists for users is named."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import click
import pytest

from sukma.cli import make_cli

ROOT = Path(__file__).parents[1]
ROOMS = ("sukma", "form_backend", "generator", "skm")
IGNORED = {".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split() if line.endswith("/"))}
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".html", ".css", ".js", ".svg", ".lock", ".conf", ".service"}


def files() -> Iterator[Path]:
    """Every file of the repository, without what git ignores by folder."""
    folders = [ROOT]
    while folders:
        for entry in folders.pop().iterdir():
            if entry.is_dir() and not any(fnmatch(entry.name, pattern) for pattern in IGNORED):
                folders.append(entry)
            elif entry.is_file():
                yield entry


PAGES = sorted(file for file in files() if file.suffix == ".md" and "site_src" not in file.parts)
README, ARCHITECTURE = ROOT / "README.md", ROOT / "ARCHITECTURE.md"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code(page: Path) -> list[str]:
    """What a page shows as code: spans, and the lines of blocks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [*spans, *(line for block in blocks for line in block.splitlines())]


def table(title: str) -> list[list[str]]:
    """The cells of the rows of the table in ARCHITECTURE.md whose heading row begins with `title`."""
    lines = ARCHITECTURE.read_text(encoding="utf-8").split(f"| {title} |", 1)[1].splitlines()[2:]
    rows = lines[: next(number for number, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def modules(room: str) -> set[str]:
    """The modules of a room by their path in it, without the files that only name a package."""
    found = (file.relative_to(ROOT / room).with_suffix("").as_posix() for file in (ROOT / room).rglob("*.py"))
    return {name for name in found if not name.endswith(("__init__", "__main__"))}


def imports(file: Path) -> set[str]:
    """The first words of everything that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_and_picture_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    near = [target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")]
    assert [target for target in near if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_make_target_that_is_named_is_in_the_makefile(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = {match[1] for text in code(page) if (match := re.match(r"make ([a-z]+)", text))}
    assert asked - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_sukma_command_that_is_named_exists(page: Path) -> None:
    asked = {match[1] for text in code(page) if (match := re.match(r"(?:\.venv/bin/)?sukma ([a-z][a-z-]*)", text))}
    assert asked - make_cli("id").commands.keys() == set()


def test_the_readme_lists_every_command_with_the_options_that_it_has() -> None:
    rows = re.findall(r"^\| `sukma ([a-z-]+)` \| (.*) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    commands = make_cli("id").commands
    assert [name for name, _ in rows] and {name for name, _ in rows} == commands.keys()
    for name, words in rows:
        options = {
            option for param in commands[name].params if isinstance(param, click.Option) for option in param.opts
        }
        assert set(re.findall(r"`(--?[a-z-]+)", words)) == options, name


def test_the_readme_lists_every_variable_that_the_settings_read_and_no_other() -> None:
    read = set(re.findall(r'"(SUKMA_[A-Z_]+)"', (ROOT / "form_backend/settings.py").read_text(encoding="utf-8")))
    assert set(re.findall(r"SUKMA_[A-Z_]+", README.read_text(encoding="utf-8"))) == read


def test_the_readme_begins_with_the_commands_that_run_and_test() -> None:
    block = README.read_text(encoding="utf-8").split("```")[1]
    assert [line.split("#")[0].strip() for line in block.splitlines()[1:3]] == ["make run", "make test"]


@pytest.mark.parametrize("room", ROOMS)
def test_the_architecture_names_every_module_of_a_room_and_none_that_is_gone(room: str) -> None:
    patterns = {
        name for first, names, _ in table("room") if first == f"`{room}`" for name in re.findall("`(.+?)`", names)
    }
    found = modules(room)
    assert {name for name in found if not any(fnmatch(name, pattern) for pattern in patterns)} == set()
    assert {pattern for pattern in patterns if not any(fnmatch(name, pattern) for name in found)} == set()


def test_each_library_is_imported_only_where_the_architecture_says() -> None:
    places = {re.findall("`(.+?)`", row[0])[0]: re.findall("`(.+?)`", row[1]) for row in table("library")}
    strays = {
        (library, f"{room}/{name}")
        for room in ROOMS
        for name in modules(room)
        for library in imports(ROOT / room / f"{name}.py") & places.keys()
        if not any(fnmatch(f"{room}/{name}", place) for place in places[library])
    }
    assert strays == set()


def test_the_architecture_fits_one_screen() -> None:
    assert len(ARCHITECTURE.read_text(encoding="utf-8").splitlines()) <= 80


def test_the_changelog_begins_with_what_is_not_released_yet() -> None:
    titles = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert titles[0] in ("Unreleased", "0.1.0")


def test_every_decision_is_dated_and_listed() -> None:
    folder = ROOT / "docs/decisions"
    decisions = {file.name for file in folder.glob("*.md")} - {"README.md"}
    assert all(re.match(r"20\d\d-\d\d-\d\d-[a-z-]+\.md", name) for name in decisions)
    assert set(re.findall(r"\((20[^)]+)\)", (folder / "README.md").read_text(encoding="utf-8"))) == decisions


def test_every_picture_is_small_and_taken_by_the_script() -> None:
    pictures = list((ROOT / "docs/images").glob("*.png"))
    script = (ROOT / "docs/screenshots.py").read_text(encoding="utf-8")
    shots = script.split("\nSHOTS = (")[1].split("\n)\n")[0]
    assert {file.stem for file in pictures} == set(re.findall(r'Shot\("([a-z0-9-]+)"', shots))
    assert [file.name for file in pictures if file.stat().st_size > 120 * 1024] == []


def test_no_file_names_a_place_of_one_machine_or_a_package_registry() -> None:
    # Put together here, so that this file does not hold what it looks for.
    words = ["/" + "work/", "/" + "tmp/", "/" + "root/", "pypi" + ".org", "python" + "hosted.org", "npm" + "js.org"]
    texts = (file for file in files() if file.suffix in TEXT or file.name in ("Makefile", "run", "lock"))
    found = {(named(file), word) for file in texts for word in words if word in file.read_text(encoding="utf-8")}
    assert found == set()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_speaks_of_the_number_of_an_issue_or_gives_an_address_to_write_to(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?i)\bissue \d+|#\d+\b|[\w.]+@[\w-]+\.[a-z]+", text) == []
