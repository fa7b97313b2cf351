"""QR codes as vector paths, for paper: level Q, four quiet modules around, dark on white."""

import re
from functools import lru_cache

from markupsafe import escape
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET = 4  # modules of white on each side (ISO/IEC 18004)
# Any mask is a valid symbol. The search for the "best" of eight takes six times as long and read no better in trials.
_MASK = 3

# A unit's address, whatever its code: the runs of twenty digits or signs that the library would shorten end at the `s`.
_OF_UNIT = re.compile(r"(.*/s/)([0-9a-z]{1,16})(/)")
_runs = re.compile("1+").finditer


def qr_path(address: str) -> tuple[int, str]:
    """(modules per side, SVG path of the dark runs), without quiet zone; one module is one unit of the path."""
    side, dark = _symbol(address)
    modules = f"{dark:0{side * side}b}"
    runs: list[str] = []
    for y in range(side):
        for run in _runs(modules[y * side : (y + 1) * side]):
            x, end = run.span()
            runs.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
    return side, "".join(runs)


def _symbol(address: str) -> tuple[int, int]:
    """(modules per side, the modules as bits of one number, row by row, dark is 1).

    Under one mask every module is a sum of data bits modulo 2, error correction included (ISO/IEC 18004). So what a
    letter of the code turns over is the same in all units' symbols, and is drawn once.
    """
    if not (parts := _OF_UNIT.fullmatch(address)):
        return _drawn(address)
    head, code, tail = parts.groups()
    blank = "a" * len(code)
    side, dark = _drawn(f"{head}{blank}{tail}")
    for place, letter in enumerate(code):
        dark ^= _turned(head, blank, tail, place, letter)
    return side, dark


@lru_cache(maxsize=1024)
def _turned(head: str, blank: str, tail: str, place: int, letter: str) -> int:
    code = f"{blank[:place]}{letter}{blank[place + 1 :]}"
    return _drawn(f"{head}{blank}{tail}")[1] ^ _drawn(f"{head}{code}{tail}")[1]


@lru_cache(maxsize=1024)
def _drawn(address: str) -> tuple[int, int]:
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=_MASK)
    code.add_data(address)
    code.make(fit=True)
    return len(code.modules), int("".join("1" if dark else "0" for row in code.modules for dark in row), 2)


def qr_svg(address: str, *, title: str, symbol_mm: float | None = None) -> str:
    """The code as an SVG with its quiet zone; `symbol_mm` is the printed side of the dark square alone."""
    side, path = qr_path(address)
    whole = side + 2 * QUIET
    size = ""
    if symbol_mm is not None:
        printed = f"{symbol_mm * whole / side:.1f}mm"
        size = f' width="{printed}" height="{printed}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET} -{QUIET} {whole} {whole}"{size} role="img"'
        f' aria-labelledby="qr-title qr-desc" shape-rendering="crispEdges">'
        f'<title id="qr-title">{escape(title)}</title><desc id="qr-desc">{escape(address)}</desc>'
        f'<path fill="#fff" d="M-{QUIET}-{QUIET}h{whole}v{whole}h-{whole}z"/><path d="{path}"/></svg>'
    )
