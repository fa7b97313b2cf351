"""Setting aside after the release, by rule 5; and the attacks on published states that the rules were made against."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pytest
from skm_states import smallest_group

from skm.periods import Period, PeriodKind, parse_period
from skm.release import Decision, Member, Move, Note, Pooled, Shown, Terms, Waiting, decide, released_in

TW1, TW2, YEAR = parse_period("2026-TW1"), parse_period("2026-TW2"), parse_period("2026")
IN_TW1, AFTER_TW1 = date(2026, 2, 1), date(2026, 4, 8)


def terms(k: int = 10) -> Terms:
    """Quarters, a week of grace."""
    return Terms(k, 7, PeriodKind.QUARTER)


def block(n: int, aside: Iterable[int], *, is_aside: bool = False, noted: int = 0) -> Shown:
    """Block 7 with the answers 1 to n, of which those named are set aside."""
    return Shown(7, TW1, is_aside, noted, tuple(Member(seq, TW1, seq in set(aside)) for seq in range(1, n + 1)))


def run(*shown: Shown, k: int = 10) -> Decision:
    """A run in the middle of the quarter in which nothing waits."""
    return decide([], [TW1], [], IN_TW1, lambda _: terms(k), [], shown)


def test_fewer_than_k_set_aside_answers_of_a_block_are_noted_and_still_count() -> None:
    assert run(block(40, range(1, 10))) == Decision((), (), (), (Note(7, TW1, 9),))


def test_k_set_aside_answers_leave_the_block_together() -> None:
    assert run(block(40, range(1, 11))).moves == (Move(7, TW1, tuple(range(1, 11)), aside=True),)


def test_a_block_of_19_cannot_be_divided() -> None:
    assert run(block(19, range(1, 13))).moves == ()


def test_at_least_k_stay_where_not_all_are_set_aside_and_the_rest_is_noted() -> None:
    decision = run(block(40, range(1, 36)))
    assert [len(move.members) for move in decision.moves] == [30]
    assert decision.notes == (Note(7, TW1, 5),)


def test_a_block_that_is_set_aside_as_a_whole_stops_counting_as_a_whole() -> None:
    assert run(block(12, range(1, 13))).moves == (Move(7, TW1, tuple(range(1, 13)), aside=True),)


def test_a_part_that_is_restored_as_a_whole_counts_again() -> None:
    assert run(block(12, (), is_aside=True)).moves == (Move(7, TW1, tuple(range(1, 13)), aside=False),)


def test_one_restored_answer_of_a_part_waits_for_the_others() -> None:
    assert run(block(12, range(2, 13), is_aside=True)) == Decision((), (), (), (Note(7, TW1, 1),))


def test_a_note_that_is_taken_back_is_published_as_none() -> None:
    assert run(block(40, (), noted=3)).notes == (Note(7, TW1, 0),)


def test_what_was_noted_already_is_nothing_new() -> None:
    assert run(block(40, (1, 2, 3), noted=3)) == Decision((), ())


def test_a_period_whose_answers_are_all_set_aside_is_closed_too() -> None:
    decision = decide([], [TW1], [], AFTER_TW1, lambda _: terms(), [])
    assert [(closing.period, closing.held) for closing in decision.closings] == [(TW1, 0)]


# --- every small history ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class History:
    """People 0, 1, … of one unit and quarter; blocks as (people, does it count); what was ever published."""

    people: int = 0
    aside: frozenset[int] = frozenset()
    blocks: frozenset[tuple[frozenset[int], bool]] = frozenset()
    states: frozenset[frozenset[int]] = frozenset()
    changes: int = 0

    def toggled(self, person: int) -> "History":
        """Set aside, or restored."""
        return replace(self, aside=self.aside ^ {person}, changes=self.changes + 1)

    def published(self, today: date, k: int) -> "History":
        """After a run of the publisher."""
        blocks = dict(enumerate(sorted(self.blocks, key=lambda entry: sorted(entry[0]))))
        held = {person for people, _ in blocks.values() for person in people}
        decision = decide(
            [Waiting(p, TW1) for p in range(self.people) if p not in held | self.aside],
            [TW1],
            [],
            today,
            lambda _: terms(k),
            [],
            [
                Shown(number, TW1, not counts, 0, tuple(Member(p, TW1, p in self.aside) for p in sorted(people)))
                for number, (people, counts) in blocks.items()
            ],
        )
        for move in decision.moves:
            people, counts = blocks.pop(move.block)
            blocks[move.block] = (people - set(move.members), counts)
            blocks[-1 - move.block] = (frozenset(move.members), not move.aside)
        after = {entry for entry in blocks.values() if entry[0]} | {
            (frozenset(b.members), True) for b in decision.blocks
        }
        shown = frozenset(person for people, counts in after if counts for person in people)
        return replace(self, blocks=frozenset(after), states=self.states | {shown})


@pytest.mark.parametrize(("people", "k", "changes"), [(5, 2, 4), (7, 3, 4)])
def test_every_small_history_with_setting_aside_and_restoring_keeps_k_people_together(
    people: int, k: int, changes: int
) -> None:
    found = fresh = {History()}
    while fresh:
        steps = {history.published(IN_TW1, k) for history in fresh}
        steps |= {replace(history, people=history.people + 1) for history in fresh if history.people < people}
        for history in fresh:
            if history.changes < changes:
                steps |= {history.toggled(person) for person in range(history.people)}
        fresh = steps - found
        found = found | fresh
    ends = {history.published(AFTER_TW1, k) for history in found}
    assert [history for history in ends if (smallest_group(history.states) or k) < k] == []


# --- known attacks ------------------------------------------------------------------------------------------------


def shown_now(waiting: list[Waiting], today: date, k: int = 10) -> Decision:
    """A run over waiting answers alone."""
    return decide(waiting, [], [], today, lambda _: terms(k), [])


def test_setting_a_held_back_answer_aside_shows_nothing_of_it_nor_of_those_who_waited_with_it() -> None:
    first = shown_now([Waiting(seq, TW1) for seq in range(1, 26)], IN_TW1).blocks[0].members
    left = [Waiting(seq, TW1) for seq in range(1, 26) if seq not in first and seq != 20]
    assert shown_now(left, IN_TW1).blocks == ()
    final = shown_now(left, AFTER_TW1)
    assert (final.blocks, final.closings[0].held) == ((), 9)


def test_states_that_are_not_next_to_each_other_differ_by_whole_blocks() -> None:
    waiting = [Waiting(seq, TW1) for seq in range(1, 61)]
    first = shown_now(waiting[:20], IN_TW1).blocks[0].members
    rest = [answer for answer in waiting if answer.seq not in first]
    last = shown_now(rest, AFTER_TW1).blocks[0].members
    assert smallest_group([frozenset(first), frozenset(first) | frozenset(last)]) == 10


def test_three_states_around_a_late_setting_aside_isolate_no_group() -> None:
    # 24 shown; 11 set aside; 10 of these restored: without the rule the eleventh would stand alone.
    whole = frozenset(range(1, 25))
    out = frozenset(run(block(24, range(1, 12))).moves[0].members)
    part = Shown(8, TW1, True, 0, tuple(Member(seq, TW1, seq == 1) for seq in sorted(out)))
    assert run(part).moves == ()
    assert smallest_group([whole, whole - out]) == 11


def test_k_that_is_raised_in_mid_period_changes_nothing_until_the_new_year() -> None:
    # The terms of a year are fixed by its first answer (the store keeps them): a run asks for the year's, not today's.
    by_year = {2026: terms(5), 2027: terms(10)}
    waiting = [Waiting(seq, TW1) for seq in range(1, 13)]
    decision = decide(waiting, [], [], IN_TW1, by_year.__getitem__, [])
    assert [len(new.members) for new in decision.blocks] == [7]


def test_a_figure_of_a_longer_period_never_counts_a_block_of_an_open_shorter_one() -> None:
    assert not released_in(YEAR, TW2, closed=[TW1])


def test_two_periods_share_no_answer() -> None:
    periods: dict[int, Period] = {seq: TW1 if seq <= 25 else TW2 for seq in range(1, 51)}
    decision = shown_now([Waiting(seq, period) for seq, period in periods.items()], date(2026, 5, 1))
    assert all({periods[seq] for seq in new.members} == {new.home} for new in decision.blocks)


def pooled_block(aside: Iterable[int], *, is_aside: bool = False) -> Shown:
    """Block 9, at home in the year: answers 1 to 6 of the first quarter and 7 to 12 of the second."""
    members = tuple(Member(seq, TW1 if seq <= 6 else TW2, seq in set(aside)) for seq in range(1, 13))
    return Shown(9, YEAR, is_aside, 0, members)


def held_by_quarter(block: Shown, pooled: Iterable[Pooled]) -> dict[Period, int]:
    """What a run long after says that it held back, quarter by quarter."""
    decision = decide([], [TW1, TW2], [], date(2027, 1, 8), lambda _: terms(), list(pooled), [block])
    return {closing.period: closing.held for closing in decision.closings if closing.period in (TW1, TW2)}


def test_a_period_that_closes_while_its_pooled_answers_are_set_aside_no_longer_holds_them_back() -> None:
    pooled = [Pooled(TW1, YEAR, 6), Pooled(TW2, YEAR, 6)]
    assert held_by_quarter(pooled_block(range(1, 13)), pooled) == {TW1: 0, TW2: 0}


def test_a_period_that_closes_while_its_pooled_answers_are_restored_holds_them_back() -> None:
    assert held_by_quarter(pooled_block((), is_aside=True), []) == {TW1: 6, TW2: 6}


def test_a_correction_at_home_in_its_own_period_holds_nothing_back() -> None:
    decision = decide([], [TW1], [], AFTER_TW1, lambda _: terms(), [], [block(12, range(1, 13))])
    assert [closing.held for closing in decision.closings] == [0]


def test_a_division_asks_for_the_k_of_the_block_s_own_year() -> None:
    by_year = {2026: terms(10), 2027: terms(5)}
    decision = decide([], [], [], date(2027, 2, 1), by_year.__getitem__, [], [block(40, range(1, 8))])
    assert decision.moves == ()
