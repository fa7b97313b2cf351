"""Takes the README's pictures from a running demonstration: `make screenshots`, or this file with the venv's Python.

With a folder as argument it takes, into that folder, the pages that citizens meet, whole, in every language, on a phone
and on a wide screen: to be looked at before they are called done. What the demonstration does not show by itself
(closed and moved units, ceilings, other questionnaires) are the pages on which the tests run axe.
"""

import io
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

from generator.pages.lean import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
IMAGES = Path(__file__).with_name("images")
UNIT = "66nb"
PORT = 8000  # the poster prints its address: the one that `make run` has, if it is free
COLOURS = 96  # the pages have few; a palette is a quarter of the bytes
PATIENCE = 180  # seconds until the demonstration answers
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@dataclass(frozen=True)
class Shot:
    """A page as a window of this size shows it; `scale` device pixels to a CSS pixel.

    `paper` is the margin of a printed page in CSS pixels; without one the page is pictured as on a screen. Height 0 is
    the whole page. `status` is what the server answers there, `act` what somebody does there before the picture.
    """

    name: str
    path: str
    width: int
    height: int
    scale: int = 1
    paper: int | None = None
    status: int = 200
    dark: bool = False
    forced: bool = False
    script: bool = True
    act: Callable[[Page], None] = lambda _page: None


SHOTS = (
    Shot("home", "/", 1280, 900),
    Shot("survey-360", f"/s/{UNIT}/", 360, 780, scale=2),
    Shot("results", f"/hasil/{UNIT}/", 1280, 2040),
    Shot("results-360", f"/hasil/{UNIT}/", 360, 780, scale=2),
    Shot("poster", f"/poster/{UNIT}/", 718, 1047, paper=38),  # A4 at 96 dpi is 794 × 1123, its margin 10 mm
)
MANY_LANGUAGES = "7k3q"  # the unit of the demonstration that has every language


def send(page: Page) -> None:
    """Send a form on which nothing is answered; the errors are there."""
    page.locator("form button").click()
    page.locator(".problems").wait_for()


def answer(page: Page) -> None:
    """Answer every question with 3."""
    for question in page.locator("fieldset").all():
        question.locator("[type=radio]").nth(2).check()


def thanks(page: Page) -> None:
    """Answer, and be thanked."""
    answer(page)
    page.locator("form button").click()
    page.wait_for_url("**/terima/**")


def waits(page: Page) -> None:
    """Answer without signal."""
    page.route("**/kirim/**", lambda route: route.abort())
    answer(page)
    page.locator("form button").click()
    page.locator(".note").wait_for()


def refused(page: Page) -> None:
    """Come back to an answer that waited and cannot be accepted."""
    page.locator("[name=versi]").evaluate("(field) => { field.value = 'lama.1.none'; }")
    waits(page)
    page.unroute_all()
    page.goto(page.url.replace(MANY_LANGUAGES, UNIT))
    page.get_by_role("button").first.wait_for()


def reason(page: Page) -> None:
    """Answer with the worst and open its reason."""
    page.locator("[type=radio]").first.check()
    page.locator("summary").first.click()


def asked(page: Page) -> None:
    """Leave a kiosk alone until it asks."""
    page.evaluate("document.querySelector('dialog').showModal()")


def kiosk_thanks(page: Page) -> None:
    """Answer at a kiosk."""
    thanks(page)
    page.get_by_role("status").wait_for()


SURVEY = f"/s/{MANY_LANGUAGES}/{{lang}}"
# What citizens meet beside a result; {lang} is `en/` or nothing for Indonesian.
MET = (
    Shot("survey", SURVEY, 0, 0),
    Shot("errors", SURVEY, 0, 0, act=send),
    Shot("errors-no-script", SURVEY, 0, 0, act=send, script=False),
    Shot("thanks", SURVEY, 0, 0, act=thanks),
    Shot("waits", SURVEY, 0, 0, act=waits),
    Shot("reason", SURVEY, 0, 0, act=reason),
    Shot("refused", f"/s/{MANY_LANGUAGES}/", 0, 0, act=refused),
    Shot("kiosk", SURVEY + "?k=kiosk", 0, 0),
    Shot("kiosk-asks", SURVEY + "?k=kiosk", 0, 700, act=asked),
    Shot("kiosk-thanks", SURVEY + "?k=kiosk", 0, 0, act=kiosk_thanks),
    Shot("kiosk-waits", SURVEY + "?k=kiosk", 0, 0, act=waits),
    Shot("no-receipt", "/terima/0000000000?lang={code}", 0, 0, status=404),
    Shot("unknown", "/s/0000/", 0, 0, status=404),
    Shot("down", "/50x.html", 0, 0),
    Shot("too-many", "/429.html", 0, 0),
    Shot("too-large", "/413.html", 0, 0),
)


