"""Synthetic answers through the real intake: for demonstrations and benches, never beside citizens' answers."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from form_backend.intake import Intake
from skm.instrument import SCALE, Instrument
from skm.periods import Period
from skm.responses import ATTRIBUTES, SIMULATED, UNDER_AGE, Response
from skm.units import Site, Unit

BATCH = 500  # answers a transaction
_OPENS, _CLOSES = time(8), time(16)
_ANSWERS_ATTRIBUTES = 0.8  # share of people who fill the optional header


def simulate(
    intake: Intake, units: Sequence[Unit], site: Site, period: Period, answers: int, seed: int, now: datetime
) -> int:
    """Record `answers` synthetic answers spread over `units`, their clock inside the period and not after `now`.

    Each unit has a level and weak spots of its own that drift from period to period. Equal input, equal answers.
    """
    dice = random.Random(f"{seed} {period}")
    pace = sorted(_instants(dice, site, period, answers, now))
    forms = {unit.code: intake.registry().instrument(unit) for unit in units}
    traits = {unit.code: _traits(seed, unit, period, forms[unit.code]) for unit in units}
    drawn = []
    for instant in pace:
        unit = dice.choice(units)
        drawn.append((unit, _response(dice, unit, forms[unit.code], traits[unit.code]), instant))
    for start in range(0, len(drawn), BATCH):
        intake.record_many(drawn[start : start + BATCH])
    return len(drawn)


def _instants(dice: random.Random, site: Site, period: Period, answers: int, now: datetime) -> Iterator[datetime]:
    zone = ZoneInfo(site.timezone)
    first = datetime.combine(period.first_day, _OPENS, zone)
    days = (min(period.last_day, now.astimezone(zone).date()) - period.first_day).days + 1
    for _ in range(answers):
        day = first + timedelta(days=dice.randrange(days))
        instant = day + timedelta(hours=dice.uniform(0, _CLOSES.hour - _OPENS.hour))
        yield max(first, min(instant, now)).astimezone(UTC)


def _traits(seed: int, unit: Unit, period: Period, form: Instrument) -> Mapping[str, float]:
    """How well the unit does per item (mean 1..4): its own level, its own weak spots, a little drift."""
    lasting, passing = random.Random(f"{seed} {unit.code}"), random.Random(f"{seed} {unit.code} {period}")
    level = lasting.uniform(2.9, 3.6) + passing.uniform(-0.1, 0.1)
    return {item.key: level + lasting.gauss(0, 0.18) + passing.gauss(0, 0.05) for item in form.items()}


def _response(dice: random.Random, unit: Unit, form: Instrument, traits: Mapping[str, float]) -> Response:
    mood = dice.gauss(0, 0.45)
    answers = {
        key: min(max(round(mean + mood + dice.gauss(0, 0.45)), SCALE[0]), SCALE[-1]) for key, mean in traits.items()
    }
    attributes = {}
    if dice.random() < _ANSWERS_ATTRIBUTES:
        attributes = {name: dice.choice(choices) for name, choices in ATTRIBUTES.items()}
        if attributes["usia"] == UNDER_AGE:
            attributes = {"usia": UNDER_AGE}
    if unit.services:
        attributes["layanan"] = dice.choice(unit.services)
    return Response(
        answers=answers,
        versi=form.versi,
        attributes=attributes,
        durasi=int(dice.lognormvariate(4.6, 0.4)),
        channel=SIMULATED,
    )
