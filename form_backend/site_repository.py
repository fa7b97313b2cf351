"""The site repository: replace these files, commit if different, push, verify. What is asked of the remote is here.

The publisher works in a clone of its own, which is derived from the remote: whatever is in it and not in the remote
(an unpushed commit, half-written files, a broken object) is dropped by `refresh`. Nothing is ever forced or merged.
The caller holds the publisher's lock: one process works in a clone at a time.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from form_backend.git_clone import MISSHAPEN, Clone, Files, ForeignClone
from form_backend.git_folders import (
    emptied,
    git_dir_of,
    holds_no_file,
    local_path,
    missing_or_empty,
    remove_stale_locks,
)
from form_backend.git_run import GitFailed, RepositoryError
from form_backend.git_settings import BIG_PACK
from form_backend.git_words import AGAIN, LEFT_LOCK, NOTHING, remedy, said, sentence, with_trailers
from generator.published import FileName, ResultsFolder

RELEASE = "Sukma-Release"
LONGEST_RELEASE = 18  # digits; what is longer is no number of ours, and too long for a database
RESULTS = "site_src/results"
LOST_RACE = ("[rejected]", "non-fast-forward", "cannot lock ref", "failed to update ref", "incorrect old value")


class Rejected(RepositoryError):
    """What was prepared cannot be pushed any more: refresh, regenerate and publish again."""


@dataclass(frozen=True)
class Head:
    """The commit of the remote's branch ("" while it has none) and its last release (0 before the first)."""

    commit: str
    release: int


@dataclass(frozen=True)
class Pushed:
    """The branch's commit after `publish`; `changed` is false if it held these files already."""

    commit: str
    changed: bool


