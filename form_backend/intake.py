"""The use case: a submission becomes a recorded answer with a receipt, exactly once."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from form_backend import guard
from form_backend.errors import ClosedUnit, TooMany, UnknownUnit
from form_backend.store.answers import RECEIPT_LENGTH, NewAnswer, Recorded, Store
from form_backend.store.forms import FormStore
from form_backend.submission import Submission
from skm.codes import ALPHABET, in_lower_case
from skm.instrument import Instrument
from skm.periods import Period, day_of, period_of
from skm.responses import (
    HONEYPOT,
    KIOSK,
    LANGUAGES,
    UUID,
    VERSI,
    Fault,
    Form,
    Problem,
    Response,
    SubmissionError,
    effective_day,
    parse,
)
from skm.units import Registry, Site, Status, Unit

OLD_FORMS = timedelta(days=30)  # so long an answer may wait for a signal after its form was replaced
_NO_REPEATS_RULE = (KIOSK, "kertas")  # many people at one device, or one clerk with many alike papers


@dataclass(frozen=True)
class Outcome:
    """What was recorded, for the answer to its sender; `response.id` is None without script."""

    recorded: Recorded
    response: Response


@dataclass(frozen=True)
class Intake:
    """Records answers; the same way for a browser, a program and a simulation."""

    store: Store
    registry: Callable[[], Registry]
    clock: Callable[[], datetime]
    secret: bytes
    limits: bool = True
    per_client: guard.Ceiling = field(default_factory=lambda: guard.Ceilings(guard.PER_CLIENT))
    per_kiosk: guard.Ceiling = field(default_factory=lambda: guard.Ceilings(guard.PER_KIOSK))
    per_kiosks: guard.Ceiling = field(default_factory=lambda: guard.Ceilings(guard.PER_KIOSKS))
    per_unit: guard.Ceiling = field(default_factory=lambda: guard.Ceilings(guard.PER_UNIT))

    def unit(self, code: str) -> Unit:
        """The unit that takes answers for a code (a moved or merged unit's successor); UnknownUnit, ClosedUnit."""
        registry = self.registry()
        found = registry.unit_by_code.get(in_lower_case(code))
        if found is None:
            raise UnknownUnit(code)
        receiver = registry.receiver(found)
        if receiver.status is not Status.ACTIVE:
            raise ClosedUnit(receiver.code)
        return receiver

    def record(self, code: str, submission: Submission, address: str, *, may_repeat: bool) -> Outcome:
        """Record one submission for the unit of `code`; UnknownUnit, ClosedUnit, SubmissionError, TooMany.

        `may_repeat`: a program's submissions without id are always new; a browser's fall under the no-script rule.
        """
        try:
            return self._recorded(code, submission, address, may_repeat=may_repeat)
        except (ClosedUnit, SubmissionError, TooMany) as error:
            # Its reply may have been lost: what was recorded once is thanked for, whatever happened to its unit since.
            if isinstance(error, SubmissionError) and all(one.fault is not Fault.OUTDATED for one in error.problems):
                raise
            if (before := self._recorded_before(submission)) is None:
                raise
            return before

    def _recorded(self, code: str, submission: Submission, address: str, *, may_repeat: bool) -> Outcome:
        unit, now = self.unit(code), self.clock()
        today = self._today(now)
        self._forms.note(self.registry(), today)
        response = self._response(submission, unit, {in_lower_case(code), unit.code}, today)
        client = guard.client_key(self.secret, today, address)
        self._admit(client, unit, now, kiosk=response.channel == KIOSK)
        if submission.first(HONEYPOT).strip():
            seed = response.id or secrets.token_hex(8)  # who sends one `id` twice gets one receipt, as anybody does
            return Outcome(Recorded(guard.decoy_receipt(self.secret, unit.code, seed), duplicate=False), response)
        digest = None
        if response.id is None and not may_repeat and response.channel not in _NO_REPEATS_RULE:
            digest = guard.post_digest(self.secret, client, unit.code, response)
        [recorded] = self.store.add([self._new_answer(unit, response, now, today, digest)])
        return Outcome(recorded, response)

    def _recorded_before(self, submission: Submission) -> Outcome | None:
        """The outcome for an answer whose `id` is recorded."""
        answer_id = submission.first("id").strip().lower()
        receipt = self.store.receipt_of(answer_id) if UUID.fullmatch(answer_id) else None
        if receipt is None:
            return None
        lang, channel = submission.first("lang"), submission.first("k")
        kept = Response({}, "", id=answer_id, lang=lang if lang in LANGUAGES else "id", channel=channel)
        return Outcome(Recorded(receipt, duplicate=True), kept)

    def typed(self, code: str, submission: Submission) -> tuple[Unit, Response]:
        """What was typed in from paper, for `record_many`: questions may be left out. Nothing is recorded yet.

        UnknownUnit, ClosedUnit, SubmissionError.
        """
        unit = self.unit(code)
        today = self._today(self.clock())
        return unit, self._response(submission, unit, {in_lower_case(code), unit.code}, today, complete=False)

    def record_many(self, answers: Iterable[tuple[Unit, Response, datetime]]) -> list[Recorded]:
        """Record responses that were not posted (simulated, typed in), each at its instant; all or none."""
        return self.store.add(self.new_answers(answers))

    def new_answers(self, answers: Iterable[tuple[Unit, Response, datetime]]) -> list[NewAnswer]:
        """Responses that were not posted as the store takes them."""
        return [self._new_answer(unit, response, now, self._today(now)) for unit, response, now in answers]

    def receipt_holder(self, receipt: str) -> tuple[Unit, str | None] | None:
        """The unit of a receipt and the language of its answer; of a decoy the unit only."""
        registry = self.registry()
        if len(receipt) != RECEIPT_LENGTH or not set(receipt) <= set(ALPHABET):
            return None
        if record := self.store.by_receipt(receipt):
            unit = registry.unit_by_code.get(record.unit)
            return (unit, record.language) if unit else None
        tail = guard.decoy_tail(self.secret, receipt)
        return next(((unit, None) for unit in registry.units if guard.unit_tail(unit.code) == tail), None)

    def form_of(self, versi: str) -> Instrument | None:
        """The form that an answer names, also where the registry has its questionnaire no longer; None for no form."""
        return self.registry().instruments.find(versi) or self._forms.kept.find(versi)

    @cached_property
    def _forms(self) -> FormStore:
        return FormStore(self.store.engine)

    @property
    def _site(self) -> Site:
        return self.registry().site

    def note_forms(self) -> None:
        """Remember the forms that the units show now; to be called when a server starts and whenever it is looked at.

        Only what is remembered is accepted after it was replaced.
        """
        self._forms.note(self.registry(), self._today(self.clock()))

    def forget_clients(self) -> None:
        """Let go of hashed addresses whose posts count no more; to be called now and then, whoever posts or not."""
        for one in (self.per_client, self.per_kiosk, self.per_kiosks, self.per_unit):
            one.forget(self.clock().timestamp())

    def _response(
        self, submission: Submission, unit: Unit, codes: set[str], today: date, *, complete: bool = True
    ) -> Response:
        """What was sent, read by the form that was on the screen of one of these codes; SubmissionError."""
        registry, versi = self.registry(), submission.first("versi").strip()
        form = registry.instrument(unit)
        # What has not the shape of a name is no question for the database, which may not even hold it.
        is_other = versi not in ("", form.versi) and VERSI.fullmatch(versi)
        if not is_other or (replaced := self._forms.replaced(codes, versi)) is None:
            return _parsed(submission, Form(form, unit.services), complete=complete)
        shown = self.form_of(versi)
        if shown is None or today - replaced > OLD_FORMS:
            raise _outdated(submission, Form(form, unit.services))
        response = _parsed(submission, Form(shown, unit.services), complete=complete)
        # A period that began with another questionnaire has no place for this one's answers.
        if shown.id != form.id and replaced <= self._period(self._day(response, today)).first_day:
            raise _outdated(submission, Form(form, unit.services))
        return response

    def _today(self, now: datetime) -> date:
        return day_of(now, ZoneInfo(self._site.timezone))

    def _admit(self, client: str, unit: Unit, now: datetime, *, kiosk: bool) -> None:
        if self.limits:
            at = now.timestamp()
            if kiosk:
                wait = self.per_kiosk.admit(f"{unit.code} {client}", at) or self.per_kiosks.admit(client, at)
            else:
                wait = self.per_client.admit(client, at)
            if wait := wait or self.per_unit.admit(unit.code, at):
                raise TooMany(wait)

    def _new_answer(
        self, unit: Unit, response: Response, now: datetime, today: date, digest: str | None = None
    ) -> NewAnswer:
        day = self._day(response, today)
        return NewAnswer(
            unit=unit.code,
            period=self._period(day),
            day=day.isoformat(),
            received_at=now,
            response=response,
            labels=guard.labels(response),
            digest=digest,
        )

    def _day(self, response: Response, today: date) -> date:
        hari = response.hari
        # No period is longer than a year, so an older day asks for no year's terms.
        recent = hari is not None and today - timedelta(days=800) < hari <= today
        is_open = recent and hari is not None and self._period(hari).is_open(today, self._site.release.grace)
        return effective_day(response, today, is_open)

    def _period(self, day: date) -> Period:
        site = self._site
        _, kind = self.store.terms(day.year, site.release.k, site.period)
        return period_of(day, kind)


def _parsed(submission: Submission, form: Form, *, complete: bool = True) -> Response:
    faulty = {problem.field for problem in submission.faults}
    problems: Sequence[Problem] = ()
    try:
        response = parse(submission.fields, form, complete=complete)
    except SubmissionError as error:
        problems = [problem for problem in error.problems if problem.field not in faulty]
    if problems or submission.faults:
        raise SubmissionError([*submission.faults, *problems])
    return response


def _outdated(submission: Submission, form: Form) -> SubmissionError:
    """What is to be mended on the newest form, which is shown with the answers that still fit it."""
    problems: Sequence[Problem] = ()
    try:
        _parsed(submission, form)
    except SubmissionError as error:
        # What only the old form asked is not the sender's mistake.
        rest = [one for one in error.problems if one.field != "versi"]
        problems = [one for one in rest if one.fault is not Fault.UNKNOWN_FIELD]
    return SubmissionError([*problems, Problem("versi", Fault.OUTDATED)])
