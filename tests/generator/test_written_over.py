"""A whole build is made over the one before the one that is served: the same site, whatever lay there."""

import os
import shutil
from pathlib import Path

import pytest
from small_site import SmallSite
from test_killed_builds import build_killed_at

OLD = "hasil/b4y4/index.html"


def before_last(site: SmallSite) -> Path:
    """The public files of the build before the one that is served."""
    builds = (tree for tree in (site.folder / ".site.builds").iterdir() if tree.name.isdigit())
    (found,) = (tree / "site" for tree in builds if tree != site.link.resolve().parent)
    return found


def forget(site: SmallSite) -> None:
    """Let the build that is served be an old one, so that nobody reads the one before it any more."""
    os.utime(site.link, (0, 0), follow_symlinks=False)


@pytest.fixture
def twice(site: SmallSite) -> SmallSite:
    """Built twice, long ago."""
    site.build(full=True)
    forget(site)
    return site


def inode(file: Path) -> int:
    return file.stat().st_ino


def test_files_stay_and_get_the_new_content(twice: SmallSite, tmp_path: Path) -> None:
    there = inode(before_last(twice) / OLD)
    twice.edit("Puskesmas", "Pusat Kesehatan Masyarakat")
    twice.build(full=True)
    assert inode(twice.link / OLD) == there
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_a_shorter_page_has_nothing_of_the_longer_one(twice: SmallSite, tmp_path: Path) -> None:
    for page in before_last(twice).rglob("*.html"):
        page.write_bytes(page.read_bytes() * 2)
    twice.build(full=True)
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_what_no_build_would_write_is_gone(twice: SmallSite, tmp_path: Path) -> None:
    old = before_last(twice)
    for path in ("s/zzzz/index.html", "s/zzzz/en/index.html", "hasil/b4y4/old.csv", ".hidden"):
        (old / path).parent.mkdir(parents=True, exist_ok=True)
        (old / path).write_text("stale")
    twice.build(full=True)
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")
    assert not (twice.link / "s" / "zzzz").exists()


@pytest.mark.parametrize("way", ["a folder", "a file for a folder"])
def test_what_is_in_the_way_of_a_page_is_gone(twice: SmallSite, tmp_path: Path, way: str) -> None:
    page = before_last(twice) / OLD
    if way == "a folder":
        page.unlink()
        page.mkdir()
        (page / "inside").touch()
    else:
        shutil.rmtree(page.parent)
        page.parent.touch()
    twice.build(full=True)
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_a_copy_by_hard_link_stays_as_it_was(twice: SmallSite, tmp_path: Path) -> None:
    copy, before = tmp_path / "copy.html", (before_last(twice) / OLD).read_bytes()
    copy.hardlink_to(before_last(twice) / OLD)
    twice.edit("Puskesmas", "Pusat Kesehatan Masyarakat")
    twice.build(full=True)
    assert copy.read_bytes() == before
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


@pytest.mark.parametrize("linked", [OLD, "hasil/b4y4"])
def test_nothing_is_written_where_a_link_leads(twice: SmallSite, tmp_path: Path, linked: str) -> None:
    place, elsewhere = before_last(twice) / linked, tmp_path / "elsewhere"
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = {path: path.read_bytes() for path in (elsewhere, *elsewhere.glob("*")) if path.is_file()}
    twice.edit("Puskesmas", "Pusat Kesehatan Masyarakat")
    twice.build(full=True)
    assert {path: path.read_bytes() for path in before} == before
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_who_still_reads_a_page_of_the_build_before_gets_all_of_it(site: SmallSite) -> None:
    whole = (site.link / OLD).read_bytes()
    with (site.link / OLD).open("rb", buffering=0) as page:
        begun = page.read(100)
        site.edit("Puskesmas", "Pusat Kesehatan Masyarakat")
        for _ in range(2):
            site.build(full=True)
        assert (begun or b"") + page.readall() == whole


@pytest.mark.parametrize(
    ("event", "number"),
    [
        pytest.param("os.rename", 1, id="before the older build is taken"),
        pytest.param("os.remove", 2, id="while what it kept is removed"),
        pytest.param("os.truncate", 1, id="when some pages are written over"),
        pytest.param("os.rename", 2, id="before it has its name"),
    ],
)
def test_killed_while_it_is_written_over_the_site_stays(
    twice: SmallSite, tmp_path: Path, event: str, number: int
) -> None:
    before = twice.tree()
    for page in before_last(twice).rglob("*.html"):
        page.write_bytes(page.read_bytes() * 2)
    twice.edit("languages: [id, en]", "languages: [id]")
    build_killed_at(twice, event, number, full=True)
    assert twice.tree() == before
    twice.build()
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")
