"""Where instruments are kept: those that come with the program, and an installation's own."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from skm.instrument import Biaya, Instrument, Instruments, instrument_from_mapping, instrument_to_mapping


@cache
def shipped() -> Instruments:
    """The instruments that come with the program, every version ever shipped."""
    folder = files("skm") / "instruments"
    found = [entry for entry in folder.iterdir() if entry.name.endswith(".json")]
    texts = [entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda entry: entry.name)]
    return Instruments(tuple(instrument_from_mapping(json.loads(text)) for text in texts))


def own_folder(registry_file: Path) -> Path:
    """Where an installation keeps its own, whether or not the folder exists: beside `units.yaml`."""
    return registry_file.parent / "site_src" / "instruments"


def own_files(registry_file: Path) -> Iterator[Path]:
    """The files of an installation's own instruments, sorted; hidden ones are an editor's."""
    folder = own_folder(registry_file)
    if folder.is_dir():
        yield from sorted(file for file in folder.glob("*.json") if not file.name.startswith("."))


def file_name(instrument: Instrument) -> str:
    """`<id>.<version>.json`: a new version is a new file, the old one stays."""
    return f"{instrument.id}.{instrument.version}.json"


def gone_file(instrument: Instrument) -> str:
    """Where a published repository keeps one that is gone, below its folder of instruments: no form shows it again."""
    return f"gone/{file_name(instrument)}"


def published_files(site_src: Path) -> list[Path]:
    """The files of every instrument that a published repository holds, those that are gone included."""
    folder = site_src / "instruments"
    return sorted(folder.glob("*.json")) + sorted((folder / "gone").glob("*.json"))


def file_content(instrument: Instrument) -> bytes:
    """What its file says, for one that is gone."""
    return (json.dumps(instrument_to_mapping(instrument), ensure_ascii=False, indent=1) + "\n").encode()


def instrument(instrument_id: str, biaya: Biaya = Biaya.OFFICIAL) -> Instrument:
    """A shipped instrument in the variant that asks for biaya in this way."""
    return shipped().newest(instrument_id).with_biaya(biaya)
