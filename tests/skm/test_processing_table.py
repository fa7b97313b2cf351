"""A processing table read strictly: what is a respondent, what is left out and told, and what is refused."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.instruments import instrument
from skm.errors import SkmError
from skm.index import nrr, squares
from skm.processing_table import Left, ProcessingTable, TableProblems, read_table
from skm.table_header import Fault, Names, recognised
from skm.tally import tally

FORM = instrument("permenpan-14-2017")
NINE = [f"U{n}" for n in range(1, 10)]
KEYS = [unsur.key for unsur in FORM.unsur]
ANSWERS = ["3"] * 9


def read(*rows: Sequence[str], renamed: dict[str, str] | None = None, ragged: bool = False) -> ProcessingTable:
    return read_table(rows, FORM, Names(FORM, renamed), ragged=ragged)


def faults(*rows: Sequence[str], renamed: dict[str, str] | None = None) -> list[tuple[Fault, int | None, int | None]]:
    with pytest.raises(TableProblems) as caught:
        read(*rows, renamed=renamed)
    return [(problem.fault, problem.row, problem.column) for problem in caught.value.problems]


def n(table: ProcessingTable) -> int:
    return table.tally.n


# headers


@pytest.mark.parametrize(
    "header",
    [
        "U8",
        "u8",
        "U 8",
        " u08 ",
        "U.8",
        "Unsur 8",
        "unsur U8",
        "pengaduan",
        "PENGADUAN",
        "Penanganan Pengaduan, Saran dan Masukan",
        "penanganan pengaduan saran & masukan",
        "Handling of complaints and suggestions",
        "U8 (Penanganan Pengaduan, Saran dan Masukan)",
        "U8. Pengaduan",
        "U8 - pengaduan",
        "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
    ],
)
def test_an_unsur_is_known_by_its_number_its_key_its_names_and_its_question(header: str) -> None:
    assert list(nrr(read([header], ["3"]).tally, FORM)) == ["pengaduan"]


@pytest.mark.parametrize("header", ["", "8", "Nama", "U", "Usia", "Wilayah"])
def test_a_line_without_an_unsur_is_no_header(header: str) -> None:
    assert faults([header], ["3"]) == [(Fault.NO_HEADER, None, None)]


def test_columns_may_stand_in_any_order() -> None:
    table = read(["U2", "U1"], ["4", "1"])
    assert nrr(table.tally, FORM) == {"persyaratan": 1, "prosedur": 4}


def test_unsur_that_the_header_lacks_are_absent() -> None:
    assert [unsur.key for unsur in read(["U1", "U9"], ["4", "1"]).instrument.unsur] == ["persyaratan", "sarana"]


def test_a_map_turns_the_numbers_of_the_form_into_those_of_the_rule() -> None:
    table = read(["U8", "U9"], ["4", "1"], renamed={"u 8": "sarana", "U9": "pengaduan"})
    assert nrr(table.tally, FORM) == {"sarana": 4, "pengaduan": 1}


def test_a_map_gives_a_header_of_any_words_its_unsur() -> None:
    assert list(nrr(read(["Kecepatan"], ["4"], renamed={"kecepatan": "U3"}).tally, FORM)) == ["waktu"]


def test_a_map_to_what_is_no_unsur_is_refused() -> None:
    with pytest.raises(SkmError, match="'harga' names no unsur"):
        Names(FORM, {"U4": "harga"})


def test_half_a_map_makes_two_columns_of_one_unsur() -> None:
    assert faults(["U8", "U9"], ["4", "1"], renamed={"U8": "sarana"}) == [(Fault.TWICE, 1, 1)]


def test_a_map_that_names_no_column_is_told() -> None:
    assert faults(["U1"], ["4"], renamed={"U8": "sarana"}) == [(Fault.UNUSED_MAP, 1, None)]


def test_two_columns_of_one_unsur_are_refused() -> None:
    assert faults(["U1", "Persyaratan"], ["4", "1"]) == [(Fault.TWICE, 1, 1)]


def test_a_number_that_the_instrument_lacks_is_refused() -> None:
    assert faults(["U1", "U10"], ["4", "1"]) == [(Fault.UNKNOWN_UNSUR, 1, 1)]


def test_a_number_and_a_name_that_contradict_each_other_are_refused() -> None:
    assert faults(["U8 Sarana dan Prasarana", "U1"], ["4", "1"]) == [(Fault.CONTRADICTION, 1, 0)]


def test_items_of_one_unsur_count_by_the_mean_of_their_means() -> None:
    table = read(["U3.1", "U3,2"], ["4", "1"], ["4", ""], ["1", ""])
    assert nrr(table.tally, table.instrument) == {"waktu": Fraction(2)}


def test_who_answered_one_item_answered_the_unsur() -> None:
    table = read(["U3.1", "waktu.2"], ["4", "1"], ["4", ""], ["", "1"])
    assert table.respondents == {"waktu": 3}


def test_an_unsur_whole_and_by_items_is_refused() -> None:
    assert faults(["U3", "U3.1"], ["4", "1"]) == [(Fault.WHOLE_AND_PARTS, 1, 1)]


def test_the_header_is_the_line_that_names_most_unsur() -> None:
    table = read(["Survei: Waktu"], ["Waktu"], ["No", *NINE], ["1", *ANSWERS])
    assert (n(table), table.left_out) == (1, {Left.TITLE: [1, 2]})


def test_recognised_counts_unsur_of_the_best_line() -> None:
    assert recognised([["Waktu"], ["U1", "u 2", "x"]], Names(FORM)) == 2


# values


@pytest.mark.parametrize("cell", ["3", " 3 ", "3.0", "3,0", "3.00", "\u00a03"])
def test_a_value_is_a_whole_number_however_it_is_written(cell: str) -> None:
    assert nrr(read(["U1"], [cell]).tally, FORM) == {"persyaratan": 3}


@pytest.mark.parametrize("cell", ["0", "5", "-", "3.5", "3,5", "33", "tiga", "3.000", "²", "TRUE", "2026-01-03"])
def test_anything_else_is_refused_by_row_and_column(cell: str) -> None:
    assert faults(["No", "U1", "U2"], ["1", "4", "4"], ["2", "4", cell]) == [(Fault.VALUE, 3, 2)]


def test_a_formula_that_was_never_computed_is_no_empty_cell() -> None:
    assert faults(["U1"], ["=A1"]) == [(Fault.FORMULA, 2, 0)]


def test_an_empty_cell_is_not_answered() -> None:
    assert read(["U1", "U2"], ["4", "1"], ["", "3"]).respondents == {"persyaratan": 1, "prosedur": 2}


def test_every_problem_is_told_at_once() -> None:
    assert len(faults(["U1", "U2"], ["9", "1"], ["7", "0"])) == 3


def test_of_very_many_problems_the_first_fifty_are_kept_and_all_are_counted() -> None:
    with pytest.raises(TableProblems) as caught:
        read(["U1"], *[["9"]] * 70)
    assert (len(caught.value.problems), caught.value.total) == (50, 70)


def test_a_table_without_an_answer_is_refused() -> None:
    assert faults(["No", *NINE], ["1", *[""] * 9]) == [(Fault.NOBODY, 1, None)]


# rows


def annex(*respondents: Sequence[str]) -> Iterator[Sequence[str]]:
    """A table as the regulation's annex prints it, ten columns wide."""
    yield ["PENGOLAHAN SURVEI KEPUASAN MASYARAKAT PER RESPONDEN", *[""] * 9]
    yield ["No. Urut Resp", "NILAI UNSUR PELAYANAN", *[""] * 8]
    yield ["", *NINE]
    yield [str(place) for place in range(1, 11)]
    yield from respondents
    yield ["Σ Nilai / Unsur", *["6"] * 9]
    yield ["NRR / Unsur", *["3,00"] * 9]
    yield ["NRR tertbg / unsur", *["0,33"] * 9]
    yield ["IKM Unit Pelayanan", *[""] * 8, "75,00"]
    yield ["Keterangan:", *[""] * 9]
    yield ["- U1 s.d. U9", "= Unsur-unsur pelayanan", *[""] * 8]
    yield ["1", "A", "88,31 - 100,00", *[""] * 7]


