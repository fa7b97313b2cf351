"""A whole build is made over the one before the one that is served: the same site, whatever lay there."""

import errno
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_site import SmallSite, files_below
from test_killed_builds import build_killed_at

from generator.write import write_files

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


def test_a_disk_without_room_for_a_page_takes_no_page_that_is_there(
    twice: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before_last(twice) / "index.html").unlink()
    before, really_open = twice.tree(), os.open

    def full(path: str, flags: int, mode: int = 0o777, **rest: int) -> int:
        if flags & os.O_CREAT and str(path).endswith("/site/index.html") and not os.path.exists(path):  # noqa: PTH110
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return really_open(path, flags, mode, **rest)

    with monkeypatch.context() as disk:
        disk.setattr(os, "open", full)
        with pytest.raises(OSError, match="No space left"):
            twice.build(full=True)
    assert twice.tree() == before
    (unfinished,) = (twice.folder / ".site.builds").glob("*.new")
    assert (unfinished / "site" / OLD).exists()


def test_a_folder_that_another_process_made_in_place_of_a_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other, really_open = "hasil/b4y4/index.html", "hasil/7k3q/index.html", os.open
    (tmp_path / "hasil").touch()

    def late(path: str, flags: int, mode: int = 0o777) -> int:
        try:
            return really_open(path, flags, mode)
        except NotADirectoryError:  # this process saw the file, and now the other one writes its page
            monkeypatch.setattr(os, "open", really_open)
            write_files(tmp_path, [(one, b"page")])
            raise

    monkeypatch.setattr(os, "open", late)
    write_files(tmp_path, [(other, b"page")])
    assert files_below(tmp_path) == {one: b"page", other: b"page"}


@pytest.fixture
def umask_of_everybody() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask_of_everybody")
@pytest.mark.parametrize("which", ["files", "files and folders"])
def test_a_page_has_the_rights_of_a_new_one(twice: SmallSite, which: str) -> None:
    for path in (before_last(twice), *before_last(twice).rglob("*")):
        if path.is_file() or which == "files and folders":
            path.chmod(path.stat().st_mode & 0o700)
    twice.build(full=True)
    top = twice.link.resolve()
    assert {stat.S_IMODE(path.stat().st_mode) for path in (top, *top.rglob("*"))} == {0o755, 0o644}


def test_a_folder_that_a_killed_build_left_empty_is_gone(twice: SmallSite) -> None:
    (before_last(twice) / "s" / "zzzz" / "en").mkdir(parents=True)
    twice.build(full=True)
    assert not (twice.link / "s" / "zzzz").exists()


@pytest.mark.parametrize("beside", ["a folder", "what we may not touch"])
def test_what_lies_beside_the_old_site_stops_no_build(
    twice: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str
) -> None:
    tree = before_last(twice).parent
    (tree / "lost").mkdir()
    if beside == "what we may not touch":
        really_rename = os.rename

        def rename(old: Path, new: Path) -> None:
            if Path(old).is_relative_to(tree):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(old))
            really_rename(old, new)

        monkeypatch.setattr(os, "rename", rename)
    twice.build(full=True)
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_the_link_is_on_disk_before_what_it_named_is_written_over(
    twice: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, really_sync, really_rename, old = list[str](), os.fsync, os.rename, before_last(twice)

    def sync(file: int) -> None:
        if os.path.samestat(os.fstat(file), twice.folder.stat()):
            done.append("synced")
        really_sync(file)

    def rename(source: Path, to: Path) -> None:
        if Path(source) == old:
            done.append("taken")
        really_rename(source, to)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    twice.build(full=True)
    assert done == ["synced", "taken"]


@pytest.mark.parametrize("linked", ["build", "site"])
def test_a_link_in_place_of_an_old_build_leads_nowhere(twice: SmallSite, tmp_path: Path, linked: str) -> None:
    place, elsewhere = before_last(twice), tmp_path / "elsewhere"
    place = place.parent if linked == "build" else place
    place.rename(elsewhere)
    place.symlink_to(elsewhere)
    before = files_below(elsewhere)
    twice.edit("Puskesmas", "Pusat Kesehatan Masyarakat")
    twice.build(full=True)
    assert files_below(elsewhere) == before
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


def test_a_pipe_in_place_of_a_page_holds_no_build_up(twice: SmallSite, tmp_path: Path) -> None:
    (before_last(twice) / OLD).unlink()
    os.mkfifo(before_last(twice) / OLD)
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
