"""Backup, restore and drill as their users run them, with a real server beside them."""

import fcntl
import os
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import registry_yaml
from command_line import Installation, Ran, installation

from skm.periods import PeriodKind, day_of, period_of

TW = period_of(day_of(datetime.now(UTC), ZoneInfo("Asia/Jakarta")), PeriodKind.QUARTER).previous()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = installation(tmp_path_factory.mktemp("operations"), registry_yaml())
    assert made.sukma("simulate", "--answers", "30", "--period", str(TW)).code == 0
    return made


@pytest.fixture(scope="module", autouse=True)
def backup(here: Installation) -> Path:
    """A backup made while the server runs, which must be stopped before it can be restored."""
    with here.running("serve", "--no-publish", "--port", "0") as server:
        server.wait_for("listening on")
        ran = here.sukma("backup", "--json")
        assert ran.code == 0, ran.err
        refused = here.sukma("restore", ran.json["folder"], "--yes")
        assert (refused.code, "sedang dipakai: hentikan server" in refused.err) == (1, True)
        assert server.ended_by(signal.SIGTERM, 15) == 0
    return Path(ran.json["folder"])


def trace(here: Installation) -> set[str]:
    return {path.relative_to(here.folder).as_posix() for path in (here.folder / "var").rglob("*")}


def publish(here: Installation) -> Ran:
    return here.sukma("publish", "--at", str(TW.last_day + timedelta(days=8)), "--no-build", "--json")


def test_a_drill_tells_that_all_is_the_same_how_long_it_took_and_leaves_no_trace(here: Installation) -> None:
    before = trace(here)
    ran = here.sukma("drill", "restore", "--json")
    assert (ran.code, ran.json["ok"], ran.json["answers"]) == (0, True, 30)
    assert ran.json.keys() == set("drill ok answers tallies backup_seconds restore_seconds".split())
    assert trace(here) == before


def test_a_restore_asks_before_it_replaces_a_database(here: Installation, backup: Path) -> None:
    ran = here.sukma("restore", str(backup))
    assert (ran.code, "Tidak ada yang diubah." in ran.err) == (1, True)
    assert not list((here.folder / "var").glob("*replaced*"))