def test_titles_the_line_of_column_numbers_and_the_summary_of_the_annex_are_left_out_and_told() -> None:
    table = read(*annex(["1", *ANSWERS], ["2", *ANSWERS]))
    assert n(table) == 2
    assert table.left_out == {
        Left.TITLE: [1, 2],
        Left.SECOND_HEADER: [4],
        Left.SUMMARY: [7, 8, 9, 10, 11, 12, 13],
    }


def test_the_column_of_numbers_is_found_though_its_header_is_merged_with_the_line_above() -> None:
    assert faults(*annex(["satu", *ANSWERS])) == [(Fault.NOT_A_NUMBER, 5, 0)]


@pytest.mark.parametrize("number", ["1", "", "12.", "1.234", "R-001", "Resp. 7"])
def test_a_respondent_has_a_number_or_nothing_in_the_column_of_numbers(number: str) -> None:
    assert n(read(["No", "U1"], [number, "3"])) == 1


def test_a_text_in_the_column_of_numbers_beside_values_is_refused() -> None:
    assert faults(["No", "U1"], ["1", "3"], ["Rerataan", "3"]) == [(Fault.NOT_A_NUMBER, 3, 0)]


@pytest.mark.parametrize(
    "label", ["Σ nilai", "∑ Nilai/Unsur", "Jumlah", "TOTAL", "NRR", "Rata-rata", "Nilai rata-rata", "IKM"]
)
def test_a_summary_line_is_known_by_its_name_in_an_unnamed_column(label: str) -> None:
    table = read(["", "U1"], ["Seseorang", "3"], [label, "3"])
    assert (n(table), table.left_out) == (1, {Left.SUMMARY: [3]})


def test_a_service_called_ikm_without_a_number_is_unclear() -> None:
    assert faults(["Layanan", "U1"], ["IKM", "3"]) == [(Fault.UNCLEAR_ROW, 2, 0)]


