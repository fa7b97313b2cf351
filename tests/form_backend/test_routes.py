"""The addresses of docs/interface.md, as a browser or a program meets them."""

import json
import time
from collections.abc import Callable
from gzip import decompress as gunzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from installation import STATIC_POLICY, UNITS, Installation
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, InternalError, OperationalError

from form_backend.errors import answer_to
from form_backend.store.answers import Store
from form_backend.store.schema import answers

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
Fields = Callable[..., dict[str, str]]
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"


def channels(store: Store) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(answers.c.channel).order_by(answers.c.seq)))


# A form


def test_a_form_leads_to_a_receipt(client: FlaskClient, filled: Fields) -> None:
    answer = client.post("/kirim/7k3q", data=filled(lang="en"))
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/terima/")
    assert answer.headers["Location"].endswith("?lang=en")


def test_the_receipt_page_thanks_and_shows_the_receipt(client: FlaskClient, filled: Fields) -> None:
    location = client.post("/kirim/7k3q", data=filled()).headers["Location"]
    page = client.get(location)
    receipt = location.removeprefix("/terima/").partition("?")[0]
    assert page.status_code == 200
    assert "Terima kasih" in page.text
    assert receipt in page.text.replace(" ", "")


def test_a_receipt_is_found_in_upper_case_too(client: FlaskClient, filled: Fields) -> None:
    location = client.post("/kirim/7k3q", data=filled()).headers["Location"].partition("?")[0]
    assert client.get("/terima/" + location.removeprefix("/terima/").upper()).status_code == 200


def test_an_unknown_receipt_is_not_found(client: FlaskClient) -> None:
    assert client.get("/terima/0000000000").status_code == 404


def test_a_repeated_form_without_id_is_told_so(client: FlaskClient, filled: Fields) -> None:
    first = client.post("/kirim/7k3q", data=filled()).headers["Location"]
    second = client.post("/kirim/7k3q", data=filled()).headers["Location"]
    assert second == f"{first}&ulang=sama"
    assert "sama" in client.get(second).text


def test_a_retry_with_the_same_id_leads_to_the_same_receipt(client: FlaskClient, store: Store, filled: Fields) -> None:
    locations = {client.post("/kirim/7k3q", data=filled(id=ID)).headers["Location"] for _ in range(3)}
    assert len(locations) == 1
    assert store.count() == 1


def test_other_answers_under_a_known_id_are_not_called_saved(client: FlaskClient, store: Store, filled: Fields) -> None:
    first = client.post("/kirim/7k3q", data=filled(id=ID)).headers["Location"]
    second = client.post("/kirim/7k3q", data=filled(1, id=ID)).headers["Location"]
    assert second == f"{first}&ulang=id"
    assert "Perubahan sesudahnya tidak disimpan" in client.get(second).text
    assert store.count() == 1


def test_an_incomplete_form_comes_back_with_its_answers(client: FlaskClient, store: Store) -> None:
    answer = client.post("/kirim/7k3q", data={"waktu": "2", "saran": "Kursi <kurang>", "k": "tenda"})
    assert answer.status_code == 422
    assert "<title>Kesalahan:" in answer.text
    assert "Kursi &lt;kurang&gt;" in answer.text
    assert 'name="k" value="tenda"' in answer.text
    assert store.count() == 0


