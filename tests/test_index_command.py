"""`sukma index` and `sukma sample-size`: files as offices have them, from the file to the figures or a sentence."""

import codecs
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from published_cases import PERPUSNAS, respondents

from sukma.cli import make_cli

NINE = [f"U{n}" for n in range(1, 10)]
KEYS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
TEN = [NINE, *[[3] * 9] * 10]


def sukma(*arguments: object, lang: str = "id") -> Result:
    return CliRunner().invoke(make_cli(lang), [str(argument) for argument in arguments])


def index(*arguments: object) -> Any:
    """The report of a table that is all right."""
    ran = sukma("index", *arguments, "--json")
    assert ran.exit_code == 0, ran.stderr
    return json.loads(ran.stdout)


def refused(*arguments: object) -> list[str]:
    """The sentences about a file that is not."""
    ran = sukma("index", *arguments)
    assert (ran.exit_code, ran.stdout) == (1, "")
    return ran.stderr.splitlines()


def text(rows: Iterable[Sequence[object]], separator: str = ",") -> str:
    return "".join(separator.join(map(str, row)) + "\n" for row in rows)


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of text or bytes."""

    def write(content: str | bytes, name: str = "tabel.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Writes a workbook: sheet → rows."""

    def write(**sheets: Iterable[Sequence[object]]) -> Path:
        book = Workbook()
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        book.remove(book.worksheets[0])
        book.save(tmp_path / "tabel.xlsx")
        return tmp_path / "tabel.xlsx"

    return write


# figures


def test_perpusnas_2023_is_recomputed_from_its_distributions(csv: Callable[..., Path]) -> None:
    rows = [[row[key] for key in NINE] for row in respondents(PERPUSNAS)]
    report = index(csv(text([NINE, *rows], ";")))
    assert (report["n"], report["ikm"], report["ikm_exact"][:7]) == (187, "87.64", "87.6411")
    assert (report["mutu"], report["kinerja"], report["grade_withheld"]) == ("B", "Baik", False)
    assert [report["nrr"][key] for key in ("persyaratan", "biaya")] == ["3.3690", "3.8503"]
    assert report["counts"]["sarana"] == [1, 19, 77, 90]


@pytest.mark.parametrize(("convention", "ikm"), [("exact", "100.00"), ("permenpan_011", "99.00"), ("0111", "99.90")])
def test_disdukcapil_tubaba_2023_by_each_convention(csv: Callable[..., Path], convention: str, ikm: str) -> None:
    report = index(csv(text([NINE, [4] * 9])), "--convention", convention, "--map", "U8=sarana,U9=pengaduan")
    assert (report["ikm"], report["convention"], report["mutu"]) == (ikm, convention, "A")
    assert report["grade_withheld"] is True


def test_the_report_has_every_figure_that_programs_rely_on(csv: Callable[..., Path]) -> None:
    report = index(csv(text(TEN)))
    assert list(report["nrr"]) == list(report["n_per_unsur"]) == KEYS
    assert report["nrr"]["waktu"] == "3.0000"
    assert report["ikm_exact"] == "75.000000000000"
    assert (report["ikm_without_biaya"], report["instrument"]) == ("75.00", "permenpan-14-2017")
    assert (report["population"], report["required"]) == (None, None)
    lo, hi = map(float, report["interval"])
    assert 25 <= lo <= 75 <= hi <= 100


def test_where_the_users_are_known_the_interval_is_narrower_and_the_sample_is_told(csv: Callable[..., Path]) -> None:
    report = index(csv(text(TEN)), "--population", "20")
    (lo, hi), (low, high) = (map(float, report[name]) for name in ("interval", "interval_graded"))
    assert low < lo < hi < high
    assert (report["population"], report["required"]) == (20, 19)


def test_where_all_users_answered_nothing_is_uncertain(csv: Callable[..., Path]) -> None:
    assert index(csv(text(TEN)), "--population", "10")["interval"] == ["75.00", "75.00"]


def test_more_respondents_than_users_cannot_be(csv: Callable[..., Path]) -> None:
    assert "10 responden dari 9 pengguna" in refused(csv(text(TEN)), "--population", 9)[0]


@pytest.mark.parametrize("convention", ["permenpan_011", "0111"])
@pytest.mark.parametrize("rows", [[NINE[:8], [3] * 8], [NINE, [*[3] * 8, ""]]])
def test_a_printed_weight_is_wrong_usage_where_the_answered_unsur_are_not_nine(
    csv: Callable[..., Path], convention: str, rows: list[list[object]]
) -> None:
    ran = sukma("index", csv(text(rows)), "--convention", convention)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "hanya untuk sembilan unsur" in ran.stderr


def test_an_unsur_that_nobody_answered_is_absent_and_told(csv: Callable[..., Path]) -> None:
    ran = sukma("index", csv(text([NINE, [*[3] * 8, ""]])))
    assert "Tanpa jawaban: U9 sarana. Indeks dihitung dari 8 unsur." in ran.stderr
    assert "NRR × 1/8" in ran.stdout


