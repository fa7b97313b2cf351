"""deploy/nginx with a real nginx in front of a real server: what citizens get, and what is never written down."""

import gzip
import http.client
import socket
import sqlite3
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from builders import registry_yaml
from front import Front, adapt, complaints, configured, running
from phone import ITEMS
from served import Served, serving

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(port: int, method: str, path: str, body: bytes = b"", source: str = "127.0.0.1", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(source, 0))
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, {**({"Content-Type": FORM} if body else {}), **told})
    answer = connection.getresponse()
    reply = Reply(answer.status, answer.headers, answer.read())
    connection.close()
    return reply


def a_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def filled(**more: str) -> bytes:
    return urlencode({**dict.fromkeys(ITEMS, "3"), **more}).encode()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served as deploy/systemd does it: nginx on this machine is the one proxy that is believed."""
    with serving(
        tmp_path_factory.mktemp("city"),
        a_port(),
        registry_yaml().replace("[id, en]", "[id, en, jv, mad]"),
        SUKMA_TRUSTED_PROXIES="127.0.0.1",
    ) as served:
        yield served


@pytest.fixture(scope="module")
def backend(city: Served) -> int:
    return urlsplit(city.url).port or 0


@pytest.fixture(scope="module")
def front(city: Served, backend: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    here, port = configured(tmp_path_factory.mktemp("nginx") / "etc", city.folder / "var" / "site", backend)
    assert complaints(here) == ""
    with running(here, port) as found:
        yield found


@pytest.fixture(scope="module")
def lonely(city: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """The same with nobody behind it."""
    here, port = configured(tmp_path_factory.mktemp("lonely") / "etc", city.folder / "var" / "site", a_port())
    with running(here, port) as found:
        yield found


# Pages


def test_a_page_has_the_headers_that_the_backend_would_send_and_its_own_policy(front: Front, backend: int) -> None:
    page, same = ask(front.port, "GET", "/s/7k3q/"), ask(backend, "GET", "/s/7k3q/")
    assert (page.status, page.body) == (200, same.body)
    varying = {"date", "etag", "last-modified", "content-length", "content-disposition", "content-security-policy"}
    expected = {name: value for name, value in same.headers.items() if name.lower() not in varying}
    assert expected.items() <= dict(page.headers).items()
    assert page.headers["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'' in page.text
    assert page.headers["Server"] == "nginx"


def test_every_file_of_the_site_has_the_type_that_the_backend_gives_it(
    front: Front, backend: int, city: Served
) -> None:
    site = (city.folder / "var" / "site").resolve()
    one_of_each = {file.suffix: file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    for path in one_of_each.values():
        given, own = (ask(port, "HEAD", f"/{path}").headers["Content-Type"] for port in (front.port, backend))
        assert (path, given) == (path, own)


def test_pages_are_sent_small_to_those_who_can_read_that(front: Front) -> None:
    small, plain = (ask(front.port, "GET", "/s/7k3q/", Accept_Encoding=how) for how in ("gzip", "identity"))
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize("lang", ["", "en/", "jv/", "mad/"])
def test_a_survey_page_comes_within_its_budget(front: Front, lang: str) -> None:
    page = ask(front.port, "GET", f"/s/7k3q/{lang}", Accept_Encoding="gzip")
    assert (page.status, len(page.body) <= 10 * 1024) == (200, True)


@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/s/7K3Q/?k=tenda", 301, "/s/7k3q/?k=tenda"),
        ("/s/7k3q", 301, "/s/7k3q/"),
        ("/kirim?kode=7K3Q", 303, "/s/7k3q/"),
        ("/kirim/7k3q", 303, "/s/7k3q/"),
        ("/s/9999/", 404, None),
        ("/data/", 404, None),
        ("/%2e%2e/units.yaml", 400, None),
        ("/..%2f..%2fsukma.sqlite3", 400, None),
        ("/healthz", 200, None),
        ("/readyz", 200, None),
    ],
)
def test_what_is_no_file_is_the_backends(front: Front, path: str, status: int, location: str | None) -> None:
    reply = ask(front.port, "GET", path)
    assert (reply.status, reply.headers["Location"]) == (status, location)
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "status"), [("/..%2f", 400), (f"/s/{'7' * 9000}/", 414)])
def test_an_address_that_nginx_does_not_take_is_answered_in_words(front: Front, path: str, status: int) -> None:
    reply = ask(front.port, "GET", path)
    assert (reply.status, "<h1>Halaman ini tidak ada</h1>" in reply.text) == (status, True)


def test_strangers_do_not_read_how_the_machine_is(front: Front) -> None:
    assert ask(front.port, "GET", "/readyz", source="127.0.0.5").status == 403


# Answers


def test_an_answer_is_recorded_for_the_address_that_sent_it_whatever_it_says_of_itself(
    front: Front, city: Served
) -> None:
    """Without id the same answers from the same address count once: so the backend shows whom it takes for whom."""
    before, body = len(city.answers()), filled(saran="lewat nginx")

    def post(source: str, claims: str) -> str:
        reply = ask(front.port, "POST", "/kirim/7k3q", body, source=source, X_Forwarded_For=claims)
        assert reply.status == 303
        return str(reply.headers["Location"])

    first = post("127.0.0.2", "198.51.100.1")
    assert post("127.0.0.2", "198.51.100.2, 127.0.0.1") == f"{first}&ulang=sama"
    assert "ulang" not in post("127.0.0.3", "127.0.0.2")
    assert len(city.answers()) - before == 2


def test_a_page_of_this_site_may_post_and_one_of_another_may_not(front: Front, city: Served) -> None:
    own = ask(front.port, "POST", "/kirim/7k3q", filled(), Origin=f"http://127.0.0.1:{front.port}")
    before = len(city.answers())
    foreign = ask(front.port, "POST", "/kirim/7k3q", filled(), Origin="http://127.0.0.1:9")
    assert (own.status, foreign.status, len(city.answers())) == (303, 403, before)


def test_a_form_that_lacks_an_answer_comes_back_whole(front: Front) -> None:
    reply = ask(front.port, "POST", "/kirim/7k3q", urlencode({"saran": "Kursi kurang"}).encode())
    assert (reply.status, "Kursi kurang" in reply.text) == (422, True)


def test_a_body_too_large_is_answered_in_words(front: Front, city: Served) -> None:
    before = len(city.answers())
    reply = ask(front.port, "POST", "/kirim/7k3q", filled(saran="x" * 70_000))
    assert (reply.status, "<h1>Kiriman terlalu besar</h1>" in reply.text) == (413, True)
    assert reply.headers["X-Frame-Options"] == "DENY"
    assert len(city.answers()) == before


def test_a_crowd_behind_one_address_passes_and_a_flood_is_told_to_wait(front: Front) -> None:
    def status(_number: int) -> int:
        return ask(front.port, "GET", "/kirim/7k3q", source="127.0.0.6").status

    assert {status(number) for number in range(300)} == {303}
    statuses = [status(number) for number in range(1100)]
    reply = ask(front.port, "POST", "/kirim/7k3q", filled(), source="127.0.0.6")
    assert (set(statuses), reply.status, reply.headers["Retry-After"]) == ({303, 429}, 429, "60")
    assert "<h1>Terlalu banyak kiriman</h1>" in reply.text
    assert ask(front.port, "GET", "/kirim/7k3q", source="127.0.0.7").status == 303


# When something is down


def test_a_backend_that_cannot_write_speaks_for_itself(front: Front, city: Served) -> None:
    with closing(sqlite3.connect(city.folder / "var" / "sukma.sqlite3")) as database:
        database.execute("ALTER TABLE answers RENAME COLUMN saran TO lain")
        reply = ask(front.port, "POST", "/kirim/7k3q", filled(saran="Kursi kurang"))
        database.execute("ALTER TABLE answers RENAME COLUMN lain TO saran")
    assert (reply.status, reply.headers["Retry-After"], "Kursi kurang" in reply.text) == (503, "60", True)


@pytest.mark.parametrize("path", ["/kirim/7k3q", "/terima/0123456789", "/s/9999/", "/healthz"])
def test_without_a_backend_a_page_says_what_to_do(lonely: Front, path: str) -> None:
    reply = ask(lonely.port, "POST" if "kirim" in path else "GET", path, filled() if "kirim" in path else b"")
    assert (reply.status, reply.headers["Retry-After"], reply.headers["Cache-Control"]) == (502, "60", "no-cache")
    assert "tunggu beberapa menit, kembali ke halaman sebelumnya" in reply.text


def test_without_a_backend_every_built_page_stays_open(lonely: Front) -> None:
    assert [ask(lonely.port, "GET", path).status for path in ("/", "/s/7k3q/", "/hasil/7k3q/", "/cari/")] == [200] * 4


# What is never written down


def test_the_logs_hold_no_survey_no_answer_and_no_address(front: Front, lonely: Front) -> None:
    for one in (front, lonely):
        for path in ("/s/7k3q/", "/s/7K3Q/", "/kirim/7k3q", "/kirim?kode=7k3q", "/terima/0123456789", "/hasil/7k3q/"):
            ask(one.port, "GET", path, source="127.0.0.8", Referer="http://127.0.0.1/s/7k3q/", User_Agent="Peramban")
        ask(one.port, "POST", "/kirim/7k3q", filled(saran="x" * 70_000), source="127.0.0.8")
        ask(one.port, "GET", "/%zz", source="127.0.0.8")
        written = "".join(one.logs().values())
        assert " 200 GET /hasil/7k3q/" in written
        assert [word for word in ("/s/", "/kirim", "/terima", "127.0.0.", "Peramban") if word in written] == []


# TLS


def test_with_a_certificate_everything_is_told_to_come_by_tls_only(city: Served, backend: int, tmp_path: Path) -> None:
    files = [str(tmp_path / name) for name in ("fullchain.pem", "privkey.pem")]
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-out", files[0], "-keyout", files[1]],
        check=True,
        capture_output=True,
    )
    changes = {"listen 127": "# listen 127", "# include": "include"}
    here, port = configured(tmp_path / "etc", city.folder / "var" / "site", backend, changes)
    adapt(
        here / "sukma" / "tls.conf",
        {
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
            "listen [::]:443 ssl;": "",
            **{f"/etc/ssl/sukma/{Path(file).name}": file for file in files},
        },
    )
    assert complaints(here) == ""
    with running(here, port):
        context = ssl.create_default_context(cafile=files[0])
        for path in ("/s/7k3q/", "/healthz"):
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
            connection.request("GET", path)
            assert connection.getresponse().headers["Strict-Transport-Security"] == "max-age=31536000"
            connection.close()


@pytest.mark.parametrize(
    ("page", "location"),
    [("/s/7k3q/?k=tenda", "/s/7k3q/en/?k=tenda"), ("/s/7k3q/?a=1&k=kiosk", "/s/7k3q/en/?k=kiosk"), ("/s/7k3q/", None)],
)
def test_the_channel_goes_with_the_reader_to_another_language_without_script(
    front: Front, page: str, location: str | None
) -> None:
    own, foreign = f"http://127.0.0.1:{front.port}{page}", f"http://lain.example{page}"
    answer = ask(front.port, "GET", "/s/7k3q/en/", Referer=own)
    assert urlsplit(answer.headers["Location"] or "").query == urlsplit(location or "").query
    assert ask(front.port, "GET", "/s/7k3q/en/", Referer=foreign).headers["Location"] is None
    assert ask(front.port, "GET", "/s/7k3q/en/?k=pesan", Referer=own).headers["Location"] is None
