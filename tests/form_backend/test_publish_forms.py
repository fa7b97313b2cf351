"""A questionnaire that changes while answers wait: the block says so, and nobody is graded by half of it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from builders import a_registry
from publishing import IN_TW4, SITE, UNIT, Answers, published

from form_backend.intake import Intake
from form_backend.publish import Publisher
from form_backend.store.answers import Store
from skm.responses import Response

pytestmark = pytest.mark.engines


@pytest.fixture
def changed(publisher: Publisher, answers: Answers, store: Store, remote: Path) -> Path:
    """12 answers to the usual questionnaire, 12 to IPAK, released together at the close."""
    answers(12)
    registry = a_registry(UNIT, site=replace(SITE, instrument="ipak"))
    form = registry.instrument(UNIT)
    response = Response({item.key: 4 for item in form.items()}, form.versi)
    moment = datetime(IN_TW4.year, IN_TW4.month, IN_TW4.day, 5, tzinfo=UTC)
    intake = Intake(store, lambda: registry, lambda: moment, b"s" * 32)
    intake.record_many([(UNIT, response, moment)] * 12)
    publisher.run(date(2027, 1, 8))
    return remote


def test_a_block_that_spans_a_change_names_every_form(changed: Path) -> None:
    [block] = published(changed)["blocks"]
    assert (block["instrument"], block["earlier_instruments"]) == ("ipak.1.official", ["permenpan-14-2017.1.official"])


def test_answers_to_two_questionnaires_get_no_mutu_and_no_interval(changed: Path) -> None:
    final = published(changed)
    assert (final["final"], final["mutu"], final["interval"]) == (True, None, None)
