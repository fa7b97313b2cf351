"""The published contract: what a results file holds, and that it is read back as it was written."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.instruments import instrument
from skm.breakdown import Breakdowns, Row
from skm.breakdown_text import text_of
from skm.errors import SkmError
from skm.instrument import Instrument
from skm.periods import parse_period
from skm.results import Correction, ReleasedBlock, Result, decimal_text, decode, encode, figures, to_mapping
from skm.tally import EMPTY, Tally
from skm.units import Biaya

TW4 = parse_period("2026-TW4")
OFFICIAL = instrument("permenpan-14-2017")


def all_answered(value: int, n: int, form: Instrument = OFFICIAL) -> Tally:
    """n people who gave every unsur the same value."""
    counts = [0, 0, 0, 0]
    counts[value - 1] = n
    return Tally(n, {item.key: (counts[0], counts[1], counts[2], counts[3]) for item in form.items()})


def result(*tallies: Tally, final: bool = True, held: int = 0, example: bool = False) -> Result:
    """A unit's result of one quarter, one block per tally."""
    blocks = tuple(
        ReleasedBlock(TW4, no, tally, OFFICIAL.versi, example=example) for no, tally in enumerate(tallies, start=1)
    )
    return Result("7k3q", TW4, OFFICIAL.versi, blocks, final, held, example)


def test_a_figure_is_the_sum_of_its_blocks() -> None:
    mapping = to_mapping(result(all_answered(4, 10), all_answered(2, 30)), OFFICIAL)
    assert (mapping["n"], mapping["ikm"], mapping["nrr"]["waktu"]) == (40, "62.50", "2.50")


def test_a_final_figure_carries_its_mutu_and_its_kinerja() -> None:
    mapping = to_mapping(result(all_answered(3, 10)), OFFICIAL)
    assert (mapping["ikm"], mapping["mutu"], mapping["kinerja"]) == ("75.00", "C", "Kurang baik")


def test_an_interim_figure_carries_no_mutu() -> None:
    mapping = to_mapping(result(all_answered(3, 10), final=False), OFFICIAL)
    assert (mapping["ikm"], mapping["mutu"], mapping["kinerja"]) == ("75.00", None, None)


def test_under_ten_people_the_grade_is_withheld_whatever_k_a_registry_sets() -> None:
    mapping = to_mapping(result(all_answered(3, 9)), OFFICIAL)
    assert (mapping["ikm"], mapping["mutu"]) == ("75.00", None)


def test_the_number_held_back_is_known_once_the_file_is_final() -> None:
    assert to_mapping(result(all_answered(3, 10), held=4), OFFICIAL)["held"] == 4


def test_an_interim_file_does_not_say_how_many_wait() -> None:
    assert "held" not in to_mapping(result(all_answered(3, 10), final=False, held=4), OFFICIAL)


def test_a_final_file_without_a_block_says_only_how_many_were_held_back() -> None:
    mapping = to_mapping(result(held=4), OFFICIAL)
    assert (mapping["n"], mapping["held"], mapping["ikm"], mapping["nrr"]) == (0, 4, None, {})


def test_simulated_answers_mark_the_file_as_an_example() -> None:
    assert to_mapping(result(all_answered(3, 10), example=True), OFFICIAL)["example"] is True


def test_a_file_of_real_answers_has_no_such_mark() -> None:
    assert "example" not in to_mapping(result(all_answered(3, 10)), OFFICIAL)


def test_a_result_names_its_convention() -> None:
    assert to_mapping(result(all_answered(3, 10)), OFFICIAL)["convention"] == "exact"


def test_without_biaya_the_other_eight_weigh_an_eighth() -> None:
    counts = replace(all_answered(3, 10), counts={**all_answered(3, 10).counts, "biaya": (0, 0, 0, 10)})
    found = figures(counts, OFFICIAL, graded=True)
    assert found is not None
    assert (found.ikm, found.ikm_without_biaya) == (Fraction(700, 9), Fraction(75))


def test_a_service_that_does_not_ask_for_biaya_has_no_second_index() -> None:
    free = OFFICIAL.with_biaya(Biaya.NONE)
    found = figures(all_answered(3, 10, free), free, graded=True)
    assert found is not None
    assert found.ikm_without_biaya is None


