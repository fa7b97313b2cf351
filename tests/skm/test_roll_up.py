"""Several units' results as one: two figures, one of them named before the year as the one with a mutu."""

from dataclasses import replace
from fractions import Fraction

from generator.instruments import instrument
from skm.index import squares
from skm.interval import Estimate, mean_interval
from skm.periods import parse_period
from skm.results import Published, ReleasedBlock, Result, computed, decimal_text
from skm.roll_up import coverage, roll_up
from skm.tally import tally
from skm.units import Biaya, Headline, Status, Unit

TW4 = parse_period("2026-TW4")


def a_unit(code: str, status: Status = Status.ACTIVE) -> Unit:
    return Unit(code, f"Unit {code}", "dinas", ("id",), status=status)


def a_result(n: int, value: int, *, biaya: Biaya = Biaya.OFFICIAL, final: bool = True, known: bool = True) -> Published:
    """n people who gave every unsur the same value; `known` False: nobody kept the squares."""
    form = instrument("permenpan-14-2017", biaya)
    answers = [{item.key: value for item in form.items()} for _ in range(n)]
    counted = replace(tally(answers), squares=squares(answers, form) if known else None)
    block = ReleasedBlock(TW4, 1, counted, form.versi)
    return computed(Result("7k3q", TW4, form.versi, (block,), final, 0, False), form)


def test_pooled_counts_every_respondent_once_and_the_mean_every_unit() -> None:
    rolled = roll_up([a_result(30, 4), a_result(10, 2)], Headline.POOLED)
    assert rolled.pooled is not None
    assert (rolled.pooled.ikm, rolled.mean) == (Fraction(175, 2), 75)


def test_the_mutu_is_that_of_the_headline() -> None:
    found = [a_result(30, 4), a_result(10, 2)]
    mutu = [roll_up(found, headline).mutu for headline in (Headline.POOLED, Headline.MEAN)]
    assert [one and one.letter for one in mutu] == ["B", "C"]


def test_one_result_that_is_not_final_leaves_no_mutu() -> None:
    rolled = roll_up([a_result(30, 4), a_result(10, 2, final=False)], Headline.MEAN)
    assert (rolled.final, rolled.mutu) == (False, None)


def test_fewer_than_ten_people_of_all_units_have_no_mutu() -> None:
    assert roll_up([a_result(5, 4), a_result(4, 4)], Headline.POOLED).mutu is None


def test_the_interval_of_the_mean_is_made_from_those_of_the_units() -> None:
    found = [a_result(30, 4), a_result(10, 2)]
    own = [Estimate(one.figures.ikm, one.figures.interval) for one in found if one.figures and one.figures.interval]
    assert roll_up(found, Headline.MEAN).mean_interval == mean_interval(own)


def test_the_mean_has_no_interval_where_one_unit_has_none() -> None:
    assert roll_up([a_result(30, 4), a_result(10, 2, known=False)], Headline.MEAN).mean_interval is None


def test_pooled_people_of_one_form_have_an_interval_and_of_two_ways_of_asking_none() -> None:
    one, two = (
        roll_up([a_result(30, 4), a_result(10, 2, biaya=biaya)], Headline.POOLED).pooled
        for biaya in (Biaya.OFFICIAL, Biaya.KESESUAIAN)
    )
    assert one and two
    assert one.interval is not None and two.interval is None


def test_an_unsur_that_some_units_do_not_ask_is_pooled_over_those_who_do() -> None:
    rolled = roll_up([a_result(10, 4), a_result(10, 2, biaya=Biaya.NONE)], Headline.POOLED)
    assert rolled.pooled is not None and rolled.biaya_mixed
    assert (decimal_text(rolled.pooled.nrr["biaya"]), decimal_text(rolled.pooled.nrr["waktu"])) == ("4.00", "3.00")


def test_without_units_there_is_no_figure() -> None:
    rolled = roll_up([], Headline.MEAN)
    assert (rolled.pooled, rolled.mean, rolled.mean_interval, rolled.mutu) == (None, None, None, None)


def test_only_active_units_without_a_release_are_silent() -> None:
    units = [a_unit("1111"), a_unit("2222"), a_unit("3333", Status.CLOSED)]
    covered = coverage(units, {"1111": [a_result(10, 3).result]}, TW4)
    assert ([*covered.reported], covered.silent, covered.expected) == (["1111"], (units[1],), 2)
