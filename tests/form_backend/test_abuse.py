"""What is done against abuse, as those meet it who mean well and those who do not (docs/abuse.md)."""

import re
from collections.abc import Callable
from ipaddress import ip_address

import pytest
from flask.testing import FlaskClient
from installation import Installation
from sqlalchemy import select
from werkzeug.test import TestResponse

from form_backend.guard import client_key
from form_backend.intake import Intake
from form_backend.store.answers import Store
from form_backend.store.schema import repeats

ADDRESS = "203.0.113.77"
ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
RECEIPT = re.compile(rb"(?<=terima/)[0-9a-z]{10}|(?<=\"receipt\": \")[0-9a-z]{10}")
Fields = Callable[..., dict[str, str]]


def test_an_office_of_three_hundred_in_ten_minutes_behind_one_address_meets_no_ceiling(
    installation: Installation, filled: Fields
) -> None:
    client = installation.app().test_client()
    replies = []
    for number in range(300):
        installation.clock.turn(seconds=2)
        replies.append(client.post("/kirim/7k3q", data=filled(1 + number % 4, saran=str(number))).status_code)
    assert (set(replies), installation.store.count()) == ({303}, 300)


def test_above_a_ceiling_nothing_is_lost_and_everyone_is_told_when(installation: Installation, filled: Fields) -> None:
    client = installation.app().test_client()
    for number in range(600):
        client.post("/kirim/7k3q", json=filled(saran=str(number)))
    page = client.post("/kirim/7k3q", data=filled(saran="Kursi kurang", k="tenda"))
    program = client.post("/kirim/7k3q", json=filled())
    seconds = int(page.headers["Retry-After"])
    assert (page.status_code, program.status_code, installation.store.count()) == (429, 429, 600)
    assert "Kursi kurang" in page.text and page.text.count(" checked") == 9
    assert f"Tunggu {-(-seconds // 60)} menit" in page.text
    assert (program.content_type, 1 <= int(program.headers["Retry-After"]) <= 601) == ("application/problem+json", True)
    installation.clock.turn(seconds=seconds)
    assert client.post("/kirim/7k3q", data=filled(saran="Kursi kurang", k="tenda")).status_code == 303


def test_one_address_that_is_the_kiosk_of_every_unit_meets_a_ceiling_of_its_own(
    installation: Installation, filled: Fields
) -> None:
    codes = [f"k{number}k{number}" for number in range(6)]
    units = "".join(f"  - {{code: {code}, name: Loket {code}, organisation: kota-contoh}}\n" for code in codes)
    with installation.units.open("a", encoding="utf-8") as registry:
        registry.write(units)
    client = installation.app().test_client()
    for code in codes:
        replies = {client.post(f"/kirim/{code}", json=filled(k="kiosk")).status_code for _ in range(100)}
        assert replies == {201}
    above = client.post("/kirim/7k3q", json=filled(k="kiosk"))
    assert (above.status_code, 1 <= int(above.headers["Retry-After"]) <= 601) == (429, True)
    assert client.post("/kirim/7k3q", json=filled()).status_code == 201


# The field that people do not see


