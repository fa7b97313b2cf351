"""`python -m bench.processing_table`: a million respondents through `sukma index`, beside a run that only splits lines.

Both run as processes of their own, in turn; medians, and the largest peak of memory, are printed.
"""

import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
RUNS = 3
SEED = 14_2017
_FLOOR = "import csv, sys\nfor row in csv.reader(open(sys.argv[1], newline='')): pass"


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        write_table(table, ROWS)
        commands = {
            "sukma index --json": [sys.executable, "-m", "sukma", "index", str(table), "--json"],
            "csv.reader only": [sys.executable, "-c", _FLOOR, str(table)],
        }
        runs = [{name: _run(command) for name, command in commands.items()} for _ in range(RUNS)]
    print(f"{f'{ROWS} respondents, nine unsur':<40}{'seconds':>10}{'CPU':>10}{'peak':>10}")
    for name in commands:
        seconds, cpu = (statistics.median(run[name][column] for run in runs) for column in (0, 1))
        print(f"{name:<40}{seconds:>9.2f}s{cpu:>9.2f}s{max(run[name][2] for run in runs):>7} MB")


def write_table(path: Path, rows: int) -> None:
    """Respondents with a number and nine answers each, now and then an empty cell."""
    dice = random.Random(SEED)
    values, weights = ["1", "2", "3", "4", ""], [2, 10, 50, 36, 2]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["No", *(f"U{number}" for number in range(1, 10))])
        writer.writerows([number, *dice.choices(values, weights, k=9)] for number in range(1, rows + 1))


def _run(command: list[str]) -> tuple[float, float, int]:
    """(seconds, seconds of CPU, peak of resident memory in MB) of a process."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)  # the usage of this child alone, not of all that ran before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


if __name__ == "__main__":
    main()
