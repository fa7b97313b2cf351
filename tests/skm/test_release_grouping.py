"""Nobody is isolated by comparing published states: group people by the states that contain them, count the groups."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skm_states import State, smallest_group

from skm.periods import Period, PeriodKind, parse_period, period_of
from skm.release import Member, NewBlock, Pooled, Shown, Terms, Waiting, decide, released_in
from skm.responses import Response, effective_day

Person = int


@dataclass
class Part:
    """A released block as it is today: whose it is, and whether it counts."""

    home: Period
    people: set[Person]
    aside: bool = False
    noted: int = 0


@dataclass
class Unit:
    """One unit's answers, kept as plainly as the database keeps them."""

    periods: dict[Person, Period] = field(default_factory=dict)
    aside: set[Person] = field(default_factory=set)
    parts: list[Part] = field(default_factory=list)
    finals: dict[Period, State] = field(default_factory=dict)
    moved: set[Period] = field(default_factory=set)  # homes of blocks that were divided or changed sides

    def released(self) -> dict[Person, Part]:
        """Person → the block he is in."""
        return {person: part for part in self.parts for person in part.people}

    def figure(self, period: Period) -> State:
        """The people whose answers the unit's published figure of the period sums up."""
        return frozenset(
            person
            for part in self.parts
            if not part.aside and released_in(period, part.home, self.finals.keys())
            for person in part.people
        )

    def run(self, today: date, terms: Terms) -> dict[Period, int]:
        """Publish; gives period → answers held back, of the periods that close."""
        released = self.released()
        decision = decide(
            [Waiting(p, period) for p, period in self.periods.items() if p not in released and p not in self.aside],
            {*self.periods.values()} - self.finals.keys(),
            set(self.finals),
            today,
            lambda _: terms,
            [
                Pooled(self.periods[p], part.home, 1)
                for p, part in released.items()
                if part.home != self.periods[p] and not part.aside
            ],
            [
                Shown(
                    number,
                    part.home,
                    part.aside,
                    part.noted,
                    tuple(Member(p, self.periods[p], p in self.aside) for p in part.people),
                )
                for number, part in enumerate(self.parts)
            ],
        )
        for move in decision.moves:
            self.moved.add(move.home)
            self.parts[move.block].people -= set(move.members)
            self.parts.append(Part(move.home, set(move.members), move.aside))
        for note in decision.notes:
            self.parts[note.block].noted = note.noted
        self.parts = [part for part in self.parts if part.people]
        self.parts += [Part(block.home, set(block.members)) for block in decision.blocks]
        closings = {closing.period: closing.held for closing in decision.closings}
        self.finals |= dict.fromkeys(closings, frozenset())
        self.finals |= {period: self.figure(period) for period in closings}
        return closings


class Organisation:
    """Several units under one roof, and every state that was ever published of them."""

    def __init__(self, terms: Terms, today: date, units: int = 2) -> None:
        self.terms = terms
        self.today = today
        self.units = [Unit() for _ in range(units)]
        self.people = 0
        self.states: set[State] = set()

    def answer(self, unit: int, count: int, hari: date) -> None:
        """`count` people of a unit name the same day; rule 4 says in which period they count."""
        is_open = period_of(hari, self.terms.kind).is_open(self.today, self.terms.grace)
        day = effective_day(Response({}, "", hari=hari), self.today, is_open)
        for _ in range(count):
            self.people += 1
            self.units[unit].periods[self.people] = period_of(day, self.terms.kind)

    def set_aside(self, unit: int, count: int, oldest: bool) -> None:
        """The newest answers of a unit that no block holds are set aside, or the oldest of all, shown or not."""
        released = self.units[unit].released()
        people = [person for person in self.units[unit].periods if oldest or person not in released]
        self.units[unit].aside.update(people[:count] if oldest else people[max(0, len(people) - count) :])

    def restore(self, unit: int, count: int) -> None:
        """So many that are set aside count again, though their period may be final by now."""
        for person in sorted(self.units[unit].aside)[:count]:
            self.units[unit].aside.remove(person)

    def publish(self) -> None:
        """One run over all units, and all that it makes public: every period of each unit, and of all together."""
        for unit in self.units:
            for period, held in unit.run(self.today, self.terms).items():
                waiting = {p for p in unit.periods if p not in unit.aside} - unit.released().keys()
                shown = {p for p, part in unit.released().items() if not part.aside}
                counted = [p for p in waiting | shown if period.contains(unit.periods[p])]
                assert len(unit.finals[period]) + held == len(counted)
        bases = {base for unit in self.units for base in unit.periods.values()}
        for period in {found for base in bases for found in (base, *base.longer())}:
            figures = [unit.figure(period) for unit in self.units]
            self.states.update(figures, [frozenset().union(*figures)])


