"""`openapi.yaml` and the server say the same, whatever is sent: of every address, of every field, of every status."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from installation import ITEMS, Installation
from openapi_oracle import OPENAPI, accepted, of_one_unit
from schemathesis import Case, Config
from sqlalchemy import select

from form_backend.errors import TABLE
from form_backend.store.answers import Store
from form_backend.store.schema import answers
from generator.instruments import instrument
from skm.responses import ALASAN_MAX, ATTRIBUTES, CHANNELS, LANGUAGES, SARAN_MAX, Form

SCHEMAS = OPENAPI["components"]["schemas"]
FIELDS = SCHEMAS["Answer"]["properties"]
METHODS = {"get", "post"}


def test_the_fields_are_those_of_the_shipped_instrument() -> None:
    form = Form(instrument("permenpan-14-2017"))
    assert FIELDS.keys() == form.fields()
    assert set(SCHEMAS["Answer"]["required"]) == {item.key for item in form.instrument.items()}


def test_the_words_of_a_field_are_those_that_the_parser_takes() -> None:
    words = {name: set(field["enum"]) - {""} for name, field in FIELDS.items() if "enum" in field}
    assert words == {
        **{name: set(allowed) for name, allowed in ATTRIBUTES.items()},
        "lang": set(LANGUAGES),
        "k": set(CHANNELS),
    }


def test_the_lengths_of_texts_are_those_of_the_parser() -> None:
    assert (FIELDS["saran"]["maxLength"], SCHEMAS["Reason"]["maxLength"]) == (SARAN_MAX, ALASAN_MAX)


def test_every_address_of_the_server_is_described_and_no_other(installation: Installation) -> None:
    rules = installation.app().url_map.iter_rules()
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in rules
        if rule.endpoint != "site"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in OPENAPI["paths"].items() for method in METHODS & item.keys()}
    assert described == served


def test_every_status_that_a_failed_post_may_have_is_described() -> None:
    statuses = {str(answer.status) for _, answer in TABLE} - {
        "400",
        "405",
        "416",
    }  # those are of no POST to this address
    assert statuses <= OPENAPI["paths"]["/kirim/{code}"]["post"]["responses"].keys()


# Fuzzing. Derandomised: the same requests on every machine and in every run, until the description changes.

CHECKS = {
    # Whether something was to be accepted is asked of the oracle, in both directions.
    "positive_data_acceptance": {"enabled": False},
    "negative_data_rejection": {"enabled": False},
}


def described(content: dict[str, Any], examples: int, **phases: Any) -> Any:
    config = {
        "generation": {"deterministic": True, "max-examples": examples, "mode": "all"},
        "phases": {"stateful": {"enabled": False}, **phases},
        "checks": CHECKS,
    }
    return schemathesis.openapi.from_dict(content, config=Config.from_dict(config))


def posts(content_type: str) -> Any:
    return described(of_one_unit(content_type), 80).include(operation_id="submit")


PAGES = described(OPENAPI, 40).exclude(operation_id="submit")
ANYWHERE = described(OPENAPI, 40, coverage={"enabled": False}).include(operation_id="submit")
FORMS, JSONS = posts("application/x-www-form-urlencoded"), posts("application/json")
ANY_APP = settings(suppress_health_check=list(HealthCheck), deadline=None)  # one installation takes all requests


@dataclass(frozen=True)
class Api:
    """A server and what it has recorded."""

    app: Any
    store: Store

    def take(self, case: Case, headers: dict[str, str] | None = None) -> Any:
        """Send a case; whatever comes back is by contract, and one whole answer is recorded or nothing is."""
        before = self.store.count()
        answer = case.call_and_validate(app=self.app, headers=headers)
        receipt = answer.headers.get("location", [""])[0].removeprefix("/terima/").partition("?")[0]
        is_new = (
            len(receipt) == 10 and self.store.by_receipt(receipt) is not None and b'"duplicate"' not in answer.content
        )
        assert self.store.count() - before in ({0, 1} if is_new else {0})
        return answer


@pytest.fixture
def api(installation: Installation) -> Iterator[Api]:
    yield Api(installation.app(SUKMA_LIMITS="off"), installation.store)
    with installation.store.engine.connect() as connection:
        recorded = list(connection.scalars(select(answers.c.answers)))
    assert all(set(one) == set(ITEMS) and set(one.values()) <= {1, 2, 3, 4} for one in recorded)


@PAGES.parametrize()
@ANY_APP
def test_every_address_answers_by_contract(api: Api, case: Case) -> None:
    api.take(case)


@ANYWHERE.parametrize()
@ANY_APP
def test_a_post_to_any_code_with_any_headers_is_answered_by_contract(api: Api, case: Case) -> None:
    api.take(case)


@FORMS.parametrize()
@ANY_APP
def test_a_form_is_taken_exactly_where_the_description_allows_it(api: Api, case: Case) -> None:
    taken_as_described(api, case)


@JSONS.parametrize()
@ANY_APP
def test_json_is_taken_exactly_where_the_description_allows_it(api: Api, case: Case) -> None:
    taken_as_described(api, case)


def taken_as_described(api: Api, case: Case) -> None:
    case.path_parameters, case.headers, case.query = {"code": "7k3q"}, {}, {}
    if isinstance(case.body, dict):  # JSON Schema calls 3.0 an integer, and so most of its examples would be refused
        case.body = {name: int(value) if is_whole(value) else value for name, value in case.body.items()}
    answer = api.take(case)
    body, content_type = answer.request.body or b"", answer.request.headers.get("Content-Type", "")
    body = body.encode() if isinstance(body, str) else body
    if case.method == "POST":  # the others are tried, too, and are no answers
        assert (answer.status_code < 400) is accepted(body, content_type), (answer.status_code, body)


def is_whole(value: object) -> bool:
    return isinstance(value, float) and value.is_integer()