@pytest.mark.parametrize(
    ("lang", "words"), [("id", ["3,000", "0,3333", "75,00"]), ("en", ["3.000", "0.3333", "75.00"])]
)
def test_the_table_for_people_has_the_lines_of_the_annex(csv: Callable[..., Path], lang: str, words: list[str]) -> None:
    lines = sukma("index", csv(text(TEN)), lang=lang).stdout.splitlines()
    assert lines[2].split()[-5:] == ["30", "10", words[0], words[1], "C"]
    assert [line.split()[-1] for line in lines[12:14]] == [{"id": "3,0000", "en": "3.0000"}[lang], "C"]
    assert words[2] in lines[13]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--map", "U8"),
        ("--map", "U8=harga"),
        ("--map", "U8=sarana,U8=biaya"),
        ("--population", "0"),
        ("--population", "1.23"),
        ("--instrument", "lain"),
        ("--convention", "0.11"),
    ],
)
def test_options_that_cannot_be_understood_are_wrong_usage(csv: Callable[..., Path], option: str, value: str) -> None:
    assert sukma("index", csv(text(TEN)), option, value).exit_code == 2


# CSV as it comes


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings_are_found_out(csv: Callable[..., Path], separator: str, encoding: str) -> None:
    content = text([["No", *NINE, "Desa"], *[[n, *[3] * 9, "Café"] for n in range(12)]], separator)
    assert index(csv(content.encode(encoding)))["n"] == 12


def test_title_lines_with_commas_do_not_make_the_comma_the_separator(csv: Callable[..., Path]) -> None:
    rows = [
        "Nilai per unsur, responden, triwulan, tahun, unit, kota, a, b, c, d",
        ";".join(NINE),
        ";".join(["3,0"] * 9),
    ]
    assert index(csv("\r\n".join(rows)))["ikm"] == "75.00"


def test_a_header_of_quoted_indonesian_names_is_read(csv: Callable[..., Path]) -> None:
    assert list(index(csv('"Sistem, Mekanisme, dan Prosedur",Biaya/Tarif\n3,4\n'))["nrr"]) == ["prosedur", "biaya"]


def test_what_is_not_in_the_table_is_told_on_stderr(csv: Callable[..., Path]) -> None:
    rows = [["Judul", *[""] * 9], ["No", *NINE], ["1", *[3] * 9], ["2", *[""] * 9], ["NRR", *["3,00"] * 9]]
    assert sukma("index", csv(text(rows, ";"))).stderr.splitlines() == [
        "Judul di atas tabel dilewati: baris 1.",
        "1 baris tanpa satu jawaban pun tidak dihitung: baris 4.",
        "Ringkasan di bawah tabel dilewati dan dihitung ulang: baris 5.",
        "Kolom yang bukan jawaban dilewati: A «No».",
    ]


def test_every_wrong_value_is_told_by_file_row_and_column(csv: Callable[..., Path]) -> None:
    path = csv(text([["No", *NINE], [1, 5, *[3] * 8], [2, *[3] * 8, "baik"]]))
    first, second, count = refused(path)
    assert first.startswith(f"{path}:2:B: «5» bukan nilai 1, 2, 3, atau 4")
    assert second.startswith(f"{path}:3:J: «baik» bukan nilai")
    assert count == "2 kesalahan."


def test_of_very_many_problems_fifty_are_shown_and_all_are_counted(csv: Callable[..., Path]) -> None:
    lines = refused(csv(text([["U1"], *[[9]] * 70])))
    assert (len(lines), lines[-2:]) == (52, ["… dan 20 kesalahan lagi.", "70 kesalahan."])


def test_a_cell_cannot_forge_a_line_of_the_report(csv: Callable[..., Path]) -> None:
    lines = refused(csv('U1,U2\n"x\ntabel.csv: benar\x85\u202e",3\n'))
    assert len(lines) == 2
    assert lines[0].isprintable()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "kosong.csv", "berkas kosong"),
        (b"", "kosong.xlsx", "berkas kosong"),
        ("a,b\n1,2\n", "tabel.csv", "tidak ada kepala kolom unsur"),
        ("U1,U2\n", "tabel.csv", "tidak ada jawaban"),
        (codecs.BOM_UTF8, "tabel.csv", "tidak ada kepala kolom unsur"),
        (bytes(range(256)) * 20, "tabel.csv", "bukan teks"),
        (b"U1\n3\x9d\n", "tabel.csv", "bukan teks"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "tabel.csv", "bukan teks"),
        ('U1,U2\n"3,4\n', "tabel.csv", "tanda kutip"),
        (b"PK\x03\x04rest", "tabel.csv", "ganti namanya menjadi .xlsx"),
        (b"PK\x03\x04rest", "tabel.xlsx", "bukan buku kerja XLSX"),
        ("U1\n3\n", "tabel.xlsx", "bukan buku kerja XLSX"),
        ("U1\n3\n", "tabel.ods", "simpan sebagai .csv atau .xlsx"),
        ("U1\n3\n", "tabel", "simpan sebagai .csv atau .xlsx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"Workbook", "tabel.xls", "Excel lama"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "tabel.xlsx", "bersandi"),
    ],
)
def test_a_file_that_is_no_table_gets_one_sentence(
    csv: Callable[..., Path], content: str | bytes, name: str, sentence: str
) -> None:
    lines = refused(csv(content, name))
    assert sentence in lines[0]
    assert lines[1:] in ([], ["1 kesalahan."])


