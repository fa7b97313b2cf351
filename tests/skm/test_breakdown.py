"""Who answered, in rows that no reader of every published file can narrow to fewer than five people."""

import json
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skm.breakdown import (
    MIN_CELL,
    UNSTATED,
    WITH,
    WITHOUT,
    Breakdowns,
    Respondent,
    Row,
    Rows,
    breakdowns,
    by_ladder,
    from_mapping,
    in_order,
    iso_week,
    to_mapping,
    total,
    weeks_of,
)
from skm.errors import SkmError
from skm.instrument import Ladder
from skm.periods import parse_period
from skm.responses import CHANNELS

SEX: Ladder = ((("l",), ("p",)),)
AGE: Ladder = ((("<18",), ("18-25",), (">25",)), (("<18", "18-25"), (">25",)))
SCHOOL: Ladder = ((("sd",), ("smp",), ("sma",), ("s1",)), (("sd", "smp"), ("sma", "s1")))
LADDERS = {"jenis_kelamin": SEX, "usia": AGE, "pendidikan": SCHOOL}
SERVICES = ("KTP", "KK", "Akta")
WEEKS = ("2026-W40", "2026-W41", "2026-W42")
LABELS = ("straight_line", "fast")
FEW = settings(deadline=None, max_examples=60)


def ok(n: int) -> bool:
    """May be printed."""
    return n == 0 or n >= MIN_CELL


def row(text: str, n: int) -> Row:
    """`row("l p", 7)`."""
    return Row(tuple(text.split()), n)


def people(n: int, week: str = WEEKS[0], channel: str = "qr", **attributes: str) -> list[Respondent]:
    """`n` people alike."""
    return [Respondent(week, channel, attributes)] * n


def labelled(n: int, *labels: str) -> list[Respondent]:
    """`n` people with the labels and without attributes."""
    return [Respondent(WEEKS[0], labels=frozenset(labels))] * n


def as_sets(found: Breakdowns) -> dict[str, set[tuple[frozenset[str], int]]]:
    """All its breakdowns without the order of rows and values."""
    return {name: {(frozenset(r.values), r.n) for r in rows} for name, rows in every(found).items()}


def broken_down(respondents: Sequence[Respondent], **reasons: int) -> Breakdowns:
    """With the ladders, services, weeks and labels of this page."""
    return breakdowns(respondents, LADDERS, SERVICES, WEEKS, LABELS, reasons)


def every(found: Breakdowns) -> dict[str, Rows]:
    """All its breakdowns by name."""
    aside = {"aside": found.aside} if found.aside is not None else {}
    return {**found.rows, **{f"label {name}": rows for name, rows in found.labels.items()}, **aside}


@st.composite
def respondent(draw: st.DrawFn) -> Respondent:
    """A child states its age and nothing else of itself."""
    stated = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "jenis_kelamin": st.sampled_from("lp"),
                "usia": st.sampled_from(["<18", "18-25", ">25"]),
                "pendidikan": st.sampled_from(["sd", "smp", "sma", "s1"]),
            },
        )
    )
    if stated.get("usia") == "<18":
        stated = {"usia": "<18"}
    if service := draw(st.sampled_from((*SERVICES, "Surat pindah", ""))):
        stated["layanan"] = service
    labels = draw(st.frozensets(st.sampled_from(LABELS)))
    return Respondent(draw(st.sampled_from(WEEKS)), draw(st.sampled_from(CHANNELS)), stated, labels)


@st.composite
def mixed_file(draw: st.DrawFn) -> Breakdowns:
    """A final file whose people resemble each other more or less: few kinds, each of several people."""
    kinds = draw(st.lists(st.tuples(respondent(), st.integers(1, 9)), min_size=1, max_size=8))
    reasons = draw(st.fixed_dictionaries({"double": st.integers(0, 8), "test": st.integers(0, 8)}))
    return broken_down([person for person, n in kinds for _ in range(n)], **reasons)


# Rows of the ladder


def test_a_breakdown_is_as_fine_as_the_ladder_where_no_row_is_small() -> None:
    assert by_ladder({"l": 7, "p": 5, UNSTATED: 6}, SEX) == (row("l", 7), row("p", 5), row("-", 6))


def test_a_value_that_nobody_has_is_printed_as_nobody() -> None:
    assert by_ladder({"l": 7}, SEX) == (row("l", 7), row("p", 0), row("-", 0))


def test_few_people_who_left_the_question_empty_join_the_last_row() -> None:
    assert by_ladder({"l": 7, "p": 9, UNSTATED: 2}, SEX) == (row("l", 7), row("p -", 11))


def test_a_small_row_sends_the_whole_attribute_one_rung_up() -> None:
    found = by_ladder({"sd": 2, "smp": 4, "sma": 20, "s1": 9}, SCHOOL)
    assert found == (row("sd smp", 6), row("sma s1", 29), row("-", 0))