def met() -> Iterator[Shot]:
    """Every page of MET in every language on both screens."""
    for shot in MET:
        for code in LANGUAGES if "{" in shot.path else ("id",):
            for width in (360, 1280):
                place = shot.path.format(lang="" if code == "id" else f"{code}/", code=code)
                yield replace(shot, name=f"{shot.name}-{code}-{width}", path=place, width=width)
    for look in ("dark", "forced"):
        yield replace(Shot(f"survey-{look}-360", f"/s/{MANY_LANGUAGES}/", 360, 0), **{look: True})


def main() -> None:
    """Start the demonstration, take every picture, end it."""
    folder, shots = (Path(sys.argv[1]), met()) if len(sys.argv) > 1 else (IMAGES, iter(SHOTS))
    folder.mkdir(parents=True, exist_ok=True)
    with demonstration() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for shot in shots:
            keep(folder, shot.name, picture(browser, url, shot), (shot.paper or 0) * shot.scale)
        if folder != IMAGES:
            for name, png in rendered(browser):
                keep(folder, name, png)
        browser.close()


def keep(folder: Path, name: str, png: bytes, margin: int = 0) -> None:
    """Write a picture, small."""
    target = folder / f"{name}.png"
    target.write_bytes(smaller(png, margin))
    print(f"{target}: {target.stat().st_size // 1024} KB")


def rendered(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """Every lean page that the tests know, on both screens; empty forms in the dark, too."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "journeys")]
    from axe import lean_pages

    for name, html in lean_pages():
        for width, scheme in ((360, "light"), (1280, "light"), (360, "dark")):
            page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore
            page.set_content(html)
            yield f"state-{name}-{width}-{scheme}", page.screenshot(animations="disabled", full_page=True)
            page.close()


def chromium() -> str:
    """The browser's program."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("No Chromium found: install it (Debian: apt-get install chromium)")
    return found


@contextmanager
def demonstration() -> Iterator[str]:
    """`sukma demo` on a free port until the block is left; gives its address."""
    port = free_port()
    demo = subprocess.Popen([sys.executable, "-m", "sukma", "demo", "--port", str(port)], cwd=ROOT)
    try:
        wait_until_ready(demo, f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        demo.terminate()
        demo.wait()


def free_port() -> int:
    """PORT, or another one where somebody listens there."""
    for wanted in (PORT, 0):
        with suppress(OSError), socket.create_server(("127.0.0.1", wanted)) as probe:
            return int(probe.getsockname()[1])
    raise SystemExit("No port of 127.0.0.1 is free")


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
        viewport={"width": shot.width, "height": shot.height or 800},
        device_scale_factor=shot.scale,
        color_scheme="dark" if shot.dark else "light",
        forced_colors="active" if shot.forced else "none",
        reduced_motion="reduce",
        locale="id-ID",
        java_script_enabled=shot.script,
    )
    page.emulate_media(media="screen" if shot.paper is None else "print")
    reply = page.goto(url + shot.path, wait_until="networkidle")
    if reply is None or reply.status != shot.status:
        raise SystemExit(f"{shot.path} was not there to be pictured")
    shot.act(page)
    taken = page.screenshot(animations="disabled", full_page=not shot.height)
    page.close()
    return taken


def smaller(png: bytes, margin: int) -> bytes:
    """The same picture with a palette, and a white margin of so many pixels around it."""
    target = io.BytesIO()
    image = ImageOps.expand(Image.open(io.BytesIO(png)).convert("RGB"), margin, "white")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    main()
