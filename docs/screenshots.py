"""Takes the README's pictures from a running demonstration: `make screenshots`, or this file with the venv's Python."""

import io
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = Path(__file__).with_name("images")
UNIT = "66nb"
COLOURS = 96  # the pages have few; a palette is a quarter of the bytes
PATIENCE = 180  # seconds until the demonstration answers
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass(frozen=True)
class Shot:
    """A page as a window of this size shows it; `scale` device pixels to a CSS pixel."""

    name: str
    path: str
    width: int
    height: int
    scale: float = 1
    media: str = "screen"


SHOTS = (
    Shot("home", "/", 1280, 900),
    Shot("survey-360", f"/s/{UNIT}/", 360, 780, scale=2),
    Shot("results", f"/hasil/{UNIT}/", 1280, 1100),
    Shot("results-360", f"/hasil/{UNIT}/", 360, 780, scale=2),
    Shot("poster", f"/poster/{UNIT}/", 794, 1123, media="print"),  # A4 at 96 dpi
)


def main() -> None:
    """Start the demonstration, take every picture, end it."""
    with demonstration() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for shot in SHOTS:
            target = IMAGES / f"{shot.name}.png"
            target.write_bytes(smaller(picture(browser, url, shot)))
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1024} KB")
        browser.close()


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("No Chromium found: install it (Debian: apt-get install chromium)")
    return found


@contextmanager
def demonstration() -> Iterator[str]:
    """`sukma demo` on a free port until the block is left; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    demo = subprocess.Popen([sys.executable, "-m", "sukma", "demo", "--port", str(port)], cwd=ROOT)
    try:
        wait_until_ready(demo, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.terminate()
        demo.wait()


def wait_until_ready(demo: subprocess.Popen[bytes], url: str) -> None:
    """Return once `/readyz` says 200."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if demo.poll() is not None:
            raise SystemExit(f"The demonstration ended by itself (exit {demo.returncode}); see its words above")
        if is_ready(url):
            return
        time.sleep(0.3)
    raise SystemExit(f"{url}/readyz did not answer within {PATIENCE} seconds")


def is_ready(url: str) -> bool:
    """True where the server says so; one that is not there yet, or not ready, is False."""
    try:
        with urlopen(f"{url}/readyz", timeout=5) as reply:
            return bool(reply.status == 200)
    except (URLError, TimeoutError):
        return False


def picture(browser: Browser, url: str, shot: Shot) -> bytes:
    """The page as PNG."""
    page = browser.new_page(
        viewport={"width": shot.width, "height": shot.height},
        device_scale_factor=shot.scale,
        color_scheme="light",
        reduced_motion="reduce",
        locale="id-ID",
    )
    page.emulate_media(media="print" if shot.media == "print" else "screen")
    reply = page.goto(url + shot.path, wait_until="networkidle")
    if reply is None or not reply.ok:
        raise SystemExit(f"{shot.path} was not there to be pictured")
    taken = page.screenshot(animations="disabled")
    page.close()
    return taken


def smaller(png: bytes) -> bytes:
    """The same picture with a palette."""
    target = io.BytesIO()
    image = Image.open(io.BytesIO(png)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    main()