def test_where_no_rung_hides_the_few_one_row_holds_everybody() -> None:
    assert by_ladder({"l": 3, "p": 30}, SEX) == (row("l p -", 33),)


def test_a_value_that_the_ladder_does_not_hold_is_named() -> None:
    with pytest.raises(SkmError, match="no row of the ladder holds x"):
        by_ladder({"l": 9, "x": 9}, SEX)


@pytest.mark.parametrize("rungs", [((("l",), ("p",)), (("l",),)), ((("l",), ("l", "p")),)])
def test_a_ladder_holds_each_value_once_on_every_rung(rungs: Ladder) -> None:
    with pytest.raises(SkmError, match="each value once"):
        by_ladder({"l": 9}, rungs)


# Rows of neighbours


@pytest.mark.parametrize(
    ("counts", "rows"),
    [
        ((5, 0, 7), (row("a", 5), row("b", 0), row("c", 7))),
        ((2, 3, 7), (row("a b", 5), row("c", 7))),
        ((2, 0, 7), (row("a b c", 9),)),
        ((9, 1, 4), (row("a", 9), row("b c", 5))),
        ((9, 7, 1), (row("a", 9), row("b c", 8))),
        ((9, 0, 1), (row("a b c", 10),)),
    ],
)
def test_small_rows_grow_to_the_right_and_a_small_last_one_joins_the_left(counts: tuple[int, ...], rows: Rows) -> None:
    assert in_order(dict(zip("abc", counts, strict=True)), "abc") == rows


def test_a_service_that_left_the_registry_still_counts_under_its_name() -> None:
    found = broken_down(people(6, layanan="Surat pindah") + people(7))
    assert found.rows["layanan"][-2:] == (Row(("Surat pindah",), 6), row("-", 7))


def test_answers_per_week_name_the_quiet_weeks_too() -> None:
    found = broken_down(people(6, "2026-W40") + people(5, "2026-W42"))
    assert found.rows["week"] == (row("2026-W40", 6), row("2026-W41", 0), row("2026-W42", 5))


def test_the_weeks_of_a_quarter_begin_and_end_with_its_days() -> None:
    weeks = weeks_of(parse_period("2026-TW4"))
    assert (weeks[0], weeks[-1], len(weeks)) == ("2026-W40", "2026-W53", 14)


def test_new_year_may_fall_in_the_last_week_of_the_old_one() -> None:
    assert iso_week(parse_period("2027").first_day) == "2026-W53"


# All breakdowns of a file


def test_a_label_that_few_carry_is_not_told_from_the_rest() -> None:
    found = broken_down(labelled(4, "fast") + labelled(5, "straight_line") + people(9))
    assert found.labels == {
        "fast": (Row((WITH, WITHOUT), 18),),
        "straight_line": (Row((WITH,), 5), Row((WITHOUT,), 13)),
    }


def test_those_set_aside_are_counted_by_reason_beside_the_n() -> None:
    found = broken_down(people(12), double=6, test=2, spam=4)
    assert (found.n, found.aside) == (12, (row("double", 6), row("test spam", 6)))


def test_of_fewer_than_five_set_aside_nothing_is_printed() -> None:
    assert broken_down(people(12), double=2, test=2).aside is None


def test_fewer_than_five_people_have_no_breakdown() -> None:
    assert broken_down(people(4)) == Breakdowns(4, aside=broken_down([]).aside)


def test_the_few_adults_beside_a_printed_number_of_children_are_not_told_by_subtraction() -> None:
    children, adults = people(6, usia="<18"), people(9, usia=">25", jenis_kelamin="l")
    found = broken_down(children + adults + people(9, usia=">25", jenis_kelamin="p") + people(2, usia=">25"))
    assert found.rows["usia"][0] == row("<18", 6)
    assert found.rows["jenis_kelamin"] == (row("l", 9), row("p -", 17))


@FEW
@given(mixed_file())
def test_every_printed_row_is_nobody_or_at_least_five_people(found: Breakdowns) -> None:
    assert all(ok(printed.n) for rows in every(found).values() for printed in rows)


@FEW
@given(mixed_file())
def test_the_rows_hold_every_value_once_and_everybody(found: Breakdowns) -> None:
    for name, rows in every(found).items():
        values = [value for printed in rows for value in printed.values]
        assert len(values) == len(set(values)), name
        assert sum(printed.n for printed in rows) == found.n or name == "aside"


@FEW
@given(st.lists(respondent(), min_size=5, max_size=60), st.randoms())
def test_the_order_of_the_answers_leaves_no_trace(people: list[Respondent], random: Any) -> None:
    shuffled = random.sample(people, len(people))
    assert broken_down(shuffled) == broken_down(people)


