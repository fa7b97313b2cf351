"""Random histories of edits and releases: an ordinary build always gives what a full one gives, and reads only news.

Every step changes the registry, the published results, or both; after each the site is compared with one made from
nothing. The results are in a git repository, as in an installation.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_site import SmallSite

from form_backend.git_clone import MARKER
from form_backend.site_repository import SiteRepository
from generator.build import build
from generator.progress import Summary
from generator.published import ResultsFolder
from generator.registry import read_registry

PERIODS = ("2026", "2026-S2", "2026-TW3", "2026-TW4")
CODES = ("7k3q", "b4y4", "n4w8", "zzzz")  # the last two are not in the registry to begin with
_opened: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and _opened is not None:
        _opened.append(str(arguments[0]))


sys.addaudithook(_watch)


@contextmanager
def opened() -> Iterator[list[str]]:
    """Every file that this process opens meanwhile."""
    global _opened
    _opened = found = []
    try:
        yield found
    finally:
        _opened = None


class GitSite:
    """The small site with its results in a clone."""

    def __init__(self, site: SmallSite) -> None:
        self.site = site
        self.clone = site.folder / "clone"
        self.results = self.clone / "site_src" / "results"
        self.results.parent.mkdir(parents=True)
        shutil.move(site.results, self.results)
        self._git("init", "--quiet", "--initial-branch=main")
        (self.clone / ".git" / MARKER).touch()
        self.commit()

    def _git(self, *words: str) -> None:
        who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
        subprocess.run(["git", "-C", str(self.clone), *who, *words], check=True, capture_output=True)

    def commit(self) -> None:
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message=Results")

    def published(self) -> ResultsFolder:
        return SiteRepository(self.clone, str(self.clone), "main").published()

    def build(self, link: Path | None = None, **how: object) -> Summary:
        registry, words = read_registry(self.site.registry_file).registry, self.site.folder / "site_src"
        return build(words, registry, self.published(), link or self.site.link, **how)  # type: ignore[arg-type]

    def from_nothing(self) -> dict[str, bytes]:
        """The tree that a full build gives elsewhere; the written pages are taken over."""
        with TemporaryDirectory() as name:
            other = SmallSite(Path(name))
            shutil.copytree(self.site.folder / ".site.builds" / "words", other.folder / ".site.builds" / "words")
            self.build(other.link, full=True)
            return other.tree()

    def publish(self, period: str, code: str, n: int, final: bool) -> None:
        """A file of results as the publisher writes it, of `n` people who gave every unsur a 3."""
        place = self.results / period / f"{code}.json"
        if not n:
            place.unlink(missing_ok=True)
            return
        found = json.loads((self.results.parent.parent / "sample.json").read_bytes())
        block = found["blocks"][0]
        counts = {item: [0, 0, n, 0] for item in block["counts"]}
        block |= {"period": "2026-TW3" if period == "2026-TW3" else "2026-TW4", "n": n, "counts": counts}
        block |= {"squares": f"{9 * n}.000000", "no": 1}
        found |= {"code": code, "period": period, "final": final, "blocks": [block], "n": n}
        found.pop("breakdowns", None)
        if final:
            found |= {"held": n % 7, "set_aside": n % 5}
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(found), encoding="utf-8")


@pytest.fixture
def git_site(site: SmallSite) -> GitSite:
    found = GitSite(site)
    sample = (found.results / "2026-TW4" / "7k3q.json").read_bytes()
    (found.clone / "sample.json").write_bytes(sample)
    found.commit()
    found.build()
    return found


def _rename(site: SmallSite, number: int) -> None:
    text = site.registry_file.read_text(encoding="utf-8").replace("name: Puskesmas", f"name: Puskesmas {number}", 1)
    site.registry_file.write_text(text, encoding="utf-8")


def _add(site: SmallSite, number: int) -> None:
    text = site.registry_file.read_text(encoding="utf-8")
    if "n4w8" not in text:
        home = "dinas-contoh" if number % 2 else "kota-contoh"
        entry = f"  - {{code: n4w8, name: Loket {number}, organisation: {home}}}\n"
        site.registry_file.write_text(text.replace("units:\n", f"units:\n{entry}"), encoding="utf-8")


def _remove(site: SmallSite, _number: int) -> None:
    lines = site.registry_file.read_text(encoding="utf-8").splitlines(keepends=True)
    site.registry_file.write_text("".join(line for line in lines if "n4w8" not in line), encoding="utf-8")


def _close(site: SmallSite, number: int) -> None:
    old, new = ("status: closed", "status: active") if number % 2 else ("status: active", "status: closed")
    text = site.registry_file.read_text(encoding="utf-8").replace(f"organisation: kota-contoh, {old}", "")
    if "n4w8" in text and new == "status: closed" and "status: closed}" not in text:
        text = text.replace("contoh}\n  ", "contoh, status: closed}\n  ", 1)
    site.registry_file.write_text(text, encoding="utf-8")


EDITS = st.tuples(st.sampled_from((_rename, _add, _remove, _close)), st.integers(0, 9))
RELEASES = st.tuples(st.sampled_from(PERIODS), st.sampled_from(CODES), st.sampled_from((0, 10, 12, 31)), st.booleans())
STEPS = st.lists(st.tuples(st.lists(EDITS, max_size=2), st.lists(RELEASES, max_size=3)), min_size=1, max_size=3)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_after_any_history_the_site_is_that_of_a_full_build(git_site: GitSite, steps: list[tuple]) -> None:  # type: ignore[type-arg]
    for edits, releases in steps:
        for edit, number in edits:
            edit(git_site.site, number)
        for period, code, n, final in releases:
            git_site.publish(period, code, n, final)
        git_site.commit()
        git_site.build()
        assert git_site.site.tree() == git_site.from_nothing()


def test_a_release_rebuilds_what_shows_it_and_opens_no_other_results(git_site: GitSite) -> None:
    git_site.publish("2026-TW4", "b4y4", 12, False)
    git_site.commit()
    with opened() as files:
        summary = git_site.build()
    read = {file for file in files if file.startswith(str(git_site.results))}
    assert read == {str(git_site.results / "2026-TW4" / "b4y4.json")}
    assert not summary.full
    # results and data of the unit, its two organisations, home, overview
    assert summary.written == 6


def test_a_renamed_unit_rebuilds_its_pages_and_the_lists_and_opens_no_results(git_site: GitSite) -> None:
    before = git_site.site.tree()
    _rename(git_site.site, 1)
    for file in git_site.results.glob("*/*.json"):
        file.unlink()  # whoever wanted one now would say so
    with opened() as files:
        git_site.build()
    assert [file for file in files if file.startswith(str(git_site.results))] == []
    after = git_site.site.tree()
    changed = {path for path in after if after[path] != before.get(path)}
    own = {"s/b4y4/index.html", "s/b4y4/en/index.html", "hasil/b4y4/index.html", "hasil/b4y4/data.json"}
    lists = {"poster/b4y4/index.html", "hasil/org/dinas-contoh/index.html", "cari/dinas-contoh/index.html"}
    assert own <= changed <= own | lists | {"cari/units.json"}


def test_what_is_kept_may_be_lost_or_spoilt(git_site: GitSite) -> None:
    build_folder = git_site.site.link.resolve().parent
    for name, content in (("kept.pickle", b"spoilt"), ("state.json", b"{"), ("kept.pickle", None)):
        git_site.publish("2026-TW4", "b4y4", 12 if content else 31, False)
        git_site.commit()
        build_folder = git_site.site.link.resolve().parent
        if content is None:
            (build_folder / name).unlink()
        else:
            (build_folder / name).write_bytes(content)
        git_site.build()
        assert git_site.site.tree() == git_site.from_nothing()


def test_several_processes_write_the_same_site_as_one(git_site: GitSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.rebuild.in_chunks", _one_by_one)
    assert git_site.build(full=True, jobs=3).full
    several = git_site.site.tree()
    monkeypatch.undo()
    git_site.build(full=True, jobs=1)
    assert git_site.site.tree() == several


def _one_by_one(work, items, jobs):  # type: ignore[no-untyped-def]
    from generator.workers import in_chunks

    return in_chunks(work, items, jobs, chunk=1)
