"""`sukma plan`: what an edit changes, told before it is made. A golden file for each kind of edit (`make golden`)."""

import difflib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from command_line import TOP, Installation, installation

from sukma.cli import make_cli

THREE_UNITS, GOLDEN = TOP / "tests" / "golden" / "three-units", TOP / "tests" / "golden" / "plan"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Three units with results, built; in a git of which this is the only commit."""
    here = installation(tmp_path_factory.mktemp("plan"), (THREE_UNITS / "units.yaml").read_text(encoding="utf-8"))
    shutil.copytree(THREE_UNITS / "results", here.folder / "var/clone/site_src/results")
    (here.folder / ".gitignore").write_text("/var/\n", encoding="utf-8")
    git(here, "init", "--quiet")
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message=Sebelum")
    assert here.sukma("build").code == 0
    return here


@pytest.fixture
def here(once: Installation, tmp_path: Path) -> Installation:
    """A copy to edit, beside the one build: planning leaves it as it is."""
    copy = shutil.copytree(once.folder, tmp_path / "here", ignore=shutil.ignore_patterns("var"))
    (copy / "var").symlink_to(once.folder / "var")
    return Installation(copy)


@pytest.fixture
def own(here: Installation, once: Installation) -> Installation:
    """A copy with a build of its own."""
    (here.folder / "var").unlink()
    shutil.copytree(once.folder / "var", here.folder / "var", symlinks=True)
    return here


def git(here: Installation, *words: str) -> str:
    identity = ["-c", "user.name=Uji", "-c", "user.email=uji@example.id", "-c", "init.defaultBranch=main"]
    return subprocess.run(
        ["git", *identity, *words], cwd=here.folder, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def edited(here: Installation, old: str, new: str) -> None:
    """Replace a text of the registry, which must be there."""
    text = (here.folder / "units.yaml").read_text(encoding="utf-8")
    assert old in text
    here.write_registry(text.replace(old, new))


def planned(here: Installation, *options: str, lang: str = "id") -> tuple[int, str, str]:
    """Exit code, stdout and stderr, without a process of its own."""
    before = Path.cwd()
    os.chdir(here.folder)
    try:
        ran = CliRunner().invoke(make_cli(lang), ["plan", *options], catch_exceptions=False)
    finally:
        os.chdir(before)
    return ran.exit_code, ran.stdout, ran.stderr


def in_json(here: Installation, *options: str) -> Any:
    return json.loads(planned(here, *options, "--json")[1])


MOVED = "    status: moved\n    moved_to: 7k3q\n"
SECOND = "  - code: b4y4\n"


def a_comment(here: Installation) -> None:
    edited(here, "units:\n", "# Diperiksa.\nunits:\n")


def rename_a_unit(here: Installation) -> None:
    edited(here, 'Loket "Ibu & Anak" <Jum\'at>', "Loket Kesehatan Ibu")


def say_how_many_use_it(here: Installation) -> None:
    edited(here, "4384", "5000")


def add_a_unit(here: Installation) -> None:
    edited(here, "units:\n", "units:\n  - {code: n4w8, name: Loket Baru, organisation: kota-contoh}\n")


def close_a_unit(here: Installation) -> None:
    edited(here, "    address: Jalan Contoh 1\n", "    status: closed\n")


def close_the_successor_of_a_unit(here: Installation) -> None:
    edited(here, "    users_per_period: 4384\n", "    status: closed\n")


def move_the_successor_of_a_unit(here: Installation) -> None:
    edited(here, "    users_per_period: 4384\n", "    status: moved\n    moved_to: b4y4\n")


def merge_a_unit_elsewhere(here: Installation) -> None:
    edited(here, MOVED, "    status: merged\n    moved_to: b4y4\n")


def open_a_unit_again(here: Installation) -> None:
    edited(here, MOVED, "")


def delete_a_unit_with_results(here: Installation) -> None:
    edited(here, "moved_to: 7k3q", "moved_to: b4y4")
    text = (here.folder / "units.yaml").read_text(encoding="utf-8")
    start = text.index("  - code: 7k3q")
    here.write_registry(text[:start] + text[text.index(SECOND) :])


def delete_a_unit_without_results(here: Installation) -> None:
    text = (here.folder / "units.yaml").read_text(encoding="utf-8")
    here.write_registry(text[: text.index("  - code: m0ve")])


def retire_a_code_that_was_never_printed(here: Installation) -> None:
    delete_a_unit_without_results(here)
    edited(here, "units:\n", "retired: [m0ve]\nunits:\n")


def retire_a_code_that_was_answered(here: Installation) -> None:
    delete_a_unit_with_results(here)
    edited(here, "units:\n", "retired: [7k3q]\nunits:\n")


def change_a_code(here: Installation) -> None:
    edited(here, "code: b4y4", "code: 9z9z")


def drop_a_language(here: Installation) -> None:
    edited(here, "languages: [id, en]", "languages: [id]")


def rename_an_organisation(here: Installation) -> None:
    edited(here, "name: Dinas Contoh,", "name: Dinas Lain,")


def move_a_unit_to_another_organisation(here: Installation) -> None:
    edited(here, "name: Puskesmas Contoh\n    organisation: dinas", "name: Puskesmas Contoh\n    organisation: kota")


def change_the_address_of_the_site(here: Installation) -> None:
    edited(here, "http://127.0.0.1:8000", "https://survei.example.id")


def ask_for_fees_in_another_way(here: Installation) -> None:
    edited(here, "biaya: kesesuaian", "biaya: none")


def ask_another_questionnaire(here: Installation) -> None:
    edited(here, "instrument: permenpan-14-2017", "instrument: ipkp")


def rename_the_site(here: Installation) -> None:
    edited(here, "title: Survei Kepuasan Masyarakat Kota Contoh", "title: SKM Kota Contoh")


def change_what_is_around_every_page(here: Installation) -> None:
    in_settings_of_words(here, "- Tentang:", "- Tentang kami:")


def in_settings_of_words(here: Installation, old: str, new: str) -> None:
    config = here.folder / "site_src" / "mkdocs.yml"
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


def change_a_written_page(here: Installation) -> None:
    page = here.folder / "site_src" / "docs" / "tentang.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nKalimat baru.\n", encoding="utf-8")


def change_the_words_around_results(here: Installation) -> None:
    page = here.folder / "site_src" / "docs" / "hasil" / "index.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nKalimat baru.\n", encoding="utf-8")


def change_words(here: Installation) -> None:
    docs = here.folder / "site_src" / "docs"
    (docs / "tentang.md").write_text("# Tentang\n\nKalimat baru.\n", encoding="utf-8")
    (docs / "baru.md").write_text("# Baru\n", encoding="utf-8")
    (docs / "aksesibilitas.md").unlink()
    in_settings_of_words(here, "  - Aksesibilitas: aksesibilitas.md\n", "  - Baru: baru.md\n")


def comment_the_settings_of_words(here: Installation) -> None:
    in_settings_of_words(here, "\nnav:\n", "\n# Diperiksa.\nnav:\n")


def count_by_years(here: Installation) -> None:
    edited(here, "period: quarter", "period: year")


def wait_for_more_answers(here: Installation) -> None:
    edited(here, "release: {k: 10, grace: 7}", "release: {k: 12, grace: 9}")


def send_answers_elsewhere(here: Installation) -> None:
    edited(here, "  period: quarter\n", "  period: quarter\n  backend: https://kirim.example.id\n")


def take_the_worker_back(here: Installation) -> None:
    edited(here, "  period: quarter\n", "  period: quarter\n  offline: none\n")


def live_in_another_zone(here: Installation) -> None:
    edited(here, "Asia/Jakarta", "Asia/Jayapura")


def keep_answers_for_a_time(here: Installation) -> None:
    edited(
        here, "  period: quarter\n", "  period: quarter\n  retention: {schedule: Jadwal Retensi Arsip, answers: 5}\n"
    )


def add_an_organisation(here: Installation) -> None:
    edited(here, "\nunits:\n", "  - {id: badan-contoh, name: Badan Contoh, parent: kota-contoh}\n\nunits:\n")


def remove_an_organisation(here: Installation) -> None:
    edited(here, "organisation: dinas-contoh", "organisation: kota-contoh")
    edited(here, "  - {id: dinas-contoh, name: Dinas Contoh, parent: kota-contoh}\n", "")


def take_an_organisation_out_of_another(here: Installation) -> None:
    edited(here, "name: Dinas Contoh, parent: kota-contoh", "name: Dinas Contoh")


def choose_another_headline(here: Installation) -> None:
    edited(here, "parent: kota-contoh", "parent: kota-contoh, headline: mean")


def name_other_services(here: Installation) -> None:
    edited(here, "services: [Poli Umum, Gigi & Mulut]", "services: [Poli Umum]")


EDITS = (
    a_comment,
    rename_a_unit,
    say_how_many_use_it,
    add_a_unit,
    close_a_unit,
    close_the_successor_of_a_unit,
    move_the_successor_of_a_unit,
    merge_a_unit_elsewhere,
    open_a_unit_again,
    delete_a_unit_with_results,
    delete_a_unit_without_results,
    retire_a_code_that_was_never_printed,
    retire_a_code_that_was_answered,
    change_a_code,
    drop_a_language,
    rename_an_organisation,
    move_a_unit_to_another_organisation,
    change_the_address_of_the_site,
    ask_for_fees_in_another_way,
    ask_another_questionnaire,
    change_words,
    change_a_written_page,
    change_the_words_around_results,
    change_what_is_around_every_page,
    rename_the_site,
    comment_the_settings_of_words,
    count_by_years,
    wait_for_more_answers,
    send_answers_elsewhere,
    take_the_worker_back,
    live_in_another_zone,
    keep_answers_for_a_time,
    add_an_organisation,
    remove_an_organisation,
    take_an_organisation_out_of_another,
    choose_another_headline,
    name_other_services,
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_the_plan_of_an_edit_is_the_golden_one(
    here: Installation, edit: Callable[[Installation], None], request: pytest.FixtureRequest
) -> None:
    edit(here)
    told = [planned(here), planned(here, lang="en")]
    data = planned(here, "--json")[1]
    now = "\n".join([*(f"exit {code}\n{out}{err}" for code, out, err in told), data])
    file = GOLDEN / f"{edit.__name__}.txt"
    if request.config.getoption("--refresh-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if kept != now:
        lines = difflib.unified_diff(kept.split("\n"), now.split("\n"), "golden", "now", lineterm="", n=1)
        pytest.fail("\n".join(["if this is meant: make golden, and review the diff", *lines]), pytrace=False)


def test_every_golden_plan_has_its_edit() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} == {edit.__name__ for edit in EDITS}


def test_the_pages_of_a_plan_are_those_that_builds_then_change(own: Installation) -> None:
    site = own.folder / "var" / "site"
    for edits in (
        [rename_a_unit, close_a_unit],
        [change_a_written_page, add_a_unit],
    ):
        before = files_below(site)
        for edit in edits:
            edit(own)
        planned_pages = in_json(own)["pages"]
        assert own.sukma("build").code == 0
        assert planned_pages == told_as_pages(before, files_below(site))
    assert planned(own)[1] == "Tidak ada yang berubah.\n"


_KILLED = """
import os, signal, sys