# What the choice of the rows tells

Cells = tuple[int, ...]


def splits(n: int, cells: int) -> Iterator[Cells]:
    """Every way to put n people into so many cells."""
    if cells == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in splits(n - first, cells - 1):
            yield first, *rest


def few_told(states: Iterable[tuple[Cells, Hashable]]) -> list[tuple[Hashable, tuple[int, ...], int]]:
    """(what is printed, cells, their people) wherever what is printed leaves one possible number under five.

    `states`: every possible truth with what is printed of it; sums of cells are tried as well.
    """
    possible: defaultdict[Hashable, list[Cells]] = defaultdict(list)
    for cells, printed in states:
        possible[printed].append(cells)
    told = []
    for printed, truths in possible.items():
        for size in range(1, len(truths[0]) + 1):
            for chosen in combinations(range(len(truths[0])), size):
                numbers = {sum(truth[cell] for cell in chosen) for truth in truths}
                if len(numbers) == 1 and not ok(min(numbers)):
                    told.append((printed, chosen, min(numbers)))
    return told


@pytest.mark.parametrize("n", [5, 9, 12, 17])
def test_no_few_follow_from_the_rows_of_neighbours_and_the_rule(n: int) -> None:
    states = ((cells, in_order(dict(zip("abcd", cells, strict=True)), "abcd")) for cells in splits(n, 4))
    assert few_told(states) == []


@pytest.mark.parametrize("n", [5, 9, 12, 14])
def test_no_few_follow_from_the_rows_of_a_ladder_and_the_rule(n: int) -> None:
    values = ("sd", "smp", "sma", "s1", UNSTATED)
    states = ((cells, by_ladder(dict(zip(values, cells, strict=True)), SCHOOL)) for cells in splits(n, 5))
    assert few_told(states) == []


def rest_row(cells: Cells) -> Rows:
    """The rule that was not chosen: all that is small in one row, with the next smallest where that is small."""
    ordered = sorted(zip(cells, "abcd", strict=True))
    rest = [(n, value) for n, value in ordered if not ok(n)]
    others = [(n, value) for n, value in ordered if ok(n)]
    while rest and others and not ok(sum(n for n, _ in rest)):
        rest.append(others.pop(0))
    return (*(Row((value,), n) for n, value in others), Row(tuple(value for _, value in rest), sum(n for n, _ in rest)))


def test_one_rest_row_for_all_that_is_small_would_tell_the_few() -> None:
    assert few_told((cells, rest_row(cells)) for cells in splits(13, 4))


def age_and_sex(children: int, ages: Cells, sexes: Cells) -> tuple[Rows, Rows]:
    """What a file prints of so many children and of adults by age (18-25, >25, empty) and by sex (l, p, empty)."""
    aged = [age for age, n in zip(("18-25", ">25", ""), ages, strict=True) for _ in range(n)]
    sexed = [sex for sex, n in zip(("l", "p", ""), sexes, strict=True) for _ in range(n)]
    adults = [
        {name: value for name, value in (("usia", age), ("jenis_kelamin", sex)) if value}
        for age, sex in zip(aged, sexed, strict=True)
    ]
    crowd = [Respondent(WEEKS[0], attributes=stated) for stated in [*adults, *[{"usia": "<18"}] * children]]
    found = breakdowns(crowd, {"jenis_kelamin": SEX, "usia": AGE}, (), WEEKS, (), {})
    return found.rows["usia"], found.rows["jenis_kelamin"]


def test_no_few_follow_from_age_and_sex_together_though_children_state_no_sex() -> None:
    def states() -> Iterator[tuple[Cells, Hashable]]:
        for children in range(12):
            for ages in splits(11 - children, 3):
                for sexes in splits(11 - children, 3):
                    yield (children, *sexes), age_and_sex(children, ages, sexes)

    assert few_told(states()) == []


# Totals


def test_a_total_joins_the_rows_that_share_a_value() -> None:
    fine = Breakdowns(18, {"s": (row("a", 5), row("b", 6), row("c", 7))})
    coarse = Breakdowns(15, {"s": (row("a b", 9), row("c", 6))})
    assert total([fine, coarse]) == Breakdowns(33, {"s": (row("a b", 20), row("c", 13))})


def test_rows_that_share_values_by_way_of_others_are_one_row() -> None:
    parts = [Breakdowns(r.n, {"s": (r,)}) for r in (row("a b", 5), row("c d", 7), row("d b", 6), row("b a", 9))]
    assert total(parts).rows == {"s": (row("a b c d", 27),)}


def test_a_part_that_shows_nothing_lets_its_total_show_nothing() -> None:
    hidden = broken_down(people(3, jenis_kelamin="l") + people(9, jenis_kelamin="p"))
    shown = broken_down(people(30, jenis_kelamin="l") + people(30, jenis_kelamin="p"))
    assert total([hidden, shown]).rows["jenis_kelamin"] == (row("l p -", 72),)