def shown(answer: TestResponse) -> tuple[int, bytes, bytes]:
    """Everything that came back, without the receipt."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Content-Length").encode()
    return answer.status_code, RECEIPT.sub(b"", headers), RECEIPT.sub(b"", answer.data)


@pytest.mark.parametrize("how", ["data", "json"])
def test_who_fills_the_trap_reads_what_everyone_reads(
    client: FlaskClient, store: Store, filled: Fields, how: str
) -> None:
    honest = client.post("/kirim/7k3q", **{how: filled(id=ID, lang="en")})
    trapped = client.post("/kirim/7k3q", **{how: filled(id=ID.replace("0f8f", "1f8f"), lang="en", situs="x")})
    same_id = honest.data.replace(b'"0f8f', b'"1f8f')
    assert shown(trapped) == (honest.status_code, shown(honest)[1], RECEIPT.sub(b"", same_id))
    assert store.count() == 1


def test_the_thanks_for_the_trap_look_like_any_other(client: FlaskClient, filled: Fields) -> None:
    pages = []
    for situs in ("", "http://spam.example"):
        location = client.post("/kirim/7k3q", data=filled(situs=situs)).headers["Location"]
        receipt = location.removeprefix("/terima/")[:10]
        page = client.get(location)
        pages.append((page.status_code, list(page.headers), re.sub(" ?".join(receipt), "", page.text)))
    assert pages[0] == pages[1]


# Who it was


def test_a_forwarded_address_is_believed_of_named_proxies_only(installation: Installation, filled: Fields) -> None:
    def two_posts(**environment: str) -> list[bool]:
        """The same answers twice from one machine that says it forwards them for two: is the second a repetition?"""
        client = installation.app(**environment).test_client()
        locations = []
        for said in ("198.51.100.1", "198.51.100.2"):
            peer = {"REMOTE_ADDR": "10.0.0.9"}
            answer = client.post(
                "/kirim/7k3q", data=filled(), headers={"X-Forwarded-For": said}, environ_overrides=peer
            )
            locations.append(answer.headers["Location"])
        installation.clock.turn(minutes=1)
        return ["&ulang=sama" in location for location in locations]

    assert two_posts() == [False, True]
    assert two_posts(SUKMA_TRUSTED_PROXIES="10.0.0.8") == [False, True]
    assert two_posts(SUKMA_TRUSTED_PROXIES="10.0.0.0/8") == [False, False]


@pytest.mark.parametrize("said", ["198.51.100.1:{port}", "[2001:db8::1]:{port}", '"[2001:db8::1]:{port}"'])
def test_who_posts_twice_through_a_balancer_that_names_ports_is_one_sender(
    installation: Installation, filled: Fields, said: str
) -> None:
    client = installation.app(SUKMA_TRUSTED_PROXIES="127.0.0.1").test_client()
    for port in (1111, 2222):
        answer = client.post("/kirim/7k3q", data=filled(), headers={"X-Forwarded-For": said.format(port=port)})
    assert "&ulang=sama" in answer.headers["Location"]


def test_the_address_is_in_no_file_and_its_hash_is_gone_within_48_hours(
    installation: Installation, filled: Fields
) -> None:
    store, secret = installation.store, b"s" * 32
    app, intake = installation.app_and_intake(SUKMA_SECRET_KEY=secret.decode())
    for channel in ("kiosk", "qr"):  # counted in different places
        data = filled(saran="Kursi kurang", k=channel)
        app.test_client().post("/kirim/7k3q", data=data, environ_overrides={"REMOTE_ADDR": ADDRESS})
    with store.engine.connect() as connection:
        [digest] = connection.scalars(select(repeats.c.digest))
    hashed = client_key(secret, installation.clock.now.date(), ADDRESS)
    traces = [ADDRESS.encode(), ip_address(ADDRESS).packed, hashed.encode(), bytes.fromhex(hashed)]

    fresh = written(installation)
    assert [trace in fresh for trace in (digest.encode(), b"Kursi kurang", *traces)] == [True, True, *[False] * 4]
    assert remembered(intake).count(hashed) == 3

    installation.clock.turn(hours=47, minutes=55)
    store.purge(installation.clock.now)
    old = written(installation)
    assert [trace in old for trace in (digest.encode(), b"Kursi kurang", *traces)] == [False, True, *[False] * 4]
    intake.forget_clients()
    assert hashed not in remembered(intake)


def remembered(intake: Intake) -> str:
    """What the ceilings of a server hold in memory."""
    return repr([vars(one) for one in (intake.per_client, intake.per_kiosk, intake.per_kiosks, intake.per_unit)])


def written(installation: Installation) -> bytes:
    """Every byte that the backend keeps beside the site."""
    return b"".join(file.read_bytes() for file in (installation.folder / "var").glob("sukma.sqlite3*"))
