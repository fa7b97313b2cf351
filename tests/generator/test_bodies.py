"""Stamped pieces: Jinja's own bytes, every text escaped once."""

import pytest
from markupsafe import Markup

from generator.pages import bodies
from skm.index import MUTU_TABLE

SAY = bodies.sayer("results")
PERIOD = "results_macros.html#period"
ROW = {"name": "Tahun 2026", "ikm": "80,00", "range": "", "mutu": MUTU_TABLE[1], "n": "12", "notes": Markup("")}


def rendered(name: str, n: str) -> str:
    lines = Markup('<tr><th scope="row">{}</th><td class="skm-number">{}</td><td class="skm-number">40 %</td></tr>\n')
    return lines.format(name, n)


@pytest.mark.parametrize("name", ["Loket", "O'Brien & <b>", "&amp;", "{{ n }} %s {0}", "SUKMAXNXSUKMA"])
def test_a_text_is_escaped_once_and_is_no_instruction(name: str) -> None:
    assert bodies.stamped("results_macros.html#line", SAY, name=name, n="4", share="40 %") == rendered(name, "4")


def test_a_text_that_is_empty_is_not_there() -> None:
    assert "skm-note" not in bodies.stamped(PERIOD, SAY, **ROW)
    assert "skm-note" in bodies.stamped(PERIOD, SAY, **(ROW | {"range": "70–90"}))


def test_another_value_than_a_text_has_a_stamp_of_its_own() -> None:
    stamped = [bodies.stamped(PERIOD, SAY, **(ROW | {"mutu": mutu})) for mutu in (*MUTU_TABLE, None)]
    assert [text.count("skm-mutu-") for text in stamped] == [1, 1, 1, 1, 0]
    assert len(set(stamped)) == 5


def test_markup_stays_markup() -> None:
    assert "<b>sementara</b>" in bodies.stamped(PERIOD, SAY, **(ROW | {"notes": Markup("<b>sementara</b>")}))
