"""The publisher's part in the database, for units that were answered: beside millions of stored answers, and without.

Gather, decide, count and record, and encode the files; without git and the build, which see results only.
"""

import statistics
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.stored import TODAY, Past
from form_backend.intake import Intake
from form_backend.publish import Publisher, _touched
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import Store, open_store
from form_backend.store.releases import ReleaseStore
from generator.instruments import shipped
from skm.responses import Response
from skm.units import Organisation, Registry, Site, Unit

TOUCHED, EACH, RUNS = 50, 25, 15
_SITE = Site("Survei Kota Contoh", "http://127.0.0.1:8000")
_UNITS = tuple(Unit(f"{n:05x}", f"Loket {n}", "kota", ("id",)) for n in range(TOUCHED))
_REGISTRY = Registry(_SITE, (Organisation("kota", "Kota Contoh"),), _UNITS, frozenset(), shipped())


def main(full: Path, past: Past, empty: Path, count: int) -> None:
    """Measure and print a row; the other database holds this year of the touched units and nothing else."""
    replace(past, units=TOUCHED, quarters=3).write(empty)
    stores = [open_store(f"sqlite:///{path}") for path in (full, empty)]
    with closing(stores[0]), closing(stores[1]):
        for store in stores:
            _run(store, TODAY.toordinal())  # what has piled up
        pairs = [[_run(store, TODAY.toordinal()) for store in stores] for _ in range(RUNS)]
    this, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    what = f"publisher's tally of {TOUCHED} units beside {count:,} stored / few".replace(",", ".")
    print(f"{what:<64}{this:>9.3f}s{other:>9.3f}s{ratio:>8.2f}", flush=True)


def _run(store: Store, day: int) -> float:
    """Let people answer, then publish what may be; gives the seconds of the latter."""
    _answer(store, day)
    publisher = Publisher(ReleaseStore(store.engine), SiteRepository(Path(), "", "main"), _REGISTRY, dict)
    begun = time.perf_counter()
    decisions = publisher.decide(TODAY)
    assert len(decisions) >= TOUCHED
    files = set(_touched(decisions))
    publisher.store.release(decisions, files, TODAY, publisher._known())
    publisher.encode(files)
    return time.perf_counter() - begun


def _answer(store: Store, day: int) -> None:
    intake = Intake(store, lambda: _REGISTRY, lambda: datetime.now(UTC), b"s" * 32)
    at = datetime(1, 1, 1, 3, tzinfo=UTC) + timedelta(days=day - 1)
    for unit in _UNITS:
        form = _REGISTRY.instrument(unit)
        response = Response({item.key: 3 for item in form.items()}, form.versi, saran="Baik")
        intake.record_many([(unit, response, at)] * EACH)