def test_a_folder_in_the_databases_place_is_told_and_not_called_a_damaged_backup(
    here: Installation, backup: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.sqlite3").mkdir()
    url = f"sqlite:///{tmp_path}/folder.sqlite3"
    ran = here.sukma("restore", str(backup), "--yes", SUKMA_DATABASE_URL=url)
    assert (ran.code, ran.err.startswith(f"{tmp_path}/folder.sqlite3 seharusnya berkas basis data")) == (1, True)


def test_a_file_is_no_place_for_backups(here: Installation) -> None:
    ran = here.sukma("backup", "-o", "units.yaml")
    assert (ran.code, ran.err) == (1, "units.yaml bukan folder: sebutkan folder tempat cadangan.\n")


def test_the_doctor_has_one_sentence_for_every_fault(here: Installation) -> None:
    ran = here.sukma("doctor", "--json", SUKMA_LIMITS="off", SUKMA_REMOTE="ssh://127.0.0.1:1/remote.git")
    assert (ran.code, ran.json["ready"], ran.json["healthy"]) == (1, True, False)
    assert [fault["name"] for fault in ran.json["faults"]] == ["publisher_never", "limits", "remote"]
    assert [fault["message"] for fault in ran.json["faults"]] == ran.err.splitlines()


def test_after_an_older_backup_publishing_stops_with_one_sentence(here: Installation, backup: Path) -> None:
    assert publish(here).json["pushed"]
    well = here.sukma("doctor", "--json")
    assert (well.code, well.json["healthy"], well.json["faults"]) == (0, True, [])
    ran = here.sukma("restore", str(backup), "--yes", "--json")
    assert (ran.code, ran.json["answers"]) == (0, 30)
    stopped = publish(here)
    assert (stopped.code, stopped.out, len(stopped.err.splitlines())) == (1, "", 1)
    assert "dipulihkan dari cadangan lama" in stopped.err
    [fault] = [one for one in here.sukma("doctor", "--json").json["faults"] if one["name"] == "publish_failed"]
    assert fault["message"] == f"Penerbitan terakhir gagal: {stopped.err.strip()}"


def test_the_doctor_names_a_former_site_that_the_last_build_could_not_remove(tmp_path: Path) -> None:
    made = installation(tmp_path / "kota", registry_yaml())
    assert made.sukma("build").code == 0
    link, lock = made.folder / "var" / "site", made.folder / "var" / ".site.builds" / "lock"
    former = lock.with_name("0") / "site"
    former.mkdir(parents=True)
    began = link.lstat().st_mtime
    os.utime(link, (began - 1000, began - 1000), follow_symlinks=False)
    os.utime(lock, (began - 500, began - 500))  # the last build came when somebody may still have read the former site
    assert made.sukma("plan").code == 0
    assert str(former.parent) not in made.sukma("doctor").err
    os.utime(lock)
    assert f"{former.parent} adalah situs lama yang tidak dapat dihapus" in made.sukma("doctor").err
    assert made.sukma("build").code == 0
    assert str(former.parent) not in made.sukma("doctor").err


def test_the_doctor_takes_nothing_for_a_former_site_that_a_build_is_making_or_began(tmp_path: Path) -> None:
    made = installation(tmp_path / "kota", registry_yaml())
    assert made.sukma("build").code == 0
    link, lock = made.folder / "var" / "site", made.folder / "var" / ".site.builds" / "lock"
    began = link.lstat().st_mtime
    os.utime(link, (began - 1000, began - 1000), follow_symlinks=False)
    fresh = lock.with_name("2.new")
    fresh.mkdir()  # after the last build: one that was killed left it, and the next one takes it away
    assert str(fresh) not in made.sukma("doctor").err
    os.utime(lock)
    assert str(fresh) in made.sukma("doctor").err
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert str(fresh) not in made.sukma("doctor").err
    lock.unlink()
    assert made.sukma("doctor").code == 0


def test_the_doctor_tells_why_the_last_run_failed_until_one_ends_well(tmp_path: Path) -> None:
    made = installation(tmp_path, registry_yaml())
    assert made.sukma("publish", "--no-build", SUKMA_REMOTE="ssh://127.0.0.1:1/remote.git").code == 1
    assert "Penerbitan terakhir gagal: Repositori situs: ssh://127.0.0.1:1/remote.git" in made.sukma("doctor").err
    assert made.sukma("publish", "--no-build").code == 0
    assert "Penerbitan terakhir" not in made.sukma("doctor").err


@pytest.mark.parametrize(
    ("lang", "lead", "words"),
    [
        ("id", "Repositori situs tidak dapat dihubungi: ", ("git ls-remote gagal: ", "; periksa SUKMA_REMOTE dan")),
        ("en", "The site repository cannot be reached: ", ("git ls-remote failed: ", "; check SUKMA_REMOTE and the")),
    ],
)
def test_what_is_wrong_with_a_remote_is_told_in_the_readers_language(
    here: Installation, lang: str, lead: str, words: tuple[str, str]
) -> None:
    for command in ("publish", "doctor"):
        ran = here.sukma(command, "--lang", lang, SUKMA_REMOTE="ssh://127.0.0.1:1/remote.git")
        assert all(some in ran.err for some in words), ran.err
    assert lead in ran.err


def test_a_mistake_in_the_users_git_settings_is_a_sentence_and_no_other_command_minds(tmp_path: Path) -> None:
    made = installation(tmp_path / "here", registry_yaml())
    (tmp_path / ".gitconfig").write_text("[user")
    assert made.sukma("build", HOME=str(tmp_path)).code == 0
    ran = made.sukma("publish", "--no-build", HOME=str(tmp_path))
    assert (ran.code, ".gitconfig" in ran.err, "perbaiki berkas itu" in ran.err) == (1, True, True)
    assert "Traceback" not in ran.err


def test_a_site_does_not_lose_its_results_with_the_clone(tmp_path: Path) -> None:
    made = installation(tmp_path, registry_yaml())
    assert made.sukma("simulate", "--answers", "30", "--period", str(TW)).code == 0
    assert made.sukma("publish", "--at", str(TW.last_day + timedelta(days=8))).code == 0
    page, clone, remote = (tmp_path / "var" / name for name in ("site/hasil/7k3q/index.html", "clone", "remote.git"))
    shown = page.read_bytes()
    shutil.rmtree(clone)
    assert made.sukma("build", "--full").code == 0
    assert page.read_bytes() == shown
    shutil.rmtree(clone)
    remote.rename(tmp_path / "away")
    ran = made.sukma("build", "--full")
    assert (ran.code, "remote.git sudah tidak ada" in ran.err, page.read_bytes()) == (1, True, shown)


def test_a_folder_that_is_not_the_publishers_clone_is_told_by_publisher_and_doctor(tmp_path: Path) -> None:
    made = installation(tmp_path / "here", registry_yaml())
    draft = tmp_path / "mine" / "draft.md"
    draft.parent.mkdir()
    draft.write_text("mine")
    ran = made.sukma("publish", "--no-build", SUKMA_SITE_REPO=str(draft.parent))
    assert (ran.code, ran.err.splitlines()[-1].partition(" bukan klon milik penerbit")[0]) == (1, str(draft.parent))
    told = made.sukma("doctor", "--json", SUKMA_SITE_REPO=str(draft.parent)).json["faults"]
    [fault] = [fault["message"] for fault in told if fault["name"] == "clone"]
    assert "pindahkan, atau sebutkan folder lain dengan SUKMA_SITE_REPO" in fault
    assert draft.read_text() == "mine"


def test_a_replaced_database_that_could_not_forget_is_told_of_and_the_doctor_names_it(
    backup: Path, tmp_path: Path
) -> None:
    again = Installation(tmp_path)
    assert again.sukma("restore", str(backup)).code == 0
    for content, exact in ((None, False), (b"x" * 5000, True)):
        if content:
            (tmp_path / "var" / "sukma.sqlite3").write_bytes(content)
        ran = again.sukma("restore", str(backup), "--yes", "--json")
        assert (ran.json["exact"], "hapus berkas itu dalam 48 jam" in ran.err) == (exact, exact)
    replaced = Path(ran.json["replaced"])
    os.utime(replaced, (time.time() - 3 * 3600 - 60,) * 2)
    told = [fault["message"] for fault in again.sukma("doctor", "--json").json["faults"] if fault["name"] == "replaced"]
    assert len(told) == 1 and told[0].startswith(f"{replaced}, terakhir ditulis 3 jam lalu")


def test_an_empty_folder_becomes_the_installation_again(backup: Path, tmp_path: Path) -> None:
    again = Installation(tmp_path)
    ran = again.sukma("restore", str(backup), "--json")
    assert (ran.code, ran.json["replaced"], "units.yaml" in ran.json["put"]) == (0, None, True)
    assert again.sukma("check").code == 0
    assert publish(again).json["pushed"]


def test_a_backup_that_is_ended_leaves_nothing_and_the_next_one_clears_what_a_kill_left(here: Installation) -> None:
    killed = here.folder / "var" / "backups" / ".sukma-0badbeef"
    killed.mkdir()
    os.utime(killed, (0, 0))
    with here.running("backup") as begun:
        while not any(path != killed for path in killed.parent.glob(".sukma-*")) and begun.process.poll() is None:
            time.sleep(0.002)
        begun.ended_by(signal.SIGTERM, 15)
    assert list(killed.parent.glob(".sukma-*")) == []


def test_ctrl_c_does_not_wait_for_a_remote_that_never_answers(here: Installation, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    with here.running("doctor", SUKMA_REMOTE="host:site.git", GIT_SSH_COMMAND=f"touch {asked}; sleep 60 #") as begun:
        while not asked.exists() and begun.process.poll() is None:
            time.sleep(0.01)
        assert begun.ended_by(signal.SIGINT, 10) == 130
