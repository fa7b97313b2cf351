"""What a unit has published, computed once, and the open data file `/hasil/<code>/data.json` made from it."""

from collections.abc import Mapping, Sequence
from typing import Any

from skm import canonical
from skm.instrument import Instruments
from skm.interval import keyakinan
from skm.periods import PeriodKind
from skm.results import SQUARES_PLACES, Published, Result, computed, decimal_text
from skm.sample import table_row
from skm.units import Unit

_REMEMBERED = 256  # results
_recent: dict[int, Published] = {}


def published(result: Result, instruments: Instruments) -> Published:
    """A result computed by the form that it names; SkmError where that is not among `instruments`.

    Remembered for a while: several pages of a unit tell of the same results.
    """
    form, found = instruments.of_versi(result.instrument), _recent.get(id(result))
    if found is None or found.result is not result or found.instrument is not form:
        found = computed(result, form)
        if len(_recent) >= _REMEMBERED:
            _recent.clear()
        _recent[id(result)] = found
    return found


def latest_release(results: Sequence[Result], kind: PeriodKind) -> Result | None:
    """The newest result of this length with a released block; where there is none, the newest of any length; or None.

    None of this length: the registry changed it since, or the rests of several periods went out together.
    """
    released = [result for result in results if result.blocks]
    newest = max(released, key=lambda result: (result.period.first_day, -result.period.months), default=None)
    return next((result for result in released if result.period.kind is kind), newest)


def unit_data(unit: Unit, kind: PeriodKind, instruments: Instruments, results: Sequence[Result]) -> dict[str, Any]:
    """The content of a unit's data.json (docs/interface.md, "Files"): figures as strings, counts to recompute them.

    `latest` is a summary of the newest release of the registry's period length, `kind`, without the counts. Breakdowns
    stand in it as text, which `encode` writes. Nothing else of the registry is on it, so its name needs no more.
    """
    newest = latest_release(results, kind)
    return {
        "code": unit.code,
        "name": unit.name,
        "latest": _summary(published(newest, instruments)) if newest else None,
        "periods": [_whole(published(result, instruments), unit) for result in results],
    }


def _summary(found: Published) -> dict[str, Any]:
    result, figures = found.result, found.figures
    sure = figures.interval if figures else None
    without = figures.ikm_without_biaya if figures else None
    entry: dict[str, Any] = {
        "period": str(result.period),
        "n": found.tally.n,
        "ikm": decimal_text(figures.ikm) if figures else None,
        "ikm_without_biaya": decimal_text(without) if without is not None else None,
        "interval": [str(sure.lo), str(sure.hi)] if sure else None,
        "keyakinan": keyakinan(sure).value if sure and result.final else None,
        "mutu": figures.mutu.letter if figures and figures.mutu else None,
        "kinerja": figures.mutu.kinerja if figures and figures.mutu else None,
        "nrr": {key: decimal_text(value) for key, value in figures.nrr.items()} if figures else {},
        "final": result.final,
    }
    if result.final:
        entry |= {"held": result.held, "set_aside": result.set_aside}
    if result.example:
        entry["example"] = True
    return entry


def _whole(found: Published, unit: Unit) -> dict[str, Any]:
    """The summary, and what its figures can be computed again from."""
    result, squares, users = found.result, found.tally.squares, unit.users_in(found.result.period)
    entry = _summary(found) | {
        "instrument": result.instrument,
        "earlier_instruments": list(result.earlier_forms),
        "counts": {item: list(counts) for item, counts in found.tally.counts.items()},
        "squares": decimal_text(squares, SQUARES_PLACES) if squares is not None and found.figures else None,
        "required": table_row(users)[1] if users is not None else None,
        "noted": result.noted,
        "corrections": [
            {"period": str(one.home), "day": one.day.isoformat(), "n": one.n, "set_aside": one.aside}
            for one in result.corrections
        ],
    }
    if result.final:
        entry["breakdowns"] = result.breakdown_text
    if found.figures:
        entry["convention"] = found.figures.convention.value
    return entry


def encode(content: Mapping[str, Any] | Sequence[Any]) -> str:
    """Content that holds breakdowns as text, as `skm.canonical` would write it if they were values."""
    return canonical.encode(content, _entry)


def _entry(value: object) -> str:
    """An entry of a list; `breakdowns` is the first key of a period and most of it."""
    if not isinstance(value, dict) or "breakdowns" not in value:
        return canonical.text(value)
    rest = canonical.text({key: one for key, one in value.items() if key != "breakdowns"})
    return f'{{"breakdowns": {value["breakdowns"]}, {rest[1:]}'