@dataclass(frozen=True)
class Round:
    """Some days go by, people answer (some late), answers are set aside, the publisher may run, all count again."""

    days: int
    answers: tuple[tuple[int, int, int], ...]  # unit, people, days since the day they name
    aside: tuple[int, int, bool]  # unit, people, the oldest of all?
    publish: bool
    restore: tuple[int, int]  # unit, people


UNIT = st.integers(0, 1)
ROUNDS = st.lists(
    st.builds(
        Round,
        days=st.integers(1, 20) | st.integers(60, 200),
        answers=st.lists(st.tuples(UNIT, st.integers(1, 12), st.integers(-2, 40)), max_size=4).map(tuple),
        aside=st.tuples(UNIT, st.integers(0, 30), st.booleans()),
        publish=st.booleans(),
        restore=st.tuples(UNIT, st.integers(0, 30)),
    ),
    max_size=12,
)
TERMS = st.builds(Terms, k=st.sampled_from([2, 3, 5, 10]), grace=st.integers(0, 30), kind=st.sampled_from(PeriodKind))


def live(terms: Terms, rounds: Iterable[Round]) -> Organisation:
    """An organisation that has been through the rounds, and through a last run long after."""
    organisation = Organisation(terms, date(2026, 1, 20))
    for one in rounds:
        organisation.today += timedelta(days=one.days)
        for unit, people, late in one.answers:
            organisation.answer(unit, people, organisation.today - timedelta(days=late))
        organisation.set_aside(*one.aside)
        if one.publish:
            organisation.publish()
        organisation.restore(*one.restore)
    organisation.today += timedelta(days=800)
    organisation.publish()
    return organisation


@settings(deadline=None, max_examples=200)
@given(TERMS, ROUNDS)
def test_no_comparison_of_published_states_narrows_an_answer_down_to_fewer_than_k_people(
    terms: Terms, rounds: list[Round]
) -> None:
    smallest = smallest_group(live(terms, rounds).states)
    assert smallest is None or smallest >= terms.k


@settings(deadline=None, max_examples=200)
@given(TERMS, ROUNDS)
def test_an_answer_is_in_one_block_at_most(terms: Terms, rounds: list[Round]) -> None:
    for unit in live(terms, rounds).units:
        assert max(Counter(p for part in unit.parts for p in part.people).values(), default=1) == 1


@settings(deadline=None, max_examples=200)
@given(TERMS, ROUNDS)
def test_a_final_file_changes_only_where_a_block_of_it_was_corrected(terms: Terms, rounds: list[Round]) -> None:
    for unit in live(terms, rounds).units:
        corrected = {period for period in unit.finals for home in unit.moved if period.contains(home)}
        assert all(unit.figure(period) == final for period, final in unit.finals.items() if period not in corrected)


@settings(deadline=None, max_examples=200)
@given(TERMS, ROUNDS)
def test_every_begun_period_is_closed_in_the_end(terms: Terms, rounds: list[Round]) -> None:
    for unit in live(terms, rounds).units:
        begun = set(unit.periods.values())
        assert unit.finals.keys() == {found for base in begun for found in (base, *base.longer())}


