"""The build: twice is once, an ordinary build gives what a full one gives, and no reader meets a gap."""

import fcntl
import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from small_site import SmallSite, three_units

from generator.build import build
from generator.errors import GeneratorError
from generator.progress import Summary
from generator.published import in_folder
from generator.registry import read_registry
from generator.written import ROOT, Written, read_written

URL = "http://127.0.0.1:8000"
BACKEND = ("/kirim/", "/terima/")  # answered by the backend, not by a file


def test_the_second_run_writes_nothing(site: SmallSite) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.link.resolve().rglob("*")}
    summary = site.build()
    assert (summary.written, summary.removed, summary.full) == (0, 0, False)
    assert {path: path.stat().st_mtime_ns for path in site.link.resolve().rglob("*")} == before


def test_the_bytes_of_a_site_are_a_function_of_its_sources(built: SmallSite, tmp_path: Path) -> None:
    elsewhere = three_units(tmp_path)
    elsewhere.build()
    assert elsewhere.tree() == built.tree()


def rename_a_unit(site: SmallSite) -> None:
    site.edit('Loket "Ibu & Anak" <Jum\'at>', "Loket Kesehatan Ibu")


def add_a_unit(site: SmallSite) -> None:
    site.edit("units:\n", "units:\n  - {code: n4w8, name: Loket Baru, organisation: kota-contoh}\n")


def close_a_unit(site: SmallSite) -> None:
    site.edit("    address: Jalan Contoh 1\n", "    status: closed\n")


def merge_a_unit_elsewhere(site: SmallSite) -> None:
    site.edit("status: moved\n    moved_to: 7k3q", "status: merged\n    moved_to: b4y4")


def drop_a_language(site: SmallSite) -> None:
    site.edit("languages: [id, en]", "languages: [id]")


def rename_an_organisation(site: SmallSite) -> None:
    site.edit("name: Dinas Contoh,", "name: Dinas Lain,")


def move_a_unit_to_another_organisation(site: SmallSite) -> None:
    site.edit(
        "name: Puskesmas Contoh\n    organisation: dinas-contoh", "name: Puskesmas\n    organisation: kota-contoh"
    )


def publish_results(site: SmallSite) -> None:
    for period in ("2026-TW3", "2026-TW4"):
        result = json.loads((site.results / period / "7k3q.json").read_bytes()) | {"code": "b4y4"}
        result["instrument"] = result["instrument"].replace("official", "kesesuaian")
        (site.results / period / "b4y4.json").write_text(json.dumps(result), encoding="utf-8")


def withdraw_results(site: SmallSite) -> None:
    shutil.rmtree(site.results)


def make_results_an_example(site: SmallSite) -> None:
    file = site.results / "2026-TW4" / "7k3q.json"
    file.write_text(json.dumps(json.loads(file.read_bytes()) | {"example": True}), encoding="utf-8")


def change_the_least_number(site: SmallSite) -> None:
    site.edit("k: 10", "k: 12")


def send_answers_elsewhere(site: SmallSite) -> None:
    site.edit("  instrument:", "  backend: https://jawab.example\n  instrument:")


