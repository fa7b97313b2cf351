"""QR codes: what a reader gets from them, and that they need no imaging library."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from generator.qr import QUIET, qr_path, qr_svg

LOCAL = "http://127.0.0.1:8000/s/7k3q/"
CITY = "https://skm.pasuruankota.go.id/s/7k3q/"
CODES = st.text("0123456789abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=16)


def dark_modules(address: str) -> set[tuple[int, int]]:
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", qr_path(address)[1])
    return {(int(x) + step, int(y)) for x, y, width in runs for step in range(int(width))}


def drawn(address: str) -> Image.Image:
    side, path = qr_path(address)
    whole = side + 2 * QUIET
    picture = Image.new("L", (whole, whole), 255)
    draw = ImageDraw.Draw(picture)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        left, top = int(x) + QUIET, int(y) + QUIET
        draw.line((left, top, left + int(width) - 1, top), fill=0)
    return picture.resize((whole * 4, whole * 4), Image.Resampling.NEAREST)


@pytest.mark.parametrize("address", [LOCAL, CITY, "https://a.id/s/00000/", "http://127.0.0.1:8000/s/zzzz/?k=tenda"])
def test_a_reader_gets_the_address_back(address: str) -> None:
    (found,) = zxingcpp.read_barcodes(drawn(address))
    assert (found.text, found.ec_level) == (address, "Q")


@given(st.sampled_from(["https://skm.id", "http://127.0.0.1:8000", "https://203.0.113.100:8000/SKM/1"]), CODES)
def test_the_symbol_of_a_unit_is_the_one_that_is_drawn_for_its_address(site: str, code: str) -> None:
    library = QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=3)
    library.add_data(f"{site}/s/{code}/")
    library.make()
    assert dark_modules(f"{site}/s/{code}/") == {
        (x, y) for y, row in enumerate(library.modules) for x, dark in enumerate(row) if dark
    }


@pytest.mark.parametrize("address", [LOCAL, CITY])
def test_a_poster_address_fits_into_version_4(address: str) -> None:
    assert qr_path(address)[0] <= 17 + 4 * 4


def test_the_picture_is_small_and_has_four_quiet_modules_around() -> None:
    svg = qr_svg(CITY, title="Kode")
    side = qr_path(CITY)[0]
    assert len(svg) < 6000
    assert ElementTree.fromstring(svg).get("viewBox") == f"-4 -4 {side + 8} {side + 8}"


def test_the_printed_size_is_that_of_the_dark_square_without_its_quiet_zone() -> None:
    side = qr_path(CITY)[0]
    width = ElementTree.fromstring(qr_svg(CITY, title="Kode", symbol_mm=120)).get("width")
    assert width == f"{120 * (side + 8) / side:.1f}mm"


def test_the_picture_names_itself_and_escapes_its_words() -> None:
    svg = ElementTree.fromstring(qr_svg(LOCAL, title="Kode <b> & 'x'"))
    space = "{http://www.w3.org/2000/svg}"
    assert svg.get("role") == "img"
    assert svg.findtext(f"{space}title") == "Kode <b> & 'x'"
    assert svg.findtext(f"{space}desc") == LOCAL


def test_no_imaging_library_is_needed() -> None:
    program = f"import sys; sys.modules['PIL'] = None; from generator.qr import qr_path; print(qr_path({LOCAL!r})[0])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "29"