class SiteRepository:
    """The publisher's clone of one branch of a remote: a path (made on the very first run) or an address."""

    def __init__(self, clone: Path, remote: str, branch: str, *, talk: float = 60, transfer: float = 600) -> None:
        # Seconds that git may take: `talk` to ask the remote for its branches, `transfer` to fetch or push.
        self._branch, self._ref = branch, f"refs/heads/{branch}"
        self._local = local_path(remote)
        self._remote = str(self._local or remote)
        self._clone = Clone(clone.absolute(), branch, self._remote)
        self._git = self._clone.git
        self._shown, self._talk, self._transfer = self._git.shown, talk, transfer
        self._head: str | None = None  # the remote's commit that the work tree equals; None: refresh first

    @property
    def results_dir(self) -> Path:
        """The folder of published results in the work tree."""
        return self._clone.place / RESULTS

    def words(self) -> set[str]:
        """The paths of the registry and of what people wrote: all that may be published but results."""
        head = self._refreshed()
        with self._mending():
            tops = self._clone.paths(head, "site_src/").keys() - {RESULTS}
            return {*self._clone.paths(head, "units.yaml", "units.d", *sorted(tops), recurse=True)}

    def results_changed_since(self, commit: str) -> bool:
        """True where somebody else has changed published results after our commit, or it is not in the branch."""
        return self._git.run("diff", "--quiet", commit, "HEAD", "--", RESULTS)[0] != 0

    def published(self) -> ResultsFolder:
        """The published results, named by git: what changed between two states is asked of it, not of the files.

        What a run has committed and could not push is not published: the work tree goes back to what the remote holds.
        """
        version, held = "", self._clone.held()
        if held and not self._clone.was_left_clean:
            self._put_back()
        if self._clone.is_made:
            version = self._git.run("rev-parse", "--verify", "--quiet", f"{held or 'HEAD'}:{RESULTS}")[1]
        return ResultsFolder(self.results_dir, version, lambda since: self._changed(since, version), self._put_back)

    def make_missing(self) -> None:
        """Clone the remote where there is no clone, and so nothing to read; RepositoryError."""
        if holds_no_file(self._clone.place):
            with self._told():
                self._make_anew(self._remote_tip())

    def _put_back(self) -> None:
        """Every file as the remote was last known to hold it; where nobody noted that, as the branch has it."""
        if self._clone.is_made:
            with self._git.told():
                self._clone.lay(held := self._clone.held() or "HEAD")
                if held != "HEAD":
                    self._clone.note_clean(held)

    def _changed(self, since: str, version: str) -> list[FileName] | None:
        if since == version:
            return []
        status, names, _ = self._git.run("diff-tree", "-r", "--name-only", "--no-renames", "-z", since, version)
        if status or not since or not version:
            return None
        paths = (PurePosixPath(name) for name in names.split("\0") if name)
        return [(path.parent.name, path.stem) for path in paths if path.suffix == ".json" and len(path.parts) == 2]

    def refresh(self) -> Head:
        """Make what is missing or broken and bring the work tree to the remote's branch; RepositoryError."""
        self._head = None
        with self._told():
            ours = self._is_ours()
            if self._local and missing_or_empty(self._local) and holds_no_file(self._clone.place):
                self._make_remote(self._local)  # only on the first run: a remote that we cloned and is gone is a loss
            if self._local:
                remove_stale_locks(git_dir_of(self._local))
            tip = self._remote_tip()
            if not ours or not tip:
                self._make_anew(tip)
            try:
                head = self._take_up(tip)
            except (GitFailed, *MISSHAPEN) as error:
                if isinstance(error, GitFailed) and not self._clone.is_broken:
                    raise
                self._make_anew(tip)
                head = self._take_up(tip)
        self._head = head.commit
        return head

    def publish(self, files: Files, message: str, trailers: Mapping[str, str], day: date) -> Pushed:
        """Replace these files (None removes), commit on `day` if that changes anything, push, verify.

        Rejected if the remote moved on or the clone was broken, RepositoryError for all else; after either, `refresh`
        comes first.
        """
        parent = self._refreshed()
        for path in (path for path, content in files.items() if content is not None):
            _check(path)
        text = with_trailers(message, trailers)
        with self._mending():
            changed = self._clone.differing(parent, files)
            if not changed:
                return Pushed(parent, changed=False)
            self._head = None
            commit = self._clone.commit(parent, changed, text, day)
            self._push(commit)
            self._verify(commit)
            self._clone.note_clean(commit)
            self._git.do("gc", "--auto", "--quiet")
        self._head = commit
        return Pushed(commit, changed=True)

    def _refreshed(self) -> str:
        if self._head is None:
            raise RuntimeError("refresh() comes before words() and publish()")
        return self._head

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """A clone that turns out to be broken is made anew, and what was begun is to be done again."""
        with self._told():
            try:
                yield
            except (GitFailed, *MISSHAPEN) as error:
                self._head = None
                if isinstance(error, GitFailed) and not self._clone.is_broken:
                    raise
                self._make_anew(self._remote_tip())
                raise Rejected(sentence("broken", place=str(self._clone.place))) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Adds what helps where the remote, a folder of this machine, has lost what it held."""
        with self._git.told():
            try:
                yield
            except RepositoryError as error:
                if self._local and self._clone.held() and not self._holds_commits(self._local):
                    both = {"remote": self._shown, "clone": str(self._clone.place)}
                    raise RepositoryError(sentence("lost", first=error.both, **both)) from error
                raise

    def _holds_commits(self, remote: Path) -> bool:
        status, newest, _ = self._git.run("rev-list", "--all", "--max-count=1", at=git_dir_of(remote))
        return status == 0 and bool(newest)

    def reach(self) -> None:
        """RepositoryError where a run could not begin: a foreign folder in the clone's place, a remote out of reach.

        A folder may not have been made yet.
        """
        with self._told():
            if self._is_ours() or self._local is None or not missing_or_empty(self._local):
                self._remote_tip()

    def save_remote(self, bundle: Path) -> bool:
        """Write a remote that is a folder of this machine into one file; false where it is elsewhere, or empty."""
        with self._git.told():
            if self._local is None or missing_or_empty(self._local) or not self._remote_tip():
                return False
            self._git.do("bundle", "create", "--quiet", str(bundle.absolute()), "--all", at=git_dir_of(self._local))
        return True

    def load_remote(self, bundle: Path) -> bool:
        """Make a remote that is a folder of this machine from such a file; false where there is one, or elsewhere."""
        with self._git.told():
            if self._local is None or not missing_or_empty(self._local):
                return False
            self._make_remote(self._local, bundle.absolute())
        return True

    def _make_remote(self, place: Path, bundle: Path | None = None) -> None:
        fresh = emptied(place.with_name(f".{place.name}.new"))
        self._git.do("init", "--quiet", "--bare", "--template=", f"--initial-branch={self._branch}", at=fresh)
        self._git.do("config", "core.fsync", "all", at=fresh)
        self._git.do("config", "gc.bigPackThreshold", BIG_PACK, at=fresh)
        if bundle:
            self._git.do("fetch", "--quiet", "--", str(bundle), "+refs/*:refs/*", at=fresh)
        fresh.rename(place)

    def _remote_tip(self) -> str:
        """The commit of the remote's branch, "" if the remote is empty."""
        if self._local and missing_or_empty(self._local):
            raise RepositoryError(sentence("gone", remote=self._shown))
        answer = self._git.do("ls-remote", "--heads", "--", self._remote, at=Path(os.devnull), limit=self._talk)
        tips = {ref: commit for commit, ref in (line.split("\t") for line in answer.splitlines())}
        if tips and self._ref not in tips:
            others = ", ".join(sorted(ref.removeprefix("refs/heads/") for ref in tips)[:5])
            raise RepositoryError(sentence("no_branch", remote=self._shown, branch=self._branch, others=others))
        return tips.get(self._ref, "")

    def _fetch(self, clone: Clone) -> str:
        ours = f"refs/remotes/origin/{self._branch}"
        what = ["--quiet", "--no-tags", "--", self._remote, f"+{self._ref}:{ours}"]
        clone.git.do("fetch", *what, limit=self._transfer)
        return clone.git.do("rev-parse", ours)

    def _push(self, commit: str) -> None:
        # A plain push is compare-and-swap: the remote refuses what does not continue its branch.
        target = [self._remote, f"{commit}:{self._ref}"]
        status, out, err = self._git.run("push", "--porcelain", "--", *target, limit=self._transfer)
        refusal = "".join(line.split("\t")[-1] for line in out.splitlines() if line.startswith("!"))
        if any(sign in refusal for sign in LOST_RACE):
            raise Rejected(sentence("moved_on", remote=self._shown, lock=LEFT_LOCK if "lock" in refusal else ""))
        if refusal:
            why = {"refusal": refusal, "said": said(err), "todo": remedy(refusal + err, AGAIN)}
            raise RepositoryError(sentence("refused", remote=self._shown, branch=self._branch, **why))
        if status:
            raise self._git.failed("push", err, self._transfer)

    def _verify(self, commit: str) -> None:
        """The remote's branch holds our commit, even if others have built on it since."""
        tip = self._remote_tip()
        if tip == commit:
            return
        if tip and self._git.run("merge-base", "--is-ancestor", commit, self._fetch(self._clone))[0] == 0:
            return
        where = {"remote": self._shown, "branch": self._branch, "tip": tip or NOTHING}
        raise RepositoryError(sentence("moved_back", commit=commit, **where))

    def _is_ours(self) -> bool:
        """True for a clone of ours; false where one is to be made. ForeignClone."""
        if self._local == self._clone.place:
            raise RepositoryError(sentence("own_clone", remote=self._shown))
        if not self._clone.is_replaceable:
            raise ForeignClone(self._clone.place)
        return self._clone.is_made

    def _make_anew(self, tip: str) -> None:
        """A clone with all that the remote holds, in place of what is there; nothing changes where that fails."""
        fresh = self._clone.beside()
        try:
            held = self._fetch(fresh) if tip else ""
            if self._clone.holds_more_than(fresh):
                raise ForeignClone(self._clone.place)
            if held:
                fresh.lay(held)
                fresh.note_clean(held)
            self._clone.replace_by(fresh)
        finally:
            shutil.rmtree(fresh.place, ignore_errors=True)

    def _take_up(self, tip: str) -> Head:
        """Work tree and branch as the remote has them."""
        if not tip:
            return Head("", 0)
        self._clone.unlock()
        stays = self._clone.at == tip
        if not stays:
            tip = self._fetch(self._clone)
        if not (stays and self._clone.is_clean(tip)):
            self._clone.lay(tip)
            self._clone.note_clean(tip)
        # More than one: a person's commit may carry the word in its text, and a merge may change the order.
        form = f"--format=%(trailers:key={RELEASE},valueonly)"
        releases = self._git.do("log", "--max-count=20", f"--grep=^{RELEASE}: ", form).split()
        known = [int(value) for value in releases if value.isdecimal() and len(value) <= LONGEST_RELEASE]
        return Head(tip, max(known, default=0))


def _check(path: str) -> None:
    """ValueError for a path that may not be published: nothing but the registry, written pages and results may."""
    pure = PurePosixPath(path)
    inside = path == "units.yaml" or (len(pure.parts) > 1 and pure.parts[0] in ("site_src", "units.d"))
    if not inside or str(pure) != path or {"..", ".git"} & {part.lower() for part in pure.parts} or "\0" in path:
        raise ValueError(f"{path!r} is not a file of the registry, of site_src or of the results")
