"""A database in which a province has answered for five years, written straight into SQLite.

Its answers are released and its periods closed, as a publisher leaves them; a dozen of every unit wait.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from form_backend.store.answers import open_store
from skm.periods import Period, PeriodKind, period_of

UNITS = 2000
BLOCK = 25
WAITING = 12
TODAY = date(2026, 11, 24)  # in the quarter after the last one that is closed
_ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
_FORM = "permenpan-14-2017.1.official"

_ANSWERS = f"""
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :count)
INSERT INTO answers (id, receipt, unit, period, day, received_hour, versi, channel, language, answers, attributes,
                     saran, alasan, durasi, labels, block)
SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-a'
             || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
       lower(hex(randomblob(8))), printf('%05x', n % :units), :period, :day, :day || 'T03:00:00+00:00', '{_FORM}',
       'qr', 'id',
       json_object({", ".join(f"'{item}', 1 + (n / :units + {place}) % 4" for place, item in enumerate(_ITEMS))}),
       '{{"usia": "26-35"}}', CASE n % 3 WHEN 0 THEN 'Antrean di loket sudah lebih baik' END, '{{}}', 74, '[]',
       CASE WHEN :first IS NOT NULL THEN :first + n / (:units * {BLOCK}) * :units + n % :units END
FROM place
"""
_BLOCKS = f"""
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :count)
INSERT INTO blocks (id, unit, home, no, versi, n, parts, counts, example, release, forms, squares)
SELECT :first + n, printf('%05x', n % :units), :period, 1 + n / :units, '{_FORM}', {BLOCK},
       json_object(:period, {BLOCK}), :counts, 0, 1, '[]', '156.25'
FROM place
"""
_CLOSINGS = f"""
WITH RECURSIVE place(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM place WHERE n + 1 < :units)
INSERT INTO closings (unit, period, held, versi, release) SELECT printf('%05x', n), :period, 0, '{_FORM}', 1 FROM place
"""


@dataclass(frozen=True)
class Past:
    """What is stored: so many units, closed quarters, and blocks of a unit and quarter."""

    units: int
    quarters: int
    blocks: int

    def write(self, path: Path) -> int:
        """A database at `path`; gives the number of its answers."""
        open_store(f"sqlite:///{path}").close()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000", "foreign_keys = OFF"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("BEGIN")
            self._fill(db)
            db.execute("COMMIT")
            db.execute("PRAGMA journal_mode = WAL")
            found: int = db.execute("SELECT count(*) FROM answers").fetchone()[0]
            return found

    def _fill(self, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO releases (seq, day, commit_sha) VALUES (1, ?, 'x')", [TODAY.isoformat()])
        each, counts = self.blocks * self.units, "{" + ", ".join(f'"{item}": [6, 6, 6, 7]' for item in _ITEMS) + "}"
        for number, period in enumerate(self._periods()):
            what = {"period": str(period), "units": self.units, "first": 1 + number * each, "counts": counts}
            db.execute(_BLOCKS, {**what, "count": each})
            db.execute(_ANSWERS, {**what, "count": each * BLOCK, "day": period.first_day.isoformat()})
            for done in (period, *period.longer()):
                if done.last_day == period.last_day:
                    db.execute(_CLOSINGS, {"period": str(done), "units": self.units})
            db.execute("INSERT OR IGNORE INTO terms VALUES (?, 10, 'quarter')", [period.year])
        now = {"period": str(period_of(TODAY, PeriodKind.QUARTER)), "day": TODAY.isoformat(), "first": None}
        db.execute(_ANSWERS, {**now, "units": self.units, "count": WAITING * self.units})

    def _periods(self) -> Iterator[Period]:
        """The last closed quarters, oldest first."""
        found = [period_of(TODAY, PeriodKind.QUARTER)]
        for _ in range(self.quarters):
            found.append(found[-1].previous())
        return reversed(found[1:])


def province(answers: int) -> Past:
    """Two thousand units and five years, with about so many answers."""
    return Past(UNITS, 20, max(1, round(answers / UNITS / 20 / BLOCK)))
