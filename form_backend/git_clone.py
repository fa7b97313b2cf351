"""The publisher's clone as a folder: whose it is, its work tree, and what was noted of both.

All of it is derived from the remote. Whatever else is found in it is dropped, and where it is broken it is made anew
beside and then moved into place; but a folder that may hold somebody's own work is never touched.
"""

import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha1
from pathlib import Path

from form_backend.git_commit import commit_stream
from form_backend.git_folders import emptied, files_in, holds_no_file, is_as_left, local_path, remove_empty
from form_backend.git_run import RepositoryError, ShieldedGit

Files = Mapping[str, bytes | None]  # path in the repository → its bytes, None where there is (to be) no such file
CLEAN = "sukma-clean"  # in .git: the commit that the work tree was left equal to; goes before anything is written
VERIFIED = "sukma-verified"  # in .git: the commit that the remote was last known to hold
CLEAN_FOR = 3600  # seconds; then every file is looked at again, in case somebody else has touched one
_FILES, _FOLDER = ("100644", "100755"), "040000"  # all other modes are links and submodules
MARKER = "sukma-publisher"  # in .git: this clone is ours to reset; a person's work tree never is
# Bytes in, bytes out, whatever .gitattributes a repository carries.
ATTRIBUTES = "* -text -eol -filter -ident -working-tree-encoding\n"
# What a file system says of a folder that is not as we made it, and not of a disk or of rights.
MISSHAPEN = (FileExistsError, FileNotFoundError, IsADirectoryError, NotADirectoryError)


class ForeignClone(RepositoryError):
    """The folder is not the publisher's clone and may hold somebody's own work."""

    def __init__(self, folder: Path) -> None:
        todo = "move it away, or name another folder with SUKMA_SITE_REPO"
        super().__init__(f"{folder} is not the publisher's clone and may hold somebody's own work: {todo}")
        self.folder = folder


