"""East Java as an installation: a registry of 9.160 real places, results over eight closed quarters, its database.

The places come from `../shared/data/jatim_wilayah.csv`; everything that is said about them is made up by a seed. People
are drawn as `sukma simulate` draws them, a few hundred samples of them, and every unit and quarter has one of these:
their tallies, breakdowns, files and rows are made by the publisher's own code.
"""

import csv
import json
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, partial
from pathlib import Path

from form_backend.publish import result_of
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import open_store
from form_backend.store.releases import ClosedPeriod, UnitHistory
from generator.instruments import instrument
from generator.registry import read_registry
from generator.workers import in_chunks
from skm.breakdown import Breakdowns, Respondent, breakdowns, iso_week, to_mapping, weeks_of
from skm.codes import word
from skm.index import squares
from skm.instrument import Biaya
from skm.integrity import LABELS
from skm.periods import Period, PeriodKind, period_of
from skm.results import ReleasedBlock, encode
from skm.tally import tally
from skm.units import Registry, Unit
from sukma.simulate import _response, _traits

PLACES = Path(__file__).parents[2] / "shared" / "data" / "jatim_wilayah.csv"
_WORDS = Path(__file__).parents[1] / "site_src"
TODAY = date(2026, 11, 24)
QUARTERS = 8
SAMPLES = 40  # of each kind of office and way of asking for biaya
_LEAST, _MOST, _BLOCK = 20, 50, 25  # people of a unit and quarter, and in a block
_MADURA = ("35.26", "35.27", "35.28", "35.29")
_SERVICES = (
    ("Surat pengantar KTP elektronik", "Surat pengantar Kartu Keluarga", "Surat keterangan usaha"),
    ("Surat pengantar KTP elektronik", "Surat keterangan tidak mampu"),
    ("Surat keterangan domisili",),
    ("Legalisasi", "Rekomendasi izin", "Surat pengantar nikah", "Pengaduan masyarakat", "Dispensasi nikah"),
)
_SITE = """\
site:
  title: Survei Kepuasan Masyarakat Jawa Timur
  url: http://127.0.0.1:8000
  languages: [id, en]
include: [units.d/*.yaml]
organisations:
  - {id: jatim, name: Pemerintah Provinsi Jawa Timur, kode_wilayah: "35"}
"""


def registry_files(count: int | None = None) -> dict[str, str]:
    """Path → text of `units.yaml` and a file of `units.d` per kabupaten/kota, of the first `count` places or of all.

    FileNotFoundError where the list of places is not beside this repository.
    """
    with PLACES.open(encoding="utf-8", newline="") as file:
        names = {row["kode_wilayah"]: row["nama"] for row in csv.DictReader(file)}
    dice = random.Random("codes")
    units = [code for code in names if code.count(".") >= 2][:count]
    codes = _codes(len(units), dice)
    files = {"units.yaml": _SITE}
    parts: dict[str, tuple[list[str], list[str]]] = {}
    for number, place in enumerate(units):
        regency, district = place[:5], place[:8]
        organisations, entries = parts.setdefault(regency, ([_organisation(regency, names, "jatim")], []))
        if place == district:
            organisations.append(_organisation(district, names, _id(regency)))
        entries.append(_unit(place, names[place], codes[number], number))
    for regency, (organisations, entries) in parts.items():
        text = "\n".join(("organisations:", *organisations, "units:", *entries, ""))
        files[f"units.d/{regency}.yaml"] = text
    return files


