"""axe-core on a page in a real Chromium, and every page kind of the program to run it on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, get_args

from builders import a_registry, a_site, a_unit
from playwright.sync_api import BrowserContext, Page

from generator.pages import lean
from generator.pages.message import Kind, front_page, message_page
from generator.pages.poster import poster_page
from generator.pages.receipt import receipt_page
from generator.pages.survey import SurveyState, closed_page, survey_page
from skm.instrument import Biaya
from skm.responses import ALASAN_MAX, Fault, Form, Problem, SubmissionError, parse
from skm.units import Registry, Status, Unit

# The success criteria of WCAG 2.0, 2.1 and 2.2, levels A and AA; axe's "best practices" are no criteria.
WCAG: Mapping[str, Any] = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]}
# Those of them that look at colours: nothing else of a page is another in the other scheme.
COLOURS: Mapping[str, Any] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def with_axe(context: BrowserContext) -> BrowserContext:
    """The same context; each of its pages has axe from its beginning, whatever its policy allows to its own scripts."""
    context.add_init_script(_axe())
    return context


def violations(page: Page, rules: Mapping[str, Any] = WCAG) -> list[str]:
    """What axe finds: `rule: element (why)`, one line per element."""
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate(f"axe.run(document, {json.dumps(options)}).then((found) => found.violations)")
    return [
        f"{rule['id']}: {node['html'][:120]} ({' '.join(node['failureSummary'].split())[:200]})"
        for rule in found
        for node in rule["nodes"]
    ]


def _unit(**changes: Any) -> Unit:
    return a_unit(languages=lean.LANGUAGES, **changes)


UNIT = _unit()
CLOSED = _unit(code="c105", name="Kantor Lama", status=Status.CLOSED)
MOVED = _unit(code="m0ve", name="Loket Pindahan", status=Status.MOVED, moved_to="7k3q")
REGISTRY: Registry = a_registry(UNIT, CLOSED, MOVED, site=a_site(languages=lean.LANGUAGES))


def errors_state(registry: Registry = REGISTRY) -> SurveyState:
    """What comes back from a form with every kind of mistake: nothing answered but two questions, texts too long."""
    form = Form(registry.instrument(UNIT), UNIT.services)
    keys = [item.key for item in form.instrument.items()]
    values = {
        keys[1]: "2",
        f"alasan_{keys[1]}": "a" * (ALASAN_MAX + 1),
        keys[2]: "4",
        "saran": "Ramah",
        "usia": "9",
        "layanan": "tidak ada",
        "nama": "Seseorang",
        "versi": "lama",
        "id": "1",
    }
    try:
        parse({name: [value] for name, value in values.items()}, form)
    except SubmissionError as error:
        outdated = [Problem("versi", Fault.OUTDATED) if one.field == "versi" else one for one in error.problems]
        return SurveyState(values, tuple(outdated))
    raise AssertionError("this form has mistakes")


def lean_pages() -> Iterator[tuple[str, str]]:
    """(name, HTML) of every lean page kind × language × state; each is marked as an example, which adds to it."""
    yield "message-down-in-every-language", front_page("down", REGISTRY.site, example=True)
    yield "poster", poster_page(UNIT, REGISTRY, example=True)
    states = {
        "empty": SurveyState(),
        "errors": errors_state(),
        "too-many": SurveyState({"waktu": "1"}, notice="too_many", wait=120),
        "unavailable": SurveyState({"waktu": "1"}, notice="unavailable"),
        "kiosk": SurveyState({"k": "kiosk"}),
    }
    for lang in lean.LANGUAGES:
        for state, found in states.items():
            yield f"survey-{state}-{lang}", survey_page(UNIT, REGISTRY, lang, found, example=True)
        for repeat in ("", "sama", "id"):
            html = receipt_page(UNIT, REGISTRY, lang, "7k3q8w2m1z", repeat=repeat, example=True)
            yield f"receipt-{repeat or 'first'}-{lang}", html
        for unit in (CLOSED, MOVED):
            yield f"{unit.status}-{lang}", closed_page(unit, REGISTRY, lang, example=True)
        for kind in get_args(Kind):
            yield f"message-{kind}-{lang}", message_page(kind, lang, REGISTRY.site, example=True)
    for instrument in ("ipkp", "ipak"):
        other = replace(REGISTRY, site=replace(REGISTRY.site, instrument=instrument))
        for lang in lean.LANGUAGES:
            yield f"survey-{instrument}-{lang}", survey_page(UNIT, other, lang, example=True)
    for biaya in (Biaya.KESESUAIAN, Biaya.NONE):
        asked = replace(UNIT, biaya=biaya)
        yield f"survey-biaya-{biaya}", survey_page(asked, replace(REGISTRY, units=(asked,)), "id")
    plain = replace(UNIT, services=())
    yield "survey-without-services", survey_page(plain, replace(REGISTRY, units=(plain,)), "id")
