"""Builds that are killed: the next one finishes them, and until then the site is a whole one.

The kill comes from an audit hook just before a chosen change of the disk, so that it leaves what a power cut at that
moment would: nothing is caught and no `finally` runs.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from small_site import SmallSite

_KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from small_site import SmallSite

event, number, left = sys.argv[3], int(sys.argv[4]), [int(sys.argv[4])]

def watch(name, arguments):
    if name == event:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
SmallSite(Path(sys.argv[2])).build(full=sys.argv[5] == "full")
"""


def build_killed_at(site: SmallSite, event: str, number: int, *, full: bool) -> None:
    """A build of its own process that is killed just before the `number`-th audit event of this name."""
    arguments = [str(Path(__file__).parent), str(site.folder), event, str(number), "full" if full else "ordinary"]
    ran = subprocess.run([sys.executable, "-c", _KILLED, *arguments], capture_output=True, check=False)
    assert ran.returncode == -9, ran.stderr.decode()


@pytest.mark.parametrize(
    ("renames", "journal"),
    [
        pytest.param(1, False, id="before the journal is in place"),
        pytest.param(2, True, id="before the first file is moved"),
        pytest.param(5, True, id="when some files are moved"),
    ],
)
def test_a_killed_ordinary_build_is_finished_by_the_next(
    site: SmallSite, tmp_path: Path, renames: int, journal: bool
) -> None:
    site.edit("Loket Lama", "Loket Pindahan")
    site.edit("languages: [id, en]", "languages: [id]")
    build_killed_at(site, "os.rename", renames, full=False)
    assert (site.link.resolve().parent / "journal.json").exists() == journal
    site.build()
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")
    left = {entry.name for entry in site.link.resolve().parent.iterdir()}
    assert left == {"manifest.json", "policy.txt", "state.json", "kept.pickle", "site"}


def test_a_killed_ordinary_build_is_finished_even_where_its_edit_was_taken_back(
    site: SmallSite, built: SmallSite
) -> None:
    before = site.registry_file.read_bytes()
    site.edit("Loket Lama", "Loket Pindahan")
    build_killed_at(site, "os.rename", 4, full=False)
    site.registry_file.write_bytes(before)
    site.build()
    assert site.tree() == built.tree()


@pytest.mark.parametrize(
    ("event", "number"),
    [
        pytest.param("os.mkdir", 10, id="while it writes its files"),
        pytest.param("os.rename", 1, id="before the fresh tree has its name"),
        pytest.param("os.symlink", 1, id="before the new link is made"),
        pytest.param("os.rename", 2, id="before the link is swapped"),
    ],
)
def test_a_killed_full_build_leaves_the_old_site(site: SmallSite, tmp_path: Path, event: str, number: int) -> None:
    before = site.tree()
    site.edit("Loket Lama", "Loket Pindahan")
    build_killed_at(site, event, number, full=True)
    assert site.tree() == before
    site.build()
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")


def test_what_killed_builds_left_is_cleared_away(site: SmallSite) -> None:
    for _ in range(2):
        build_killed_at(site, "os.rename", 1, full=True)
    for _ in range(3):
        site.build(full=True)
    number = int(site.link.resolve().parent.name)
    left = {entry.name for entry in (site.folder / ".site.builds").iterdir()}
    assert left == {"lock", "words", str(number - 1), str(number)}
