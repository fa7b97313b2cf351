"""The site repository: replace these files, commit if different, push, verify. The only module that knows git.

The publisher works in a clone of its own, which is derived from the remote: whatever is in it and not in the remote
(an unpushed commit, half-written files, a broken object) is dropped by `refresh`. Nothing is ever forced or merged.
The caller holds the publisher's lock: one process works in a clone at a time.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is a sentence at first use, not an ImportError
from git import Git, GitCommandNotFound
from git.util import remove_password_if_present

from form_backend.git_commit import commit_stream
from form_backend.git_folders import emptied, local_path, missing_or_empty, remove_empty, remove_stale_locks
from form_backend.git_settings import ALWAYS, KEPT, OFFLINE, ONLINE, SETTINGS
from form_backend.git_words import remedy, said, with_trailers
from generator.published import FileName, ResultsFolder

Files = Mapping[str, bytes | None]  # path in the repository → its bytes, None where there is (to be) no such file
Answer = tuple[int, str, str]  # a git command's exit status, output and errors
RELEASE = "Sukma-Release"
RESULTS = "site_src/results"
CLEAN = "sukma-clean"  # in .git: the commit that the work tree was left equal to; goes before anything is written
VERIFIED = "sukma-verified"  # in .git: the commit that the remote was last known to hold
CLEAN_FOR = 3600  # seconds; then every file is looked at again, in case somebody else has touched one
MARKER = "sukma-publisher"  # in .git: this clone is ours to reset; a person's work tree never is
LOST_RACE = ("[rejected]", "non-fast-forward", "cannot lock ref", "failed to update ref", "incorrect old value")


class RepositoryError(Exception):
    """The site repository cannot be used now; the sentence names place and remedy."""


class Rejected(RepositoryError):
    """The remote moved on since `refresh`: refresh, regenerate and publish again."""


class _GitFailed(RepositoryError):
    """A git command ended badly: the clone may be broken, or its remote out of reach."""


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
        self._clone, self._branch, self._ref = clone.absolute(), branch, f"refs/heads/{branch}"
        self._local = local_path(remote)
        self._remote = str(self._local or remote)
        self._shown = remove_password_if_present([self._remote])[0]
        self._talk, self._transfer = talk, transfer
        self._head: str | None = None  # the remote's commit that the work tree equals; None: refresh first

    @property
    def results_dir(self) -> Path:
        """The folder of published results in the work tree."""
        return self._clone / RESULTS

    def read(self, path: str) -> bytes | None:
        """A file's bytes as of the last `refresh` or `publish`; None if there is none."""
        place = self._clone / _checked(path)
        return place.read_bytes() if place.is_file() else None

    def words(self) -> set[str]:
        """The paths of the registry and of what people wrote: all that may be published but results."""
        written = [place for place in (self._clone / "site_src").glob("*") if place != self.results_dir]
        tops = [self._clone / "units.yaml", self._clone / "units.d", *written]
        files = [file for top in tops for file in (top, *top.rglob("*")) if file.is_file()]
        return {file.relative_to(self._clone).as_posix() for file in files}

    def results_changed_since(self, commit: str) -> bool:
        """True where somebody else has changed published results after our commit, or it is not in the branch."""
        return self._run("diff", "--quiet", commit, "HEAD", "--", RESULTS)[0] != 0

    def published(self) -> ResultsFolder:
        """The published results, named by git: what changed between two states is asked of it, not of the files.

        What a run has committed and could not push is not published: the work tree goes back to what the remote holds.
        """
        version, held = "", self._held()
        if held and not (self._clone / ".git" / CLEAN).exists():
            self._put_back()
        if self._is_made():
            version = self._run("rev-parse", "--verify", "--quiet", f"{held or 'HEAD'}:{RESULTS}")[1]
        return ResultsFolder(self.results_dir, version, lambda since: self._changed(since, version), self._put_back)

    def _put_back(self) -> None:
        """Every file as the remote was last known to hold it; where nobody noted that, as the branch has it."""
        if self._is_made():
            with self._told():
                self._lay(held := self._held() or "HEAD")
                if held != "HEAD":
                    self._note_clean(held)

    def _held(self) -> str:
        """The commit that the remote was last known to hold; "" where nobody noted one."""
        with suppress(OSError):
            return (self._clone / ".git" / VERIFIED).read_text()
        return ""

    def _changed(self, since: str, version: str) -> list[FileName] | None:
        if since == version:
            return []
        status, names, _ = self._run("diff-tree", "-r", "--name-only", "--no-renames", "-z", since, version)
        if status or not since or not version:
            return None
        paths = (PurePosixPath(name) for name in names.split("\0") if name)
        return [(path.parent.name, path.stem) for path in paths if path.suffix == ".json" and len(path.parts) == 2]

    def refresh(self) -> Head:
        """Make what is missing or broken and bring the work tree to the remote's branch; RepositoryError."""
        self._head = None
        with self._told():
            ours = self._is_ours()
            if not ours and self._local and missing_or_empty(self._local):
                self._make_remote(self._local)  # only on the first run: a remote that we cloned and is gone is a loss
            if self._local:
                remove_stale_locks(self._local)
            tip = self._remote_tip()
            if not ours or not tip:
                self._make_clone()
            try:
                head = self._take_up(tip)
            except _GitFailed:
                if not self._is_broken():
                    raise
                self._make_clone()
                head = self._take_up(tip)
        self._head = head.commit
        return head

    def publish(self, files: Files, message: str, trailers: Mapping[str, str], day: date) -> Pushed:
        """Replace these files (None removes), commit on `day` if that changes anything, push, verify.

        Rejected if the remote moved on, RepositoryError for all else; after either, `refresh` comes first.
        """
        if self._head is None:
            raise RuntimeError("refresh() comes before publish()")
        text = with_trailers(message, trailers)
        with self._told():
            changed = {path: content for path, content in files.items() if self.read(path) != content}
            if not changed:
                return Pushed(self._head, changed=False)
            parent, self._head = self._head, None
            try:
                commit = self._commit(parent, changed, text, day)
                self._push()
            except _GitFailed:
                if self._is_broken():
                    self._make_clone()
                raise
            self._verify(commit)
            self._note_clean(commit)
            self._git("gc", "--auto", "--quiet")
        self._head = commit
        return Pushed(commit, changed=True)

    def reach(self) -> None:
        """RepositoryError where the remote cannot be asked for its branch; a folder may not have been made yet."""
        if self._local is None or not missing_or_empty(self._local) or self._is_ours():
            with self._told():
                self._remote_tip()

    def save_remote(self, bundle: Path) -> bool:
        """Write a remote that is a folder of this machine into one file; false where it is elsewhere, or empty."""
        with self._told():
            if self._local is None or missing_or_empty(self._local) or not self._remote_tip():
                return False
            self._git("bundle", "create", "--quiet", str(bundle.absolute()), "--all", at=self._local)
        return True

    def load_remote(self, bundle: Path) -> bool:
        """Make a remote that is a folder of this machine from such a file; false where there is one, or elsewhere."""
        with self._told():
            if self._local is None or not missing_or_empty(self._local):
                return False
            self._make_remote(self._local, bundle.absolute())
        return True

    def _make_remote(self, place: Path, bundle: Path | None = None) -> None:
        fresh = emptied(place.with_name(f".{place.name}.new"))
        self._git("init", "--quiet", "--bare", "--template=", f"--initial-branch={self._branch}", at=fresh)
        self._git("config", "core.fsync", "all", at=fresh)
        if bundle:
            self._git("fetch", "--quiet", "--", str(bundle), "+refs/*:refs/*", at=fresh)
        fresh.rename(place)

    def _remote_tip(self) -> str:
        """The commit of the remote's branch, "" if the remote is empty."""
        answer = self._git("ls-remote", "--heads", "--", self._remote, at=Path(os.devnull), limit=self._talk)
        tips = {ref: commit for commit, ref in (line.split("\t") for line in answer.splitlines())}
        if tips and self._ref not in tips:
            others = ", ".join(sorted(ref.removeprefix("refs/heads/") for ref in tips)[:5])
            todo = f"set SUKMA_BRANCH to one of them, or make the branch {self._branch} there"
            raise RepositoryError(f"{self._shown} has no branch {self._branch} but {others}: {todo}")
        return tips.get(self._ref, "")

    def _fetch(self) -> str:
        ours = f"refs/remotes/origin/{self._branch}"
        self._git("fetch", "--quiet", "--no-tags", "--", self._remote, f"+{self._ref}:{ours}", limit=self._transfer)
        return self._git("rev-parse", ours)

    def _push(self) -> None:
        # A plain push is compare-and-swap: the remote refuses what does not continue its branch.
        target = [self._remote, f"HEAD:{self._ref}"]
        status, out, err = self._run("push", "--porcelain", "--", *target, limit=self._transfer)
        refusal = "".join(line.split("\t")[-1] for line in out.splitlines() if line.startswith("!"))
        if any(sign in refusal for sign in LOST_RACE):
            lock = " (or a git that was killed has left a lock there)" if "lock" in refusal else ""
            raise Rejected(f"{self._shown} moved on while this was prepared{lock}: refresh and publish again")
        if refusal:
            why = f"{refusal}: {said(err)}; {remedy(err, 'the next run tries again')}"
            raise RepositoryError(f"{self._shown} refused the push to {self._branch}, {why}")
        if status:
            raise self._failed("push", err, self._transfer)

    def _verify(self, commit: str) -> None:
        """The remote's branch holds our commit, even if others have built on it since."""
        tip = self._remote_tip()
        if tip == commit or (tip and self._run("merge-base", "--is-ancestor", commit, self._fetch())[0] == 0):
            return
        where = f"{self._shown} took the push, but its branch {self._branch} is at {tip or 'nothing'}"
        raise RepositoryError(f"{where} and not at {commit}: look for a hook or a mirror that moves it back")

    def _is_made(self) -> bool:
        return (self._clone / ".git" / MARKER).is_file()

    def _is_ours(self) -> bool:
        ours = self._is_made()
        if not ours and not missing_or_empty(self._clone):
            todo = "move it away, or name another folder with SUKMA_SITE_REPO"
            raise RepositoryError(f"{self._clone} is not the publisher's clone: {todo}")
        return ours

    def _is_broken(self) -> bool:
        return self._run("fsck", "--no-dangling", "--no-reflogs", "--no-progress")[0] != 0

    def _make_clone(self) -> None:
        fresh, old = (emptied(self._clone.with_name(f".{self._clone.name}.{what}")) for what in ("new", "old"))
        git_dir = fresh / ".git"
        self._git("init", "--quiet", "--template=", f"--initial-branch={self._branch}", at=git_dir)
        (git_dir / "info").mkdir(exist_ok=True)
        # Bytes in, bytes out, whatever .gitattributes a repository carries.
        (git_dir / "info" / "attributes").write_text("* -text -eol -filter -ident -working-tree-encoding\n")
        (git_dir / MARKER).write_text("made by the publisher, and made anew whenever it is broken\n")
        if self._clone.exists():  # aside first: a removal that is killed must not leave half a clone in place
            self._clone.rename(old / "clone")
        fresh.rename(self._clone)
        shutil.rmtree(old)

    def _take_up(self, tip: str) -> Head:
        """Work tree and branch as the remote has them."""
        if not tip:
            return Head("", 0)
        self._unlock()
        stays = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")[1] == tip
        if not stays:
            tip = self._fetch()
        if not (stays and self._is_clean(tip)):
            self._lay(tip)
            self._note_clean(tip)
        # More than one: a person's commit may carry the word in its text, and a merge may change the order.
        form = f"--format=%(trailers:key={RELEASE},valueonly)"
        releases = self._git("log", "--max-count=20", f"--grep=^{RELEASE}: ", form).split()
        return Head(tip, max((int(value) for value in releases if value.isdecimal()), default=0))

    def _unlock(self) -> None:
        """Any lock is a killed git's: we hold the publisher's."""
        git_dir = self._clone / ".git"
        for lock in [*git_dir.glob("*.lock"), *(git_dir / "refs").rglob("*.lock")]:
            lock.unlink()

    def _lay(self, commit: str) -> None:
        """Branch and work tree as this commit has them; nothing where there is none yet."""
        self._unlock()
        found = self._run("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")[1]
        if found:
            self._git("checkout", "--quiet", "--force", "--no-track", "-B", self._branch, found)
            self._git("clean", "--quiet", "-ffdx")

    def _is_clean(self, tip: str) -> bool:
        """True where our last run ended with this commit in place: a hundred thousand files need no look then."""
        note = self._clone / ".git" / CLEAN
        with suppress(OSError):
            return note.read_text() == self._state(tip) and time.time() - note.stat().st_mtime < CLEAN_FOR
        return False

    def _note_clean(self, tip: str) -> None:
        (self._clone / ".git" / VERIFIED).write_text(tip)
        (self._clone / ".git" / CLEAN).write_text(self._state(tip))

    def _state(self, tip: str) -> str:
        index = self._clone / ".git" / "index"  # of the last look at every file; there is none before the first
        return f"{tip} {index.stat().st_size} {index.stat().st_mtime_ns}" if index.exists() else tip

    def _commit(self, parent: str, files: Files, text: bytes, day: date) -> str:
        (self._clone / ".git" / CLEAN).unlink(missing_ok=True)
        for path in (path for path, content in files.items() if content is None):
            (self._clone / path).unlink()
            remove_empty((self._clone / path).parent)  # a file may take a folder's place, and the other way round
        for path, content in files.items():
            if content is not None:
                (self._clone / path).parent.mkdir(parents=True, exist_ok=True)
                (self._clone / path).write_bytes(content)
        return self._git("fast-import", "--quiet", "--done", stdin=commit_stream(self._ref, parent, files, text, day))

    def _git(self, *words: str, limit: float | None = None, **how: Any) -> str:
        status, out, err = self._run(*words, limit=limit, **how)
        if status:
            raise self._failed(words[0], err, limit)
        return out

    def _run(self, *words: str, limit: float | None = None, at: Path | None = None, **how: Any) -> Answer:
        """Status, output, errors of a git shielded from its surroundings; `limit` (seconds): it talks to the remote."""
        where = [f"--git-dir={at}"] if at else [f"--git-dir={self._clone}/.git", f"--work-tree={self._clone}"]
        ours = ALWAYS | how.get("env", {}) | ({} if limit else OFFLINE)
        foreign = sorted(v for v in os.environ if v.startswith("GIT_") and v not in ours and not KEPT.match(v))
        shield = ["env", *(part for name in foreign for part in ("-u", name))] if foreign else []
        options = [part for setting in SETTINGS + (ONLINE if limit else []) for part in ("-c", setting)]
        command = [*shield, "git", "--literal-pathspecs", *where, *options, *words]
        # A session of its own has no terminal: ssh cannot stop to ask for a password.
        calmly: dict[str, Any] = {"as_process": True, "start_new_session": True}
        with tempfile.TemporaryFile() as given:
            given.write(how.get("stdin", b""))
            given.seek(0)
            begun = Git(self._clone).execute(command, given, env=ours, **calmly)  # whose end ends git
            out, err = _ended(begun.proc, limit)
        return begun.proc.returncode, out, err

    def _failed(self, verb: str, err: str, limit: float | None) -> _GitFailed:
        place, usual = str(self._clone), "the next run makes the clone anew if it is broken"
        if limit:
            place, usual = self._shown, "check SUKMA_REMOTE and the network, the next run tries again"
        words = said(err).replace(self._remote, self._shown)
        return _GitFailed(f"{place}: git {verb} failed: {words}; {remedy(err, usual)}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except GitCommandNotFound as error:
            raise RepositoryError("the program git was not found: install it, or put it on PATH") from error
        except OSError as error:
            problem = f"{error.filename or self._clone}: {error.strerror}"
            raise RepositoryError(f"{problem}; put that right, the next run goes on from there") from error


def _ended(process: "subprocess.Popen[bytes]", limit: float | None) -> tuple[str, str]:
    """What a git in a session of its own said; it ends with its helpers (ssh) at the limit, or when this run is ended.

    GitPython's own limit would outlive this run: its timer keeps the program alive after Ctrl-C.
    """
    with process:
        try:
            said = process.communicate(timeout=limit)
        except BaseException as error:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            if not isinstance(error, subprocess.TimeoutExpired):
                raise
            said = b"", f"no end within {limit} seconds".encode()
    out, err = (part.decode(errors="surrogateescape").removesuffix("\n") for part in said)
    return out, err


def _checked(path: str) -> str:
    """A path that may be published, or ValueError: nothing but the registry, written pages and results."""
    pure = PurePosixPath(path)
    inside = path == "units.yaml" or (len(pure.parts) > 1 and pure.parts[0] in ("site_src", "units.d"))
    if not inside or str(pure) != path or {"..", ".git"} & {part.lower() for part in pure.parts} or "\0" in path:
        raise ValueError(f"{path!r} is not a file of the registry, of site_src or of the results")
    return path
