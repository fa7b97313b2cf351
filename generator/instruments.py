"""Reads the shipped instruments: the edge where their JSON becomes values."""

import json
from functools import cache
from importlib.resources import files

from skm.errors import SkmError
from skm.instrument import Instrument, instrument_from_mapping
from skm.responses import Form
from skm.units import Biaya, Site, Unit


def shipped() -> tuple[str, ...]:
    """The ids of the instruments that come with the program."""
    folder = files("skm") / "instruments"
    return tuple(sorted(entry.name.removesuffix(".json") for entry in folder.iterdir() if entry.name.endswith(".json")))


@cache
def instrument(instrument_id: str, biaya: Biaya = Biaya.OFFICIAL) -> Instrument:
    """An instrument in the variant that asks for biaya in this way."""
    if biaya is not Biaya.OFFICIAL:
        return instrument(instrument_id).with_biaya(biaya)
    text = (files("skm") / "instruments" / f"{instrument_id}.json").read_text(encoding="utf-8")
    return instrument_from_mapping(json.loads(text))


@cache
def instrument_of_versi(versi: str) -> Instrument:
    """The instrument that a result or an answer names; SkmError where no such form was ever shipped."""
    match versi.rsplit(".", 2):
        case [instrument_id, version, biaya] if instrument_id in shipped() and biaya in list(Biaya):
            found = instrument(instrument_id, Biaya(biaya))
            if str(found.version) == version:
                return found
    raise SkmError(f"{versi!r} names no form of this program")


def form_of(unit: Unit, site: Site) -> Form:
    """The form that a unit shows."""
    return Form(instrument(site.instrument, unit.biaya), unit.services)
