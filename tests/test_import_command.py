"""Paper forms that were typed in: all rows of a file or none, every mistake with its cell, no form twice."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import a_registry, a_unit
from click.testing import CliRunner, Result
from command_line import Installation, installation
from openpyxl import Workbook

from form_backend.intake import Intake
from form_backend.store.answers import Store, open_store
from skm.instrument import Biaya
from skm.units import Status
from sukma.cli import make_cli
from sukma.paper import PaperProblems, Typed, read_forms

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
HEADER = ["unit", "hari", *ITEMS, "jenis_kelamin", "saran"]
GOOD = ["7k3q", "2026-11-20", *"343434343", "l", "Ramah"]
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = date(2026, 11, 24)
REGISTRY = a_registry(
    a_unit(),
    a_unit("n4w8", biaya=Biaya.NONE),
    a_unit("c105", status=Status.CLOSED),
    a_unit("m0ve", status=Status.MOVED, moved_to="7k3q"),
    a_unit("p0st", services=()),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(f"sqlite:///{tmp_path / 'sukma.sqlite3'}")
    yield found
    found.close()


def read(store: Store, *rows: list[str], header: list[str] = HEADER, ragged: bool = False) -> list[Typed]:
    intake = Intake(store, lambda: REGISTRY, lambda: NOW, b"s" * 32)
    return read_forms([header, *rows], intake, TODAY, "kotak 3", ragged=ragged)


def good(**changes: str) -> list[str]:
    """A row without a mistake, but for these cells."""
    return [changes.get(name, cell) for name, cell in zip(HEADER, GOOD, strict=True)]


def faults(store: Store, *rows: list[str], **how: list[str]) -> list[tuple[int, int | None, str]]:
    with pytest.raises(PaperProblems) as refused:
        read(store, *rows, **how)  # type: ignore[arg-type]
    return [(fault.row, fault.column, fault.key) for fault in refused.value.faults]


def test_a_row_is_the_answer_that_the_form_would_have_sent_on_its_day_by_the_channel_of_paper(store: Store) -> None:
    [typed] = read(store, GOOD)
    said = typed.response
    assert (typed.unit.code, said.hari, said.channel, said.saran) == ("7k3q", date(2026, 11, 20), "kertas", "Ramah")
    assert (said.answers["persyaratan"], said.answers["sarana"], said.attributes) == (3, 3, {"jenis_kelamin": "l"})


@pytest.mark.parametrize(
    ("name", "cell", "meant"),
    [
        ("hari", "20/11/2026", date(2026, 11, 20)),
        ("hari", "1-11-2026", date(2026, 11, 1)),
        ("hari", "2026-11-20T00:00:00", date(2026, 11, 20)),
        ("hari", "", None),
    ],
)
def test_a_day_is_read_as_people_and_sheets_write_it(store: Store, name: str, cell: str, meant: date | None) -> None:
    [typed] = read(store, good(**{name: cell}))
    assert typed.response.hari == meant


def test_values_and_words_are_read_as_spreadsheets_write_them(store: Store) -> None:
    [typed] = read(store, good(waktu="4,0", produk="2.0", jenis_kelamin="L", unit="7K3Q"))
    assert (typed.response.answers["waktu"], typed.response.answers["produk"]) == (4, 2)
    assert typed.response.attributes == {"jenis_kelamin": "l"}


def test_a_question_may_be_left_out_on_paper_but_not_all_of_them(store: Store) -> None:
    [typed] = read(store, good(waktu=""))
    assert "waktu" not in typed.response.answers
    assert faults(store, good(**dict.fromkeys(ITEMS, ""))) == [(2, None, "paper_nothing")]


def test_a_moved_units_forms_are_recorded_for_its_successor(store: Store) -> None:
    [typed] = read(store, good(unit="m0ve"))
    assert typed.unit.code == "7k3q"


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"unit": ""}, (0, "paper_no_unit")),
        ({"unit": "zzzz"}, (0, "paper_unknown_unit")),
        ({"unit": "7\u212a3q"}, (0, "paper_unknown_unit")),  # the Kelvin sign is no k
        ({"unit": "c105"}, (0, "paper_closed_unit")),
        ({"unit": "n4w8"}, (5, "paper_unknown_field")),
        ({"hari": "kemarin"}, (1, "paper_day")),
        ({"hari": "31/11/2026"}, (1, "paper_day")),
        ({"hari": "20261120"}, (1, "paper_day")),
        ({"hari": "2026-11-25"}, (1, "paper_future")),
        ({"hari": "2024-11-20"}, (1, "paper_long_ago")),
        ({"persyaratan": "5"}, (2, "paper_not_allowed")),
        ({"persyaratan": "3,5"}, (2, "paper_not_allowed")),
        ({"persyaratan": "TRUE"}, (2, "paper_not_allowed")),
        ({"persyaratan": "=A2+1"}, (2, "paper_formula")),
        ({"saran": "=HYPERLINK()"}, (12, "paper_formula")),
        ({"jenis_kelamin": "perempuan"}, (11, "paper_not_allowed")),
        ({"saran": "x" * 1001}, (12, "paper_too_long")),
    ],
)
def test_a_mistake_is_told_with_its_row_and_column(store: Store, cells: dict[str, str], fault: tuple[int, str]) -> None:
    assert faults(store, GOOD, good(**cells)) == [(3, *fault)]


def test_every_mistake_of_a_file_is_told_at_once(store: Store) -> None:
    found = faults(store, good(waktu="7", hari="2027-01-01"), GOOD, good(unit="zzzz"))
    assert found == [(2, 1, "paper_future"), (2, 4, "paper_not_allowed"), (4, 0, "paper_unknown_unit")]


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ([*HEADER[:-1], "nama"], (1, 12, "paper_column")),
        ([*HEADER[:-1], "id"], (1, 12, "paper_column")),
        ([*HEADER[:-1], "waktu"], (1, 12, "paper_column_twice")),
        ([*ITEMS], (1, None, "paper_no_header")),
    ],
)
def test_a_column_that_is_no_field_of_the_form_is_refused(
    store: Store, header: list[str], fault: tuple[int, int | None, str]
) -> None:
    assert faults(store, GOOD, header=header) == [fault]


def test_a_question_without_a_column_is_told(store: Store) -> None:
    assert faults(store, GOOD[:10], GOOD[:10], header=HEADER[:10]) == [(1, None, "paper_lacks_column")]


def test_a_service_of_a_unit_without_a_list_of_services_is_told(store: Store) -> None:
    assert faults(store, [*good(unit="p0st"), "KTP"], header=[*HEADER, "layanan"]) == [(2, 13, "paper_layanan")]


def test_a_table_without_forms_is_told(store: Store) -> None:
    assert faults(store) == faults(store, [""] * len(HEADER)) == [(1, None, "paper_no_forms")]


def test_a_cell_in_a_column_without_a_name_is_told(store: Store) -> None:
    header = [*HEADER[:-1], ""]
    assert faults(store, GOOD, good(saran=""), header=header) == [(2, 12, "paper_nameless")]


def test_a_decimal_comma_that_was_taken_for_a_separator_is_told(store: Store) -> None:
    assert faults(store, [*GOOD, "5"]) == [(2, None, "paper_width")]
    assert read(store, [*GOOD, ""], ragged=True)


def test_equal_rows_are_as_many_people_and_the_same_row_always_has_the_same_id(store: Store) -> None:
    first = [one.response.id for one in read(store, GOOD, GOOD, good(waktu="1"))]
    later = [one.response.id for one in read(store, good(waktu="1"), GOOD, good(prosedur="1"), GOOD)]
    assert len(set(first)) == 3
    assert set(first) < set(later)


# the command


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    from builders import registry_yaml

    made = installation(tmp_path, registry_yaml())
    monkeypatch.chdir(tmp_path)
    return made


def run(*words: str) -> Result:
    return CliRunner().invoke(make_cli("id"), ["import", *words])


def table(folder: Path, *rows: list[str], name: str = "kotak.csv") -> str:
    text = "\n".join(";".join(row) for row in ([*HEADER], *rows))
    (folder / name).write_text(text, encoding="utf-8")
    return name


def recent(**changes: str) -> list[str]:
    return good(**{"hari": datetime.now(UTC).date().replace(day=1).isoformat(), **changes})


def count(here: Installation) -> int:
    store = open_store(f"sqlite:///{here.folder}/var/sukma.sqlite3")
    try:
        return store.count()
    finally:
        store.close()


def test_a_file_that_is_given_twice_is_recorded_once_and_new_rows_at_its_end_once(here: Installation) -> None:
    file = table(here.folder, recent(), recent())
    assert json.loads(run(file, "--channel", "kertas", "--json").stdout)["recorded"] == 2
    assert json.loads(run(file, "--json").stdout)["recorded"] == 0
    table(here.folder, recent(), recent(), recent(saran="Lama"))
    assert json.loads(run(file, "--json").stdout) == {
        "file": "kotak.csv",
        "batch": "kotak.csv",
        "forms": 3,
        "recorded": 1,
        "known": 2,
        "known_rows": [2, 3],
        "counted_today": 0,
        "dry_run": False,
    }
    assert count(here) == 3


def test_a_file_that_is_given_again_after_its_unit_was_merged_is_recorded_once(here: Installation) -> None:
    file, before = table(here.folder, recent(), recent(saran="Cepat")), (here.folder / "units.yaml").read_text("utf-8")
    assert json.loads(run(file, "--channel", "kertas", "--json").stdout)["recorded"] == 2
    successor = "  - {code: n4w8, name: Loket Baru, organisation: dinas, services: [Kartu Keluarga]}\n"
    here.write_registry(f"{before}    status: merged\n    moved_to: n4w8\n{successor}")
    assert json.loads(run(file, "--channel", "kertas", "--json").stdout)["known_rows"] == [2, 3]
    assert count(here) == 2


def test_the_same_content_under_another_name_is_refused(here: Installation) -> None:
    run(table(here.folder, recent()))
    again = run(table(here.folder, recent(), name="salinan.csv"))
    assert (again.exit_code, "sudah dicatat dengan nama kotak.csv" in again.stderr) == (1, True)
    assert count(here) == 1


@pytest.mark.parametrize("given", [False, True], ids=["of the file", "given"])
def test_piles_whose_long_names_end_differently_are_two_piles(here: Installation, given: bool) -> None:
    start = "Rekapitulasi Kuesioner SKM Kecamatan Gadingrejo Triwulan IV 2026 - "
    for name, more in (("Loket 1", []), ("Loket 2", [recent(saran="Lama")])):
        file = table(here.folder, recent(), *more, name="rekap.csv" if given else f"{start}{name}.csv")
        assert run(file, *(["--batch", start + name] if given else [])).exit_code == 0
    assert count(here) == 3


def test_rows_that_a_grown_file_had_before_are_told_by_number(here: Installation) -> None:
    rows = [recent(saran=str(number)) for number in range(5)]
    run(table(here.folder, *rows[:3]))
    ran = run(table(here.folder, rows[0], rows[3], *rows[1:3], rows[4]))
    assert (ran.exit_code, count(here)) == (0, 5)
    assert "Baris 2, 4-5 sudah tercatat dengan nama «kotak.csv»" in ran.stderr


def weekly(here: Installation) -> str:
    """An office's second file of one name: one of its forms equals one of the first file's two."""
    folder = here.folder / "b"
    folder.mkdir()
    run(table(here.folder, recent(hari=""), recent(hari="", saran="Lama")))
    return str(folder / table(folder, recent(hari="", saran="Jauh"), recent(hari=""), recent(hari="", saran="Panas")))


def test_a_file_that_shares_some_forms_with_its_pile_and_lacks_others_is_refused_whole(here: Installation) -> None:
    ran = run(weekly(here), "--json")
    assert (ran.exit_code, ran.stdout, count(here)) == (1, "", 2)
    assert "Baris 3 berkas ini sama dengan 1 di antaranya" in ran.stderr


@pytest.mark.parametrize(("name", "recorded", "known"), [("minggu 2", 3, []), ("kotak.csv", 2, [3])])
def test_with_the_name_of_its_pile_it_is_recorded(
    here: Installation, name: str, recorded: int, known: list[int]
) -> None:
    said = json.loads(run(weekly(here), "--batch", name, "--json").stdout)
    assert (said["recorded"], said["known_rows"], count(here)) == (recorded, known, 2 + recorded)


def test_an_earlier_state_of_a_grown_file_is_known(here: Installation) -> None:
    run(table(here.folder, recent()))
    run(table(here.folder, recent(), recent(saran="Lama")))
    ran = run(table(here.folder, recent()), "--json")
    assert (ran.exit_code, json.loads(ran.stdout)["recorded"]) == (0, 0)


def test_the_id_of_a_form_is_the_same_in_every_version(store: Store) -> None:
    [typed] = read(store, GOOD)
    assert typed.response.id == "644b5e61-daee-5dc8-89dd-36864d822abd"


def test_a_mistake_in_one_row_leaves_the_others_unrecorded(here: Installation) -> None:
    ran = run(table(here.folder, recent(), recent(waktu="6"), recent(unit="zzzz")))
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "kotak.csv:3:E: «6» tidak dapat dipakai untuk waktu. Yang dapat: 1, 2, 3, 4.",
        "kotak.csv:4:A: unit «zzzz» tidak ada di registri: periksa kodenya, dan format kolom itu sebagai teks.",
        "2 kesalahan.",
    ]
    assert count(here) == 0


def test_a_text_of_any_length_is_told_by_its_cell(here: Installation) -> None:
    ran = run(table(here.folder, recent(), recent(saran="x" * 200_000)))
    assert ran.stderr.splitlines()[0] == "kotak.csv:3:M: saran terlalu panjang: ringkaskan."


def test_a_cell_beyond_all_measure_is_told_as_such(here: Installation) -> None:
    ran = run(table(here.folder, recent(saran="x" * 20_000_000)))
    assert "kotak.csv: sel di baris 2 lebih panjang" in ran.stderr


def test_a_quotation_mark_that_is_not_closed_is_told_where_it_stands(here: Installation) -> None:
    ran = run(table(here.folder, recent(), recent(saran='"Ramah'), *[recent()] * 9))
    assert "tanda kutip di sekitar baris 3" in ran.stderr


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"saran": "sangat ramah\u0085 cepat"}, "kotak.csv:2:M: saran memuat karakter U+0085 setelah «sangat ramah»"),
        ({"saran": "a" * 30 + "\f."}, f"kotak.csv:2:M: saran memuat karakter U+000C setelah «{'a' * 20}»"),
        ({"loket": "loket/3"}, "kotak.csv:2:N: «loket/3» tidak dapat dipakai untuk loket: huruf tanpa aksen, angka"),
    ],
)
def test_what_a_text_may_not_hold_is_named(here: Installation, cells: dict[str, str], said: str) -> None:
    text = ";".join([*HEADER, "loket"]) + "\n" + ";".join([*recent(**cells), cells.get("loket", "")])
    (here.folder / "kotak.csv").write_text(text, encoding="utf-8")
    assert said in run("kotak.csv").stderr


def test_a_dry_run_records_nothing(here: Installation) -> None:
    ran = run(table(here.folder, recent()), "--dry-run", "--json")
    assert json.loads(ran.stdout)["recorded"] == 1
    assert count(here) == 0


def test_a_workbook_is_read_with_its_dates_and_numbers(here: Installation) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Formulir kertas"])
    sheet.append(HEADER)
    first = datetime.now(UTC).date().replace(day=1)
    sheet.append(["7k3q", first, *map(int, "343434343"), "p", None])
    book.save(here.folder / "kotak.xlsx")
    assert json.loads(run("kotak.xlsx", "--json").stdout)["recorded"] == 1


def test_a_workbook_without_forms_names_its_sheets(here: Installation) -> None:
    book = Workbook()
    book.save(here.folder / "kosong.xlsx")
    ran = run("kosong.xlsx")
    assert (ran.exit_code, "tidak ada lembar dengan kolom «unit». Lembarnya: «Sheet»" in ran.stderr) == (1, True)


def test_a_form_of_a_closed_period_counts_today_and_that_is_told(here: Installation) -> None:
    today = datetime.now(UTC).date()
    ran = run(table(here.folder, recent(hari=today.replace(year=today.year - 1).isoformat())), "--json")
    assert (ran.exit_code, json.loads(ran.stdout)["counted_today"]) == (0, 1)
    assert "1 formulir menyebut hari dari periode yang sudah ditutup" in ran.stderr


def test_a_workbook_with_forms_on_two_sheets_is_refused_whole(here: Installation) -> None:
    book = Workbook()
    for sheet in (book.active, book.create_sheet("dua")):
        assert sheet is not None
        sheet.append(HEADER)
        sheet.append(recent())
    book.save(here.folder / "dua.xlsx")
    ran = run("dua.xlsx")
    assert (ran.exit_code, "dua" in ran.stderr, count(here)) == (1, True, 0)


def test_forms_whose_line_in_the_audit_cannot_be_written_are_not_recorded(here: Installation) -> None:
    store = open_store(f"sqlite:///{here.folder}/var/sukma.sqlite3")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("create trigger t before insert on audit begin select raise(abort, 'penuh'); end")
    store.close()
    ran = run(table(here.folder, recent()))
    assert (ran.exit_code, count(here)) == (1, 0)


@pytest.mark.parametrize("option", ["--actor", "--batch"])
def test_bytes_that_are_no_text_are_refused_or_shown(here: Installation, option: str) -> None:
    ran = run(table(here.folder, recent()), option, "ab\udcff")
    assert ran.exception is None or isinstance(ran.exception, SystemExit)
