"""`sukma publish` killed before every effect that it has: the next run finishes it, and nothing is published twice."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from builders import registry_yaml
from command_line import OWN_MOUNTS, environment, installation
from publish_effects import COMMIT, effects, publish

TABLES = ("releases", "release_files", "blocks", "closings", "corrections")
SIMULATED = ("simulate", "--answers", "25", "--unit", "7k3q", "--period", "2026-TW4", "--seed")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation that has published once, is built, and has new answers to release."""
    made = installation(tmp_path_factory.mktemp("killed") / "before", registry_yaml())
    for number in (1, 2):
        assert made.sukma(*SIMULATED, str(number)).code == 0
        if number == 1:
            assert publish(made.folder) == 0
    return made.folder


@contextmanager
def copy_of(before: Path) -> Iterator[Path]:
    """The same once more, always at the same place: a clone knows its remote by where it is."""
    place = before.with_name("copy")
    shutil.copytree(before, place, symlinks=True)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def kind(number: int, step: str) -> object:
    """What is done to files, and in which folder; a git and a commit are each of their own kind."""
    verb, place = step.split()[:2] if step.startswith(("open ", "os.")) else ("", "")
    return (verb, Path(place).parent) if verb else number


def in_the_middle(steps: Sequence[str], number: int) -> bool:
    """True for one of many files of one folder that is neither the first nor the last."""
    kinds = [kind(at, steps[at]) for at in range(number - 1, number + 2) if 0 <= at < len(steps)]
    return len(kinds) == 3 and len(set(kinds)) == 1


def outcome(folder: Path) -> dict[str, object]:
    """What the public sees, and what the next run builds upon. A commit is a function of its content and history."""
    var = folder / "var"
    head = ["git", "--git-dir", str(var / "remote.git"), "rev-parse", "main"]
    with closing(sqlite3.connect(var / "sukma.sqlite3")) as database:
        found = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES]
    return {
        "remote": subprocess.run(head, capture_output=True, text=True, check=True).stdout,
        "database": found,
        "site": {path.relative_to(var / "site"): path.read_bytes() for path in (var / "site").rglob("*.*")},
    }


@pytest.fixture(scope="module")
def undisturbed(before: Path) -> tuple[list[str], dict[str, object]]:
    """The effects of a run that nobody disturbs, and its outcome."""
    with copy_of(before) as folder:
        return effects(folder), outcome(folder)


def test_killed_before_any_of_its_effects_a_run_is_finished_by_the_next(
    before: Path, undisturbed: tuple[list[str], dict[str, object]]
) -> None:
    steps, expected = undisturbed
    for verb in ("ls-remote", "fast-import", "push", COMMIT, "journal.json", "stage", "state.json"):
        assert any(verb in step for step in steps), verb
    unfinished = 0
    for number, step in enumerate(steps):
        if in_the_middle(steps, number):
            continue
        with copy_of(before) as folder:
            assert publish(folder, kill_before=number) == -signal.SIGKILL, step
            unfinished += outcome(folder) != expected
            assert publish(folder) == 0, step
            assert outcome(folder) == expected, step
    assert unfinished > 10


def broken(clone: Path) -> None:
    (clone / ".git" / "HEAD").write_text("")


def made_by_hand(clone: Path) -> None:
    shutil.rmtree(clone)
    subprocess.run(["git", "clone", "-q", clone.with_name("remote.git"), clone], check=True)


@pytest.mark.parametrize("spoil", [broken, made_by_hand])
def test_killed_while_the_clone_is_made_anew_a_run_is_finished_by_the_next(
    before: Path, undisturbed: tuple[list[str], dict[str, object]], spoil: Callable[[Path], None]
) -> None:
    with copy_of(before) as folder:
        spoil(folder / "var" / "clone")
        steps = effects(folder)
        assert outcome(folder) == undisturbed[1]
    chosen = {number: step for number, step in enumerate(steps) if ".clone." in step or "fetch" in step}
    for verb in (
        "init",
        "fetch",
        "checkout",
        "os.rename var/clone var/.clone.old",
        "os.rename var/.clone.new var/clone",
    ):
        assert any(verb in step for step in chosen.values()), verb
    for number, step in chosen.items():
        if in_the_middle(steps, number):
            continue
        with copy_of(before) as folder:
            spoil(folder / "var" / "clone")
            assert publish(folder, kill_before=number) == -signal.SIGKILL, step
            assert publish(folder) == 0, step
            assert outcome(folder) == undisturbed[1], step


# As root of a namespace: a disk with some megabytes, of which so many kilobytes are free.
FULL = """set -e
cp -a var kept && mount -t tmpfs -o size=24m tmpfs var && cp -a kept/. var/
cat /dev/zero > var/ballast || true
truncate -s -"$1"K var/ballast
"$2" -m sukma publish --at 2026-10-20 || echo "exit $?"
rm var/ballast
"$2" -m sukma publish --at 2026-10-20
cp -a var/. healed/
"""


@pytest.mark.parametrize("free", [32, 128, 256])
def test_a_disk_that_gets_full_is_told_in_a_sentence_and_the_next_run_finishes(
    before: Path, undisturbed: tuple[list[str], dict[str, object]], free: int
) -> None:
    with copy_of(before) as folder:
        (folder / "healed").mkdir()
        command = [*OWN_MOUNTS, "sh", "-c", FULL, "sh", str(free), sys.executable]
        ran = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True)
        (folder / "var").rename(folder / "full")
        (folder / "healed").rename(folder / "var")
        assert outcome(folder) == undisturbed[1]
    sentence = ran.stderr.splitlines()[1].lower()
    assert ran.stdout == "exit 1\n"
    assert "diska" in sentence or "disk space" in sentence, ran.stderr
