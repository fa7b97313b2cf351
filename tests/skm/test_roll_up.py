"""Several units' results as one: two figures, one of them named before the year as the one with a mutu."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from generator.instruments import instrument, shipped
from skm.index import squares
from skm.interval import Estimate, mean_interval
from skm.periods import parse_period
from skm.results import Published, ReleasedBlock, Result, computed, decimal_text
from skm.roll_up import RollUp, part_of, roll_up, together
from skm.tally import tally
from skm.units import Biaya, Headline

TW4 = parse_period("2026-TW4")


def a_result(n: int, value: int, *, biaya: Biaya = Biaya.OFFICIAL, final: bool = True, known: bool = True) -> Published:
    """n people who gave every unsur the same value; `known` False: nobody kept the squares."""
    form = instrument("permenpan-14-2017", biaya)
    answers = [{item.key: value for item in form.items()} for _ in range(n)]
    counted = replace(tally(answers), squares=squares(answers, form) if known else None)
    block = ReleasedBlock(TW4, 1, counted, form.versi)
    return computed(Result("7k3q", TW4, form.versi, (block,), final, 0, False), form)


def rolled_up(found: Sequence[Published], headline: Headline) -> RollUp:
    return roll_up(together(part_of(one, active=True) for one in found), headline, shipped())


def test_pooled_counts_every_respondent_once_and_the_mean_every_unit() -> None:
    rolled = rolled_up([a_result(30, 4), a_result(10, 2)], Headline.POOLED)
    assert rolled.pooled is not None
    assert (rolled.pooled.ikm, rolled.mean) == (Fraction(175, 2), 75)


def test_the_mutu_is_that_of_the_headline() -> None:
    found = [a_result(30, 4), a_result(10, 2)]
    mutu = [rolled_up(found, headline).mutu for headline in (Headline.POOLED, Headline.MEAN)]
    assert [one and one.letter for one in mutu] == ["B", "C"]


def test_one_result_that_is_not_final_leaves_no_mutu() -> None:
    rolled = rolled_up([a_result(30, 4), a_result(10, 2, final=False)], Headline.MEAN)
    assert (rolled.final, rolled.mutu) == (False, None)


def test_fewer_than_ten_people_of_all_units_have_no_mutu() -> None:
    assert rolled_up([a_result(5, 4), a_result(4, 4)], Headline.POOLED).mutu is None


def test_the_interval_of_the_mean_is_made_from_those_of_the_units() -> None:
    found = [a_result(30, 4), a_result(10, 2)]
    own = [Estimate(one.figures.ikm, one.figures.interval) for one in found if one.figures and one.figures.interval]
    assert rolled_up(found, Headline.MEAN).mean_interval == mean_interval(own)


def test_the_mean_has_no_interval_where_one_unit_has_none() -> None:
    assert rolled_up([a_result(30, 4), a_result(10, 2, known=False)], Headline.MEAN).mean_interval is None


def test_pooled_people_of_one_form_have_an_interval_and_of_two_ways_of_asking_none() -> None:
    one, two = (
        rolled_up([a_result(30, 4), a_result(10, 2, biaya=biaya)], Headline.POOLED).pooled
        for biaya in (Biaya.OFFICIAL, Biaya.KESESUAIAN)
    )
    assert one and two
    assert one.interval is not None and two.interval is None


def test_an_unsur_that_some_units_do_not_ask_is_pooled_over_those_who_do() -> None:
    rolled = rolled_up([a_result(10, 4), a_result(10, 2, biaya=Biaya.NONE)], Headline.POOLED)
    assert rolled.pooled is not None and rolled.biaya_mixed
    assert (decimal_text(rolled.pooled.nrr["biaya"]), decimal_text(rolled.pooled.nrr["waktu"])) == ("4.00", "3.00")


def test_without_units_there_is_no_figure() -> None:
    rolled = rolled_up([], Headline.MEAN)
    assert (rolled.pooled, rolled.mean, rolled.mean_interval, rolled.mutu) == (None, None, None, None)


def test_a_sum_of_sums_is_the_sum_of_all() -> None:
    parts = [part_of(a_result(n, value), active=n != 20) for n, value in ((30, 4), (10, 2), (20, 3))]
    whole = together(parts)
    assert together([together(parts[:2]), parts[2]]) == together([parts[0], together(parts[1:])]) == whole
    assert (whole.reported, whole.active, whole.tally.n) == (3, 2, 60)
