"""What an edit of this folder would change, beside the last build or a revision of its git."""

from pathlib import Path

from form_backend.folder_history import HistoryError, commit_of, files_at
from form_backend.publish import only_publisher
from generator.differing import Side, Today
from generator.edit import Edit, edit
from generator.write import SiteFolder
from generator.written import ROOT, NothingBuilt, Written, is_word, read_written, registry_of, written
from sukma.wiring import Installation

BUILD = "build"


class NotThen(HistoryError):
    """The revision holds no registry for this folder."""

    def __init__(self, file: Path, revision: str) -> None:
        super().__init__(f"{file} is not in {revision}")
        self.file, self.revision = file, revision


def plan_edit(here: Installation, against: str | None) -> tuple[str, Edit]:
    """What it was compared with (`build`, or a commit) and what would change; nothing is changed anywhere.

    A build that was killed is finished first. RegistryError where the folder has mistakes; NothingBuilt, UnreadableThen
    or HistoryError where there is nothing to compare with.
    """
    made = written(here.words())
    now, site = here.loaded.registry, SiteFolder(here.settings.site_dir)
    # Results are read from the publisher's clone: not while it is being brought up to date. The site is compared as it
    # will be found by the next build, which finishes one that was killed.
    with only_publisher(here.publisher_lock), site.locked():
        name, then = _built(site) if against is None else _at(here, against)
        before = now if then.files == made.files else here.with_published(registry_of(then))
        today = Today(here.repository.published(), now.instruments, site)
        return name, edit(Side(before, then.words), Side(now, made.words), today)


def _built(site: SiteFolder) -> tuple[str, Written]:
    then = read_written(site.current) if site.current else None
    if then is None:
        raise NothingBuilt(site.link)
    return BUILD, then


def _at(here: Installation, revision: str) -> tuple[str, Written]:
    top, name = here.registry_file.absolute().parent, here.registry_file.name
    commit = commit_of(top, revision)
    found = dict(files_at(top, commit, [name, "units.d"]))
    if name not in found:
        raise NotThen(here.registry_file, revision)
    found[ROOT] = found.pop(name)
    words = files_at(here.settings.folder, commit, ["site_src"])
    return commit, written(found | {path: text for path, text in words.items() if is_word(path)})
