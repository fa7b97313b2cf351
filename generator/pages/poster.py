"""The poster of a unit: one A4 page with the code, printed from the browser."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Printed:
    """What a poster says of its unit: where it differs, the one on the wall is to be replaced."""

    address: str
    name: str
    organisation: str
    language: str | None


def printed(unit: Unit, registry: Registry) -> Printed:
    """What the poster of a unit says; `language` is the second one, None where there is only Indonesian."""
    return Printed(
        address=f"{registry.site.url}/s/{unit.code}/",
        name=unit.name,
        organisation=registry.organisation_by_id[unit.organisation].name,
        language=next((lang for lang in survey_languages(unit, registry) if lang != "id"), None),
    )


def poster_page(unit: Unit, registry: Registry, *, example: bool = False) -> str:
    """The poster as HTML; same unit, same bytes. The footer's check word names everything that is printed."""
    said = printed(unit, registry)
    shown = said.address.split("://", 1)[1]
    translated = texts("poster", said.language) if said.language else None
    words = texts("poster", "id")
    everything = [
        POSTER_VERSION,
        unit.code,
        said.name,
        said.organisation,
        said.address,
        example,
        dict(words),
        translated and dict(translated),
    ]
    return lean.render(
        "poster",
        "id",
        registry.site,
        example=example,
        code=unit.code,
        name=said.name,
        name_size=_fitting(said.name, _NAME_SIZES, _NAME_HEIGHT),
        organisation=said.organisation,
        organisation_size=_fitting(said.organisation, _ORGANISATION_SIZES, _ORGANISATION_HEIGHT),
        second=said.language,
        translated=translated,
        address=said.address,
        shown=shown,
        qr=Markup(qr_svg(said.address, title=lean.say(words, "qr_title", name=said.name), symbol_mm=SYMBOL_MM)),
        version=POSTER_VERSION,
        check=_check_word(everything),
    )


def _check_word(everything: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(everything, ensure_ascii=True).encode()).hexdigest()[:8]


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
