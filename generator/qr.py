"""QR codes as vector paths, for paper: level Q, four quiet modules around, dark on white."""

from functools import lru_cache
from itertools import groupby

from markupsafe import escape
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

QUIET = 4  # modules of white on each side (ISO/IEC 18004)
# Any mask is a valid symbol. The search for the "best" of eight takes six times as long and read no better in trials.
_MASK = 3


@lru_cache(maxsize=1024)
def qr_path(address: str) -> tuple[int, str]:
    """(modules per side, SVG path of the dark runs), without quiet zone; one module is one unit of the path."""
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=_MASK)
    code.add_data(address)
    code.make(fit=True)
    runs: list[str] = []
    for y, row in enumerate(code.modules):
        x = 0
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return len(code.modules), "".join(runs)


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
