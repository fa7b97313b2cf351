"""Answers of the backend as HTTP responses: pages for people, JSON and `problem+json` for programs."""

import json
from collections.abc import Mapping
from dataclasses import replace

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from form_backend.errors import FAULTS, TooMany, answer_to
from form_backend.intake import Outcome
from form_backend.submission import Submission
from generator.i18n import texts
from generator.pages.lean import page_language
from generator.pages.message import message_page
from generator.pages.survey import SurveyState, survey_page
from skm.instrument import Instrument
from skm.responses import KIOSK, SubmissionError
from skm.units import Registry, Site, Unit

PROBLEM = "application/problem+json"
_RETRY = 60  # seconds, after a failure that is ours
# What a field may not hold is not repeated in the page either, nor in a field's name; line breaks and tabs are text.
_CONTROL = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)))


def page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A page that nobody keeps: it may hold somebody's answers."""
    return Response(
        html, status, {"Cache-Control": "no-store", **(headers or {})}, content_type="text/html; charset=utf-8"
    )


def data(content: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON."""
    return _json(content, status, headers, "application/json")


def recorded_form(outcome: Outcome) -> Response:
    """To the thank-you page, so that a reload posts nothing."""
    return Response(status=303, headers={"Location": _thanks(outcome), "Cache-Control": "no-store"})


def recorded_json(outcome: Outcome) -> Response:
    """201 with the receipt, 200 for an answer that was recorded before."""
    recorded, response = outcome.recorded, outcome.response
    status = "duplicate" if recorded.duplicate else "recorded"
    content = {"id": response.id, "receipt": recorded.receipt, "status": status}
    headers = {"Location": _thanks(outcome), "Cache-Control": "no-store"}
    return data(content, 200 if recorded.duplicate else 201, headers)


def _thanks(outcome: Outcome) -> str:
    """The address of the thank-you page."""
    recorded, response = outcome.recorded, outcome.response
    # A retry leads to where the first sending led. Whoever sent something else, or nothing to tell them by, is told.
    again = "&ulang=id" if recorded.differs else "&ulang=sama" if recorded.duplicate and response.id is None else ""
    kiosk = "&k=kiosk" if response.channel == KIOSK else ""  # thanks that end by themselves
    return f"/terima/{recorded.receipt}?lang={response.lang}{again}{kiosk}"


def survey_again(
    unit: Unit,
    registry: Registry,
    submission: Submission,
    answered: Instrument | None,
    error: Exception,
    *,
    example: bool,
) -> Response:
    """The survey page with every answer kept, saying what to mend or when to try again.

    `answered` is the form that the submission names, None where nobody knows it.
    """
    answer = answer_to(error)
    values = {name: values[0].translate(_CONTROL) for name, values in submission.fields.items() if values}
    form = _form_again(answered, registry.instrument(unit), error)
    values = {name: value for name, value in values.items() if answered is None or _asks_alike(answered, form, name)}
    if isinstance(error, SubmissionError):
        shown = (replace(problem, field=problem.field.translate(_CONTROL)) for problem in error.problems)
        state = SurveyState(values, tuple(shown))
    elif isinstance(error, TooMany):
        state = SurveyState(values, notice="too_many", wait=error.wait)
    else:
        state = SurveyState(values, notice="unavailable")
    html = survey_page(unit, registry, submission.first("lang"), state, form=form, example=example)
    return page(html, answer.status, _headers(error, answer.status))


def _form_again(answered: Instrument | None, newest: Instrument, error: Exception) -> Instrument:
    """The form to show: the one that was answered, so that an answer keeps its question.

    Unless it is just that form which is not taken any more, or nobody knows it.
    """
    refused = isinstance(error, SubmissionError) and any(problem.field == "versi" for problem in error.problems)
    return newest if refused or answered is None else answered


def _asks_alike(before: Instrument, now: Instrument, name: str) -> bool:
    """True where a field means on the form now what it meant before, as its Indonesian words say."""
    key = name.removeprefix("alasan_")
    then, today = (
        {item.key: (item.question["id"], item.options["id"]) for item in form.items()}.get(key)
        for form in (before, now)
    )
    return then == today


def message(error: Exception, lang: str, site: Site, *, example: bool, kiosk: bool) -> Response:
    """A page that says one thing."""
    answer = answer_to(error)
    html = message_page(answer.kind, lang, site, example=example, kiosk=kiosk)
    return page(html, answer.status, _headers(error, answer.status))


def problem(error: Exception, lang: str) -> Response:
    """RFC 9457; `errors` lists the fields that are to be mended."""
    answer = answer_to(error)
    lang = page_language(lang)
    words = texts("message", lang)
    faults = FAULTS.get(lang, FAULTS["id"])
    content: dict[str, object] = {
        "type": "about:blank",
        "title": words[f"{answer.kind}_title"],
        "status": answer.status,
        "detail": words[f"{answer.kind}_text"],
    }
    if isinstance(error, SubmissionError):
        content["errors"] = [{"field": p.field, "message": f"{p.field}: {faults[p.fault]}"} for p in error.problems]
    return _json(content, answer.status, _headers(error, answer.status), PROBLEM)


def _json(content: object, status: int, headers: Mapping[str, str] | None, content_type: str) -> Response:
    return Response(
        json.dumps(content) + "\n", status, {"Cache-Control": "no-store", **(headers or {})}, content_type=content_type
    )


def _headers(error: Exception, status: int) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.wait)}
    if status == 503:
        return {"Retry-After": str(_RETRY)}
    if isinstance(error, HTTPException):
        return {name: value for name, value in error.get_headers() if name == "Allow"}
    return {}
