"""The house's own rules, read from the imports: which room may know which, and which library lives where.

Every rule gives the places that break it as `file:line: sentence`, so that a red test says where to go.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("sukma", "form_backend", "generator", "skm")  # imports run downwards only: to the right
LONGEST_MODULE = 400

# Where a library may be imported; the longest name that fits an import decides. A new library needs a line here.
HOMES = {
    "alembic": ("form_backend/store/migrations/*",),
    "click": ("sukma/*",),
    "flask": ("form_backend/app.py", "form_backend/routes.py"),
    "git": ("form_backend/git_run.py",),
    "jinja2": ("generator/*",),
    "markupsafe": ("generator/*", "form_backend/*"),
    "material": ("generator/mkdocs_build.py",),
    "mkdocs": ("generator/mkdocs_build.py",),
    "openpyxl": ("sukma/tables.py",),
    "pydantic": ("generator/registry*.py", "generator/instrument_model.py"),
    "pydantic_core": ("generator/registry*.py", "generator/instrument_model.py"),
    "qrcode": ("generator/qr.py",),
    "minify": ("generator/pages/lean.py",),
    "sqlalchemy": ("form_backend/store/*", "form_backend/release_lock.py"),
    # a failure has to be known by name where it is answered
    "sqlalchemy.exc": ("form_backend/*", "sukma/commands/base.py"),
    "sqlalchemy.engine.URL": ("form_backend/store/*", "form_backend/settings.py", "sukma/commands/database.py"),
    "sqlalchemy.engine.make_url": ("form_backend/store/database.py", "form_backend/settings.py"),
    "waitress": ("form_backend/wsgi.py",),
    "werkzeug": ("form_backend/*",),
    "yaml": ("generator/registry*.py", "generator/mkdocs_build.py"),  # mkdocs.yml is YAML too
}

# What would let a rule of the domain depend on a machine, a moment or a mood.
NOT_IN_SKM = set(
    "os pathlib io socket subprocess logging time random secrets sqlite3 urllib http threading shutil tempfile".split()
)
NOT_CALLED_IN_SKM = {"open", "print", "input", "now", "utcnow", "today"}
NOT_IN_PAGES = {"pathlib", "os", "git"}
KNOWN_TO_THE_STORE = {"form_backend.NAME", "form_backend.guard", "form_backend.store"}


@dataclass(frozen=True)
class Import:
    """One imported name: `target` is the full dotted name, `typing_only` where it is for the type checker alone."""

    file: str
    line: int
    target: str
    typing_only: bool

    @property
    def top(self) -> str:
        """The package or library it comes from."""
        return self.target.partition(".")[0]

    def breach(self, sentence: str) -> str:
        """The place and what is wrong there."""
        return f"{self.file}:{self.line}: {sentence}"


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, parsed text) of every module of the four packages."""
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            yield path.relative_to(root).as_posix(), parsed(path)