class Clone:
    """A clone of one branch at a place."""

    def __init__(self, place: Path, branch: str, remote: str) -> None:
        self.place, self.git_dir = place, place / ".git"
        self.git = ShieldedGit(place, remote)
        self._branch, self._ref = branch, f"refs/heads/{branch}"

    @property
    def is_made(self) -> bool:
        """True where we made it; any sign will do, for the marker may get lost."""
        if any((self.git_dir / sign).is_file() for sign in (MARKER, VERIFIED, CLEAN)):
            return True
        try:
            return (self.git_dir / "info" / "attributes").read_text() == ATTRIBUTES
        except (OSError, UnicodeDecodeError):
            return False

    @property
    def is_replaceable(self) -> bool:
        """True where it is ours, holds no file, or looks like a clone of our remote (`holds_more_than` is to be asked).

        A folder that this process stands in is somebody's: he would lose what he edits next.
        """
        if self.is_made or holds_no_file(self.place):
            return True
        if not self.place.is_dir() or Path.cwd().is_relative_to(self.place.resolve()):
            return False
        if not self.git_dir.exists():  # copied, or restored from a backup, without it
            return (self.place / "units.yaml").is_file() and (self.place / "site_src").is_dir()
        ours, named = self.git.remote, self.git.run("config", "--get-regexp", r"^remote\..*\.url$")[1]
        urls = [line.partition(" ")[2] for line in named.splitlines()]
        return any(url == ours or local_path(url) == Path(ours) for url in urls)

    def holds_more_than(self, remote: "Clone") -> bool:
        """True where not every file and every object of it is in another clone, so that somebody would miss it."""
        if self.is_made or holds_no_file(self.place):
            return False
        names: list[str] = []
        kept = [self.git_dir / name for name in ("hooks", "worktrees", "modules")]
        if self.git_dir.exists():
            if any(file.suffix != ".sample" for folder in kept if folder.exists() for file in folder.iterdir()):
                return True
            status, listed, _ = self.git.run("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
            if status:
                return True
            names = listed.splitlines()
        wanted = {*names}
        for file in files_in(self.place):
            if file.is_relative_to(self.git_dir):
                continue
            if file.is_symlink() or not file.is_file():
                return True
            wanted.add(str(_blob(file.read_bytes())))
        known = remote.git.do("cat-file", "--batch-check=%(objectname)", stdin="\n".join(wanted).encode())
        return any(line.endswith(" missing") for line in known.splitlines())

    @property
    def is_broken(self) -> bool:
        """True where git finds damage in it."""
        return self.git.run("fsck", "--no-dangling", "--no-reflogs", "--no-progress")[0] != 0

    def beside(self) -> "Clone":
        """Another one, begun beside it and empty, to take its place with `replace_by`."""
        fresh = Clone(emptied(self.place.with_name(f".{self.place.name}.new")), self._branch, self.git.remote)
        self.git.do("init", "--quiet", "--template=", f"--initial-branch={self._branch}", at=fresh.git_dir)
        (fresh.git_dir / "info").mkdir(exist_ok=True)
        (fresh.git_dir / "info" / "attributes").write_text(ATTRIBUTES)
        (fresh.git_dir / MARKER).write_text("made by the publisher, and made anew whenever it is broken\n")
        return fresh

    def replace_by(self, fresh: "Clone") -> None:
        """Put another one in its place. Aside first: a removal that is killed must not leave half a clone there."""
        old = emptied(self.place.with_name(f".{self.place.name}.old"))
        if self.place.exists():
            self.place.rename(old / "clone")
        fresh.place.rename(self.place)
        shutil.rmtree(old)

    def held(self) -> str:
        """The commit that the remote was last known to hold; "" where nobody noted one."""
        with suppress(OSError):
            return (self.git_dir / VERIFIED).read_text()
        return ""

    @property
    def at(self) -> str:
        """The commit of the branch, "" where something else is checked out."""
        found = self.git.run("for-each-ref", "--format=%(HEAD)%(objectname)", self._ref)[1]
        return found[1:] if found.startswith("*") else ""

    def commit_of(self, revision: str) -> str:
        """The commit that it names here, "" where there is none."""
        return self.git.run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")[1]

    def lay(self, commit: str) -> None:
        """Branch and work tree as this commit has them; nothing where there is none yet."""
        self.unlock()
        if found := self.commit_of(commit):
            how = ["--quiet", "--force", "--no-track", "--ignore-other-worktrees"]
            self.git.do("checkout", *how, "-B", self._branch, found)
            self.git.do("clean", "--quiet", "-ffdx")

    def unlock(self) -> None:
        """Any lock is a killed git's: we hold the publisher's."""
        for lock in [*self.git_dir.glob("*.lock"), *(self.git_dir / "refs").rglob("*.lock")]:
            lock.unlink()

    @property
    def was_left_clean(self) -> bool:
        """True where the last run ended well."""
        return (self.git_dir / CLEAN).exists()

    def is_clean(self, tip: str) -> bool:
        """True where our last run ended with this commit in place: a hundred thousand files need no look then."""
        note = self.git_dir / CLEAN
        with suppress(OSError):
            return note.read_text() == self._state(tip) and time.time() - note.stat().st_mtime < CLEAN_FOR
        return False

    def note_clean(self, tip: str) -> None:
        """Remember that the remote holds this commit and the work tree equals it."""
        (self.git_dir / VERIFIED).write_text(tip)
        (self.git_dir / CLEAN).write_text(self._state(tip))

    def _state(self, tip: str) -> str:
        index = self.git_dir / "index"  # of the last look at every file; there is none before the first
        return f"{tip} {index.stat().st_size} {index.stat().st_mtime_ns}" if index.exists() else tip

    def paths(self, commit: str, *below: str, recurse: bool = False) -> dict[str, str]:
        """What a commit holds there: path → blob, or the mode of what is no file; "folder/" is what is in it.

        Asked of git: the work tree may have been touched.
        """
        if not commit or not below:
            return {}
        listed = self.git.do("ls-tree", "-z", "--full-tree", *(["-r"] if recurse else []), commit, "--", *below)
        entries = (line.partition("\t") for line in listed.split("\0") if line)
        found = ((path, *about.split()) for about, _, path in entries)
        return {path: blob if mode in _FILES else mode for path, mode, _kind, blob in found}

    def differing(self, commit: str, files: Files) -> Files:
        """Those of the files that a commit does not hold like that."""
        folders = {f"{folder}/" if folder else path for path in files for folder in [path.rpartition("/")[0]]}
        held = self.paths(commit, *sorted(folders))
        held = {path: blob for path, blob in held.items() if blob != _FOLDER}
        return {path: content for path, content in files.items() if held.get(path) != _blob(content)}

    def commit(self, parent: str, files: Files, text: bytes, day: date) -> str:
        """Commit these files on top of `parent`, into branch and work tree; the commit's name."""
        (self.git_dir / CLEAN).unlink(missing_ok=True)
        made = self.git.do("fast-import", "--quiet", "--done", stdin=commit_stream(self._ref, parent, files, text, day))
        if not all(is_as_left(self.place, path, gone=content is None) for path, content in files.items()):
            self.lay(made)
            return made
        for path in (path for path, content in files.items() if content is None):
            (self.place / path).unlink()
            remove_empty((self.place / path).parent)  # a file may take a folder's place, and the other way round
        for path, content in files.items():
            if content is not None:
                (self.place / path).parent.mkdir(parents=True, exist_ok=True)
                (self.place / path).write_bytes(content)
        return made


def _blob(content: bytes | None) -> str | None:
    """How git names this content."""
    return None if content is None else sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