def test_the_form_comes_back_in_its_language(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.post("/kirim/7k3q", data={"lang": "en"}).text


def test_a_moved_units_form_comes_back_as_its_successors(client: FlaskClient) -> None:
    assert 'action="/kirim/7k3q"' in client.post("/kirim/m0ve", data={"waktu": "3"}).text


def test_an_unknown_field_is_named(client: FlaskClient, filled: Fields) -> None:
    answer = client.post("/kirim/7k3q", data=filled(nik="3575010101010001"))
    assert answer.status_code == 422
    assert "“nik”" in answer.text


def test_a_control_character_is_refused_and_not_sent_back(client: FlaskClient, filled: Fields) -> None:
    answer = client.post("/kirim/7k3q", data=filled(saran="a\x00b"))
    assert answer.status_code == 422
    assert "\x00" not in answer.text


def test_the_channel_comes_from_the_page_where_no_script_filled_it(
    client: FlaskClient, store: Store, filled: Fields
) -> None:
    client.post("/kirim/7k3q", data=filled(k=""), headers={"Referer": "http://localhost/s/7k3q/?k=stiker"})
    client.post("/kirim/7k3q", data=filled(2, k="pesan"), headers={"Referer": "http://localhost/s/7k3q/?k=stiker"})
    client.post("/kirim/7k3q", data=filled(1))
    assert channels(store) == ["stiker", "pesan", "qr"]


def test_a_database_that_is_away_costs_nobody_his_answers(client: FlaskClient, store: Store, filled: Fields) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE answers RENAME TO away")
    answer = client.post("/kirim/7k3q", data=filled(saran="Kursi kurang"))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Kursi kurang" in answer.text


# A program


def test_json_is_answered_with_the_receipt(client: FlaskClient, filled: Fields) -> None:
    answer = client.post("/kirim/7k3q", json={**filled(id=ID), "waktu": 4})
    assert answer.status_code == 201
    assert answer.json is not None
    assert (answer.json["id"], answer.json["status"], len(answer.json["receipt"])) == (ID, "recorded", 10)


def test_json_with_a_known_id_is_a_duplicate(client: FlaskClient, filled: Fields) -> None:
    first = client.post("/kirim/7k3q", json=filled(id=ID))
    second = client.post("/kirim/7k3q", json=filled(id=ID.upper()))
    assert (second.status_code, second.json) == (200, {**(first.json or {}), "status": "duplicate"})


def test_json_without_id_is_always_new(client: FlaskClient, store: Store, filled: Fields) -> None:
    for _ in range(3):
        assert client.post("/kirim/7k3q", json=filled()).status_code == 201
    assert store.count() == 3


def test_faults_of_json_are_listed_by_field(client: FlaskClient, filled: Fields) -> None:
    content = {**filled(), "waktu": 3.5, "biaya": True, "nik": "1"}
    del content["sarana"]
    answer = client.post("/kirim/7k3q", json=content)
    assert (answer.status_code, answer.content_type) == (422, PROBLEM)
    problem = json.loads(answer.data)
    assert (problem["status"], problem["title"]) == (422, "Isian belum lengkap atau tidak dapat diterima")
    assert {error["field"] for error in problem["errors"]} == {"waktu", "biaya", "nik", "sarana"}
    assert all(error["message"] for error in problem["errors"])


def test_a_repeated_name_in_json_is_refused(client: FlaskClient, filled: Fields) -> None:
    body = json.dumps(filled())[:-1] + ', "waktu": "4"}'
    answer = client.post("/kirim/7k3q", data=body, content_type="application/json")
    assert (answer.status_code, json.loads(answer.data)["errors"][0]["field"]) == (422, "waktu")


@pytest.mark.parametrize(("code", "status"), [("9999", 404), ("c105", 410), ("%00", 404)])
def test_a_program_reads_why_a_unit_takes_nothing(client: FlaskClient, filled: Fields, code: str, status: int) -> None:
    answer = client.post(f"/kirim/{code}", json=filled())
    assert (answer.status_code, answer.content_type) == (status, PROBLEM)


# What is refused


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("x" * 70_000, FORM, 413),
        ("&".join(["a=1"] * 65), FORM, 413),
        ("waktu=%FF", FORM, 422),
        ('{"waktu": ', "application/json", 422),
        ("waktu=3", "text/plain", 415),
        ("--b--", "multipart/form-data; boundary=b", 415),
        ("waktu=3", f"{FORM}; charset=latin-1", 415),
        ("", "", 415),
    ],
)
def test_bodies_that_no_form_sends_are_refused(
    client: FlaskClient, store: Store, body: str, content_type: str, status: int
) -> None:
    assert client.post("/kirim/7k3q", data=body, content_type=content_type).status_code == status
    assert store.count() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://jahat.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://jahat.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://survei.example"}, 303),
        ({}, 303),
    ],
)
def test_only_pages_of_this_site_may_post(
    client: FlaskClient, filled: Fields, headers: dict[str, str], status: int
) -> None:
    assert client.post("/kirim/7k3q", data=filled(), headers=headers).status_code == status


def test_a_closed_unit_is_gone(client: FlaskClient, filled: Fields) -> None:
    assert client.post("/kirim/c105", data=filled()).status_code == 410


