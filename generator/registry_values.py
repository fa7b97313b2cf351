"""What a single value of `units.yaml` may be: names, codes, addresses, numbers.

Each check returns the value or raises a `PydanticCustomError` whose type is a key of `texts/check.json`.
"""

import re
from collections.abc import Callable, Iterable
from typing import LiteralString
from zoneinfo import ZoneInfo, available_timezones

from pydantic_core import PydanticCustomError

from generator.registry_problems import Suggestions, is_control, is_direction
from skm.codes import is_code

NAME_MAX = 200
SLUG_MAX = 60
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
REGION = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")
ORIGIN = re.compile(r"https?://([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:([0-9]{1,5}))?")


def text(value: str) -> str:
    """A name or address of a place: one line, 1 to NAME_MAX characters, none that hides or turns the others."""
    if len(value) > NAME_MAX:
        raise PydanticCustomError("too_long", "too long", {"length": str(len(value)), "limit": str(NAME_MAX)})
    if not value.strip():
        raise PydanticCustomError("blank", "blank")
    if any(map(is_control, value)):
        raise PydanticCustomError("control", "control")
    if any(map(is_direction, value)):
        raise PydanticCustomError("direction", "direction")
    if value != value.strip():
        raise PydanticCustomError("spaces", "spaces")
    return value


def code(value: str) -> str:
    """A unit's permanent code."""
    if is_code(value):
        return value
    if is_code(value.lower()):
        raise PydanticCustomError("code_case", "code", {"value": value, "lower": value.lower()})
    raise PydanticCustomError("code_form", "code", {"value": value})


def slug(value: str) -> str:
    """An organisation's id, a part of its address."""
    if SLUG.fullmatch(value) and len(value) <= SLUG_MAX:
        return value
    raise PydanticCustomError("id_form", "id", {"value": value, "limit": str(SLUG_MAX)})


def region(value: str) -> str:
    """A region code of Kemendagri: province, kabupaten/kota, kecamatan, kelurahan/desa."""
    if REGION.fullmatch(value):
        return value
    raise PydanticCustomError("region_form", "region", {"value": value})


def origin(value: str) -> str:
    """Scheme, host and port of a web address and nothing after them."""
    scheme, separator, rest = value.partition("://")
    if not separator or scheme not in ("http", "https"):
        raise PydanticCustomError("url_scheme", "url", {"value": value})
    host = re.split("[/?#]", rest, maxsplit=1)[0]
    if "@" in host:
        raise PydanticCustomError("url_credentials", "url")
    if host != rest:
        raise PydanticCustomError("url_path", "url", {"value": value, "origin": f"{scheme}://{host}"})
    match = ORIGIN.fullmatch(value)
    if not match or not 0 < int(match[4] or 80) <= 65535:
        raise PydanticCustomError("url_form", "url", {"value": value})
    return value


def other_origin(value: str) -> str:
    """An origin, or nothing."""
    return origin(value) if value else value


def one_of(choices: Callable[[], Iterable[str]], value: object) -> str:
    """One of the words that `choices` gives; nothing else is a text here."""
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "text")
    known = list(choices())
    if value not in known:
        params = {"value": value, "choices": ", ".join(known), **Suggestions().near(value, known)}
        raise PydanticCustomError("choice", "choice", params)
    return value


def timezone(value: str) -> str:
    """A time zone of the IANA data base."""
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown; no name at all (`../x`); a folder of zones (`Asia`)
        near = Suggestions().near(value.title(), sorted(available_timezones()))
        raise PydanticCustomError("timezone", "timezone", {"value": value, **near}) from None
    return value


def between(key: LiteralString, least: int, most: int, value: int) -> int:
    """A number from `least` to `most`; `key` names the sentence for any other."""
    if least <= value <= most:
        return value
    raise PydanticCustomError(key, "range", {"value": str(value), "least": str(least), "most": str(most)})
