"""The build before the one that is served: there as long as somebody may be reading it, and then removed by a run that
has little to do."""

import os
import shutil
from pathlib import Path

import pytest
from small_site import SmallSite


def trees(site: SmallSite) -> set[str]:
    """The builds that are there beside the one that is served."""
    folder, served = site.folder / ".site.builds", site.link.resolve().parent.name
    return {entry.name for entry in folder.iterdir() if (entry / "site").is_dir()} - {served}


def forget(site: SmallSite) -> None:
    """Let the build that is served be an old one."""
    os.utime(site.link, (0, 0), follow_symlinks=False)


@pytest.fixture
def twice(site: SmallSite) -> SmallSite:
    before = site.link.resolve().parent.name
    site.build(full=True)
    assert trees(site) == {before}
    return site


def nothing_to_do(_site: SmallSite) -> None:
    """The next run finds nothing new."""


def a_name(site: SmallSite) -> None:
    """The next run has a few pages to make."""
    site.edit("Puskesmas", "Pusat Kesehatan Masyarakat")


@pytest.mark.parametrize("edit", [nothing_to_do, a_name])
def test_the_next_ordinary_run_removes_it_once_nobody_reads_it(twice: SmallSite, tmp_path: Path, edit) -> None:  # type: ignore[no-untyped-def]
    forget(twice)
    edit(twice)
    assert not twice.build().full
    assert trees(twice) == set()
    assert twice.tree() == twice.rebuilt_from_nothing(tmp_path / "full")


@pytest.mark.parametrize("edit", [nothing_to_do, a_name])
def test_as_long_as_somebody_may_read_it_it_stays(twice: SmallSite, edit) -> None:  # type: ignore[no-untyped-def]
    before = trees(twice)
    edit(twice)
    assert not twice.build().full
    assert trees(twice) == before


def test_a_whole_build_leaves_the_one_that_was_served(twice: SmallSite) -> None:
    forget(twice)
    served = twice.link.resolve().parent.name
    twice.build(full=True)
    assert trees(twice) == {served}


def test_a_site_whose_link_is_of_tomorrow_keeps_it(twice: SmallSite) -> None:
    before = trees(twice)
    os.utime(twice.link, (2**32, 2**32), follow_symlinks=False)
    twice.build()
    assert trees(twice) == before


def test_where_the_link_is_gone_nothing_is_removed_but_by_the_whole_build_that_follows(twice: SmallSite) -> None:
    twice.link.unlink()
    assert twice.build().full
    assert trees(twice) == set()
    shutil.rmtree(twice.folder / ".site.builds")
    assert twice.build().full