EDITS = (
    rename_a_unit,
    add_a_unit,
    close_a_unit,
    merge_a_unit_elsewhere,
    drop_a_language,
    rename_an_organisation,
    move_a_unit_to_another_organisation,
    publish_results,
    withdraw_results,
    make_results_an_example,
    change_the_least_number,
    send_answers_elsewhere,
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_after_an_edit_an_ordinary_build_gives_what_a_full_one_gives(
    site: SmallSite, tmp_path: Path, edit: Callable[[SmallSite], None]
) -> None:
    before = site.tree()
    edit(site)
    site.build()
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")
    assert site.tree() != before


def test_what_a_site_was_made_from_is_kept_with_it_also_where_no_page_changes(site: SmallSite) -> None:
    def make(comment: str) -> Summary:
        registry, text = read_registry(site.registry_file).registry, site.registry_file.read_bytes()
        made_from = Written({ROOT: text + comment.encode()}, {})
        return build(site.folder / "site_src", registry, in_folder(site.results), site.link, made_from)

    for edit, comment in ((rename_a_unit, ""), (close_a_unit, "# Kedua"), (lambda _: None, "# Ketiga")):
        edit(site)
        summary = make(comment)
        kept = read_written(site.link.resolve().parent)
        assert kept == Written({ROOT: site.registry_file.read_bytes() + comment.encode()}, {})
    assert summary.written == 0


def test_an_edit_of_one_unit_leaves_the_files_of_the_others_alone(site: SmallSite) -> None:
    others = [site.link / path / "index.html" for path in ("s/b4y4", "hasil/b4y4", "poster/b4y4", "s/b4y4/en")]
    before = [file.stat().st_mtime_ns for file in others]
    rename_a_unit(site)
    summary = site.build()
    assert not summary.full
    assert [file.stat().st_mtime_ns for file in others] == before


def test_a_page_that_is_no_longer_wanted_goes_with_its_folder(site: SmallSite) -> None:
    drop_a_language(site)
    assert site.build().removed == 1
    assert not (site.link / "s/b4y4/en").exists()


@pytest.mark.parametrize("content", [None, b"{", b"[]", b"{}", b"\xff"])
def test_the_pages_of_a_unit_that_is_gone_go_also_where_the_list_of_pages_is_spoilt(
    site: SmallSite, tmp_path: Path, content: bytes | None
) -> None:
    manifest = site.link.resolve().parent / "manifest.json"
    manifest.unlink() if content is None else manifest.write_bytes(content)
    text = site.registry_file.read_text(encoding="utf-8")
    site.registry_file.write_text(text[: text.index("  - code: m0ve")], encoding="utf-8")
    site.build()
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")


def test_changed_words_build_everything_anew(site: SmallSite) -> None:
    words = site.folder / "site_src" / "docs" / "tentang.md"
    words.write_text(words.read_text(encoding="utf-8") + "\nKalimat baru.\n", encoding="utf-8")
    assert site.build().full
    assert "Kalimat baru." in site.page("tentang/index.html").text_of("p")


def swap_file_of_an_editor(site: SmallSite) -> None:
    (site.folder / "site_src" / "docs" / ".tentang.md.swp").write_bytes(b"\0vim")


def other_ends_of_lines(site: SmallSite) -> None:
    for name in ("docs/tentang.md", "docs/hasil/index.md", "overrides/main.html", "overrides/404.html", "mkdocs.yml"):
        file = site.folder / "site_src" / name
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("edit", [swap_file_of_an_editor, other_ends_of_lines])
def test_what_no_page_follows_from_is_no_change_of_words(
    site: SmallSite, tmp_path: Path, edit: Callable[[SmallSite], None]
) -> None:
    edit(site)
    summary = site.build()
    assert (summary.full, summary.written) == (False, 0)
    shutil.rmtree(site.folder / ".site.builds" / "words")
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")


def test_a_file_that_is_copied_as_it_is_keeps_its_ends_of_lines(site: SmallSite) -> None:
    logo = site.folder / "site_src" / "docs" / "assets" / "logo.svg"
    logo.write_bytes(logo.read_bytes().replace(b"\n", b"\r\n"))
    site.build()
    assert site.tree()["assets/logo.svg"] == logo.read_bytes()


def test_a_hidden_file_is_no_word_for_the_builder_either(site: SmallSite) -> None:
    overrides = site.folder / "site_src" / "overrides"
    (overrides / ".bagian.html").write_text("tersembunyi", encoding="utf-8")
    (overrides / "404.html").write_text('{% include ".bagian.html" %}', encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"could not build[^~]*\.bagian\.html"):
        site.build()


def test_a_folder_with_files_in_the_place_of_the_link_is_refused_and_left_alone(tmp_path: Path) -> None:
    site = three_units(tmp_path)
    site.link.mkdir()
    (site.link / "penting.txt").write_text("jangan dihapus", encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"site was not made by a build: move it away or name another place"):
        site.build()
    assert (site.link / "penting.txt").read_text(encoding="utf-8") == "jangan dihapus"


def test_an_empty_folder_in_the_place_of_the_link_becomes_the_link(site: SmallSite) -> None:
    site.link.unlink()
    site.link.mkdir()
    site.build()
    assert site.link.is_symlink()
    assert (site.link / "index.html").is_file()


def test_a_reader_meets_the_old_page_or_the_new_one_and_never_none(site: SmallSite) -> None:
    published = {path: {content} for path, content in site.tree().items()}
    seen: dict[str, set[bytes]] = {path: set() for path in published}
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            for path, contents in seen.items():
                contents.add((site.link / path).read_bytes())

    with ThreadPoolExecutor() as threads:
        reader = threads.submit(read)
        try:
            for full in (False, True, False, True):
                site.edit("name: Loket", "name: Loket Loket")
                site.build(full=full)
                for path, content in site.tree().items():
                    published[path].add(content)
        finally:
            stop.set()
        reader.result()
    assert {path for path, contents in seen.items() if contents - published[path]} == set()
    assert max(map(len, seen.values())) > 1


def test_a_build_waits_until_another_has_ended(site: SmallSite) -> None:
    rename_a_unit(site)
    with ThreadPoolExecutor() as threads:
        with (site.folder / ".site.builds" / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            second = threads.submit(site.build)
            assert wait([second], timeout=0.5).done == set()
            assert site.page("hasil/7k3q/index.html").text_of("h1") == ['Loket "Ibu & Anak" <Jum\'at>']
        second.result()
    assert site.page("hasil/7k3q/index.html").text_of("h1") == ["Loket Kesehatan Ibu"]


def test_of_two_builds_at_once_both_succeed_and_the_site_is_whole(site: SmallSite, tmp_path: Path) -> None:
    rename_a_unit(site)
    with ThreadPoolExecutor() as threads:
        both = [threads.submit(site.build, full=True) for _ in range(2)]
        assert all(build.result().full for build in both)
    assert site.tree() == site.rebuilt_from_nothing(tmp_path / "full")


def test_the_build_before_stays_also_where_the_folder_is_reached_by_a_link(site: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(site.folder)
    other = SmallSite(tmp_path / "elsewhere")
    for _ in range(3):
        before = other.link.resolve()
        other.build(full=True)
        assert before.is_dir()
        whole = {tree.name for tree in (site.folder / ".site.builds").iterdir() if (tree / "site").is_dir()}
        assert whole == {before.parent.name, other.link.resolve().parent.name}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("{", "not a results file of this program", id="not JSON"),
        pytest.param('{"format": 99}', "results format 99 is not 1", id="another format"),
        pytest.param('{"format": 1, "code": "7k3q"}', "is missing or wrong", id="keys missing"),
        pytest.param("[]", "results are an object", id="no object"),
        pytest.param(
            '{"format": 1, "code": "7k3q", "period": "2026-TW4", "final": true, "instrument": "lain.1.official",'
            ' "blocks": []}',
            "names no form",
            id="unknown instrument",
        ),
        pytest.param(
            '{"format": 1, "code": "7k3q", "period": "2026-TW4", "final": true, "instrument": [], "blocks": []}',
            "unhashable type",
            id="no name of an instrument",
        ),
        pytest.param(
            '{"format": 1, "code": "7k3q", "period": "2026-TW4", "final": true, "instrument": "", "blocks": [],'
            ' "held": 1e999}',
            "cannot convert float infinity",
            id="more than any number",
        ),
        pytest.param("[" * 100_000, "maximum recursion depth", id="nested without end"),
        pytest.param(
            '{"breakdowns": {"labels": {}, "n": 5, "rows": {"usia": [{"n": 5, "values": ["-"]}, {"n": 0, "values":'
            ' ["-"]}]}}}',
            "breakdown usia: each value is in one row",
            id="a value in two rows",
        ),
    ],
)
def test_a_spoilt_results_file_is_named_and_the_site_stays(site: SmallSite, content: str, words: str) -> None:
    before = site.tree()
    (site.results / "2026-TW4" / "7k3q.json").write_text(content, encoding="utf-8")
    with pytest.raises(GeneratorError, match=f"2026-TW4/7k3q.json: .*{words}"):
        site.build()
    assert site.tree() == before


def test_a_results_file_under_another_name_is_refused(site: SmallSite) -> None:
    shutil.copy(site.results / "2026-TW3" / "7k3q.json", site.results / "2026-TW4" / "7k3q.json")
    with pytest.raises(GeneratorError, match="the file says it is 2026-TW3/7k3q"):
        site.build()


def test_the_printed_code_of_a_unit_that_is_no_longer_listed_leads_to_a_page(site: SmallSite) -> None:
    site.edit("moved_to: 7k3q", "moved_to: b4y4")
    site.edit("code: 7k3q", "code: 9z9z")
    site.build()
    assert "Unit ini sudah ditutup" in site.tree()["s/7k3q/index.html"].decode()


def test_no_marker_is_left_anywhere(built: SmallSite) -> None:
    assert [path for path, content in built.tree().items() if b"sukmax" in content.lower()] == []


def test_every_link_of_the_site_leads_to_a_file_or_to_the_backend(built: SmallSite) -> None:
    pages = [path for path in built.tree() if path.endswith(".html")]
    links = [(path, link) for path in pages for link in built.page(path).values("href", "src", "action")]
    assert [(path, link) for path, link in links if is_dead(built, path, link)] == []
    assert len(links) > 10 * len(pages)


def is_dead(site: SmallSite, page: str, link: str) -> bool:
    target = urlsplit(urljoin(f"{URL}/{page}", link))
    if f"{target.scheme}://{target.netloc}" != URL or target.path.startswith(BACKEND):
        return False
    file = site.link / unquote(target.path).lstrip("/")
    return not ((file / "index.html") if target.path.endswith("/") else file).is_file()
