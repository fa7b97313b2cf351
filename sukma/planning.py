"""What an edit of this folder would change, beside the last build or a revision of its git."""

from pathlib import Path
from tempfile import TemporaryDirectory

from form_backend.folder_history import HistoryError, commit_of, files_at
from form_backend.publish import only_publisher
from generator.differing import Side, Today
from generator.edit import Edit, edit
from generator.write import SiteFolder
from generator.written import (
    ROOT,
    WRITTEN,
    NothingBuilt,
    NothingKept,
    Written,
    is_word,
    lay_out,
    read_written,
    registry_of,
    written,
)
from sukma.wiring import Installation

BUILD = "build"


class NotThen(HistoryError):
    """The revision holds no registry for this folder."""

    def __init__(self, file: Path, revision: str) -> None:
        super().__init__(f"{file} is not in {revision}")
        self.file, self.revision = file, revision


def plan_edit(here: Installation, against: str | None) -> tuple[str, Edit]:
    """What it was compared with (`build`, or a commit) and what would change; nothing is changed anywhere.

    A build that was killed is finished first, and a clone that is gone is made anew, as by a build: RepositoryError.
    RegistryError where the folder has mistakes; NothingBuilt, NothingKept, UnreadableThen or HistoryError where there
    is nothing to compare with.
    """
    made = written(here.words())
    site = SiteFolder(here.settings.site_dir)
    is_new = not (site.builds.exists() or site.link.exists())  # mistyped, perhaps: nothing is to be left beside it
    if is_new and against is None:
        raise NothingBuilt(site.link)
    # Results are read from the publisher's clone: not while it is being brought up to date. The site is compared as it
    # will be found by the next build, which finishes one that was killed.
    with only_publisher(here.publisher_lock), TemporaryDirectory() as aside:
        site = SiteFolder(Path(aside) / "site") if is_new else site
        with site.locked():
            return _planned(here, made, against, site, Path(aside))


def _planned(here: Installation, made: Written, against: str | None, site: SiteFolder, aside: Path) -> tuple[str, Edit]:
    here.make_missing()
    now = here.with_published(here.loaded.registry)  # again: the clone may have been missing
    name, then, words = _built(site) if against is None else _at(here, against, aside)
    before = now if then.files == made.files else here.with_published(registry_of(then))
    today = Today(here.repository.published(), now.instruments, site, here.settings.builder)
    words_now = here.settings.folder / "site_src"
    old = Side(before, then.words, words_now if then.words == made.words else words)
    return name, edit(old, Side(now, made.words, words_now), today)


def _built(site: SiteFolder) -> tuple[str, Written, None]:
    """The third, words to build from, is not kept: what was built of them is."""
    if site.current is None:
        raise NothingBuilt(site.link)
    if (then := read_written(site.current)) is None:
        raise NothingKept(site.current / WRITTEN)
    return BUILD, then, None


def _at(here: Installation, revision: str, aside: Path) -> tuple[str, Written, Path]:
    """The third is a folder below `aside`, named by the commit: a builder that complains says where."""
    top, name = here.registry_file.absolute().parent, here.registry_file.name
    commit = commit_of(top, revision)
    found = dict(files_at(top, commit, [name, "units.d"]))
    if name not in found:
        raise NotThen(here.registry_file, revision)
    found[ROOT] = found.pop(name)
    words = files_at(here.settings.folder, commit, ["site_src"], is_word)
    lay_out(words, aside / commit)
    return commit, written(found | dict(words)), aside / commit / "site_src"
