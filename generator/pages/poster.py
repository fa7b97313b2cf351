"""The poster of a unit: one A4 page with the code, printed from the browser."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from math import ceil

from markupsafe import Markup

from generator.i18n import texts
from generator.pages import lean
from generator.pages.survey import survey_languages
from generator.qr import qr_svg
from skm.units import Registry, Unit

POSTER_VERSION = 1
SYMBOL_MM = 120  # a code is read from ten times its size: 1,2 m before a wall
_LINE_PT = 520  # printable width of the page
_NAME_SIZES, _NAME_HEIGHT = (44, 36, 28, 22, 18, 14, 11), 110  # pt
_ORGANISATION_SIZES, _ORGANISATION_HEIGHT = (16, 13, 10), 50


def poster_page(unit: Unit, registry: Registry, *, example: bool = False) -> str:
    """The poster as HTML; same unit, same bytes. The footer's check word names everything that is printed."""
    site = registry.site
    address = f"{site.url}/s/{unit.code}/"
    shown = address.split("://", 1)[1]
    organisation = registry.organisation_by_id[unit.organisation].name
    second = next((lang for lang in survey_languages(unit, registry) if lang != "id"), None)
    translated = texts("poster", second) if second else None
    words = texts("poster", "id")
    printed = [
        POSTER_VERSION,
        unit.code,
        unit.name,
        organisation,
        address,
        example,
        dict(words),
        translated and dict(translated),
    ]
    return lean.render(
        "poster",
        "id",
        site,
        example=example,
        code=unit.code,
        name=unit.name,
        name_size=_fitting(unit.name, _NAME_SIZES, _NAME_HEIGHT),
        organisation=organisation,
        organisation_size=_fitting(organisation, _ORGANISATION_SIZES, _ORGANISATION_HEIGHT),
        second=second,
        translated=translated,
        address=address,
        shown=shown,
        qr=Markup(qr_svg(address, title=lean.say(words, "qr_title", name=unit.name), symbol_mm=SYMBOL_MM)),
        version=POSTER_VERSION,
        check=_check_word(printed),
    )


def _check_word(printed: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(printed, ensure_ascii=True).encode()).hexdigest()[:8]


def _fitting(text: str, sizes: Sequence[int], height: int) -> int:
    """The largest type size (pt) in which a text stays below a height (pt); the smallest where none does."""
    width = sum(map(_em, text))
    for size in sizes:
        # One line more than the letters need: words do not break at the margin.
        lines = ceil(width * size / _LINE_PT * 1.15)
        if lines * size * 1.15 <= height:
            return size
    return sizes[-1]


def _em(char: str) -> float:
    """A cautious width of a bold letter, in em."""
    if unicodedata.east_asian_width(char) in "WF" or char in "MW@%—":
        return 1.1
    return 0.76 if char.isupper() else 0.6
