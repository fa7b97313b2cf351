"""data.json: the contract's fields, figures as strings that can be computed again from the counts."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

from generator.instruments import instrument, shipped
from generator.pages.data import encode, latest_release, unit_data
from skm.breakdown import Breakdowns, Row, to_mapping
from skm.breakdown_text import text_of
from skm.index import ikm, nrr, squares
from skm.interval import interval
from skm.periods import PeriodKind, parse_period
from skm.results import Correction, ReleasedBlock, Result, decimal_text
from skm.tally import Tally, tally
from skm.units import Organisation, Registry, Site, Unit

FORM = instrument("permenpan-14-2017")
UNIT = Unit("7k3q", "Loket Administrasi Kependudukan", "dukcapil", ("id",))
REGISTRY = Registry(
    Site("SKM", "http://127.0.0.1:8000"), (Organisation("dukcapil", "Dinas"),), (UNIT,), instruments=shipped()
)


def a_result(
    period: str = "2026-TW4", *, n: int = 12, value: int = 3, final: bool = True, held: int = 0, example: bool = False
) -> Result:
    home = parse_period(period)
    answers = [{item.key: value for item in FORM.items()} for _ in range(n)]
    counted = replace(tally(answers), squares=squares(answers, FORM))
    blocks = (ReleasedBlock(home, 1, counted, FORM.versi),) if n else ()
    return Result(UNIT.code, home, FORM.versi, blocks, final, held, example)


def data_of(*results: Result, unit: Unit = UNIT) -> dict:
    return json.loads(encode(unit_data(unit, REGISTRY.site.period, REGISTRY.instruments, results)))


def test_a_unit_without_results_has_latest_null_and_no_periods() -> None:
    assert data_of() == {"code": "7k3q", "name": UNIT.name, "latest": None, "periods": []}


def test_latest_is_the_newest_quarter_and_not_the_year_that_holds_it() -> None:
    assert data_of(a_result("2026"), a_result("2026-TW4"), a_result("2026-TW3"))["latest"]["period"] == "2026-TW4"


def test_latest_passes_over_a_period_in_which_nothing_could_be_released() -> None:
    assert data_of(a_result("2026-TW4", n=0, held=4), a_result("2026-TW3"))["latest"]["period"] == "2026-TW3"


def test_a_final_result_carries_figures_mutu_and_what_is_held_back() -> None:
    latest = data_of(a_result(held=4))["latest"]
    found = {key: latest[key] for key in ("n", "ikm", "mutu", "kinerja", "final", "held")}
    assert found == {"n": 12, "ikm": "75.00", "mutu": "C", "kinerja": "Kurang baik", "final": True, "held": 4}


def test_an_interim_result_has_neither_mutu_nor_a_held_count() -> None:
    latest = data_of(a_result(final=False))["latest"]
    assert (latest["mutu"], latest["kinerja"], "held" in latest) == (None, None, False)


def test_a_period_without_a_release_has_no_index() -> None:
    period = data_of(a_result(n=0, held=4))["periods"][0]
    assert (period["n"], period["ikm"], period["nrr"], period["counts"]) == (0, None, {}, {})


def test_the_figures_can_be_computed_again_from_the_counts() -> None:
    period = data_of(a_result(value=2))["periods"][0]
    again = Tally(period["n"], {item: tuple(counts) for item, counts in period["counts"].items()})
    assert period["ikm"] == decimal_text(ikm(nrr(again, FORM)))


def test_the_interval_can_be_computed_again_from_counts_and_squares() -> None:
    period = data_of(a_result(value=2))["periods"][0]
    counts = {item: tuple(counts) for item, counts in period["counts"].items()}
    again = interval(Tally(period["n"], counts, Fraction(period["squares"])), FORM)
    assert again is not None
    assert period["interval"] == [str(again.lo), str(again.hi)]


def test_a_final_period_has_the_word_for_its_interval_and_an_interim_one_has_none() -> None:
    final, interim = (data_of(a_result(final=final))["latest"] for final in (True, False))
    assert (final["keyakinan"], interim["keyakinan"]) == ("lemah", None)
    assert final["interval"] == interim["interval"]


def test_where_two_questionnaires_were_used_there_is_no_interval_and_the_earlier_is_named() -> None:
    result = a_result()
    earlier = replace(result.blocks[0], no=2, instrument="permenpan-14-2017.1.kesesuaian")
    period = data_of(replace(result, blocks=(earlier, *result.blocks)))["periods"][0]
    assert (period["interval"], period["keyakinan"], period["squares"]) == (None, None, None)
    assert period["earlier_instruments"] == ["permenpan-14-2017.1.kesesuaian"]


def test_the_index_without_biaya_stands_beside_the_index() -> None:
    assert data_of(a_result(value=2))["periods"][0]["ikm_without_biaya"] == "50.00"


def test_what_was_set_aside_noted_and_corrected_is_counted() -> None:
    result = a_result()
    moved = Correction(result.period, date(2027, 1, 20), 10, aside=True)
    noted = replace(result.blocks[0], noted=3)
    period = data_of(replace(result, set_aside=7, corrections=(moved,), blocks=(noted,)))["periods"][0]
    assert (period["set_aside"], period["noted"]) == (7, 3)
    assert period["corrections"] == [{"period": "2026-TW4", "day": "2027-01-20", "n": 10, "set_aside": True}]


def test_breakdowns_are_in_final_periods_only() -> None:
    told = Breakdowns(12, {"jenis_kelamin": (Row(("l",), 7), Row(("p", "-"), 5))})
    results = (replace(a_result(final=final), breakdown_text=text_of(told)) for final in (True, False))
    final, interim = (data_of(result)["periods"][0] for result in results)
    rows = [{"n": 7, "values": ["l"]}, {"n": 5, "values": ["p", "-"]}]
    assert final["breakdowns"] == {"n": 12, "rows": {"jenis_kelamin": rows}, "labels": {}}
    assert "breakdowns" not in interim


def test_breakdowns_are_written_as_the_encoder_would() -> None:
    rows = {"layanan": (Row(('KTP "baru"', "Akta é"), 12), Row(("-",), 0)), "channel": (Row(("qr",), 12),)}
    told = Breakdowns(12, rows, {"fast": (Row(("ya",), 0), Row(("tidak",), 12))}, aside=(Row(("spam",), 5),))
    plain = json.dumps({"breakdowns": to_mapping(told), "final": True}, ensure_ascii=False, sort_keys=True)
    assert encode([{"final": True, "breakdowns": text_of(told)}]) == f"[\n{plain}\n]\n"


def test_the_required_respondents_are_known_where_the_users_are() -> None:
    known, unknown = replace(UNIT, users_per_period=121), UNIT
    assert [data_of(a_result(), unit=unit)["periods"][0]["required"] for unit in (known, unknown)] == [92, None]


def test_figures_are_rounded_half_up_to_two_places() -> None:
    assert decimal_text(Fraction(64995, 1000)) == "65.00"


def test_only_simulated_results_say_that_they_are_an_example() -> None:
    periods = data_of(a_result("2026-TW4", example=True), a_result("2026-TW3"))["periods"]
    assert [period.get("example") for period in periods] == [True, None]


def test_where_no_period_of_the_length_was_published_the_newest_of_any_length_is_the_latest() -> None:
    year, quarter = a_result("2026"), a_result("2026-TW3")
    assert latest_release([year, quarter], PeriodKind.MONTH) is quarter


def test_where_nothing_was_published_there_is_no_latest_release() -> None:
    assert latest_release([], PeriodKind.QUARTER) is None