def _codes(count: int, dice: random.Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[word(dice.randbytes(5))] = None
    return list(found)


def _id(place: str) -> str:
    return f"w{place.replace('.', '-')}"


def _organisation(place: str, names: Mapping[str, str], parent: str) -> str:
    name = f"Pemerintah {names[place]}" if place.count(".") == 1 else f"Kecamatan {names[place]}"
    return f"  - {{id: {_id(place)}, name: {json.dumps(name)}, parent: {parent}, kode_wilayah: {json.dumps(place)}}}"


def _unit(place: str, name: str, code: str, number: int) -> str:
    is_district = place.count(".") == 2
    kind = "Kantor Kecamatan" if is_district else "Kantor Kelurahan" if place[9] == "1" else "Kantor Desa"
    services = _SERVICES[3] if is_district else _SERVICES[number % 3]
    lines = [
        f"  - code: {json.dumps(code)}",
        f"    name: {json.dumps(f'{kind} {name}')}",
        f"    organisation: {_id(place[:8])}",
        f"    services: {json.dumps(services)}",
    ]
    if number % 5 == 0:
        lines.append("    biaya: none")
    if number % 3 == 0:
        lines.append(f"    users_per_period: {120 + number % 900}")
    if number % 4 == 0:
        lines.append(f"    languages: [id, {'mad' if place[:5] in _MADURA else 'jv'}]")
    return "\n".join(lines)


def write_registry(folder: Path, count: int | None = None) -> None:
    """The files of `registry_files` in a folder."""
    for path, text in registry_files(count).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def quarters() -> tuple[Period, ...]:
    """The closed ones, oldest first."""
    found = [period_of(TODAY, PeriodKind.QUARTER).previous()]
    while len(found) < QUARTERS:
        found.append(found[-1].previous())
    return tuple(reversed(found))


def periods() -> tuple[Period, ...]:
    """The closed quarters and every longer period that holds one: each has a file of every unit."""
    return tuple(sorted({longer for quarter in quarters() for longer in (quarter, *quarter.longer())}))


@dataclass(frozen=True)
class _Sample:
    """The people of a unit and quarter: their blocks, and who they were."""

    blocks: tuple[ReleasedBlock, ...]
    people: Breakdowns


@cache
def _sample(services: tuple[str, ...], biaya: Biaya, home: Period, number: int) -> _Sample:
    form = instrument("permenpan-14-2017", biaya)
    dice = random.Random(f"{services} {biaya} {home} {number}")
    unit = Unit(f"{number:05x}", "", "", ("id",), services, biaya)
    traits = _traits(number, unit, home, form)
    drawn = [_response(dice, unit, form, traits) for _ in range(dice.randint(_LEAST, _MOST))]
    parts = [drawn] if len(drawn) < 2 * _BLOCK else [drawn[:_BLOCK], drawn[_BLOCK:]]
    blocks = []
    for no, part in enumerate(parts, 1):
        answers = [person.answers for person in part]
        counted = tally(answers)
        found = type(counted)(counted.n, counted.counts, squares(answers, form))
        blocks.append(ReleasedBlock(home, no, found, form.versi))
    weeks = [iso_week(date.fromordinal(home.first_day.toordinal() + dice.randrange(90))) for _ in drawn]
    people = [Respondent(week, "qr", person.attributes) for week, person in zip(weeks, drawn, strict=True)]
    found_people = breakdowns(people, form.ladders, services, weeks_of(home), LABELS, dict.fromkeys(("spam",), 0))
    return _Sample(tuple(blocks), found_people)


def _samples(unit: Unit, number: int) -> Iterator[tuple[Period, _Sample]]:
    for place, quarter in enumerate(quarters()):
        yield quarter, _sample(unit.services, unit.biaya, quarter, (number * 7 + place) % SAMPLES)


def history(unit: Unit, number: int) -> UnitHistory:
    """What was released of the `number`-th unit, as the store tells it."""
    blocks: list[ReleasedBlock] = []
    closed = {}
    for quarter, sample in _samples(unit, number):
        blocks += sample.blocks
        closed[quarter] = ClosedPeriod(1, 0, 0, sample.blocks[-1].instrument, sample.people)
        for longer in quarter.longer():
            if longer.last_day == quarter.last_day:
                closed[longer] = ClosedPeriod(1, 0, 0, None, Breakdowns(0))
    return UnitHistory(blocks, closed, (), {})


def result_files(units: Sequence[Unit], first: int, registry: Registry) -> Iterator[tuple[str, str, bytes]]:
    """(period, code, content) of every published file of these units, the first of which is the `first`-th."""
    for number, unit in enumerate(units, first):
        past = history(unit, number)
        for period in periods():
            result = result_of(unit.code, period, past)
            assert result is not None
            yield str(period), unit.code, encode(result, registry.instruments.of_versi(result.instrument))


def write_database(path: Path, registry: Registry, commit: str) -> None:
    """The releases, blocks and closings behind these results; the answers were disposed of, as by `sukma retention`."""
    open_store(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        db.execute("INSERT INTO releases (seq, day, commit_sha) VALUES (1, ?, ?)", [TODAY.isoformat(), commit])
        years = sorted({period.year for period in periods()})
        db.executemany("INSERT OR IGNORE INTO terms VALUES (?, 10, 'quarter')", [(year,) for year in years])
        for number, unit in enumerate(registry.units):
            past = history(unit, number)
            db.executemany(_BLOCK_ROW, [_block_row(unit.code, block) for block in past.blocks])
            db.executemany(_CLOSING_ROW, [_closing_row(unit.code, *item) for item in past.closed.items()])
            db.executemany("INSERT INTO release_files VALUES (1, ?, ?)", [(str(p), unit.code) for p in periods()])
        db.execute("COMMIT")


_BLOCK_ROW = (
    "INSERT INTO blocks (unit, home, no, versi, n, parts, counts, example, release, forms, squares, aside, noted)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 1, '[]', ?, 0, 0)"
)
_CLOSING_ROW = "INSERT INTO closings (unit, period, held, versi, release, breakdowns) VALUES (?, ?, 0, ?, 1, ?)"


def _block_row(unit: str, block: ReleasedBlock) -> tuple[object, ...]:
    home, n = str(block.home), block.tally.n
    counts = json.dumps({item: list(counts) for item, counts in block.tally.counts.items()})
    parts, spread = json.dumps({home: n}), str(block.tally.squares)
    return unit, home, block.no, block.instrument, n, parts, counts, spread


def _closing_row(unit: str, period: Period, closed: ClosedPeriod) -> tuple[object, ...]:
    return unit, str(period), closed.versi, json.dumps(to_mapping(closed.breakdowns))


def install(folder: Path) -> int:
    """A whole installation: registry, words, database, remote and clone; gives the number of its units."""
    write_registry(folder)
    shutil.copytree(_WORDS, folder / "site_src", ignore=shutil.ignore_patterns("results"))
    registry = read_registry(folder / "units.yaml").registry
    remote = folder / "var" / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(remote)], check=True)
    with subprocess.Popen(["git", "-C", str(remote), "fast-import", "--quiet"], stdin=subprocess.PIPE) as git:
        assert git.stdin is not None
        for line in _commit(folder, registry):
            git.stdin.write(line)
    commit = SiteRepository(folder / "var" / "clone", str(remote), "main").refresh().commit
    write_database(folder / "var" / "sukma.sqlite3", registry, commit)
    return len(registry.units)


def _commit(folder: Path, registry: Registry) -> Iterator[bytes]:
    """One commit with the registry, the words and every result, in the language of `git fast-import`."""
    who = f"SuKMa-e <publisher@sukma.invalid> {datetime.combine(TODAY, time(), UTC).timestamp():.0f} +0000"
    message = "Results\n\nSukma-Release: 1\nSukma-Units: all\n"
    yield f"commit refs/heads/main\ncommitter {who}\ndata {len(message)}\n{message}".encode()
    for top in ("units.yaml", "units.d", "site_src"):
        for file in (folder / top, *(folder / top).rglob("*")):
            if file.is_file():
                yield _file(file.relative_to(folder).as_posix(), file.read_bytes())
    for some in in_chunks(partial(_contents, registry), list(enumerate(registry.units)), jobs=2):
        for path, content in some:
            yield _file(path, content)


def _contents(registry: Registry, units: Sequence[tuple[int, Unit]]) -> list[tuple[str, bytes]]:
    found = result_files([unit for _, unit in units], units[0][0], registry)
    return [(f"site_src/results/{period}/{code}.json", content) for period, code, content in found]


def _file(path: str, content: bytes) -> bytes:
    return f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
