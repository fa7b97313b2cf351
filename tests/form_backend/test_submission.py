import pytest

from form_backend.errors import TooLarge, Unreadable, UnsupportedType
from form_backend.submission import FORM, JSON, MAX_BYTES, read
from skm.responses import Fault, Problem


def test_a_form_gives_every_value_of_every_field() -> None:
    assert read(b"waktu=3&saran=sangat+baik%21&loket=&waktu=4", FORM).fields == (
        {"waktu": ["3", "4"], "saran": ["sangat baik!"], "loket": [""]}
    )


def test_an_empty_form_has_no_fields() -> None:
    assert read(b"", FORM).fields == {}


@pytest.mark.parametrize(
    "body", [b"saran=%FF", b"saran=\xff", b"saran=%C3%28", b"saran=100%", b"saran=%zz", b"saran", b"a=1&&b=2"]
)
def test_a_damaged_form_is_refused_not_repaired(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, FORM)


def test_integers_and_texts_of_json_are_alike() -> None:
    assert read(b'{"waktu": 3, "biaya": "4"}', JSON).fields == {"waktu": ["3"], "biaya": ["4"]}


@pytest.mark.parametrize("value", ["true", "3.0", "3e0", "null", "[3]", '{"a": 1}', "NaN", "Infinity"])
def test_any_other_value_of_json_is_a_fault_of_its_field(value: str) -> None:
    submission = read(f'{{"waktu": {value}}}'.encode(), JSON)
    assert (submission.faults, submission.fields) == ((Problem("waktu", Fault.NOT_ALLOWED),), {})


def test_a_name_that_json_repeats_is_seen_twice() -> None:
    assert read(b'{"waktu": 3, "waktu": 4}', JSON).fields == {"waktu": ["3", "4"]}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"3", b'{"waktu": 3', b'{"waktu": "\xff"}', b"{} {}", b"[" * 60_000, b'{"waktu": "\x00"}'],
)
def test_what_is_not_one_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        read(body, JSON)


def test_the_refusal_does_not_quote_the_body() -> None:
    with pytest.raises(Unreadable) as caught:
        read(b'{"saran": "rahasia warga', JSON)
    assert "rahasia" not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("mimetype", ["", "text/plain", "multipart/form-data", "application/xml"])
def test_other_types_are_refused(mimetype: str) -> None:
    with pytest.raises(UnsupportedType):
        read(b"waktu=3", mimetype)


def test_another_charset_is_refused() -> None:
    with pytest.raises(UnsupportedType):
        read(b"waktu=3", FORM, "iso-8859-1")


@pytest.mark.parametrize("body", [b"a=" + b"x" * MAX_BYTES, b"&".join([b"a=1"] * 65)])
def test_more_than_any_form_holds_is_too_large(body: bytes) -> None:
    with pytest.raises(TooLarge):
        read(body, FORM)


def test_more_members_than_any_form_holds_are_too_large() -> None:
    with pytest.raises(TooLarge):
        read(b"{" + b",".join(b'"f%d": 1' % n for n in range(65)) + b"}", JSON)
