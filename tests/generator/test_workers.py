"""Work divided over processes, where it ends early."""

import subprocess
import sys

_LEFT_EARLY = """
from generator.workers import in_chunks

# More than a pipe takes: each process stands in the middle of telling its second result when nobody listens any more.
results = in_chunks(lambda chunk: bytes(1_000_000), range(800), jobs=4)
next(results)
results.close()
"""


def test_where_nobody_wants_the_rest_all_processes_end() -> None:
    subprocess.run([sys.executable, "-c", _LEFT_EARLY], check=True, timeout=30)