def test_a_breakdown_that_a_part_lacks_is_in_no_total() -> None:
    labelled_part = Breakdowns(9, {}, {"fast": (Row((WITH, WITHOUT), 9),)}, aside=(row("double", 5),))
    assert total([labelled_part, Breakdowns(9)]) == Breakdowns(18)


def test_nothing_adds_up_to_nothing() -> None:
    assert total([]) == Breakdowns(0)


def test_weeks_of_two_quarters_meet_in_the_week_that_both_share() -> None:
    third = Breakdowns(12, {"week": (row("2026-W39", 7), row("2026-W40", 5))})
    fourth = Breakdowns(14, {"week": (row("2026-W40 2026-W41", 6), row("2026-W42", 8))})
    joined = (row("2026-W39", 7), row("2026-W40 2026-W41", 11), row("2026-W42", 8))
    assert total([third, fourth]).rows["week"] == joined


def remaining(whole: Rows, parts: Iterable[Rows]) -> list[int]:
    """Row by row, the total minus what the parts print of it."""
    printed: Counter[str] = Counter()
    for rows in parts:
        for part in rows:
            printed[part.values[0]] += part.n
    return [joined.n - sum(printed[value] for value in joined.values) for joined in whole]


@FEW
@given(st.lists(mixed_file(), min_size=1, max_size=4))
def test_a_total_minus_any_of_its_parts_is_nobody_or_at_least_five_people_in_each_row(parts: list[Breakdowns]) -> None:
    for name, whole in every(total(parts)).items():
        for size in range(len(parts) + 1):
            for taken in combinations(parts, size):
                assert all(map(ok, remaining(whole, [every(part)[name] for part in taken]))), name


@FEW
@given(st.lists(mixed_file(), min_size=1, max_size=4))
def test_each_row_of_a_part_lies_within_one_row_of_the_total(parts: list[Breakdowns]) -> None:
    for name, whole in every(total(parts)).items():
        for part in parts:
            for printed in every(part)[name]:
                assert sum(set(printed.values) <= set(joined.values) for joined in whole) == 1, name


@FEW
@given(mixed_file(), mixed_file(), mixed_file())
def test_a_total_of_totals_is_the_total_of_all(a: Breakdowns, b: Breakdowns, c: Breakdowns) -> None:
    assert as_sets(total([total([a, b]), c])) == as_sets(total([a, b, c]))


@FEW
@given(mixed_file(), mixed_file())
def test_the_order_of_the_parts_changes_no_row(a: Breakdowns, b: Breakdowns) -> None:
    assert as_sets(total([a, b])) == as_sets(total([b, a]))


# As a file


@FEW
@given(mixed_file())
def test_a_file_gives_back_the_breakdowns_that_were_written(found: Breakdowns) -> None:
    assert from_mapping(json.loads(json.dumps(to_mapping(found)))) == found


def test_the_file_names_values_and_people_of_each_row() -> None:
    found = Breakdowns(12, {"usia": (row("<18 18-25", 5), row(">25", 7))}, {"fast": (Row((WITH, WITHOUT), 12),)})
    assert to_mapping(found) == {
        "n": 12,
        "rows": {"usia": [{"values": ["<18", "18-25"], "n": 5}, {"values": [">25"], "n": 7}]},
        "labels": {"fast": [{"values": ["ya", "tidak"], "n": 12}]},
    }


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{"values": ["l"], "n": 4}, {"values": ["p"], "n": 8}], "a row of 4 is under 5"),
        ([{"values": ["l"], "n": -5}, {"values": ["p"], "n": 17}], "a row of -5 is under 5"),
        ([{"values": ["l"], "n": 5}, {"values": ["p"], "n": 8}], "do not add up to 12"),
        ([{"values": ["l"], "n": 5}, {"values": ["l"], "n": 7}], "each value is in one row"),
        ([{"values": [], "n": 12}], "each value is in one row"),
        ([{"values": ["l"], "n": "12"}], "not texts with a number"),
        ([{"values": [1], "n": 12}], "not texts with a number"),
        ([{"values": [["l"]], "n": 12}], "missing or wrong"),
        ([{"n": 12}], "'values' is missing or wrong"),
        ([12], "missing or wrong"),
    ],
)
def test_a_file_that_prints_what_nobody_may_see_is_refused(rows: list[Any], sentence: str) -> None:
    with pytest.raises(SkmError, match=sentence):
        from_mapping({"n": 12, "rows": {"jenis_kelamin": rows}, "labels": {}})


def test_what_is_no_breakdown_is_refused() -> None:
    with pytest.raises(SkmError, match="'n' is missing"):
        from_mapping({})
