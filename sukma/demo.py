"""`sukma demo`: a throw-away installation made from the current folder, with answers over four quarters."""

import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from skm.periods import Period, period_of
from skm.units import Registry, Status

PERIODS = 4
ANSWERS_PER_UNIT = 32  # on average; a few units stay under k, as in life


@contextmanager
def demo_folder(registry_file: Path, real_url: str, url: str) -> Iterator[Path]:
    """A copy of registry and words in a temporary folder, made the current one, with `url` instead of the real one.

    Settings of the environment that name the real installation's data are put aside, so that nothing here can touch it.
    """
    before, kept = Path.cwd(), dict(os.environ)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))  # so that the folder goes, too
    folder = Path(tempfile.mkdtemp(prefix="sukma-demo-"))
    try:
        text = registry_file.read_text(encoding="utf-8")
        text = re.sub(r"(\burl:\s*[\"']?)" + re.escape(real_url), lambda match: match[1] + url, text, count=1)
        (folder / "units.yaml").write_text(text, encoding="utf-8")
        included = registry_file.parent / "units.d"
        if included.is_dir():
            shutil.copytree(included, folder / "units.d")
        shutil.copytree("site_src", folder / "site_src", ignore=shutil.ignore_patterns("results"))
        for name in [name for name in os.environ if name.startswith("SUKMA_")]:
            del os.environ[name]
        os.chdir(folder)
        yield folder
    finally:
        os.chdir(before)
        os.environ.update(kept)
        shutil.rmtree(folder, ignore_errors=True)


def four_quarters(today: date, registry: Registry) -> Iterator[tuple[Period, int]]:
    """The running period and the three before it, oldest first, with the number of answers to make for each."""
    active = sum(unit.status is Status.ACTIVE for unit in registry.units)
    periods = [period_of(today, registry.site.period)]
    while len(periods) < PERIODS:
        periods.append(periods[-1].previous())
    for period in reversed(periods):
        yield period, active * ANSWERS_PER_UNIT
