"""From a submission (what somebody sent) to a response (what may be counted), or every problem it has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from skm.errors import SkmError
from skm.instrument import SCALE, Instrument

KIOSK = "kiosk"  # a device that many people use one after another
CHANNELS = ("qr", "tenda", "stiker", KIOSK, "pesan", "kertas")
SIMULATED = "simulasi"  # never accepted from outside; written by `sukma simulate` alone
LANGUAGES = ("id", "en", "jv", "mad")
HONEYPOT = "situs"
SARAN_MAX = 1000
ALASAN_MAX = 300
UNDER_AGE = "<18"

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "jenis_kelamin": ("l", "p"),
    "usia": (UNDER_AGE, "18-25", "26-35", "36-45", "46-55", "56-65", ">65"),
    "pendidikan": ("tidak-sekolah", "sd", "smp", "sma", "d1-d3", "d4-s1", "s2", "s3"),
    "pekerjaan": (
        "pns",
        "tni",
        "polri",
        "swasta",
        "wirausaha",
        "pelajar",
        "petani-nelayan",
        "rumah-tangga",
        "lainnya",
    ),
}

_OTHER_FIELDS = ("layanan", "loket", "saran", "id", "versi", "hari", "durasi", "lang", "k", HONEYPOT)

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
VERSI = re.compile(r"[0-9A-Za-z._-]{1,100}")  # the shape of every form's name
_LOKET = re.compile(r"[0-9A-Za-z][0-9A-Za-z .-]{0,19}")
_DURASI = re.compile(r"[0-9]{1,6}")
_HARI = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # Python reads week dates and more
# Line breaks and tabs are text; other control characters are not, and PostgreSQL cannot even hold U+0000.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Fault(StrEnum):
    """What can be wrong with a field; the words for people are the page's."""

    MISSING = "missing"
    NOT_ALLOWED = "not_allowed"
    TOO_LONG = "too_long"
    REPEATED = "repeated"
    UNKNOWN_FIELD = "unknown_field"
    OUTDATED = "outdated"  # of a form that was replaced too long ago


@dataclass(frozen=True)
class Problem:
    """One field's fault."""

    field: str
    fault: Fault


class SubmissionError(SkmError):
    """A submission that is not a response; `problems` lists all of them, questions in form order first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.fault}" for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Form:
    """The form that a unit shows: its instrument (variant of biaya applied) and its services."""

    instrument: Instrument
    services: tuple[str, ...] = ()

    def fields(self) -> frozenset[str]:
        """Every field name that a submission may carry."""
        return _fields(tuple(item.key for item in self.instrument.items()))


@lru_cache(maxsize=64)
def _fields(items: tuple[str, ...]) -> frozenset[str]:
    return frozenset([*items, *(f"alasan_{key}" for key in items), *ATTRIBUTES, *_OTHER_FIELDS])


@dataclass(frozen=True)
class Response:
    """A validated answer: item → 1..4, what the respondent said of himself, and how it came."""

    answers: Mapping[str, int]
    versi: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    saran: str | None = None
    alasan: Mapping[str, str] = field(default_factory=dict)
    id: str | None = None
    hari: date | None = None
    durasi: int | None = None
    lang: str = "id"
    channel: str = "qr"


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n\u00a0")  # no more: strip() takes controls too


def unfit_character(value: str) -> tuple[str, str] | None:
    """The first character that no text of an answer may hold, after the text before it; None where there is none."""
    text = _text(value)
    found = _CONTROL.search(text)
    return (text[: found.start()], found[0]) if found else None


def parse(submission: Mapping[str, Sequence[str]], form: Form, *, complete: bool = True) -> Response:
    """A response, or SubmissionError with every problem.

    `complete`: every question has to be answered; on paper people leave some out.

    `submission` maps a field name to the values sent for it. Empty optional fields count as not sent. The honeypot
    is a field like the others here: what its content means is the guard's decision. Under 18 the other personal
    attributes are dropped: they are not asked of children (UU 27/2022). Of an answer with a day, which waited on a
    phone, a service that the unit does not have is dropped too.
    """
    problems: list[Problem] = []
    value: dict[str, str] = {}
    known = form.fields()
    for name, values in submission.items():
        if name not in known:
            problems.append(Problem(name, Fault.UNKNOWN_FIELD))
        elif len(values) > 1:
            problems.append(Problem(name, Fault.REPEATED))
        elif values and (text := _text(values[0])):
            if _CONTROL.search(text):
                problems.append(Problem(name, Fault.NOT_ALLOWED))
            else:
                value[name] = text

    def one_of(name: str, allowed: Sequence[str]) -> str | None:
        if name in value and value[name] not in allowed:
            problems.append(Problem(name, Fault.NOT_ALLOWED))
            return None
        return value.get(name)

    def matching(name: str, shape: re.Pattern[str]) -> str | None:
        if name in value and not shape.fullmatch(value[name]):
            problems.append(Problem(name, Fault.NOT_ALLOWED))
            return None
        return value.get(name)

    def short(name: str, limit: int) -> str | None:
        if len(value.get(name, "")) > limit:
            problems.append(Problem(name, Fault.TOO_LONG))
            return None
        return value.get(name)

    answers, alasan = {}, {}
    named = {problem.field for problem in problems}
    digits = [str(v) for v in SCALE]
    for item in form.instrument.items():
        if complete and item.key not in value and item.key not in named:
            problems.append(Problem(item.key, Fault.MISSING))
        elif answer := one_of(item.key, digits):
            answers[item.key] = int(answer)
        if reason := short(f"alasan_{item.key}", ALASAN_MAX):
            alasan[item.key] = reason

    attributes = {}
    for name, allowed in ATTRIBUTES.items():
        if chosen := one_of(name, allowed):
            attributes[name] = chosen
    if attributes.get("usia") == UNDER_AGE:
        attributes = {"usia": UNDER_AGE}
    # An answer that waited on a phone cannot be mended: its service may have a new name since, or its unit a successor.
    if complete and "hari" in value and value.get("layanan") not in form.services:
        value.pop("layanan", None)
    if layanan := one_of("layanan", form.services):
        attributes["layanan"] = layanan
    if loket := matching("loket", _LOKET):
        attributes["loket"] = loket

    value["id"] = value.get("id", "").lower()
    if not value["id"]:
        del value["id"]
    response_id = matching("id", UUID)
    versi = one_of("versi", [form.instrument.versi]) or form.instrument.versi
    durasi = matching("durasi", _DURASI)
    hari = None
    if day := matching("hari", _HARI):
        try:
            hari = date.fromisoformat(day)
        except ValueError:
            problems.append(Problem("hari", Fault.NOT_ALLOWED))
    response = Response(
        answers=answers,
        versi=versi,
        attributes=attributes,
        saran=short("saran", SARAN_MAX),
        alasan=alasan,
        id=response_id,
        hari=hari,
        durasi=int(durasi) if durasi else None,
        lang=one_of("lang", LANGUAGES) or "id",
        channel=one_of("k", CHANNELS) or "qr",
    )
    if problems:
        places = {item.key: place for place, item in enumerate(form.instrument.items())}
        raise SubmissionError(sorted(problems, key=lambda p: (places.get(p.field, len(places)), p.field)))
    return response


def effective_day(response: Response, today: date, is_open: bool) -> date:
    """The day an answer counts on: the day it names, if that is not in the future and its period is still open.

    `is_open` says so of the period of `response.hari`; otherwise the day of receipt counts
    (docs/release-rule.md, rule 4).
    """
    if response.hari is not None and response.hari <= today and is_open:
        return response.hari
    return today
