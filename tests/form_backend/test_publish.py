"""The publisher on a real database and real bare repositories."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import a_registry, a_site, a_unit
from publishing import IN_TW3, IN_TW4, REGISTRY, RESULT, SITE, UNIT, WORDS, Answers, commits, git, published

from form_backend.git_run import RepositoryError
from form_backend.intake import Intake
from form_backend.publish import AnotherPublisher, Publisher, PublishError, only_publisher
from form_backend.release_lock import only_publisher_of
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import Store, open_store
from form_backend.store.releases import ReleaseStore
from skm.responses import Response
from skm.units import Biaya, ReleaseRule


def test_of_25_answers_the_10_newest_wait_and_15_are_in_the_remote(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(25)
    report = publisher.run(IN_TW4)
    assert published(remote)["n"] == 15
    assert report.commit == git(remote, "rev-parse", "main")
    assert [(held.waiting, held.reason) for held in report.held] == [(10, "open")]
    assert [(r.unit, r.period, r.n, r.added) for r in report.released] == [("7k3q", "2026-TW4", 15, 15)]


@pytest.mark.engines
def test_interim_figures_carry_no_mutu_and_final_ones_do(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(25)
    publisher.run(IN_TW4)
    assert (published(remote)["mutu"], published(remote)["final"]) == (None, False)
    publisher.run(date(2027, 1, 8))
    assert (published(remote)["mutu"], published(remote)["final"], published(remote)["n"]) == ("C", True, 25)


def test_a_period_is_still_open_on_the_last_day_of_its_grace(publisher: Publisher, answers: Answers) -> None:
    answers(12)
    assert publisher.run(date(2027, 1, 7)).released == []
    assert [r.n for r in publisher.run(date(2027, 1, 8)).released] == [12]


@pytest.mark.engines
def test_a_second_run_commits_nothing(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(25)
    publisher.run(IN_TW4)
    before = commits(remote)
    report = publisher.run(IN_TW4)
    assert (report.commit, report.pushed, report.released) == (None, False, [])
    assert commits(remote) == before


@pytest.mark.engines
def test_a_dry_run_tells_and_leaves_database_and_remote_alone(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(25)
    assert [r.n for r in publisher.run(IN_TW4, dry_run=True).released] == [15]
    assert not remote.exists()
    assert publisher.store.pending() == (0, set())


@pytest.mark.engines
def test_what_was_held_back_for_good_is_said_as_a_number_only(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(4)
    publisher.run(date(2027, 1, 8))
    found = published(remote)
    assert (found["n"], found["held"], found["blocks"], found["ikm"], found["final"]) == (0, 4, [], None, True)


@pytest.mark.engines
def test_remainders_of_two_quarters_are_shown_in_their_half_year_only(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(6, IN_TW3)
    answers(5, IN_TW4)
    publisher.run(date(2027, 1, 8))
    assert published(remote, "site_src/results/2026-S2/7k3q.json")["n"] == 11
    assert published(remote, "site_src/results/2026-TW3/7k3q.json")["n"] == 0
    assert published(remote)["n"] == 0


@pytest.mark.engines
def test_a_year_is_the_sum_of_its_closed_quarters(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(20, IN_TW3)
    answers(25, IN_TW4)
    publisher.run(IN_TW4)
    assert published(remote, "site_src/results/2026/7k3q.json")["n"] == 20
    publisher.run(date(2027, 1, 8))
    year = published(remote, "site_src/results/2026/7k3q.json")
    assert (year["n"], year["final"]) == (45, True)


def test_nothing_personal_reaches_the_repository(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(25)
    publisher.run(IN_TW4)
    everything = git(remote, "log", "-p", "--format=fuller", "main")
    assert "RAHASIA" not in everything
    assert {line for line in everything.splitlines() if line.startswith(("Author:", "Commit:"))} == {
        "Author:     SuKMa-e <publisher@sukma.invalid>",
        "Commit:     SuKMa-e <publisher@sukma.invalid>",
    }
    assert all("00:00:00" in line for line in everything.splitlines() if line.startswith(("AuthorDate", "CommitDate")))


def test_the_commit_names_release_and_units(publisher: Publisher, answers: Answers, remote: Path) -> None:
    answers(25)
    publisher.run(IN_TW4)
    assert git(remote, "log", "-1", "--format=%(trailers)", "main") == "Sukma-Release: 1\nSukma-Units: 7k3q"


def test_a_changed_registry_is_committed_before_the_results(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    answers(25)
    publisher.run(IN_TW4)
    assert commits(remote)[0].startswith("Results of 1 unit") and "Registry and words" in commits(remote)[1]


def test_a_remote_that_moved_on_keeps_its_commit_and_gets_ours(
    publisher: Publisher, answers: Answers, remote: Path, tmp_path: Path
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    git(tmp_path, "clone", "-q", str(remote), "person")
    (tmp_path / "person" / "README").write_text("by a person\n")
    git(tmp_path / "person", "add", ".")
    git(tmp_path / "person", "commit", "-q", "-m", "By a person")
    # The person's push arrives while ours is under way: the remote's own hook puts it there just before ours.
    git(tmp_path / "person", "push", "-q", str(remote), "HEAD:refs/heads/side")
    once = tmp_path / "once"
    _hook(
        remote,
        f'if [ ! -e "{once}" ]; then touch "{once}"; '
        "env -u GIT_QUARANTINE_PATH git update-ref refs/heads/main refs/heads/side; fi",
    )
    report = publisher.run(IN_TW4)
    assert report.pushed
    assert "By a person" in commits(remote)


def test_a_remote_that_refuses_is_named_with_its_words_and_the_next_run_heals_it(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    hook = _hook(remote, "echo 'kuota habis' >&2; exit 1")
    with pytest.raises(RepositoryError, match="kuota habis"):
        publisher.run(IN_TW4)
    hook.unlink()
    assert publisher.run(IN_TW4).pushed
    assert published(remote)["n"] == 15


def test_a_remote_that_is_gone_is_a_sentence_and_nothing_is_lost(
    publisher: Publisher, answers: Answers, remote: Path, tmp_path: Path
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    away = remote.rename(tmp_path / "away.git")
    with pytest.raises(RepositoryError):
        publisher.run(IN_TW4)
    away.rename(remote)
    publisher.run(IN_TW4)
    assert published(remote)["n"] == 15


class _Killed(BaseException):
    """Stands for SIGKILL: nothing catches it."""


def test_killed_between_database_and_commit_the_next_run_publishes_it_once(
    publisher: Publisher, answers: Answers, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(25)
    with monkeypatch.context() as patch:
        patch.setattr(SiteRepository, "refresh", _die)
        with pytest.raises(_Killed):
            publisher.run(IN_TW4)
    publisher.run(IN_TW4)
    assert published(remote)["n"] == 15
    assert sum(subject.startswith("Results") for subject in commits(remote)) == 1


def test_killed_between_commit_and_push_the_next_run_publishes_it_once(
    publisher: Publisher, answers: Answers, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    with monkeypatch.context() as patch:
        patch.setattr(SiteRepository, "_push", _die)
        with pytest.raises(_Killed):
            publisher.run(IN_TW4)
    assert publisher.store.pending()[0] == 1
    publisher.run(IN_TW4)
    assert published(remote)["n"] == 15
    assert sum(subject.startswith("Results") for subject in commits(remote)) == 1


@pytest.mark.engines
def test_killed_between_push_and_mark_the_next_run_commits_nothing_more(
    publisher: Publisher, answers: Answers, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(25)
    with monkeypatch.context() as patch:
        patch.setattr(ReleaseStore, "mark_published", _die)
        with pytest.raises(_Killed):
            publisher.run(IN_TW4)
    before = commits(remote)
    publisher.run(IN_TW4)
    assert commits(remote) == before
    assert publisher.store.pending() == (0, set())


def _die(*_arguments: object) -> None:
    raise _Killed


def test_a_remote_that_is_ahead_of_a_restored_database_stops_publishing(
    publisher: Publisher, answers: Answers, store: Store, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.sqlite3"
    database = tmp_path / "var" / "sukma.sqlite3"
    with closing(sqlite3.connect(database)) as connection, closing(sqlite3.connect(backup)) as copy:
        connection.backup(copy)
    answers(25)
    publisher.run(IN_TW4)
    store.engine.dispose()
    for name in ("-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)
    shutil.copy(backup, database)
    answers(25)
    with pytest.raises(PublishError, match="older backup"):
        publisher.run(IN_TW4)


def test_a_remote_that_lost_its_results_gets_them_all_again(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    publisher.run(IN_TW4)
    first = git(remote, "rev-parse", "main")
    answers(25)
    publisher.run(IN_TW4)
    git(remote, "update-ref", "refs/heads/main", first)
    publisher.run(IN_TW4)
    assert published(remote)["n"] == 15


@pytest.mark.engines
def test_k_changed_in_mid_year_holds_from_the_next_year_on(publisher: Publisher, answers: Answers) -> None:
    answers(12)
    smaller = Publisher(
        publisher.store, publisher.repository, a_registry(UNIT, site=a_site(release=ReleaseRule(k=5))), lambda: WORDS
    )
    assert smaller.run(IN_TW4).released == []
    assert smaller.terms()(2027).k == 5


def test_a_second_publisher_waits_and_then_says_who_is_in_the_way(tmp_path: Path) -> None:
    lock = tmp_path / "clone.lock"
    with only_publisher(lock), pytest.raises(PublishError, match="another publisher"), only_publisher(lock, 0.3):
        pass


def test_a_second_publisher_on_the_database_is_kept_out_whatever_its_clone_is(store: Store, tmp_path: Path) -> None:
    (tmp_path / "link.sqlite3").symlink_to(tmp_path / "var" / "sukma.sqlite3")
    same = open_store(f"sqlite:///{tmp_path / 'link.sqlite3'}")
    with (
        only_publisher(tmp_path / "one.lock"),
        only_publisher_of(store.engine),
        only_publisher(tmp_path / "other.lock"),
        pytest.raises(AnotherPublisher, match=r"another publisher has held .*sukma\.sqlite3\.publisher"),
        only_publisher_of(same.engine, 0.3),
    ):
        pass
    with only_publisher_of(same.engine, 0.3):
        same.close()


def test_a_run_whose_clone_turns_out_to_be_broken_makes_it_anew_and_ends_well(
    publisher: Publisher, answers: Answers, remote: Path, tmp_path: Path
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    for broken in (tmp_path / "var" / "clone" / ".git" / "objects").rglob("*"):
        if broken.is_file():
            broken.chmod(0o644)
            broken.write_bytes(b"")
    assert publisher.run(IN_TW4).pushed
    assert published(remote)["n"] == 15


@pytest.mark.parametrize("touched", ["units.yaml", "site_src/docs/index.md", "site_src/docs/.git/config"])
def test_a_touched_work_tree_makes_no_commit(publisher: Publisher, remote: Path, tmp_path: Path, touched: str) -> None:
    publisher.run(IN_TW4)
    before = commits(remote)
    place = tmp_path / "var" / "clone" / touched
    place.parent.mkdir(exist_ok=True)
    place.write_text("touched")
    report = publisher.run(IN_TW4)
    assert (report.commit, report.pushed) == (None, False)
    assert commits(remote) == before


def _hook(remote: Path, script: str) -> Path:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)
    return hook


@pytest.fixture(autouse=True)
def _bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HOME", str(tmp_path))
    yield


@pytest.mark.engines
def test_an_item_that_fewer_than_k_of_a_block_answered_is_left_out(
    publisher: Publisher, answers: Answers, store: Store, remote: Path
) -> None:
    free = a_unit(biaya=Biaya.NONE)
    registry = a_registry(free, site=SITE)
    intake = Intake(store, lambda: registry, lambda: datetime.now(UTC), b"s" * 32)
    form = registry.instrument(free)
    response = Response({item.key: 3 for item in form.items()}, form.versi)
    intake.record_many([(free, response, datetime(2026, 10, 20, 3, tzinfo=UTC))] * 9)
    answers(11)
    publisher.run(IN_TW4)
    [block] = published(remote)["blocks"]
    assert (block["n"], "biaya" in block["counts"], sum(block["counts"]["waktu"])) == (10, False, 10)


def test_a_page_that_becomes_a_folder_and_back_is_published(publisher: Publisher, remote: Path) -> None:
    for words in ({"site_src/docs/a": b"1"}, {"site_src/docs/a/b": b"2"}, {"site_src/docs/a": b"3"}):
        Publisher(publisher.store, publisher.repository, REGISTRY, lambda words=words: words).run(IN_TW4)  # type: ignore[misc]
        assert git(remote, "ls-tree", "-r", "--name-only", "main").splitlines() == list(words)


def test_the_lock_of_a_push_that_was_killed_is_removed_once_it_is_old(
    publisher: Publisher, answers: Answers, remote: Path
) -> None:
    publisher.run(IN_TW4)
    answers(25)
    lock = remote / "refs" / "heads" / "main.lock"
    lock.touch()
    with pytest.raises(RepositoryError):
        publisher.run(IN_TW4)
    os.utime(lock, (0, 0))
    assert publisher.run(IN_TW4).pushed


def test_results_that_a_person_removed_from_the_remote_come_back(
    publisher: Publisher, answers: Answers, remote: Path, tmp_path: Path
) -> None:
    answers(25)
    publisher.run(IN_TW4)
    git(tmp_path, "clone", "-q", str(remote), "person")
    git(tmp_path / "person", "rm", "-q", RESULT)
    git(tmp_path / "person", "commit", "-q", "-m", "By a person")
    git(tmp_path / "person", "push", "-q", "origin", "HEAD:main")
    assert publisher.run(IN_TW4).pushed
    assert published(remote)["n"] == 15
    assert not publisher.run(IN_TW4).pushed
