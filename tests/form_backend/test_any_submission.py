"""Whatever bytes are sent: fields or a refusal; whatever fields: an answer or every fault by its name. No third way.

Derandomised: the same bytes in every run.
"""

import json
import operator
from urllib.parse import quote_plus

from hypothesis import example, given, settings
from hypothesis import strategies as st

from form_backend.errors import BackendError, answer_to
from form_backend.submission import FORM, JSON, MAX_FIELDS, Submission, read
from generator.instruments import instrument
from skm.instrument import Biaya
from skm.responses import (
    ALASAN_MAX,
    ATTRIBUTES,
    CHANNELS,
    HONEYPOT,
    LANGUAGES,
    SARAN_MAX,
    Fault,
    Form,
    Response,
    SubmissionError,
    parse,
)

SURVEY = Form(instrument("permenpan-14-2017", Biaya.KESESUAIAN), ("KTP elektronik",))
ITEMS = [item.key for item in SURVEY.instrument.items()]
STEADY = settings(derandomize=True, database=None, deadline=None, max_examples=150)

# Bytes that are nearly a body: the words of the two formats, in any order, between noise.
WORDS = [b"waktu", b"saran", b"=", b"&", b"+", b"%", b"%00", b"%C3", b"\xc3\xa9", b"\xff", b";", b"{", b"}", b"[", b"]"]
WORDS += [
    b'"waktu"',
    b":",
    b",",
    b"3",
    b"-0",
    b"1e5",
    b"NaN",
    b"null",
    b"true",
    b'"\\ud83d"',
    b"\\",
    b'"',
    b" ",
    b"\x00",
]
BODIES = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(WORDS), max_size=30).map(b"".join))
TYPES = st.one_of(st.sampled_from([FORM, JSON]), st.text(max_size=20))

NAMES = st.one_of(st.sampled_from(sorted(SURVEY.fields())), st.text(max_size=8))
VALUES = st.one_of(
    st.sampled_from(
        ["1", "4", "5", "l", "<18", "KTP elektronik", "2026-11-24", "2026-02-30", "id", "kiosk", " 3 ", "\r"]
    ),
    st.just(SURVEY.instrument.versi),
    st.text(max_size=12),
    st.text(st.sampled_from("a\n\x00"), min_size=295, max_size=1005),
)
GOOD = {
    **ATTRIBUTES,
    **{f"alasan_{key}": ("Antre", "", "x" * ALASAN_MAX) for key in ITEMS},
    "layanan": SURVEY.services,
    "loket": ("1", "Loket 2-B."),
    "saran": (" Kursi\r\nkurang ", "", "x" * SARAN_MAX),
    "hari": ("2026-11-24", "9999-12-31"),
    "durasi": ("0", "999999"),
    "lang": LANGUAGES,
    "k": CHANNELS,
    HONEYPOT: ("", "http://spam.example"),
}
ANSWERED = st.fixed_dictionaries({key: st.sampled_from([["1"], ["4"], [" 2\n"]]) for key in ITEMS})
MORE = st.dictionaries(st.sampled_from(sorted(GOOD)), st.integers(0, 9), max_size=9).map(
    lambda picks: {name: [GOOD[name][pick % len(GOOD[name])]] for name, pick in picks.items()}
)
ODD = st.dictionaries(NAMES, st.lists(VALUES, max_size=2), max_size=6)
SENT = st.one_of(ODD, st.builds(operator.or_, ANSWERED, MORE), st.builds(operator.or_, ANSWERED, ODD))


@STEADY
@given(BODIES, TYPES, st.none() | st.sampled_from(["utf-8", "UTF8", "latin-1", ""]))
@example(b"[" * 60_000, JSON, None)
@example(b'{"a":' * 20_000, JSON, None)
def test_any_bytes_are_fields_or_a_refusal_that_is_the_senders(body: bytes, mimetype: str, charset: str | None) -> None:
    try:
        submission = read(body, mimetype, charset)
    except BackendError as error:
        assert answer_to(error).status in (413, 415, 422)
        return
    values = [value for values in submission.fields.values() for value in values]
    assert all(isinstance(value, str) for value in values)
    assert len(values) + len(submission.faults) <= MAX_FIELDS


@STEADY
@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9)), max_size=9))
def test_a_form_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    assert read(body, FORM) == written(pairs)


@STEADY
@given(st.lists(st.tuples(st.text(max_size=9), st.one_of(st.text(max_size=9), st.integers())), max_size=9))
def test_json_is_read_as_it_was_written(pairs: list[tuple[str, str | int]]) -> None:
    body = "{" + ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in pairs) + "}"
    assert read(body.encode(), JSON) == written([(name, str(value)) for name, value in pairs])


def written(pairs: list[tuple[str, str]]) -> Submission:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return Submission(fields)


@STEADY
@given(SENT)
def test_any_fields_are_an_answer_or_every_fault_by_its_name(sent: dict[str, list[str]]) -> None:
    try:
        response = parse(sent, SURVEY)
    except SubmissionError as error:
        named = {problem.field for problem in error.problems}
        assert named <= sent.keys() | set(ITEMS)
        assert {p.field for p in error.problems if p.fault is Fault.UNKNOWN_FIELD} == sent.keys() - SURVEY.fields()
        assert all(name in named for name in ITEMS if not any(sent.get(name, ())))
        assert all(name in named for name, values in sent.items() if len(values) > 1)
    else:
        assert sent.keys() <= SURVEY.fields()
        assert_may_be_counted(response)


def assert_may_be_counted(response: Response) -> None:
    texts = [response.saran or "", *response.alasan.values()]
    assert response.answers.keys() == set(ITEMS)
    assert set(response.answers.values()) <= {1, 2, 3, 4}
    assert all(value in {**ATTRIBUTES, "layanan": SURVEY.services}[name] for name, value in chosen(response))
    assert (response.lang in LANGUAGES, response.channel in CHANNELS) == (True, True)
    assert response.versi == SURVEY.instrument.versi
    assert len(texts[0]) <= SARAN_MAX and all(len(text) <= ALASAN_MAX for text in texts[1:])
    assert not any(character < " " and character not in "\n\t" for text in texts for character in text)
    assert HONEYPOT not in response.attributes


def chosen(response: Response) -> list[tuple[str, str]]:
    """What a person chose of himself from lists."""
    return [(name, value) for name, value in response.attributes.items() if name != "loket"]
