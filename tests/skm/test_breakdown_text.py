"""Breakdowns in files: handed on as text, and refused where a row is one that nobody may see."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skm import breakdown, canonical
from skm.breakdown import MIN_CELL, Breakdowns, Row
from skm.breakdown_text import loads, text_of
from skm.errors import SkmError

TOLD = Breakdowns(
    12,
    {"usia": (Row(("<18", "18-25"), 5), Row(("-",), 7)), "channel": (Row(("qr",), 12), Row(("tenda",), 0))},
    {"fast": (Row(("ya",), 0), Row(("tidak",), 12))},
    (Row(("spam",), 5),),
)
NAMES = st.text(min_size=1, max_size=4)
COUNTS = st.one_of(st.just(0), st.integers(MIN_CELL, 40))


@st.composite
def found(draw: st.DrawFn) -> Breakdowns:
    """Any breakdowns that a file may hold, with any letters in names and values."""

    def rows(n: int) -> tuple[Row, ...]:
        values = draw(st.lists(NAMES, min_size=2, max_size=5, unique=True))
        return Row((values[0],), n), *(Row((value,), 0) for value in values[1:])

    n = draw(COUNTS)
    # No label is called like an attribute.
    named = [{f"{kind}{name}": rows(n) for name in draw(st.lists(NAMES, max_size=3))} for kind in "al"]
    return Breakdowns(n, named[0], named[1], draw(st.sampled_from([None, rows(draw(COUNTS))])))


def content(told: Any = TOLD, **more: Any) -> str:
    mapping = breakdown.to_mapping(told) if isinstance(told, Breakdowns) else told
    return canonical.encode({"breakdowns": mapping, "final": True, **more})


@given(found(), st.booleans())
def test_breakdowns_are_handed_on_as_they_are_written(told: Breakdowns, indented: bool) -> None:
    text = content(told)
    read = loads(json.dumps(json.loads(text), indent=1) if indented else text)
    assert read == {"breakdowns": text_of(told), "final": True}
    assert read["breakdowns"].breakdowns == told


def test_rows_are_not_read_before_somebody_asks() -> None:
    with patch.object(breakdown, "from_mapping", side_effect=AssertionError("read")):
        assert loads(content())["breakdowns"] == text_of(TOLD)


def test_the_rows_of_one_name_are_read_alone() -> None:
    with patch.object(breakdown, "from_mapping", side_effect=AssertionError("read")):
        told = loads(content())["breakdowns"]
        assert (told.rows("usia"), told.rows("fast")) == (TOLD.rows["usia"], TOLD.labels["fast"])
    assert told.rows("burst") == ()


@given(found())
def test_the_rows_of_any_name_are_those_of_the_whole(told: Breakdowns) -> None:
    for name in {*told.rows, *told.labels, "week"}:
        assert text_of(told).rows(name) == (told.labels.get(name) or told.rows.get(name, ()))


def test_each_period_of_a_unit_has_its_own() -> None:
    entries = [{"breakdowns": breakdown.to_mapping(told), "n": told.n} for told in (TOLD, Breakdowns(0))]
    read = loads(canonical.encode({"periods": [*entries, {"n": 3}]}))["periods"]
    assert [entry.get("breakdowns") for entry in read] == [text_of(TOLD), text_of(Breakdowns(0)), None]


@pytest.mark.parametrize(
    ("written", "instead", "reason"),
    [
        ('{"n": 5, "values": ["<18"', '{"n": 4, "values": ["<18"', "a row of 4 is under 5"),
        ('{"n": 7, ', '{"n": 6, ', "breakdown usia: its rows do not add up to 12"),
        ('{"n": 0, "values": ["ya"', '{"n": 5, "values": ["ya"', "breakdown fast: its rows do not add up to 12"),
        ('{"n": 5, "values": ["spam"', '{"n": 1, "values": ["spam"', "a row of 1 is under 5"),
        ('{"n": 7, ', '{"n": 7.5, ', "not texts with a number"),
        ('["spam"]', "[3]", "not texts with a number"),
        ('"labels": {', '"label": {', "'labels' is missing"),
        ('["tenda"]', '["qr"]', "breakdown channel: each value is in one row"),
        ('["<18", "18-25"]', '["<18", "<18"]', "breakdown usia: each value is in one row"),
        ('["spam"]', '["spam", "spam"]', "breakdown aside: each value is in one row"),
        ('"n": 12, "rows"', '"n": 1e999, "rows"', "cannot convert float infinity"),
    ],
)
def test_what_nobody_may_see_is_refused(written: str, instead: str, reason: str) -> None:
    text = content()
    assert written in text
    with pytest.raises(SkmError, match=reason):
        loads(text.replace(written, instead))


@pytest.mark.parametrize("value", [None, 0, 7, True, "0", [], {}])
def test_a_value_that_is_no_breakdown_is_refused(value: object) -> None:
    with pytest.raises(SkmError, match="breakdowns"):
        loads(content(value))


def test_false_is_no_breakdown_though_another_object_has_one() -> None:
    with pytest.raises(SkmError, match="breakdowns"):
        loads(content(False, aaa={"breakdowns": breakdown.to_mapping(TOLD)}))


def test_a_name_cannot_end_a_table_early() -> None:
    """A closing bracket in a value does not divide a table into two that add up."""
    rows = (Row(("a}]",), 12), Row(("b",), 12))
    with pytest.raises(SkmError, match="do not add up"):
        loads(content(Breakdowns(12, {"layanan": rows})))


def test_names_out_of_order_or_given_twice_are_put_in_order() -> None:
    """What is handed on is canonical: an open data file has each name once, and a page the rows that stand in it."""
    channel = '"channel": [{"n": 12, "values": ["qr"]}, {"n": 0, "values": ["tenda"]}]'
    assert channel in content()
    twice = content().replace(channel, f'"channel": [{{"n": 12, "values": ["kiosk"]}}], {channel}')
    behind = content().replace(f"{channel}, ", "").replace('["-"]}]', f'["-"]}}], {channel}')
    assert [loads(one)["breakdowns"] for one in (twice, behind)] == [text_of(TOLD)] * 2


def test_half_of_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates not allowed"):
        loads(content().replace('["-"]', '["\\ud800"]'))


@pytest.mark.parametrize("periods", [None, 5, "text", {"breakdowns": 1}, [3]])
def test_periods_that_are_none_are_left_alone(periods: object) -> None:
    assert loads(content(periods=periods))["periods"] == periods


def test_a_file_cut_short_is_none() -> None:
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
        loads(content()[:-20])