event, left = sys.argv.pop(1), [int(sys.argv.pop(1))]

def watch(name, arguments):
    if name == event and "registry.pickle" not in str(arguments):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
from sukma.__main__ import main
main()
"""


@pytest.mark.parametrize(
    ("event", "number", "full"),
    [
        pytest.param("os.rename", 1, False, id="before the journal is in place"),
        pytest.param("os.rename", 2, False, id="before the first file is moved"),
        pytest.param("os.rename", 8, False, id="when some files are moved"),
        pytest.param("os.remove", 1, False, id="when all files are moved"),
        pytest.param("os.rename", 1, True, id="before a fresh tree has its name"),
        pytest.param("os.rename", 2, True, id="before the link is swapped"),
    ],
)
@pytest.mark.parametrize("taken_back", [False, True], ids=["", "and its edit is taken back"])
def test_after_a_killed_build_the_plan_is_what_the_next_build_then_changes(
    own: Installation, event: str, number: int, full: bool, taken_back: bool
) -> None:
    site, registry = own.folder / "var" / "site", (own.folder / "units.yaml").read_text(encoding="utf-8")
    rename_a_unit(own)
    command = [sys.executable, "-c", _KILLED, event, str(number), "build", *(["--full"] if full else [])]
    assert subprocess.run(command, cwd=own.folder, capture_output=True, check=False).returncode == -signal.SIGKILL
    if taken_back:
        own.write_registry(registry)
    pages, before = in_json(own)["pages"], files_below(site)
    assert own.sukma("build").code == 0
    assert pages == told_as_pages(before, files_below(site))


def told_as_pages(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, list[str]]:
    return {
        "made": addresses(after.keys() - before.keys()),
        "changed": addresses({path for path in before.keys() & after.keys() if before[path] != after[path]}),
        "removed": addresses(before.keys() - after.keys()),
    }


def files_below(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def addresses(paths: Collection[str]) -> list[str]:
    return sorted("/" + path.removesuffix("index.html") for path in paths)


def test_planning_changes_nothing(own: Installation) -> None:
    def everything() -> dict[Path, int]:
        passing = ("clone.lock", "lock", "registry.pickle")  # locks, and what is kept only to be quicker
        files = (file for file in own.folder.rglob("*") if file.is_file() and file.name not in passing)
        return {file: file.stat().st_mtime_ns for file in files}

    rename_a_unit(own)
    before = everything()
    planned(own)
    planned(own, "--against", "HEAD")
    assert everything() == before


@pytest.mark.parametrize("edit", [rename_the_site, ask_another_questionnaire, close_a_unit])
def test_results_that_stay_as_they_are_shown_are_not_read(
    own: Installation, edit: Callable[[Installation], None]
) -> None:
    edit(own)
    before = planned(own)
    for file in (own.folder / "var/clone/site_src/results").glob("*/7k3q.json"):
        file.write_text("rusak", encoding="utf-8")
    assert planned(own) == before


def test_a_registry_with_mistakes_is_told_as_check_tells_it(here: Installation) -> None:
    edited(here, "code: b4y4", "code: B4Y4")
    code, out, err = planned(here)
    assert (code, out) == (1, "")
    assert err.startswith("units.yaml:20:11: ")


@pytest.mark.parametrize("delete", [delete_a_unit_with_results, delete_a_unit_without_results, change_a_code])
def test_check_warns_of_a_unit_that_the_last_build_knew(
    here: Installation, delete: Callable[[Installation], None]
) -> None:
    delete(here)
    [orphan] = [one["unit"] for one in in_json(here)["hanging"] if one["status"] == "removed"]
    ran = here.sukma("check")
    assert (ran.code, ran.out) == (0, "")
    assert f"1 unit dari situs yang terakhir dibangun tidak ada lagi dalam units.yaml: {orphan}. " in ran.err


@pytest.mark.parametrize("edit", [retire_a_code_that_was_never_printed, close_a_unit, add_a_unit])
def test_check_has_no_word_for_codes_that_are_accounted_for(
    here: Installation, edit: Callable[[Installation], None]
) -> None:
    edit(here)
    assert len(here.sukma("check").err.splitlines()) == 1


def test_words_that_cannot_be_built_are_told_as_a_build_tells_them(here: Installation) -> None:
    (here.folder / "site_src/docs/tentang.md").write_text("# Tentang\n\n[ke sana](hilang.md)\n", encoding="utf-8")
    code, out, err = planned(here)
    assert (code, out) == (1, "")
    assert "hilang.md" in err


def test_ctrl_c_ends_a_plan_and_leaves_nothing(own: Installation, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    change_words(own)
    with own.running("plan", TMPDIR=str(temporary)) as begun:
        while not any(temporary.glob("*/mkdocs.yml")) and begun.process.poll() is None:
            time.sleep(0.01)
        begun.process.send_signal(signal.SIGINT)
        assert begun.process.communicate(timeout=10)[1] == b""
        assert begun.process.returncode == 130
    assert list(temporary.iterdir()) == []
    assert not any((own.folder / "var" / ".site.builds" / "words").glob("*.new"))


# --against


def test_a_revision_and_a_build_of_the_same_files_give_the_same_plan(here: Installation) -> None:
    rename_a_unit(here)
    ask_for_fees_in_another_way(here)
    change_words(here)
    by_build, by_git = in_json(here), in_json(here, "--against", "HEAD")
    assert by_build.pop("against") == "build"
    assert by_git.pop("against") == git(here, "rev-parse", "HEAD").strip()
    assert by_git == by_build


def test_a_revision_brings_its_included_files_and_its_instruments(here: Installation) -> None:
    instrument = json.loads((TOP / "skm/instruments/ipkp.1.json").read_text(encoding="utf-8")) | {"id": "sendiri"}
    own = here.folder / "site_src" / "instruments"
    own.mkdir()
    (own / "sendiri.1.json").write_text(json.dumps(instrument), encoding="utf-8")
    (here.folder / "units.d").mkdir()
    part = here.folder / "units.d" / "lain.yaml"
    part.write_text("units:\n  - {code: n4w8, name: Loket Baru, organisation: kota-contoh}\n", encoding="utf-8")
    edited(here, "organisations:\n", "include: [units.d/*.yaml]\norganisations:\n")
    edited(here, "instrument: permenpan-14-2017", "instrument: sendiri")
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message=Berkas tambahan")
    (own / "sendiri.2.json").write_text(json.dumps(instrument | {"version": 2}), encoding="utf-8")
    part.write_text(part.read_text(encoding="utf-8").replace("Loket Baru", "Loket Lain"), encoding="utf-8")
    found = in_json(here, "--against", "HEAD")
    assert [one["unit"] for one in found["posters"]] == ["n4w8"]
    assert found["series"][0] == {"unit": "7k3q", "before": "sendiri.1.official", "after": "sendiri.2.official"}
    assert found["words"]["made"] == ["site_src/instruments/sendiri.2.json"]


def as_links(here: Installation, to: Path) -> None:
    """Registry, a part of it and a written page as links to files of this folder."""
    (here.folder / "units.d").mkdir()
    (here.folder / "lain.yaml").write_text(
        "units:\n  - {code: n4w8, name: Loket Baru, organisation: kota-contoh}\n", encoding="utf-8"
    )
    edited(here, "organisations:\n", "include: [units.d/*.yaml]\norganisations:\n")
    to.mkdir(exist_ok=True)
    for path in ("units.yaml", "site_src/docs/tentang.md"):
        file = here.folder / path
        shutil.move(file, to / file.name)
        file.symlink_to(os.path.relpath(to / file.name, file.parent))
    (here.folder / "units.d" / "lain.yaml").symlink_to("../lain.yaml")
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message=Tautan")


def test_links_within_a_revision_are_the_files_that_they_lead_to(here: Installation) -> None:
    as_links(here, here.folder / "sumber")
    assert planned(here, "--against", "HEAD")[:2] == (0, "Tidak ada yang berubah.\n")
    edited(here, "Puskesmas", "Pusat Kesehatan")
    assert len(in_json(here, "--against", "HEAD")["units"]["changed"]) == 1


def test_a_link_that_leads_out_of_a_revision_is_named(here: Installation, tmp_path: Path) -> None:
    as_links(here, tmp_path / "luar")
    for lang, words in (("id", "units.yaml adalah tautan simbolik"), ("en", "units.yaml is a symbolic link")):
        code, out, err = planned(here, "--against", "HEAD", lang=lang)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert words in err


def test_a_folder_of_words_that_was_a_link_then_is_named(here: Installation) -> None:
    (here.folder / "site_src").rename(here.folder / "words")
    (here.folder / "site_src").symlink_to("words")
    git(here, "add", "--all")
    git(here, "commit", "--quiet", "--message=Tautan")
    code, out, err = planned(here, "--against", "HEAD", lang="en")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "site_src is a symbolic link" in err


def test_other_ends_of_lines_in_the_work_tree_are_no_edit(here: Installation) -> None:
    page = here.folder / "site_src/docs/tentang.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert planned(here, "--against", "HEAD")[1] == "Tidak ada yang berubah.\n"


def test_an_installation_below_the_top_of_its_git_is_compared_with_itself(here: Installation) -> None:
    top = here.folder
    below = Installation(top / "kota")
    below.folder.mkdir()
    for name in ("units.yaml", "site_src"):
        git(here, "mv", name, f"kota/{name}")
    git(here, "commit", "--quiet", "--message=Pindah")
    shutil.move(top / "var", below.folder / "var")  # a link
    rename_a_unit(below)
    assert in_json(below, "--against", "HEAD")["units"]["changed"] == [{"id": "7k3q", "keys": ["name"]}]


def test_the_variables_of_a_hook_do_not_lead_to_another_git(
    here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert planned(here, "--against", "HEAD")[:2] == (0, "Tidak ada yang berubah.\n")


def without_git(here: Installation) -> str:
    shutil.rmtree(here.folder / ".git")
    return "HEAD"


def before_the_first_commit(here: Installation) -> str:
    without_git(here)
    git(here, "init", "--quiet")
    return "HEAD"


def unknown(here: Installation) -> str:  # noqa: ARG001
    return "kemarin"


def an_option(here: Installation) -> str:  # noqa: ARG001
    return "--all"


def before_the_registry(here: Installation) -> str:
    git(here, "checkout", "--quiet", "--orphan", "lain")
    git(here, "rm", "--quiet", "--cached", "-r", ".")
    git(here, "commit", "--quiet", "--allow-empty", "--message=Kosong")
    return "lain"


def with_mistakes(here: Installation) -> str:
    good = (here.folder / "units.yaml").read_text(encoding="utf-8")
    edited(here, "code: b4y4", "code: B4Y4")
    git(here, "commit", "--quiet", "--all", "--message=Salah")
    here.write_registry(good)
    return "HEAD"


@pytest.mark.parametrize(
    ("prepare", "sentence", "english"),
    [
        (without_git, "tidak mempunyai riwayat git yang dapat dibaca", "has no git history that can be read"),
        (before_the_first_commit, "(there is no commit yet)", "(there is no commit yet)"),
        (unknown, "tidak mengenal revisi 'kemarin'", "knows no revision 'kemarin'"),
        (an_option, "tidak mengenal revisi '--all'", "knows no revision '--all'"),
        (before_the_registry, "Pada revisi 'lain' belum ada units.yaml", "There is no units.yaml at revision 'lain'"),
        (with_mistakes, "mempunyai 1 kesalahan: pilih revisi lain. Yang pertama: units.yaml:20:11: ", "has 1 mistake"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    here: Installation, prepare: Callable[[Installation], str], sentence: str, english: str
) -> None:
    revision = prepare(here)
    for lang, words in (("id", sentence), ("en", english)):
        code, out, err = planned(here, "--against", revision, lang=lang)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert words in err


def test_the_mistake_of_an_earlier_registry_names_no_temporary_folder(here: Installation) -> None:
    good = (here.folder / "units.yaml").read_text(encoding="utf-8")
    edited(here, "code: b4y4", "code: 7k3q")
    git(here, "commit", "--quiet", "--all", "--message=Ganda")
    here.write_registry(good)
    _, _, err = planned(here, "--against", "HEAD", lang="en")
    assert "already used at units.yaml:" in err


def test_a_unit_that_opens_again_with_another_form_breaks_its_series(own: Installation) -> None:
    close_a_unit(own)
    assert own.sukma("build").code == 0
    edited(own, "    status: closed\n", "")
    assert in_json(own)["series"] == []
    ask_for_fees_in_another_way(own)
    [broken] = in_json(own)["series"]
    assert (broken["before"], broken["after"]) == ("permenpan-14-2017.1.kesesuaian", "permenpan-14-2017.1.none")


def test_a_clone_that_is_gone_is_made_anew_for_a_plan_as_for_a_build(tmp_path: Path) -> None:
    registry = (THREE_UNITS / "units.yaml").read_text(encoding="utf-8")
    here = installation(tmp_path / "kota", registry)
    for command in (("simulate", "--answers", "90"), ("publish",)):
        assert here.sukma(*command).code == 0
    edited(here, "period: quarter", "period: year")
    there = in_json(here)
    shutil.rmtree(here.folder / "var" / "clone")
    assert in_json(here) == there
    assert "/hasil/7k3q/" in there["pages"]["changed"]


@pytest.mark.parametrize("against", [(), ("--against", "HEAD")])
def test_beside_a_folder_without_a_site_nothing_is_left(own: Installation, against: tuple[str, ...]) -> None:
    rename_the_site(own)
    before = {*own.folder.rglob("*")}
    assert planned(own, "-d", "typo", *against)[0] == (0 if against else 1)
    assert {*own.folder.rglob("*")} == before


@pytest.mark.parametrize(
    ("missing", "says", "english"),
    [
        ("site", "/site: belum ada situs yang dibangun", "no site was built"),
        ("site/../written.json", "/written.json tidak ada atau tidak terbaca", "a site was built, but"),
    ],
)
def test_without_a_build_to_compare_with_one_is_asked_for(
    own: Installation, missing: str, says: str, english: str
) -> None:
    (own.folder / "var" / missing).unlink()
    for lang, words, todo in (("id", says, "Jalankan sukma build, atau sebut"), ("en", english, "Run sukma build, or")):
        code, out, err = planned(own, lang=lang)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert words in err
        assert todo in err


def test_words_of_the_last_build_that_are_gone_are_named(own: Installation) -> None:
    served = json.loads((own.folder / "var" / "site" / ".." / "state.json").read_text())["revision"]
    shutil.rmtree(own.folder / "var" / ".site.builds" / "words" / served)
    change_words(own)
    code, _, err = planned(own)
    assert (code, len(err.splitlines())) == (1, 1)
    assert f"/words/{served} tidak ada atau tidak terbaca" in err