def test_a_file_that_is_not_there_and_a_folder_get_one_sentence(tmp_path: Path) -> None:
    assert "berkas tidak ada" in refused(tmp_path / "tidak.csv")[0]
    (tmp_path / "folder.csv").mkdir()
    assert "bukan berkas biasa" in refused(tmp_path / "folder.csv")[0]


# workbooks


def test_numbers_and_texts_of_a_sheet_are_values_alike(xlsx: Callable[..., Path]) -> None:
    report = index(xlsx(Data=[NINE, [3, 3.0, "3", " 3 ", "3,0", "3.0", 3, None, 3], [4] * 9]))
    assert (report["n"], report["n_per_unsur"]["pengaduan"], report["nrr"]["biaya"]) == (2, 1, "3.5000")


def test_a_sheet_with_merged_titles_summary_and_legend_beside_is_read(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[object]] = [
        ["PENGOLAHAN DATA SKM"],
        ["No. Urut Resp", "NILAI UNSUR PELAYANAN"],
        [None, *NINE],
        *[[n, *[3] * 9, None, "Keterangan" if n == 1 else None] for n in range(1, 12)],
        ["Σ Nilai/unsur", *["=SUM(B4:B14)"] * 9],
        ["NRR/unsur", *[3.0] * 9],
        ["NRR tertimbang/unsur", *[0.3333] * 9, "*)", 3.0],
        ["IKM unit pelayanan", *[None] * 9, "**)", 75.0],
    ]
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A1:J1")
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:J2")
    book.save(tmp_path / "lampiran.xlsx")
    assert index(tmp_path / "lampiran.xlsx")["n"] == 11


def test_a_formula_without_a_computed_value_is_no_empty_cell(xlsx: Callable[..., Path]) -> None:
    path = xlsx(Data=[NINE, ["=1+2", *[3] * 8]])
    assert refused(path)[0].startswith(f"{path}:2:A: rumus «=1+2» belum dihitung")


def with_computed(path: Path, value: str) -> Path:
    """The workbook after a spreadsheet program has computed its one formula."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, re.sub(rb"<c ([^>]*)><f>([^<]*)</f><v ?/></c>", value.encode(), content))
    return path


def test_a_formula_counts_by_its_computed_value(xlsx: Callable[..., Path]) -> None:
    path = with_computed(xlsx(Data=[NINE, ["=1+2", *[4] * 8]]), r"<c \1><f>\2</f><v>3</v></c>")
    assert index(path)["nrr"]["persyaratan"] == "3.0000"


def test_a_formula_whose_computed_value_is_an_empty_text_was_not_answered(xlsx: Callable[..., Path]) -> None:
    path = with_computed(xlsx(Data=[NINE, ["=T(0)", *[4] * 8]]), r'<c \1 t="str"><f>\2</f><v></v></c>')
    assert "persyaratan" not in index(path)["nrr"]


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_told(xlsx: Callable[..., Path]) -> None:
    path = xlsx(Sampul=[["Laporan"]], TW1=[NINE, [3] * 9], TW2=[NINE, [4] * 9])
    ran = sukma("index", path, "--json")
    assert json.loads(ran.stdout)["ikm"] == "75.00"
    assert ran.stderr.splitlines() == ["Lembar «TW1» dibaca.", "Lembar lain yang juga berisi tabel tidak dibaca: TW2."]


def test_a_workbook_without_a_header_names_its_sheets(xlsx: Callable[..., Path]) -> None:
    assert "Lembarnya: «Sampul», «Isi»" in refused(xlsx(Sampul=[["Laporan"]], Isi=[[1, 2]]))[0]


def test_a_column_beside_the_table_that_lost_its_header_is_refused(xlsx: Callable[..., Path]) -> None:
    assert "kolom «»" in refused(xlsx(Data=[NINE[:8], *[[3] * 9] * 3]))[0]


# the sample


def test_the_sample_is_told_by_formula_and_by_the_nearest_row_of_the_table() -> None:
    assert sukma("sample-size", "4.384").stdout == (
        "4.384 pengguna: 353 responden (rumus 353,2324). Baris tabel terdekat: 4.500 pengguna, 354.\n"
    )


def test_the_sample_in_english_has_english_numbers() -> None:
    assert "4,384 users: 353 respondents (formula 353.2324)" in sukma("sample-size", "4384", lang="en").stdout


def test_the_sample_as_json() -> None:
    assert json.loads(sukma("sample-size", "4384", "--json").stdout) == {
        "users": 4384,
        "required": 353,
        "formula": "353.2324",
        "table": {"users": 4500, "required": 354},
    }


@pytest.mark.parametrize("text", ["0", "0.000", "43.84", "4,384", "empat", "1e3", "", "-5", "9" * 30, "٤"])
def test_what_is_no_number_of_users_is_wrong_usage(text: str) -> None:
    assert sukma("sample-size", text).exit_code == 2