@settings(deadline=None, max_examples=200)
@given(TERMS, st.lists(st.tuples(st.integers(0, 400), st.integers(1, 9)), max_size=20), st.sets(st.integers(0, 500)))
def test_the_final_figures_do_not_depend_on_when_the_publisher_ran(
    terms: Terms, arrivals: list[tuple[int, int]], runs: set[int]
) -> None:
    def finals(days: set[int]) -> dict[Period, State]:
        organisation, start = Organisation(terms, date(2026, 1, 1), units=1), date(2026, 1, 1)
        for day in range(501):
            organisation.today = start + timedelta(days=day)
            for arrival, count in arrivals:
                if arrival == day:
                    organisation.answer(0, count, organisation.today)
            if day in days:
                organisation.publish()
        organisation.today += timedelta(days=800)
        organisation.publish()
        return organisation.units[0].finals

    assert finals(runs) == finals(set())


QUARTERS = tuple(parse_period(f"2026-TW{n}") for n in (1, 2, 3))
# Days of the brute force, each with the quarters in which an answer recorded then may count: the last two with none.
MOMENTS = (
    (date(2026, 2, 1), (0,)),
    (date(2026, 4, 3), (0, 1)),
    (date(2026, 7, 3), (1, 2)),
    (date(2026, 10, 8), ()),
    (date(2027, 1, 8), ()),
)


@dataclass(frozen=True)
class History:
    """A unit's history so far, as a value: alike ones are one. `counts` are the answers of each quarter."""

    counts: tuple[int, ...] = (0, 0, 0)
    blocks: frozenset[NewBlock] = frozenset()
    closed: frozenset[Period] = frozenset()
    states: frozenset[State] = frozenset()

    def answered_in(self, quarter: int) -> "History":
        """One more answer; the order among answers of different quarters changes nothing."""
        return replace(self, counts=tuple(n + (place == quarter) for place, n in enumerate(self.counts)))

    def published_on(self, today: date, k: int) -> "History":
        """The history after a run of the publisher; person 203 is the fourth of the third quarter."""
        periods = {place * 100 + i: QUARTERS[place] for place, n in enumerate(self.counts) for i in range(n)}
        homes = {person: block.home for block in self.blocks for person in block.members}
        decision = decide(
            [Waiting(person, period) for person, period in periods.items() if person not in homes],
            set(periods.values()) - self.closed,
            self.closed,
            today,
            lambda _: Terms(k, 7, PeriodKind.QUARTER),
            [Pooled(periods[person], home, 1) for person, home in homes.items() if home != periods[person]],
        )
        blocks = self.blocks | set(decision.blocks)
        closed = self.closed | {closing.period for closing in decision.closings}
        shown = {
            frozenset(p for block in blocks if released_in(period, block.home, closed) for p in block.members)
            for base in set(periods.values())
            for period in (base, *base.longer())
        }
        return replace(self, blocks=blocks, closed=closed, states=self.states | shown)


def histories(answers: int, k: int) -> set[History]:
    """Every history of at most `answers` answers, the publisher running or not after each of them."""
    found = {History()}
    for today, quarters in MOMENTS:
        fresh = found
        while fresh:
            steps = {history.published_on(today, k) for history in fresh}
            for quarter in quarters:
                steps |= {history.answered_in(quarter) for history in fresh if sum(history.counts) < answers}
            fresh = steps - found
            found |= fresh
    return {history.published_on(MOMENTS[-1][0], k) for history in found}


@pytest.mark.parametrize(("answers", "k"), [(8, 2), (9, 3)])
def test_every_small_history_of_three_quarters_keeps_at_least_k_people_together(answers: int, k: int) -> None:
    narrowed = [history for history in histories(answers, k) if (smallest_group(history.states) or k) < k]
    assert narrowed == []
