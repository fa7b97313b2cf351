"""The release rule, one sentence of docs/release-rule.md at a time, for one unit."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

import pytest

from skm.errors import SkmError
from skm.periods import Period, PeriodKind, parse_period
from skm.release import Closing, Decision, NewBlock, Pooled, Terms, Waiting, decide, may_close, released_in

TW1, TW2, TW3, TW4 = (parse_period(f"2026-TW{n}") for n in (1, 2, 3, 4))
S1, S2, YEAR = parse_period("2026-S1"), parse_period("2026-S2"), parse_period("2026")
IN_TW1, IN_TW2, IN_TW3 = date(2026, 2, 1), date(2026, 5, 1), date(2026, 8, 1)
AFTER_TW1, AFTER_TW2, AFTER_TW3 = date(2026, 4, 8), date(2026, 7, 8), date(2026, 10, 8)
NEXT_YEAR = date(2027, 1, 8)
QUARTERS = Terms(k=10, grace=7, kind=PeriodKind.QUARTER)


def answers(**counts: int) -> list[Waiting]:
    """`answers(TW1=25)`: that many, in the order they are named, numbered from 1."""
    periods = [parse_period(f"2026-{name}") for name, count in counts.items() for _ in range(count)]
    return [Waiting(seq, period) for seq, period in enumerate(periods, start=1)]


def run(
    waiting: list[Waiting],
    today: date,
    closed: Collection[Period] = (),
    *,
    terms: Callable[[int], Terms] = lambda _: QUARTERS,
    begun: Collection[Period] = (),
    pooled: Collection[Pooled] = (),
) -> Decision:
    """One run on the given waiting answers."""
    return decide(waiting, begun, closed, today, terms, pooled)


def sizes(decision: Decision) -> list[tuple[Period, int]]:
    """(home, number of members) of each new block."""
    return [(block.home, len(block.members)) for block in decision.blocks]


def held(decision: Decision) -> Mapping[Period, int]:
    """Closed period → answers held back."""
    return {closing.period: closing.held for closing in decision.closings}


def test_with_25_answers_in_an_open_period_15_are_shown_and_the_10_newest_wait() -> None:
    assert run(answers(TW1=25), IN_TW1).blocks == (NewBlock(TW1, tuple(range(1, 16))),)


def test_19_answers_in_an_open_period_all_wait() -> None:
    assert run(answers(TW1=19), IN_TW1) == Decision((), ())


def test_20_answers_in_an_open_period_show_the_10_oldest() -> None:
    assert run(answers(TW1=20), IN_TW1).blocks == (NewBlock(TW1, tuple(range(1, 11))),)


def test_the_newest_are_those_recorded_last_in_whatever_order_they_are_given() -> None:
    assert run(answers(TW1=20)[::-1], IN_TW1).blocks == (NewBlock(TW1, tuple(range(1, 11))),)


def test_a_period_stays_open_through_the_last_day_of_grace() -> None:
    assert run(answers(TW1=12), date(2026, 4, 7)) == Decision((), ())


def test_the_day_after_grace_the_rest_of_ten_or_more_becomes_the_last_block_and_the_period_is_final() -> None:
    decision = run(answers(TW1=12), AFTER_TW1)
    assert decision == Decision((NewBlock(TW1, tuple(range(1, 13))),), (Closing(TW1, 0),))


def test_a_rest_below_k_stays_out_and_its_number_is_known() -> None:
    assert run(answers(TW1=4), AFTER_TW1) == Decision((), (Closing(TW1, 4),))


def test_a_begun_period_in_which_nothing_waits_is_closed_too() -> None:
    assert run([], AFTER_TW1, begun={TW1}) == Decision((), (Closing(TW1, 0),))


def test_a_period_that_a_run_closed_is_never_closed_again() -> None:
    assert run(answers(TW1=4), AFTER_TW1, closed={TW1}) == Decision((), ())


def test_rests_of_6_and_5_in_one_half_year_become_one_block_of_that_half_year() -> None:
    decision = run(answers(TW1=6, TW2=5), AFTER_TW2, closed={TW1})
    assert decision.blocks == (NewBlock(S1, tuple(range(1, 12))),)
    assert held(decision) == {TW2: 5, S1: 0}


def test_rests_that_are_exactly_k_become_a_block() -> None:
    assert sizes(run(answers(TW1=6, TW2=4), AFTER_TW2, closed={TW1})) == [(S1, 10)]


def test_rests_of_6_in_the_first_and_5_in_the_third_quarter_become_one_block_of_the_year() -> None:
    decision = run(answers(TW1=6, TW3=5), AFTER_TW3, closed={TW1, S1})
    assert sizes(decision) == [(YEAR, 11)]


def test_rests_of_different_years_are_never_put_together() -> None:
    later = [Waiting(seq, parse_period("2027-TW1")) for seq in range(7, 15)]
    assert run([*answers(TW4=6), *later], date(2027, 4, 8)).blocks == ()


def test_rests_that_stay_out_for_good_do_not_hinder_those_of_the_next_year() -> None:
    later = [Waiting(seq, parse_period("2027-TW1" if seq < 13 else "2027-TW2")) for seq in range(7, 18)]
    decision = run([*answers(TW4=6), *later], date(2027, 7, 8), closed={TW4, S2, YEAR})
    assert sizes(decision) == [(parse_period("2027-S1"), 11)]


def test_answers_of_an_open_period_never_fill_up_rests() -> None:
    assert run(answers(TW1=6, TW2=19), IN_TW2, closed={TW1}).blocks == ()


def test_a_longer_period_holds_back_what_waits_and_what_went_out_in_a_still_longer_one() -> None:
    decision = run(
        answers(TW4=3), NEXT_YEAR, closed={TW1, S1, TW3}, pooled=[Pooled(TW1, YEAR, 6), Pooled(TW3, YEAR, 5)]
    )
    assert held(decision) == {TW4: 3, S2: 8, YEAR: 3}


def test_a_half_year_closes_when_its_last_quarter_is_over_though_nobody_answered_in_it() -> None:
    assert held(run(answers(TW1=4), AFTER_TW2, closed={TW1})) == {S1: 4}


def test_a_quarter_is_part_of_its_half_year_only_once_it_is_closed() -> None:
    assert not released_in(S1, TW1, closed=())
    assert released_in(S1, TW1, closed={TW1})


def test_a_period_counts_the_blocks_at_home_in_it_at_once() -> None:
    assert released_in(TW1, TW1, closed=())


def test_a_block_of_the_half_year_is_in_none_of_its_quarters() -> None:
    assert not released_in(TW1, S1, closed={TW1, TW2, S1})


def test_a_block_of_the_other_half_year_is_not_in_this_one() -> None:
    assert not released_in(S2, TW1, closed={TW1})


def test_a_late_stray_never_changes_a_final_file() -> None:
    stray = run(answers(TW1=12), IN_TW3, closed={TW1, TW2, S1})
    assert sizes(stray) == [(YEAR, 12)]


def test_strays_below_k_wait_for_the_rests_of_the_year() -> None:
    decision = run(answers(TW3=8, TW1=3), AFTER_TW3, closed={TW1, S1})
    assert sizes(decision) == [(YEAR, 11)]


def test_strays_of_a_quarter_that_had_no_answers_do_not_enter_a_half_year_that_is_final() -> None:
    decision = run(answers(TW1=12), IN_TW3, closed={TW2, S1})
    assert sizes(decision) == [(YEAR, 12)]
    assert held(decision) == {TW1: 12}


def test_strays_of_a_final_year_stay_out_for_good() -> None:
    assert run(answers(TW1=50), NEXT_YEAR, closed={TW1, S1, YEAR}) == Decision((), ())


def test_strays_of_a_quarter_that_had_no_answers_do_not_enter_a_year_that_is_final() -> None:
    assert run(answers(TW1=12), NEXT_YEAR, closed={TW2, S1, YEAR}) == Decision((), (Closing(TW1, 12),))


def test_an_open_period_inside_a_final_one_releases_nothing() -> None:
    assert run(answers(TW1=50), IN_TW1, closed={YEAR}) == Decision((), ())


def test_several_closes_in_one_late_run_give_the_blocks_that_one_at_a_time_gives() -> None:
    counts = {"TW1": 6, "TW2": 5, "TW3": 14, "TW4": 9}
    late = run(answers(**counts), NEXT_YEAR)
    waiting, closed = answers(**counts), set[Period]()
    blocks: list[NewBlock] = []
    closings: list[Closing] = []
    for today in (AFTER_TW1, AFTER_TW2, AFTER_TW3, NEXT_YEAR):
        come = [answer for answer in waiting if answer.period.first_day < today]
        decision = run([answer for answer in come if not answer.period.is_open(today, 7)], today, closed)
        gone = {seq for block in decision.blocks for seq in block.members}
        waiting = [answer for answer in waiting if answer.seq not in gone]
        closed |= {closing.period for closing in decision.closings}
        blocks += decision.blocks
        closings += decision.closings
    assert late == Decision(tuple(blocks), tuple(closings))


def test_the_year_minus_its_quarters_isolates_nobody() -> None:
    decision = run(answers(TW1=13, TW2=12, TW3=11, TW4=9), NEXT_YEAR)
    closed = set(held(decision))
    quarters = {b for b in decision.blocks for q in (TW1, TW2, TW3, TW4) if released_in(q, b.home, closed)}
    year = {b for b in decision.blocks if released_in(YEAR, b.home, closed)}
    assert year == quarters


def test_three_states_whose_combination_would_isolate_share_whole_blocks_only() -> None:
    # 4 in each quarter: a year of 16, a half-year of 8 and a quarter of 4 would leave groups of 4 by subtraction.
    decision = run(answers(TW1=4, TW2=4, TW3=4, TW4=4), NEXT_YEAR)
    closed = set(held(decision))
    assert sizes(decision) == [(YEAR, 12)]
    assert [p for p in (TW1, TW2, S1, TW3, TW4, S2, YEAR) if released_in(p, YEAR, closed)] == [YEAR]


def test_a_k_that_changes_in_the_registry_holds_from_the_new_year_on() -> None:
    def terms(year: int) -> Terms:
        return QUARTERS if year == 2026 else Terms(5, 7, PeriodKind.QUARTER)

    fresh = [Waiting(seq, parse_period("2027-TW1")) for seq in range(10, 17)]
    assert sizes(run([*answers(TW4=9), *fresh], date(2027, 4, 8), terms=terms)) == [(parse_period("2027-TW1"), 7)]


def test_an_answer_in_a_period_of_another_length_than_the_year_agreed_stops_the_run() -> None:
    with pytest.raises(SkmError, match="2026-S1 is no quarter"):
        run(answers(S1=1), IN_TW1)


def test_an_answer_given_twice_stops_the_run() -> None:
    with pytest.raises(SkmError, match="given twice"):
        run([*answers(TW1=10), *answers(TW1=10)], IN_TW1)


def test_monthly_periods_pool_their_rests_in_the_quarter_first() -> None:
    monthly = Terms(10, 7, PeriodKind.MONTH)
    january, february = parse_period("2026-01"), parse_period("2026-02")
    waiting = [Waiting(seq, january if seq < 7 else february) for seq in range(12)]
    decision = run(waiting, date(2026, 3, 8), terms=lambda _: monthly)
    assert sizes(decision) == [(TW1, 12)]
    assert held(decision) == {january: 7, february: 5}


def test_a_yearly_period_has_no_longer_one_and_keeps_a_rest_to_itself() -> None:
    yearly = Terms(10, 7, PeriodKind.YEAR)
    waiting = [Waiting(seq, YEAR) for seq in range(9)]
    assert run(waiting, NEXT_YEAR, terms=lambda _: yearly) == Decision((), (Closing(YEAR, 9),))


def test_a_yearly_period_closes_with_its_last_block() -> None:
    yearly = Terms(10, 7, PeriodKind.YEAR)
    waiting = [Waiting(seq, YEAR) for seq in range(10)]
    assert sizes(run(waiting, NEXT_YEAR, terms=lambda _: yearly)) == [(YEAR, 10)]


def test_what_was_pooled_before_is_held_back_beside_what_is_pooled_now() -> None:
    decision = run(
        answers(TW1=6, TW2=6), NEXT_YEAR, closed={TW1, TW2, S1, TW3}, begun={TW4}, pooled=[Pooled(TW3, YEAR, 12)]
    )
    assert sizes(decision) == [(YEAR, 12)]
    assert held(decision)[S2] == 12


@pytest.mark.parametrize(
    ("last", "today", "may"),
    [
        ("2026-10-01", "2026-10-07", False),  # TW3 is still open
        ("2026-10-07", "2026-10-08", True),
        ("2026-10-08", "2026-11-07", False),
        ("2026-11-07", "2026-11-08", True),  # with months as periods
        ("2026-12-30", "2028-01-20", True),
        ("2026-10-08", "2026-10-01", True),  # a clock that was ahead
    ],
)
def test_a_period_may_close_only_where_the_end_of_a_month_and_its_grace_lie_between(
    last: str, today: str, may: bool
) -> None:
    assert may_close(date.fromisoformat(last), date.fromisoformat(today), 7) is may