def test_ceilings_can_be_lifted(installation: Installation, filled: Fields) -> None:
    client = installation.app(SUKMA_LIMITS="off").test_client()
    codes = {client.post("/kirim/7k3q", json=filled()).status_code for _ in range(610)}
    assert codes == {201}


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/kirim/7k3q"), ("DELETE", "/kirim/7k3q"), ("POST", "/s/7k3q/"), ("POST", "/healthz")]
)
def test_other_methods_are_not_allowed(client: FlaskClient, method: str, path: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_front_end_elsewhere_may_read_the_answer(installation: Installation, filled: Fields) -> None:
    client = installation.app(SUKMA_ALLOWED_ORIGINS="https://depan.example").test_client()
    headers = {"Origin": "https://depan.example", "Sec-Fetch-Site": "cross-site"}
    assert client.options("/kirim/7k3q", headers=headers).headers["Access-Control-Allow-Headers"] == "Content-Type"
    answer = client.post("/kirim/7k3q", json=filled(), headers=headers)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (201, "https://depan.example")


def test_a_foreign_page_may_read_nothing(client: FlaskClient, filled: Fields) -> None:
    answer = client.post("/kirim/7k3q", json=filled(), headers={"Origin": "https://jahat.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


# Addresses for people who came another way


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/kirim/7k3q", "/s/7k3q/"),
        ("/kirim/7K3Q", "/s/7k3q/"),
        ("/kirim/?kode=7K3Q", "/s/7k3q/"),
        ("/kirim/?kode=+7k+3q+", "/s/7k3q/"),
        ("/kirim?kode=c105", "/s/c105/"),
    ],
)
def test_the_form_s_address_leads_to_the_survey_page(client: FlaskClient, path: str, location: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, location)


@pytest.mark.parametrize("path", ["/kirim/?kode=9999", "/kirim/", "/kirim/?kode=//jahat.example", "/kirim/a.b"])
def test_a_code_that_nobody_has_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert 'href="/cari/"' in answer.text


# The site


def test_the_built_pages_are_served_with_their_own_policy(client: FlaskClient) -> None:
    page = client.get("/s/7k3q/")
    assert (page.status_code, page.text) == (200, "<h1>survei</h1>")
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Content-Security-Policy"] == f"{STATIC_POLICY}; frame-ancestors 'none'"
    assert page.headers["Cache-Control"] == "no-cache"


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    etag = client.get("/s/7k3q/").headers["ETag"]
    again = client.get("/s/7k3q/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_head_sends_no_body(client: FlaskClient) -> None:
    answer = client.head("/data/units.csv")
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"", "text/csv; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/s/7k3q", "/s/7k3q/"),
        ("/s/7K3Q/?k=qr", "/s/7k3q/?k=qr"),
        ("/s/7K3Q", "/s/7k3q/"),
        ("/hasil/7K3Q/data.json", "/hasil/7k3q/data.json"),
        ("/poster/7K3Q/", "/poster/7k3q/"),
    ],
)
def test_addresses_as_people_type_them_lead_to_the_page(client: FlaskClient, path: str, location: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, location)


