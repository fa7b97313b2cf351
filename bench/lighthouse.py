"""Lighthouse (npm) on a survey page of the demonstration, mobile preset; by itself `python -m bench.lighthouse`.

It needs Node.js and Chromium; the first run fetches Lighthouse by name. Its times are those of a simulated phone, but
another program on the machine lengthens them: the middle one of some runs is printed.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.load import free_port

ROOT = Path(__file__).parents[1]
LIGHTHOUSE = "lighthouse@12.8.2"
CODE = "7k3q"
RUNS = 3
# A survey page is not for search engines (noindex), so their category says nothing here.
CATEGORIES = ("performance", "accessibility", "best-practices")
_CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
_TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")


def main() -> None:
    """Measure the page in each of its languages and print its scores."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not (shutil.which("npx") and chromium):
        print("Lighthouse was not run: it needs npx (Node.js) and chromium")
        return
    print(f"{f'{LIGHTHOUSE}, mobile preset':<40}" + "".join(f"{name:>16}" for name in CATEGORIES))
    with tempfile.TemporaryDirectory() as folder, _demo() as address:
        for path in (f"/s/{CODE}/", f"/s/{CODE}/en/"):
            reports = [_report(address + path, Path(folder) / "report.json", chromium) for _ in range(RUNS)]
            report = sorted(reports, key=lambda one: one["categories"]["performance"]["score"])[RUNS // 2]
            scores = (round(100 * report["categories"][name]["score"]) for name in CATEGORIES)
            times = ", ".join(report["audits"][name]["displayValue"] for name in _TIMES)
            print(f"{path:<40}" + "".join(f"{score:>16}" for score in scores) + f"   ({times})")


@contextmanager
def _demo() -> Iterator[str]:
    """The address of a running demonstration."""
    port = str(free_port())
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "sukma", "demo", "--port", port]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as running:
        try:
            _wait_for(f"{address}/readyz", running)
            yield address
        finally:
            running.send_signal(signal.SIGTERM)


def _wait_for(address: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        try:
            urlopen(address, timeout=5).close()
            return
        except OSError:
            if running.poll() is not None:
                break
            time.sleep(0.5)
    raise RuntimeError("the demonstration did not start")


def _report(address: str, file: Path, chromium: str) -> dict[str, Any]:
    command = ["npx", "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={file}"]
    environment = os.environ | {"CHROME_PATH": chromium}
    subprocess.run([*command, f"--chrome-flags={_CHROMIUM}"], env=environment, check=True, timeout=300)
    return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