def test_a_service_called_ikm_with_a_number_is_a_respondents() -> None:
    assert n(read(["No", "Layanan", "U1"], ["1", "IKM", "3"])) == 1


def test_an_answer_below_the_summary_is_refused() -> None:
    assert faults(["No", "U1"], ["1", "3"], ["Jumlah", "3"], ["2", "4"]) == [(Fault.BELOW_SUMMARY, 4, None)]


def test_an_answer_above_the_header_is_refused() -> None:
    assert faults(["1", "3", "4"], ["No", "U1", "U2"], ["2", "4", "4"]) == [(Fault.ABOVE_HEADER, 1, None)]


def test_a_numbered_row_without_an_answer_is_not_counted_but_told() -> None:
    table = read(["No", "U1"], ["1", "3"], ["2", ""], ["", ""])
    assert (n(table), table.left_out) == (1, {Left.UNANSWERED: [3]})


def test_the_header_may_be_repeated_on_every_page() -> None:
    table = read(["No", "U1", "U2"], ["1", "3", "3"], ["No", "u1", "Prosedur"], ["2", "4", "4"])
    assert (n(table), table.left_out) == (2, {Left.SECOND_HEADER: [3]})


def test_a_row_that_counts_up_within_the_scale_is_a_respondents() -> None:
    assert n(read(["No", "U1", "U2", "U3"], ["1", "2", "3", "4"])) == 1


def test_a_decimal_comma_that_was_taken_for_a_separator_is_refused() -> None:
    assert faults(["U1", "U2"], ["3", "0", "4"]) == [(Fault.TOO_LONG, 2, None)]


def test_a_row_that_is_cut_off_is_refused() -> None:
    assert faults(["U1", "U2"], ["3", "4"], ["3"]) == [(Fault.TOO_SHORT, 3, None)]


def test_the_rows_of_a_sheet_may_end_early_and_have_a_legend_beside() -> None:
    table = read(["U1", "U2"], ["3"], ["4", "4", "", "1", "Tidak baik"], ragged=True)
    assert n(table) == 2


# columns that are no answers


@pytest.mark.parametrize("header", ["No", "No. Urut Resp", "Usia", "jenis_kelamin", "Pendidikan Terakhir", "Loket"])
def test_a_column_of_the_form_head_is_ignored_whatever_it_holds(header: str) -> None:
    assert read([header, "U1"], ["1", "3"]).ignored == ((0, header),)


def test_a_column_of_unknown_words_is_ignored_and_told() -> None:
    assert read(["U1", "Desa"], ["3", "Karangrejo"], ["3", ""]).ignored == ((1, "Desa"),)


@pytest.mark.parametrize("header", ["Keramahan", ""])
def test_a_column_of_values_that_names_no_unsur_is_refused(header: str) -> None:
    assert faults(["U1", header], ["3", "4"], ["3", "2"], ["3", "2"]) == [(Fault.UNCLEAR_COLUMN, 1, 1)]


def test_an_empty_column_is_ignored() -> None:
    assert read(["", "U1", ""], ["", "3", ""], ["", "3", ""]).ignored == ((0, ""), (2, ""))


# counting


ROWS = st.lists(
    st.lists(st.sampled_from(["", "1", "2", "3", "4"]), min_size=3, max_size=3).filter(any), min_size=1, max_size=30
)


@given(ROWS)
def test_profiles_give_the_tally_and_the_squares_of_the_respondents_one_by_one(rows: list[list[str]]) -> None:
    people = [{key: int(v) for key, v in zip(KEYS, row, strict=False) if v} for row in rows]
    counted, plain = read(NINE[:3], *rows).tally, tally(people)
    assert (counted.n, counted.squares) == (plain.n, squares(people, FORM))
    assert {item: counts for item, counts in counted.counts.items() if sum(counts)} == plain.counts


@given(ROWS, st.randoms())
def test_neither_the_order_of_rows_nor_that_of_columns_changes_anything(rows: list[list[str]], dice: st.DrawFn) -> None:
    order = [0, 1, 2]
    shuffled = rows.copy()
    dice.shuffle(order)  # type: ignore[attr-defined]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    turned = read([NINE[place] for place in order], *([row[place] for place in order] for row in shuffled))
    assert turned.tally == read(NINE[:3], *rows).tally


def test_a_line_without_a_number_among_numbered_respondents_may_be_their_average_and_is_refused() -> None:
    rows = [["No", *NINE], ["1", *ANSWERS], ["2", *ANSWERS], ["", *["3,00"] * 9]]
    assert faults(*rows) == [(Fault.NO_NUMBER, 4, 0)]


def test_where_no_respondent_has_a_number_none_is_needed() -> None:
    assert n(read(["No", *NINE], ["", *ANSWERS], ["", *ANSWERS])) == 2


def test_a_row_of_blanks_is_nobody_however_many_rows_had_a_blank_before() -> None:
    rows = [["U1", "U2"], ["3", " "], ["3", " "], [" ", " "], ["3", "3"]]
    assert n(read(*rows)) == 3