@cache
def parsed(path: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(root: Path) -> Iterator[Import]:
    """Every import of every module, wherever in it it stands."""
    for file, tree in modules(root):
        for_types = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for statement in node.body
            for inner in ast.walk(statement)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for target in targets(node, file):
                    yield Import(file, node.lineno, target, id(node) in for_types)


def targets(node: ast.Import | ast.ImportFrom, file: str) -> list[str]:
    """The full names that an import statement brings in."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    above = file.split("/")[: -node.level] if node.level else []
    module = ".".join([*above, *([node.module] if node.module else [])])
    return [f"{module}.{alias.name}" for alias in node.names]


def within(names: tuple[str, ...], file: str) -> bool:
    """True where a file is one of these."""
    return any(fnmatch(file, name) for name in names)


def upward_imports(root: Path) -> list[str]:
    """Imports that run to a floor above."""
    found = []
    for one in imports(root):
        room = one.file.partition("/")[0]
        if one.top in FLOORS and FLOORS.index(one.top) < FLOORS.index(room):
            found.append(one.breach(f"{room} may not know {one.top} ({one.target})"))
    return found


def neighbours_of_the_store(root: Path) -> list[str]:
    """Imports of the store from the rest of its floor, which stands on it."""
    return [
        one.breach(f"the store may not know {one.target}")
        for one in imports(root)
        if one.file.startswith("form_backend/store/")
        and one.top == "form_backend"
        and not any(f"{one.target}.".startswith(f"{name}.") for name in KNOWN_TO_THE_STORE)
    ]


def impure_imports(root: Path) -> list[str]:
    """Imports of the domain that are more than values and rules."""
    return [
        one.breach(f"skm may not import {one.top}")
        for one in imports(root)
        if one.file.startswith("skm/")
        and (one.top in NOT_IN_SKM or (one.top != "skm" and one.top not in sys.stdlib_module_names))
    ]


def impure_calls(root: Path) -> list[str]:
    """Calls in the domain that touch a file, a person or the clock."""
    found = []
    for file, tree in modules(root):
        for node in ast.walk(tree) if file.startswith("skm/") else ():
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name in NOT_CALLED_IN_SKM:
                    found.append(f"{file}:{node.lineno}: skm may not call {name}()")
    return found


def strayed_libraries(root: Path) -> list[str]:
    """Libraries outside their home. Imports for the type checker alone do not count: nothing is loaded."""
    found = []
    for one in imports(root):
        if one.typing_only or one.top in FLOORS or one.top in sys.stdlib_module_names:
            continue
        homes = [name for name in HOMES if one.target == name or one.target.startswith(f"{name}.")]
        if not homes:
            found.append(one.breach(f"{one.top} has no home yet: give it one in {Path(__file__).name}"))
        elif not within(HOMES[max(homes, key=len)], one.file):
            found.append(one.breach(f"{one.target} belongs to {', '.join(HOMES[max(homes, key=len)])}"))
    return found


def pages_that_touch_files(root: Path) -> list[str]:
    """Page modules that know more than values in, text out."""
    return [
        one.breach(f"a page may not import {one.top}")
        for one in imports(root)
        if one.file.startswith("generator/pages/") and one.top in NOT_IN_PAGES
    ]


def processes_of_the_generator(root: Path) -> list[str]:
    """Modules of the generator, other than the one that knows MkDocs, that can start it."""
    return [
        one.breach("only generator/mkdocs_build.py may start a process")
        for one in imports(root)
        if one.file.startswith("generator/") and one.top == "subprocess" and one.file != "generator/mkdocs_build.py"
    ]


def overgrown_modules(root: Path) -> list[str]:
    """Modules that are no longer one page about one thing."""
    found = []
    for file, _ in modules(root):
        lines = len((root / file).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_MODULE:
            found.append(f"{file}:{lines}: longer than {LONGEST_MODULE} lines: which two things is it about?")
    return found


def import_cycles(root: Path) -> list[str]:
    """One cycle among the modules, if there is any. An import inside a function counts: it only hides the knot."""
    names = {module_name(file) for file, _ in modules(root)}
    graph: dict[str, set[str]] = {name: set() for name in names}
    for one in imports(root):
        known = one.target if one.target in names else one.target.rpartition(".")[0]
        if known in names and known != module_name(one.file) and not one.typing_only:
            graph[module_name(one.file)].add(known)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def module_name(file: str) -> str:
    """`generator/pages/lean.py` is generator.pages.lean."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


RULES = [
    upward_imports,
    neighbours_of_the_store,
    impure_imports,
    impure_calls,
    strayed_libraries,
    pages_that_touch_files,
    processes_of_the_generator,
    overgrown_modules,
    import_cycles,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_has_no(rule: Callable[[Path], list[str]]) -> None:
    assert rule(ROOT) == []


def test_the_rules_look_at_every_floor() -> None:
    assert {file.partition("/")[0] for file, _ in modules(ROOT)} == set(FLOORS)


@pytest.mark.parametrize(
    ("rule", "file", "text", "breach"),
    [
        (
            upward_imports,
            "generator/a.py",
            "\nfrom form_backend import store\n",
            "generator/a.py:2: generator may not know form_backend (form_backend.store)",
        ),
        (
            neighbours_of_the_store,
            "form_backend/store/a.py",
            "from form_backend.publish import Publisher\n",
            "form_backend/store/a.py:1: the store may not know form_backend.publish.Publisher",
        ),
        (impure_imports, "skm/a.py", "def f():\n    import os.path\n", "skm/a.py:2: skm may not import os"),
        (impure_imports, "skm/a.py", "import yaml\n", "skm/a.py:1: skm may not import yaml"),
        (impure_calls, "skm/a.py", "x = datetime.now()\n", "skm/a.py:1: skm may not call now()"),
        (impure_calls, "skm/a.py", "x = open('a')\n", "skm/a.py:1: skm may not call open()"),
        (
            strayed_libraries,
            "sukma/a.py",
            "import git\n",
            "sukma/a.py:1: git belongs to form_backend/git_run.py",
        ),
        (
            strayed_libraries,
            "form_backend/a.py",
            "import requests\n",
            "form_backend/a.py:1: requests has no home yet: give it one in test_architecture.py",
        ),
        (
            pages_that_touch_files,
            "generator/pages/a.py",
            "from pathlib import Path\n",
            "generator/pages/a.py:1: a page may not import pathlib",
        ),
        (
            processes_of_the_generator,
            "generator/a.py",
            "import subprocess\n",
            "generator/a.py:1: only generator/mkdocs_build.py may start a process",
        ),
        (
            overgrown_modules,
            "sukma/a.py",
            "x = 1\n" * 401,
            "sukma/a.py:401: longer than 400 lines: which two things is it about?",
        ),
    ],
)
def test_a_rule_names_the_file_and_the_line_that_break_it(
    tmp_path: Path, rule: Callable[[Path], list[str]], file: str, text: str, breach: str
) -> None:
    place = tmp_path / file
    place.parent.mkdir(parents=True)
    place.write_text(text, encoding="utf-8")
    assert rule(tmp_path) == [breach]


def test_a_cycle_is_named_though_one_of_its_imports_hides_in_a_function(tmp_path: Path) -> None:
    (tmp_path / "skm").mkdir()
    (tmp_path / "skm" / "a.py").write_text("from skm.b import x\n", encoding="utf-8")
    (tmp_path / "skm" / "b.py").write_text("def f():\n    from . import a\n", encoding="utf-8")
    assert import_cycles(tmp_path) in (
        ["skm.a imports skm.b imports skm.a"],
        ["skm.b imports skm.a imports skm.b"],
    )


def test_what_a_publishing_run_with_nothing_to_do_stands_on_loads_no_reader_and_no_renderer() -> None:
    """They cost as much as all the rest of such a run (docs/build-speed.md)."""
    program = "import form_backend.publish, sukma.cli, sukma.wiring, sys; print(*sorted(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in ran.stdout.split()} & {"pydantic", "jinja2", "mkdocs", "flask"} == set()
