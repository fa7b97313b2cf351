"""The publisher's clone against real bare repositories."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from form_backend.git_clone import ForeignClone
from form_backend.git_run import RepositoryError
from form_backend.site_repository import Head, Pushed, Rejected, SiteRepository

DAY = date(2026, 10, 5)
FILE = "site_src/results/2026-TW4/7k3q.json"
OTHER = "site_src/results/2026-TW4/9m2x.json"


def git(folder: Path, *words: str) -> str:
    """Somebody else's git, with an identity of its own."""
    who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    return subprocess.run(
        ["git", "-C", folder, *who, *words], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.fixture(autouse=True)
def _bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home without git settings, a current folder inside somebody's own repository."""
    (tmp_path / "home").mkdir()
    subprocess.run(["git", "init", "-q", "-b", "main", tmp_path / "work"], check=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "var" / "remote.git"


@pytest.fixture
def site(tmp_path: Path, remote: Path) -> SiteRepository:
    return SiteRepository(tmp_path / "var" / "clone", str(remote), "main")


def put(site: SiteRepository, files: Mapping[str, bytes | None], release: int = 0, day: date = DAY) -> Pushed:
    return site.publish(files, "Results", {"Sukma-Release": str(release)} if release else {}, day)


def put_as_a_run_does(site: SiteRepository, files: Mapping[str, bytes | None]) -> Pushed:
    site.refresh()
    try:
        return put(site, files)
    except Rejected:
        site.refresh()
        return put(site, files)


def begun(site: SiteRepository) -> str:
    site.refresh()
    return put(site, {"units.yaml": b"site: {}\n", FILE: b"{}\n"}, release=1).commit


def read(site: SiteRepository, path: str) -> bytes | None:
    """A file of the work tree, None where there is none."""
    place = site.results_dir.parents[1] / path
    return place.read_bytes() if place.is_file() else None


def someone_pushes(remote: Path, folder: Path, name: str = "README") -> str:
    git(folder.parent, "clone", "-q", str(remote), str(folder))
    (folder / name).write_text("by a person\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "By a person")
    git(folder, "push", "-q", "origin", "HEAD:main")
    return git(folder, "rev-parse", "HEAD")


def hook(remote: Path, name: str, script: str) -> None:
    (remote / "hooks").mkdir(exist_ok=True)
    (remote / "hooks" / name).write_text(f"#!/bin/sh\n{script}\n")
    (remote / "hooks" / name).chmod(0o755)


def loose_object(clone: Path, name: str) -> Path:
    commit = git(clone, "rev-parse", name)
    return clone / ".git" / "objects" / commit[:2] / commit[2:]


# What is missing is made


def test_the_first_run_makes_a_bare_remote_and_a_clone(site: SiteRepository, remote: Path) -> None:
    assert site.refresh() == Head("", 0)
    assert git(remote, "rev-parse", "--is-bare-repository") == "true"
    assert git(site.results_dir.parents[1], "symbolic-ref", "HEAD") == "refs/heads/main"


def test_the_first_publish_begins_the_branch(site: SiteRepository, remote: Path) -> None:
    commit = begun(site)
    assert git(remote, "rev-list", "main") == commit
    assert git(remote, "show", f"main:{FILE}") == "{}"


def test_an_empty_repository_that_was_there_is_taken(site: SiteRepository, remote: Path) -> None:
    git(Path.cwd(), "init", "-q", "--bare", str(remote))
    commit = begun(site)
    assert git(remote, "rev-parse", "main") == commit


def test_a_repository_with_a_history_of_its_own_is_built_upon(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    git(Path.cwd(), "init", "-q", "--bare", "-b", "main", str(remote))
    theirs = someone_pushes(remote, tmp_path / "person")
    assert site.refresh() == Head(theirs, 0)
    put(site, {FILE: b"{}\n"})
    assert git(remote, "rev-parse", "main^") == theirs
    assert git(remote, "show", "main:README") == "by a person"


def test_a_remote_with_other_branches_only_is_not_guessed_at(remote: Path, tmp_path: Path) -> None:
    git(Path.cwd(), "init", "-q", "--bare", "-b", "main", str(remote))
    someone_pushes(remote, tmp_path / "person")
    with pytest.raises(RepositoryError, match="has no branch hasil but main: set SUKMA_BRANCH"):
        SiteRepository(tmp_path / "var" / "clone", str(remote), "hasil").refresh()


def test_a_remote_may_be_an_address(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    commit = begun(site)
    assert SiteRepository(tmp_path / "other", f"file://{remote}", "main").refresh() == Head(commit, 1)


def test_a_folder_that_is_not_the_publishers_clone_is_left_alone(remote: Path, tmp_path: Path) -> None:
    mine = tmp_path / "work" / "draft.md"
    mine.write_text("not yet committed")
    with pytest.raises(RepositoryError, match=r"work is not the publisher's clone.*SUKMA_SITE_REPO"):
        SiteRepository(tmp_path / "work", str(remote), "main").refresh()
    assert mine.read_text() == "not yet committed"


# What is published


def test_the_same_files_again_make_no_commit(site: SiteRepository, remote: Path) -> None:
    commit = begun(site)
    site.refresh()
    assert put(site, {FILE: b"{}\n"}, release=2) == Pushed(commit, changed=False)
    assert git(remote, "rev-parse", "main") == commit


def test_two_publishes_in_a_row_need_no_refresh_between(site: SiteRepository, remote: Path) -> None:
    begun(site)
    put(site, {OTHER: b"{}\n"})
    assert git(remote, "rev-list", "--count", "main") == "2"


def test_none_removes_a_file_and_is_content_if_there_is_none(site: SiteRepository, remote: Path) -> None:
    begun(site)
    put(site, {FILE: None, OTHER: None})
    assert git(remote, "ls-tree", "-r", "--name-only", "main") == "units.yaml"
    assert read(site, FILE) is None


def test_the_words_are_all_but_results(site: SiteRepository) -> None:
    begun(site)
    put(site, {"units.d/kota.yaml": b"", "site_src/docs/index.md": b"#"})
    assert site.words() == {"units.yaml", "units.d/kota.yaml", "site_src/docs/index.md"}


def test_bytes_survive_whatever_attributes_and_ignore_rules_say(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    hostile = b"a\r\nb\n\r\xff\xfe\x00$Id$ version https://git-lfs.github.com/spec/v1"
    begun(site)
    (tmp_path / "rules").mkdir()
    git(tmp_path, "clone", "-q", str(remote), "rules/clone")
    clone = tmp_path / "rules" / "clone"
    (clone / ".gitattributes").write_text("* text=auto eol=crlf ident filter=lfs\n")
    (clone / ".gitignore").write_text("*.json\n")
    git(clone, "add", ".gitattributes", ".gitignore")
    git(clone, "commit", "-q", "-m", "Rules")
    git(clone, "push", "-q")
    site.refresh()
    put(site, {OTHER: hostile, "site_src/docs/über *?[a].md": hostile})
    again = SiteRepository(tmp_path / "again", str(remote), "main")
    again.refresh()
    assert read(again, OTHER) == read(again, "site_src/docs/über *?[a].md") == hostile
    shown = ["git", "-C", remote, "cat-file", "blob", f"main:{OTHER}"]
    assert subprocess.run(shown, capture_output=True, check=True).stdout == hostile


def test_a_linked_folder_in_the_repository_leads_nowhere_and_makes_room(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    begun(site)
    outside = tmp_path / "outside"
    outside.mkdir()
    git(tmp_path, "clone", "-q", str(remote), "links")
    (tmp_path / "links" / "units.d").symlink_to(outside)
    git(tmp_path / "links", "add", "units.d")
    git(tmp_path / "links", "commit", "-q", "-m", "Link")
    git(tmp_path / "links", "push", "-q")
    site.refresh()
    put(site, {"units.d/kota.yaml": b"units: []\n"})
    assert git(remote, "show", "main:units.d/kota.yaml") == "units: []"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["README", "/etc/x", "../units.yaml", "site_src/../x", "site_src", "site_src//x", "units.d/.git/x", "./x"]
)
def test_other_paths_are_a_mistake_of_the_program(site: SiteRepository, path: str) -> None:
    begun(site)
    with pytest.raises(ValueError, match="is not a file of the registry"):
        put(site, {path: b""})


def test_a_folder_where_the_registry_should_be_is_replaced(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    begun(site)
    git(tmp_path, "clone", "-q", str(remote), "person")
    (tmp_path / "person" / "units.yaml").unlink()
    (tmp_path / "person" / "units.yaml").mkdir()
    (tmp_path / "person" / "units.yaml" / "x").write_text("x")
    git(tmp_path / "person", "add", ".")
    git(tmp_path / "person", "commit", "-q", "-m", "A folder")
    git(tmp_path / "person", "push", "-q")
    site.refresh()
    assert site.words() == {"units.yaml/x"}
    put(site, {"units.yaml/x": None, "units.yaml": b"site: {}\n"})
    assert git(remote, "show", "main:units.yaml") == "site: {}"
    assert read(site, "units.yaml") == b"site: {}\n"


def test_publish_without_refresh_is_a_mistake_of_the_program(site: SiteRepository) -> None:
    with pytest.raises(RuntimeError, match="refresh"):
        put(site, {FILE: b""})


# Trailers, names and dates


def test_trailers_are_the_last_paragraph_and_name_the_last_release(site: SiteRepository, remote: Path) -> None:
    begun(site)
    site.publish({OTHER: b"1"}, "Results of 1 unit", {"Sukma-Release": "12", "Sukma-Units": "7k3q 9m2x"}, DAY)
    put(site, {"units.yaml": b"# words after a release\n"})
    assert git(remote, "log", "-1", "--format=%(trailers)", "main^").split("\n") == [
        "Sukma-Release: 12",
        "Sukma-Units: 7k3q 9m2x",
    ]
    assert site.refresh().release == 12


def test_a_release_that_is_only_talked_about_does_not_count(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    begun(site)
    someone_pushes(remote, tmp_path / "person")
    git(tmp_path / "person", "commit", "-q", "--allow-empty", "-m", "Talk\n\nSukma-Release: 99\nis what I saw.")
    git(tmp_path / "person", "push", "-q")
    assert site.refresh().release == 1


def test_a_number_too_long_for_a_release_does_not_count(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    begun(site)
    someone_pushes(remote, tmp_path / "person")
    git(tmp_path / "person", "commit", "-q", "--allow-empty", "-m", f"Talk\n\nSukma-Release: {'9' * 5000}")
    git(tmp_path / "person", "push", "-q")
    assert site.refresh().release == 1


def test_a_trailer_cannot_smuggle_in_a_second_line(site: SiteRepository) -> None:
    begun(site)
    with pytest.raises(ValueError, match="not a commit trailer"):
        site.publish({FILE: b""}, "Results", {"Sukma-Units": "7k3q\nSukma-Release: 9"}, DAY)


def test_the_history_names_nobody_and_no_hour(
    site: SiteRepository, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Seseorang")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "seseorang@example.org")
    monkeypatch.setenv("EMAIL", "seseorang@example.org")
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    begun(site)
    shown = git(remote, "log", "--format=fuller", "--date=iso-strict-local", "main").splitlines()
    assert shown[1:5] == [
        "Author:     SuKMa-e <publisher@sukma.invalid>",
        "AuthorDate: 2026-10-05T07:00:00+07:00",
        "Commit:     SuKMa-e <publisher@sukma.invalid>",
        "CommitDate: 2026-10-05T07:00:00+07:00",
    ]
    assert git(remote, "log", "--format=%ad %cd", "--date=raw", "main") == "1791158400 +0000 1791158400 +0000"


def test_the_same_input_on_the_same_parent_is_the_same_commit(site: SiteRepository, tmp_path: Path) -> None:
    twin = SiteRepository(tmp_path / "twin" / "clone", str(tmp_path / "twin" / "remote.git"), "main")
    assert begun(site) == begun(twin)
    assert put(site, {OTHER: b"1"}, 2) == put(twin, {OTHER: b"1"}, 2)


# The surroundings


def test_settings_and_hooks_of_the_machine_change_nothing(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "pre-push", "post-checkout"):
        (hooks / name).write_text("#!/bin/sh\nexit 1\n")
        (hooks / name).chmod(0o755)
    (tmp_path / "home" / ".gitconfig").write_text(
        f"[core]\nhooksPath={hooks}\nautocrlf=true\nexcludesFile={tmp_path}/ignore\n[commit]\ngpgSign=true\n"
        "[push]\ngpgSign=true\n[user]\nname=Seseorang\nemail=seseorang@example.org\n[author]\nname=Seseorang\n"
    )
    (tmp_path / "ignore").write_text("*.json\n")
    begun(site)
    put(site, {OTHER: b"a\r\n"})
    assert git(remote, "log", "-1", "--format=%an %s", "main") == "SuKMa-e Results"


def test_the_callers_git_variables_and_repository_are_not_used(
    site: SiteRepository, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    before = sorted(p.relative_to(work) for p in work.rglob("*"))
    for name, value in (("DIR", ".git"), ("WORK_TREE", "."), ("INDEX_FILE", ".git/index"), ("NAMESPACE", "x")):
        monkeypatch.setenv(f"GIT_{name}", value if name == "NAMESPACE" else str(work / value))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(work / ".git" / "objects"))
    monkeypatch.setenv("GIT_CONFIG_PARAMETERS", "'core.bare'='true'")
    commit = begun(site)
    site.refresh()
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    assert sorted(p.relative_to(work) for p in work.rglob("*")) == before
    assert git(remote, "rev-parse", "refs/heads/main") == commit


# Others push, remotes refuse, remotes vanish


def test_a_remote_that_moved_on_is_rejected_and_its_commit_kept(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    begun(site)
    theirs = someone_pushes(remote, tmp_path / "person")
    with pytest.raises(Rejected):
        put(site, {OTHER: b"1"})
    assert site.refresh().commit == theirs
    put(site, {OTHER: b"1"})
    assert git(remote, "rev-parse", "main^") == theirs


def test_a_refused_push_leaves_nothing_behind(site: SiteRepository, remote: Path) -> None:
    first = begun(site)
    hook(remote, "pre-receive", "echo 'only on working days \x1b[31m' >&2; exit 1")
    with pytest.raises(RepositoryError, match=r"remote\.git refused the push to main.*only on working days") as refusal:
        put(site, {OTHER: b"1"})
    assert not isinstance(refusal.value, Rejected)
    assert str(refusal.value).isprintable()
    assert site.refresh() == Head(first, 1)
    assert read(site, OTHER) is None


def test_what_the_remote_refused_is_not_published(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    begun(site)
    before = site.published().version
    hook(remote, "pre-receive", "exit 1")
    with pytest.raises(RepositoryError):
        put(site, {FILE: b"1", OTHER: b"1"})
    again = SiteRepository(tmp_path / "var" / "clone", str(remote), "main")
    assert again.published().version == before
    assert (read(again, FILE), read(again, OTHER)) == (b"{}\n", None)


def test_results_that_somebody_touched_are_put_back_before_all_are_read(site: SiteRepository) -> None:
    begun(site)
    put(site, {OTHER: b"1"})
    (site.results_dir.parents[1] / FILE).write_bytes(b"2")
    (site.results_dir.parents[1] / OTHER).unlink()
    site.published().settle()
    assert (read(site, FILE), read(site, OTHER)) == (b"{}\n", b"1")


def test_after_a_failure_refresh_comes_first(site: SiteRepository, remote: Path) -> None:
    begun(site)
    hook(remote, "pre-receive", "exit 1")
    with pytest.raises(RepositoryError):
        put(site, {OTHER: b"1"})
    with pytest.raises(RuntimeError):
        put(site, {OTHER: b"1"})


def test_a_push_that_is_taken_back_is_no_success(site: SiteRepository, remote: Path) -> None:
    first = begun(site)
    hook(remote, "post-receive", f"git update-ref refs/heads/main {first}")
    with pytest.raises(RepositoryError, match=f"took the push, but its branch main is at {first}"):
        put(site, {OTHER: b"1"})


def test_a_push_that_others_built_upon_at_once_is_a_success(site: SiteRepository, remote: Path) -> None:
    begun(site)
    build = "git commit-tree -p main -m more main^{tree}"
    identity = "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b"
    hook(remote, "post-receive", f"git update-ref refs/heads/main $({identity} {build})")
    ours = put(site, {OTHER: b"1"}).commit
    assert git(remote, "rev-parse", "main^") == ours


def test_a_remote_that_was_moved_back_is_followed(site: SiteRepository, remote: Path) -> None:
    first = begun(site)
    put(site, {OTHER: b"1"}, release=2)
    git(remote, "update-ref", "refs/heads/main", first)
    assert site.refresh() == Head(first, 1)
    assert read(site, OTHER) is None


def test_a_remote_that_is_gone_is_not_made_anew(site: SiteRepository, remote: Path) -> None:
    begun(site)
    shutil.rmtree(remote)
    with pytest.raises(RepositoryError, match=r"remote\.git.*check SUKMA_REMOTE, or restore"):
        site.refresh()
    assert not remote.exists()
    shutil.move(site.results_dir.parents[1], remote.with_name("aside"))  # as the sentence says
    assert site.refresh() == Head("", 0)


@pytest.mark.parametrize("file", ["HEAD", "refs/heads/main"])
def test_what_helps_where_a_damaged_remote_has_no_copy_is_said(site: SiteRepository, remote: Path, file: str) -> None:
    begun(site)
    (remote / file).write_text("")
    with pytest.raises(RepositoryError, match=r"copy of .*remote\.git is left, move it and .*clone away, and both"):
        site.refresh()


def test_a_remote_that_goes_between_refresh_and_publish_is_named(site: SiteRepository, remote: Path) -> None:
    begun(site)
    shutil.rmtree(remote)
    with pytest.raises(RepositoryError, match=r"remote\.git: git push failed.*SUKMA_REMOTE"):
        put(site, {OTHER: b"1"})


def test_an_address_nobody_answers_at_is_named_without_its_password(tmp_path: Path) -> None:
    address = "https://budi:rahasia@127.0.0.1:1/site.git"
    with pytest.raises(RepositoryError, match=r"127\.0\.0\.1:1/site\.git.*SUKMA_REMOTE") as error:
        SiteRepository(tmp_path / "clone", address, "main").refresh()
    assert "rahasia" not in str(error.value)


def test_a_remote_that_never_answers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "sleep 60 #")
    with pytest.raises(RepositoryError, match=r"host:site\.git: git ls-remote failed: no end within 0\.5 seconds"):
        SiteRepository(tmp_path / "clone", "host:site.git", "main", talk=0.5).refresh()


def test_an_address_that_would_run_a_program_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home" / ".gitconfig").write_text('[protocol]\nallow=always\n[protocol "ext"]\nallow=always\n')
    with pytest.raises(RepositoryError, match="transport 'ext' not allowed"):
        SiteRepository(tmp_path / "clone", f"ext::touch {tmp_path}/ran", "main").refresh()
    assert not (tmp_path / "ran").exists()


def test_ssh_has_no_terminal_to_ask_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", f"cut -d ' ' -f 6 /proc/self/stat > {tmp_path}/session; false")
    with pytest.raises(RepositoryError):
        SiteRepository(tmp_path / "clone", "host:site.git", "main").refresh()
    assert int((tmp_path / "session").read_text()) != os.getsid(0)


def test_a_machine_without_git_is_told_so(site: SiteRepository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RepositoryError, match="git was not found: install it"):
        site.refresh()


def test_a_remote_that_somebody_works_in_is_left_alone_and_told(site: SiteRepository, remote: Path) -> None:
    git(Path.cwd(), "init", "-q", "-b", "main", str(remote))
    (remote / "requirements.lock").write_text("theirs")
    git(remote, "add", ".")
    git(remote, "commit", "-qm", "theirs")
    os.utime(remote / "requirements.lock", (0, 0))
    site.refresh()
    with pytest.raises(RepositoryError, match="somebody works in that folder: name one with SUKMA_REMOTE"):
        put(site, {FILE: b"1"})
    assert (remote / "requirements.lock").read_text() == "theirs"


def test_the_clone_is_no_remote_of_itself(site: SiteRepository, tmp_path: Path) -> None:
    begun(site)
    clone = tmp_path / "var" / "clone"
    with pytest.raises(RepositoryError, match="is the publisher's own clone: name another place with SUKMA_REMOTE"):
        SiteRepository(clone, str(clone), "main").refresh()


# Killed runs and broken clones


def test_a_commit_that_was_never_pushed_is_dropped_and_made_once(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    first = begun(site)
    clone = tmp_path / "var" / "clone"
    (clone / OTHER).write_bytes(b"1")
    (clone / "site_src" / "half-writ").write_bytes(b"")
    git(clone, "add", OTHER)
    git(clone, "commit", "-q", "-m", "Killed before its push")
    again = SiteRepository(clone, str(remote), "main")
    assert again.refresh() == Head(first, 1)
    assert again.words() == {"units.yaml"}
    put(again, {OTHER: b"1"})
    assert git(remote, "log", "--format=%s", "main") == "Results\nResults"


@pytest.mark.parametrize("place", ["units.yaml", FILE, "site_src/results"])
@pytest.mark.parametrize("what", ["file", "folder", "link", "lost link", "nothing"])
def test_what_somebody_put_into_the_work_tree_is_in_nobodys_way(
    site: SiteRepository, remote: Path, tmp_path: Path, place: str, what: str
) -> None:
    begun(site)
    outside, put_there = tmp_path / "outside", tmp_path / "var" / "clone" / place
    outside.mkdir()
    shutil.rmtree(put_there) if put_there.is_dir() else put_there.unlink()
    if what == "file":
        put_there.write_text("mine")
    if what == "folder":
        (put_there / "mine" / ".git").mkdir(parents=True)
        (put_there / "mine" / ".git" / "HEAD").write_text("mine")
    if "link" in what:
        put_there.symlink_to(outside if what == "link" else tmp_path / "lost")
    site.refresh()
    assert site.words() == {"units.yaml"}
    assert put(site, {"units.yaml": b"site: {}\n", FILE: b"1"}).changed
    assert git(remote, "diff", "--name-only", "main^", "main") == FILE
    assert read(site, FILE) == b"1"
    assert list(outside.iterdir()) == []


def test_a_work_tree_that_is_not_as_it_was_left_makes_no_commit_and_hides_none(
    site: SiteRepository, remote: Path, tmp_path: Path
) -> None:
    commit = begun(site)
    clone = tmp_path / "var" / "clone"
    (clone / "units.yaml").write_bytes(b"touched")
    (clone / FILE).write_bytes(b"2")
    site.refresh()
    assert put(site, {"units.yaml": b"site: {}\n"}) == Pushed(commit, changed=False)
    assert put(site, {FILE: b"2"}).changed
    assert git(remote, "show", f"main:{FILE}") == "2"


def test_a_branch_that_somebody_left_in_the_clone_is_left(site: SiteRepository, tmp_path: Path) -> None:
    begun(site)
    clone = tmp_path / "var" / "clone"
    git(clone, "symbolic-ref", "HEAD", "refs/heads/mine")
    git(clone, "update-ref", "refs/heads/mine", "main")
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed
    assert git(clone, "symbolic-ref", "HEAD") == "refs/heads/main"


def test_a_rebase_that_somebody_left_undone_is_dropped(site: SiteRepository, tmp_path: Path) -> None:
    begun(site)
    put(site, {OTHER: b"0"})
    clone = tmp_path / "var" / "clone"
    (clone / FILE).write_text("a")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "a")
    git(clone, "checkout", "-q", "-b", "mine", "HEAD^")
    (clone / FILE).write_text("b")
    git(clone, "commit", "-qam", "b")
    with pytest.raises(subprocess.CalledProcessError):
        git(clone, "rebase", "main")
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed
    assert read(site, FILE) == b"{}\n"


# Whose clone it is


@pytest.mark.parametrize("signs", [("sukma-publisher",), ("sukma-publisher", "sukma-verified", "sukma-clean")])
def test_a_clone_that_lost_its_marker_is_still_ours(
    site: SiteRepository, tmp_path: Path, signs: tuple[str, ...]
) -> None:
    begun(site)
    for sign in signs:
        (tmp_path / "var" / "clone" / ".git" / sign).unlink()
    site.reach()
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed


@pytest.mark.parametrize("behind", [False, True])
def test_a_clone_made_by_hand_that_holds_nothing_more_than_the_remote_becomes_ours(
    site: SiteRepository, remote: Path, tmp_path: Path, behind: bool
) -> None:
    begun(site)
    by_hand(remote, tmp_path / "var" / "clone")
    if behind:
        again = SiteRepository(tmp_path / "other", str(remote), "main")
        again.refresh()
        put(again, {OTHER: b"0"})
    site.reach()
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed


def test_a_clone_that_was_copied_without_its_git_becomes_ours(site: SiteRepository, tmp_path: Path) -> None:
    begun(site)
    shutil.rmtree(tmp_path / "var" / "clone" / ".git")
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed


def by_hand(remote: Path, clone: Path) -> None:
    shutil.rmtree(clone)
    git(clone.parent, "clone", "-q", str(remote), str(clone))


def untracked(clone: Path) -> None:
    (clone / "draft.md").write_text("mine")


def ignored(clone: Path) -> None:
    (clone / ".git" / "info" / "exclude").write_text("draft.md\n")
    untracked(clone)


def linked(clone: Path) -> None:
    (clone / "mine").symlink_to(clone.parent)


def edited(clone: Path) -> None:
    (clone / FILE).write_text("mine")


def staged(clone: Path) -> None:
    edited(clone)
    git(clone, "add", ".")
    (clone / FILE).write_text("{}\n")


def stashed(clone: Path) -> None:
    edited(clone)
    git(clone, "stash", "-q")


def committed(clone: Path) -> None:
    git(clone, "commit", "-q", "--allow-empty", "-m", "mine")


def taken_back(clone: Path) -> None:
    committed(clone)
    git(clone, "reset", "-q", "--hard", "HEAD^")


def with_a_hook(clone: Path) -> None:
    (clone / ".git" / "hooks").mkdir(exist_ok=True)
    (clone / ".git" / "hooks" / "pre-commit").write_text("exit 0\n")


def with_another_tree(clone: Path) -> None:
    git(clone, "worktree", "add", "-q", "--detach", str(clone.parent / "tree"))


def of_another_remote(clone: Path) -> None:
    git(clone, "remote", "set-url", "origin", "https://example.org/site.git")


def damaged(clone: Path) -> None:
    (clone / ".git" / "config").write_text("[broken")


MINE = [untracked, ignored, linked, edited, staged, stashed, committed, taken_back]
MINE += [with_a_hook, with_another_tree, of_another_remote, damaged]


@pytest.mark.parametrize("work", MINE)
def test_a_clone_that_may_hold_somebodys_work_is_left_alone(
    site: SiteRepository, remote: Path, tmp_path: Path, work: Callable[[Path], None]
) -> None:
    begun(site)
    clone = tmp_path / "var" / "clone"
    by_hand(remote, clone)
    work(clone)
    before = content(clone)
    for _ in range(2):
        with pytest.raises(ForeignClone, match=r"clone is not the publisher's clone.*move it away.*SUKMA_SITE_REPO"):
            site.refresh()
    assert content(clone) == before
    assert sorted(file.name for file in clone.parent.iterdir() if file.name.startswith(".clone")) == []


def test_a_clone_that_somebody_stands_in_is_left_alone(
    site: SiteRepository, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(site)
    by_hand(remote, tmp_path / "var" / "clone")
    monkeypatch.chdir(tmp_path / "var" / "clone" / "site_src")
    with pytest.raises(ForeignClone):
        site.refresh()


def content(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != "index")
    return {str(file): file.read_bytes() for file in files}


@pytest.mark.parametrize("lock", ["index.lock", "HEAD.lock", "refs/heads/main.lock", "config.lock"])
def test_a_killed_gits_lock_is_removed(site: SiteRepository, tmp_path: Path, lock: str) -> None:
    begun(site)
    (tmp_path / "var" / "clone" / ".git" / lock).touch()
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed


@pytest.mark.parametrize("file", ["HEAD", "config", "index", "refs/heads/main"])
@pytest.mark.parametrize("becomes", [None, b"", b"\0garbage"])
def test_a_broken_clone_is_made_anew(site: SiteRepository, tmp_path: Path, file: str, becomes: bytes | None) -> None:
    commit = begun(site)
    broken = tmp_path / "var" / "clone" / ".git" / file
    broken.unlink(missing_ok=True) if becomes is None else broken.write_bytes(becomes)
    assert site.refresh() == Head(commit, 1)
    assert put(site, {OTHER: b"1"}).changed


@pytest.mark.parametrize("file", ["index", "index.lock", "sukma-clean", "sukma-verified"])
def test_a_folder_where_git_or_we_keep_a_file_is_no_end(
    site: SiteRepository, remote: Path, tmp_path: Path, file: str
) -> None:
    begun(site)
    place = tmp_path / "var" / "clone" / ".git" / file
    place.unlink(missing_ok=True)
    (place / "x").mkdir(parents=True)
    put_as_a_run_does(site, {OTHER: b"1"})
    assert git(remote, "show", f"main:{OTHER}") == "1"


def test_a_broken_clone_stays_until_the_remote_can_be_asked(site: SiteRepository, remote: Path, tmp_path: Path) -> None:
    begun(site)
    (tmp_path / "var" / "clone" / ".git" / "HEAD").write_text("")
    away = remote.rename(tmp_path / "away.git")
    with pytest.raises(RepositoryError):
        site.refresh()
    assert read(site, FILE) == b"{}\n"
    away.rename(remote)
    site.refresh()
    assert put(site, {OTHER: b"1"}).changed


@pytest.mark.parametrize("name", ["HEAD", "HEAD^{tree}", "HEAD:site_src", f"HEAD:{FILE}"])
def test_a_cut_off_object_is_a_reason_to_begin_again(site: SiteRepository, tmp_path: Path, name: str) -> None:
    begun(site)
    damaged = loose_object(tmp_path / "var" / "clone", name)
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:10])
    assert put_as_a_run_does(site, {OTHER: b"1"}).changed
    assert read(site, FILE) == b"{}\n"


def test_another_remote_and_another_branch_may_be_set_later(site: SiteRepository, tmp_path: Path) -> None:
    begun(site)
    elsewhere = tmp_path / "elsewhere.git"
    git(tmp_path, "init", "-q", "--bare", str(elsewhere))
    moved = SiteRepository(tmp_path / "var" / "clone", str(elsewhere), "hasil")
    assert moved.refresh() == Head("", 0)
    put(moved, {FILE: b"{}\n"})
    assert git(elsewhere, "rev-list", "--count", "hasil") == "1"
