"""The citizens' addresses (docs/interface.md): each takes a request apart, asks the use case and sends the reply."""

import re
from dataclasses import dataclass, replace
from urllib.parse import quote

from flask import g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from form_backend import guard, replies, static_site
from form_backend.backend import Backend
from form_backend.errors import ForeignOrigin, NoSite, TooMany, UnknownReceipt, UnknownUnit
from form_backend.logs import note_failure
from form_backend.store.database import Gone
from form_backend.submission import JSON, Submission, read
from generator.pages.lean import page_language, site_root
from generator.pages.receipt import receipt_page
from generator.pages.survey import closed_page, survey_languages, survey_page
from skm.codes import in_lower_case, is_code
from skm.responses import SubmissionError
from skm.units import Status

_SURVEY = re.compile(r"/s/(?P<code>[0-9a-z]+)(?:/(?P<lang>[a-z]+))?(?P<slash>/?)")


@dataclass(frozen=True)
class Routes:
    """The addresses as methods."""

    backend: Backend

    def submit(self, code: str) -> Response:
        """`POST /kirim/<code>`: the whole way of an answer, from bytes to a receipt."""
        intake, is_json = self.backend.intake, request.mimetype == JSON
        self._refuse_foreign()
        submission = read(request.get_data(cache=False), request.mimetype, request.mimetype_params.get("charset"))
        g.lang, g.channel = submission.first("lang"), submission.first("k")
        if not is_json:
            submission = self._with_channel(submission)
        try:
            outcome = intake.record(code, submission, self._address(), may_repeat=is_json)
        except (SubmissionError, TooMany, DBAPIError, Gone, NoConnection) as error:
            if is_json:
                raise
            note_failure(error)
            unit, answered = intake.unit(code), intake.form_of(submission.first("versi").strip())
            registry, example = self.backend.registry, self.backend.example
            return replies.survey_again(unit, registry, submission, answered, error, example=example)
        return replies.recorded_json(outcome) if is_json else replies.recorded_form(outcome)

    def survey_of(self, code: str) -> Response:
        """`GET /kirim/<code>`: somebody reloaded or shared the address of a form; the survey page is what he wants."""
        code = in_lower_case(code)
        if not is_code(code):
            raise UnknownUnit(code)
        return self._to_survey(code)

    def find(self) -> Response:
        """`GET /kirim/?kode=7K3Q`: the field for a poster's code, without script."""
        code = in_lower_case("".join(request.args.get("kode", "").split()))
        if code not in self.backend.registry.unit_by_code:
            raise UnknownUnit(code)
        return self._to_survey(code)

    def receipt(self, receipt: str) -> Response:
        """`/terima/<receipt>`: the thank-you page."""
        receipt = in_lower_case(receipt)
        found = self.backend.intake.receipt_holder(receipt)
        if found is None:
            raise UnknownReceipt
        unit, language = found
        lang = page_language(request.args.get("lang") or language or "id")
        html = receipt_page(
            unit,
            self.backend.registry,
            lang,
            receipt,
            repeat=request.args.get("ulang", ""),
            example=self.backend.example,
        )
        return replies.page(html)

    def site(self, **_path: str) -> Response:
        """Every other address: a file of the built site, or the page of a printed code that was not built yet."""
        address = request.path
        if (channel := self._channel_left_behind(address)) is not None:
            return self._moved(address, f"k={channel}", 302)
        found = static_site.look_up(self.backend.site_dir, address)
        if isinstance(found, static_site.Moved):
            return self._moved(found.path)
        if found is not None:
            g.policy = self.backend.policy()
            return static_site.send(found.file, request.environ)
        return self._unbuilt_survey(address) or self._not_found()

    def _refuse_foreign(self) -> None:
        headers = request.headers
        allowed = self.backend.allowed_origins
        if not guard.origin_allowed(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host, allowed):
            raise ForeignOrigin

    def _with_channel(self, submission: Submission) -> Submission:
        """The form's channel, read from the address of its page where no script has filled the field."""
        channel = guard.referred_channel(request.headers.get("Referer"), request.host)
        if channel is None or submission.first("k"):
            return submission
        return replace(submission, fields={**submission.fields, "k": [channel]})

    def _channel_left_behind(self, address: str) -> str | None:
        """The channel of the survey page whose link led here without script, which would have put it into the link."""
        if not address.startswith("/s/") or request.query_string:
            return None
        return guard.referred_channel(request.headers.get("Referer"), request.host)

    def _address(self) -> str:
        trusted = self.backend.settings.trusted_proxies
        return guard.client_address(request.remote_addr or "", request.headers.get("X-Forwarded-For"), trusted)

    def _to_survey(self, code: str) -> Response:
        return redirect(f"{site_root(self.backend.registry.site)}/s/{code}/", 303)

    def _moved(self, path: str, query: str | None = None, status: int = 301) -> Response:
        query = request.query_string.decode("latin-1") if query is None else query
        return redirect(quote(path) + (f"?{query}" if query else ""), status)

    def _unbuilt_survey(self, address: str) -> Response | None:
        """The survey page of a unit that the registry has and the built site has not yet: no printed code is lost."""
        asked, registry = _SURVEY.fullmatch(address), self.backend.registry
        unit = registry.unit_by_code.get(asked["code"]) if asked else None
        if asked is None or unit is None:
            return None
        lang = asked["lang"] or "id"
        if lang not in survey_languages(unit, registry):
            return None
        if not asked["slash"]:
            return self._moved(f"{address}/")
        show = survey_page if unit.status is Status.ACTIVE else closed_page
        return replies.page(show(unit, registry, lang, example=self.backend.example))

    def _not_found(self) -> Response:
        if not self.backend.site_dir.is_dir():
            raise NoSite
        page = static_site.look_up(self.backend.site_dir, "/404.html")
        if not isinstance(page, static_site.Found):
            raise UnknownUnit
        g.policy = self.backend.policy()
        return replies.page(page.file.read_text(encoding="utf-8"), 404)