@pytest.mark.parametrize("path", ["/s/n4w8/", "/s/n4w8/en/", "/s/c105/", "/s/m0ve/"])
def test_a_printed_code_has_a_page_before_the_site_is_built(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "<h1" in page.text


@pytest.mark.parametrize(
    ("referer", "location"),
    [
        ("http://localhost/s/n4w8/?k=tenda", "/s/n4w8/en/?k=tenda"),
        ("http://localhost/s/n4w8/", None),
        ("http://localhost/s/n4w8/?k=radio", None),
        ("http://lain.example/s/n4w8/?k=tenda", None),
    ],
)
def test_the_channel_goes_with_the_reader_to_another_language_without_script(
    client: FlaskClient, referer: str, location: str | None
) -> None:
    answer = client.get("/s/n4w8/en/", headers={"Referer": referer})
    assert (answer.status_code, answer.headers.get("Location")) == (302 if location else 200, location)


def test_a_channel_in_the_address_is_not_another_one(client: FlaskClient) -> None:
    answer = client.get("/s/n4w8/en/?k=pesan", headers={"Referer": "http://localhost/s/n4w8/?k=tenda"})
    assert answer.status_code == 200


def test_a_page_that_is_not_built_has_its_slash_too(client: FlaskClient) -> None:
    assert client.get("/s/n4w8?k=qr").headers["Location"] == "/s/n4w8/?k=qr"


@pytest.mark.parametrize("path", ["/s/9999/", "/s/n4w8/xx/", "/nowhere", "/s/7k3q/index.html/", "/data/"])
def test_an_unknown_address_gets_the_sites_own_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (404, "<h1>tidak ada</h1>")


@pytest.mark.parametrize(
    "path",
    ["/../units.yaml", "/%2e%2e/units.yaml", "/s/..%2f..%2f..%2fsukma.sqlite3", "/.git/config", "/a%00b", "/%5c"],
)
def test_nothing_outside_the_site_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_address_that_begins_like_another_host_leads_nowhere(client: FlaskClient) -> None:
    assert client.get("/%2fjahat.example/s").status_code == 404


def test_a_swapped_site_is_served_at_once(installation: Installation, client: FlaskClient) -> None:
    fresh = installation.folder / "var" / "builds" / "2"
    fresh.mkdir()
    (fresh / "index.html").write_text("<h1>baru</h1>", encoding="utf-8")
    link = Path(f"{installation.site}.new")
    link.symlink_to(fresh)
    link.replace(installation.site)
    assert client.get("/").text == "<h1>baru</h1>"


def test_a_page_goes_out_as_gzip_to_those_who_take_it_and_only_to_them(
    installation: Installation, client: FlaskClient
) -> None:
    page = "<h1>Loket</h1>" * 500
    (installation.site / "index.html").write_text(page, encoding="utf-8")
    packed = client.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert (packed.headers["Content-Encoding"], gunzip(packed.data).decode()) == ("gzip", page)
    for accepted in ({}, {"Accept-Encoding": "gzip;q=0, br"}):
        plain = client.get("/", headers=accepted)
        assert (plain.headers.get("Content-Encoding"), plain.text) == (None, page)
        assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        assert plain.headers["ETag"] != packed.headers["ETag"]


def test_a_packed_page_that_the_browser_has_is_not_sent_again_and_a_new_one_is(
    installation: Installation, client: FlaskClient
) -> None:
    def get(tag: str = "") -> tuple[int, bytes, str]:
        answer = client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
        return answer.status_code, answer.data, answer.headers["ETag"]

    _, _, tag = get()
    assert get(tag)[:2] == (304, b"")
    fresh = installation.site / "index.html.new"
    fresh.write_text("<h1>baru</h1>", encoding="utf-8")
    fresh.replace(installation.site / "index.html")
    status, packed, _ = get(tag)
    assert (status, gunzip(packed)) == (200, b"<h1>baru</h1>")


def test_a_picture_is_sent_as_it_is(installation: Installation, client: FlaskClient) -> None:
    (installation.site / "a.png").write_bytes(b"\x89PNG" + bytes(5000))
    answer = client.get("/a.png", headers={"Accept-Encoding": "gzip"})
    assert ("Content-Encoding" in answer.headers, len(answer.data)) == (False, 5004)


def test_a_unit_that_joins_the_registry_has_a_page_without_a_restart(installation: Installation) -> None:
    client = installation.app().test_client()
    added = "\n  - {code: 7k3r, name: Loket Dua, organisation: kota-contoh}\n"
    installation.units.write_text(UNITS.rstrip() + added, encoding="utf-8")
    for _ in range(40):
        if client.get("/s/7k3r/").status_code == 200:
            return
        wait_a_moment()
    pytest.fail("not taken up within 4 s")


def wait_a_moment() -> None:
    time.sleep(0.1)


# Headers, health


@pytest.mark.parametrize("path", ["/", "/nowhere", "/s/7k3q", "/kirim/7k3q", "/healthz", "/terima/x", "/s/n4w8/"])
def test_every_response_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_the_process_says_that_it_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"


def test_the_version_is_told(client: FlaskClient) -> None:
    assert (client.get("/version").json or {})["name"] == "sukma-e"


def test_a_whole_installation_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, (answer.json or {})["ready"]) == (200, True)


def test_a_bad_registry_is_told_but_stays_ready(installation: Installation, client: FlaskClient) -> None:
    installation.units.write_text("site: [", encoding="utf-8")
    for _ in range(40):
        answer = client.get("/readyz")
        if not (answer.json or {})["registry"]["ok"]:
            break
        wait_a_moment()
    assert answer.status_code == 200
    assert "units.yaml" in (answer.json or {})["registry"]["problem"]


def test_without_a_site_nothing_is_ready(installation: Installation, client: FlaskClient) -> None:
    installation.site.unlink()
    assert client.get("/readyz").status_code == 503
    assert client.get("/").status_code == 503


def test_a_database_that_cannot_be_written_is_not_ready(client: FlaskClient, store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE marks")
    answer = client.get("/readyz")
    assert (answer.status_code, (answer.json or {})["database"]) == (503, {"ok": False})


def test_nobody_is_thanked_for_an_answer_in_a_file_that_was_moved_away(
    installation: Installation, filled: Fields
) -> None:
    client, watcher = (installation.app().test_client() for _ in range(2))
    database = installation.folder / "var" / "sukma.sqlite3"
    database.rename(database.with_name("lain.sqlite3"))
    answer = client.post("/kirim/7k3q", data=filled(saran="Kursi kurang"))
    assert (answer.status_code, "Kursi kurang" in answer.text) == (503, True)
    assert watcher.get("/readyz").status_code == 503


@pytest.mark.parametrize("failure", [OperationalError, InternalError, InterfaceError, DatabaseError])
def test_whatever_is_wrong_with_the_database_is_to_be_tried_again(failure: type[DBAPIError]) -> None:
    assert answer_to(failure("insert", None, Exception("only to be read"))).status == 503
