"""What no form sends, against the real server: each gets its answer, and nothing of it is recorded."""

import json
from collections.abc import Iterator

import pytest
from installation import ITEMS, Installation, serving
from raw_http import FILLED, FORM, JSON, exchange, request

from form_backend.store.answers import Store, open_store

FULL = json.dumps(FILLED)[:-1]  # an object that takes more members
LONG = "a" * 300  # longer than any file's name
HUGE = "a" * 300_000  # longer than any head that is read


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One server for all: nothing that is sent to it may leave a trace."""
    folder = tmp_path_factory.mktemp("bad")
    made = Installation(folder, open_store(f"sqlite:///{folder / 'var' / 'sukma.sqlite3'}"))
    made.fill()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def port(here: Installation) -> Iterator[int]:
    with serving(here.app()) as port:
        yield port


@pytest.fixture(autouse=True)
def store(here: Installation) -> Iterator[Store]:
    before = here.store.count()
    yield here.store
    assert here.store.count() == before, "something of a bad request was recorded"


def form(text: str) -> bytes:
    return b"&".join(f"{item}=3".encode() for item in ITEMS) + b"&" + text.encode("latin-1")


BODIES = {
    "10 MB": (request(body=form("saran=" + "x" * 10_000_000)), 413),
    "10.000 fields": (request(body=form("&".join(f"f{n}=1" for n in range(10_000)))), 413),
    "10.000 members": (request("/kirim/7k3q", json.dumps({str(n): 1 for n in range(10_000)}).encode(), JSON), 413),
    "a byte that is no UTF-8": (request(body=form("saran=\xff")), 422),
    "an escape that is no UTF-8": (request(body=form("saran=%ff")), 422),
    "a null byte": (request(body=form("saran=a\x00b")), 422),
    "an escaped null byte": (request(body=form("saran=%00")), 422),
    "a null byte in a name": (request(body=form("sa%00ran=1")), 422),
    "half an escape": (request(body=form("saran=100%")), 422),
    "a field twice": (request(body=form("waktu=3")), 422),
    "an empty form": (request(body=b""), 422),
    "nested JSON": (request("/kirim/7k3q", f'{FULL}, "saran": {{"a": [1]}}}}'.encode(), JSON), 422),
    "JSON 30.000 deep": (request("/kirim/7k3q", f'{FULL}, "saran": {"[" * 30_000}'.encode(), JSON), 422),
    "a member twice": (request("/kirim/7k3q", f'{FULL}, "waktu": 4}}'.encode(), JSON), 422),
    "50.000 digits": (request("/kirim/7k3q", f'{FULL}, "durasi": {"9" * 50_000}}}'.encode(), JSON), 422),
    "1e999": (request("/kirim/7k3q", f'{FULL}, "durasi": 1e999}}'.encode(), JSON), 422),
    "NaN": (request("/kirim/7k3q", f'{FULL}, "durasi": NaN}}'.encode(), JSON), 422),
    "minus infinity": (request("/kirim/7k3q", f'{FULL}, "durasi": -Infinity}}'.encode(), JSON), 422),
    "half a surrogate pair": (request("/kirim/7k3q", f'{FULL}, "saran": "\\ud800"}}'.encode(), JSON), 422),
    "half a pair as a name": (request("/kirim/7k3q", f'{FULL}, "\\ud800": 1}}'.encode(), JSON), 422),
    "half a pair as the form": (request("/kirim/7k3q", f'{FULL}, "versi": "\\ud800"}}'.encode(), JSON), 422),
    "a null byte as the form": (request("/kirim/7k3q", f'{FULL}, "versi": "x\\u0000"}}'.encode(), JSON), 422),
    "half a pair as the id": (request("/kirim/7k3q", f'{FULL}, "id": "\\ud800"}}'.encode(), JSON), 422),
    "half a pair as the id, closed unit": (request("/kirim/c105", f'{FULL}, "id": "\\ud800"}}'.encode(), JSON), 410),
    "half a pair as the language": (request("/kirim/7k3q", f'{FULL}, "lang": "\\ud800"}}'.encode(), JSON), 422),
    "UTF-16": (request("/kirim/7k3q", f"{FULL}}}".encode("utf-16"), JSON), 422),
    "a list": (request("/kirim/7k3q", b"[1, 2, 3]", JSON), 422),
    "a form called JSON": (request(content_type=JSON), 422),
    "JSON called a form": (request(body=f"{FULL}}}".encode()), 422),
    "plain text": (request(content_type="text/plain"), 415),
    "multipart": (request(content_type="multipart/form-data; boundary=b"), 415),
    "no type": (request(content_type=None), 415),
    "no sensible type": (request(content_type=";;=,"), 415),
    "JSON in UTF-16 by its type": (request(content_type=f"{JSON}; charset=utf-16"), 415),
    "a form in Latin-1 by its type": (request(content_type=f"{FORM}; charset=latin-1"), 415),
    "no length": (request(length=None), 422),  # a body without a length is none
    "too small a length": (request(length="10"), 422),
    "too great a length": (request(length="4000"), 0),
    "a negative length": (request(length="-1"), 400),
    "a length in words": (request(length="banyak"), 400),
    "two lengths": (request("/kirim/7k3q", None, FORM, "Content-Length: 3"), 400),
    "an endless length": (request(length="9" * 30), 413),
    "a length beyond Python": (request(length="9" * 5000), 0),
    "a broken chunk": (request("/kirim/7k3q", b"zz\r\na\r\n", FORM, "Transfer-Encoding: chunked", length=None), 400),
    "half a chunk": (request("/kirim/7k3q", b"ff\r\nwaktu", FORM, "Transfer-Encoding: chunked", length=None), 0),
    "an unknown encoding": (request("/kirim/7k3q", None, FORM, "Transfer-Encoding: gzip", length=None), 501),
    "a foreign page's post": (request("/kirim/7k3q", None, FORM, "Origin: https://jahat.example"), 403),
    "a head without end": (request("/kirim/7k3q", None, FORM, f"X-A: {HUGE}"), 431),
    "a header that is none": (request("/kirim/7k3q", None, FORM, "tanpa titik dua"), 400),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\x01", 0),
}
PATHS = {
    "/kirim/%2e": 404,
    "/kirim/%2e%2e": 404,
    "/kirim/../kirim/7k3q": 405,
    "/kirim/..%2fkirim%2f7k3q": 405,
    "/kirim//7k3q": 405,
    "/kirim/%2f7k3q": 405,
    "/kirim/7k3q%00": 404,
    "/kirim/7k3q%0a": 404,
    "/kirim/7k3q%20": 404,
    "/kirim/7k3q;a=1": 404,
    "/kirim/%ff": 404,
    "/kirim/%zz": 404,
    "/kirim/%EF%BC%97k3q": 404,  # a full-width seven
    "/kirim/7%E2%84%AA3q": 404,  # the Kelvin sign, which Unicode calls a K
    "/kirim/7\xe2\x84\xaa3q": 400,  # the same, not escaped
    "/kirim/7kЗq".encode().decode("latin-1"): 400,
    f"/kirim/{LONG}": 404,
    f"/kirim/{HUGE}": 431,
    "*": 405,
}
PAGES = {
    f"/{LONG}": 404,
    f"/s/{LONG}/": 404,
    "/hasil/" + "b/" * 5000: 404,
    f"/terima/{LONG}": 404,
    f"/kirim/?kode={LONG}": 404,
    "/kirim/?kode=7%E2%84%AA3q": 404,
    "/s/7%E2%84%AA3q/": 404,
    "/terima/%00": 404,
    "/s/%ff/": 404,
    "/a%0d%0aSet-Cookie:a=b": 404,
    "/%2f%2fjahat.example/": 404,
}
METHODS = {
    "HEAD": 303,
    "OPTIONS": 200,
    "PUT": 405,
    "DELETE": 405,
    "PATCH": 405,
    "TRACE": 405,
    "post": 400,
    "KIRIM": 405,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_no_form_sends(port: int, name: str) -> None:
    sent, status = BODIES[name]
    assert exchange(port, sent).status == status


@pytest.mark.parametrize("path", PATHS, ids=ascii)
def test_a_post_to_an_address_that_is_nearly_one(port: int, path: str) -> None:
    assert exchange(port, request(path)).status == PATHS[path]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path[:30])
def test_a_page_that_cannot_be(port: int, path: str) -> None:
    assert exchange(port, request(path, b"", None, method="GET")).status == PAGES[path]


@pytest.mark.parametrize("method", METHODS)
def test_another_method(port: int, method: str) -> None:
    assert exchange(port, request(method=method, body=b"")).status == METHODS[method]


@pytest.mark.parametrize("code", ["7k3q", "n4w8"])
def test_every_fault_is_named_and_so_is_every_field_that_the_units_form_has_not(port: int, code: str) -> None:
    sent = {
        **FILLED,
        "waktu": 5,
        "nik": "1",
        "saran": "x" * 1001,
        "versi": "permenpan-14-2017.1.kesesuaian",
        "alasan_": "a",
    }
    reply = exchange(port, request(f"/kirim/{code}", json.dumps(sent).encode(), JSON))
    errors = json.loads(reply.body)["errors"]
    unasked = ["biaya"] if code == "n4w8" else []
    assert reply.status == 422
    assert sorted(error["field"] for error in errors) == sorted(["waktu", "nik", "saran", "versi", "alasan_", *unasked])
    assert all(error["message"].startswith(f"{error['field']}: ") for error in errors)


def test_a_name_with_a_control_character_is_not_sent_back_in_the_page(port: int) -> None:
    reply = exchange(port, request(body=form("sa%00%1b%0aran=1")))
    assert reply.status == 422
    assert not set(reply.body) & {0x00, 0x1B}


def test_a_body_that_comes_in_drops_is_waited_for(port: int) -> None:
    whole = request(body=form("saran=pelan&situs=x"))  # thanked for like any other, and not counted
    assert exchange(port, *(whole[at : at + 9] for at in range(0, len(whole), 9))).status == 303