def test_of_nobody_there_are_no_figures() -> None:
    assert figures(EMPTY, OFFICIAL, graded=True) is None


def test_a_figure_is_printed_with_two_decimals_and_a_point() -> None:
    assert decimal_text(Fraction(2, 3)) == "0.67"


COUNTS = st.tuples(*[st.integers(0, 40)] * 4)
TALLIES = st.builds(Tally, st.integers(10, 160), st.fixed_dictionaries({item.key: COUNTS for item in OFFICIAL.items()}))


@given(st.lists(TALLIES, max_size=4), st.booleans(), st.integers(0, 9), st.booleans())
def test_what_is_written_is_read_back(tallies: list[Tally], final: bool, held: int, example: bool) -> None:
    written = result(*tallies, final=final, held=held if final else 0, example=example)
    assert decode(encode(written, OFFICIAL)) == written


def test_corrections_notes_breakdowns_and_squares_are_read_back() -> None:
    counted = replace(all_answered(3, 12), squares=Fraction(108))
    written = replace(
        result(counted),
        blocks=(ReleasedBlock(TW4, 1, counted, OFFICIAL.versi, noted=3),),
        set_aside=5,
        corrections=(Correction(TW4, date(2027, 2, 1), 12, aside=True),),
        breakdown_text=text_of(Breakdowns(12, {"channel": (Row(("qr", "tenda"), 12),)}, {}, (Row(("petugas",), 5),))),
    )
    assert decode(encode(written, OFFICIAL)) == written


def test_an_interim_file_holds_no_breakdown() -> None:
    mapping = to_mapping(result(all_answered(3, 10), final=False), OFFICIAL)
    assert not {"breakdowns", "held", "set_aside"} & mapping.keys()


def test_a_file_names_the_interval_of_its_figure() -> None:
    lo, hi = to_mapping(result(replace(all_answered(3, 50), squares=Fraction(450))), OFFICIAL)["interval"]
    assert 25 <= float(lo) < 75 < float(hi) <= 100


def test_a_file_whose_forms_differ_names_them_by_block_and_has_no_interval() -> None:
    counted = replace(all_answered(3, 10), squares=Fraction(90))
    blocks = (ReleasedBlock(TW4, 1, counted, "skm.1.official"), ReleasedBlock(TW4, 2, counted, OFFICIAL.versi))
    mixed = replace(result(), blocks=blocks)
    mapping = to_mapping(mixed, OFFICIAL)
    assert mixed.earlier_forms == ("skm.1.official",)
    assert ([block["instrument"] for block in mapping["blocks"]], mapping["interval"]) == (
        ["skm.1.official", OFFICIAL.versi],
        None,
    )


def test_figures_are_never_read_back_but_follow_from_the_blocks() -> None:
    mapping = to_mapping(result(all_answered(3, 10)), OFFICIAL) | {"ikm": "99.99", "n": 1000}
    assert to_mapping(decode(json.dumps(mapping).encode()), OFFICIAL)["ikm"] == "75.00"


def test_a_file_has_a_line_for_every_block_and_is_read_back() -> None:
    one = result(all_answered(3, 10), all_answered(4, 12))
    text = encode(one, OFFICIAL)
    assert decode(text) == one
    assert [line.startswith(b'{"counts": {') for line in text.splitlines()].count(True) == 2


def test_a_file_of_another_format_is_refused() -> None:
    with pytest.raises(SkmError, match="results format 2 is not 1"):
        decode(json.dumps(to_mapping(result(), OFFICIAL) | {"format": 2}).encode())


def test_what_is_missing_in_a_file_is_named_with_its_unit() -> None:
    mapping = to_mapping(result(), OFFICIAL)
    del mapping["final"]
    with pytest.raises(SkmError, match="results of 7k3q: 'final' is missing or wrong"):
        decode(json.dumps(mapping).encode())


@pytest.mark.parametrize("counts", [[1, 2, 3], {}, ["a", 0, 0, 0], None])
def test_counts_that_are_not_four_numbers_are_refused_with_their_unit(counts: object) -> None:
    block = {"period": "2026-TW4", "no": 1, "n": 10, "counts": {"waktu": counts}}
    with pytest.raises(SkmError, match="results of 7k3q"):
        decode(json.dumps(to_mapping(result(), OFFICIAL) | {"blocks": [block]}).encode())
