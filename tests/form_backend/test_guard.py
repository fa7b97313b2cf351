from datetime import date
from ipaddress import ip_network

import pytest

from form_backend.guard import (
    PER_CLIENT,
    Ceilings,
    Count,
    Limit,
    client_address,
    client_key,
    counted,
    decoy_receipt,
    decoy_tail,
    labels,
    origin_allowed,
    post_digest,
    referred_channel,
    unit_tail,
)
from skm.responses import Response

SECRET = b"s" * 32
TODAY = date(2026, 11, 24)
ALLOWED = frozenset({"https://depan.example"})
LOCAL = (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))


@pytest.mark.parametrize(
    ("fetch_site", "origin", "allowed"),
    [
        ("same-origin", "https://other.example", True),  # the browser knows better than a header behind a proxy
        ("none", None, True),
        ("same-site", "https://www.survei.example", False),
        ("cross-site", "https://jahat.example", False),
        ("cross-site", None, False),
        ("cross-site", "https://depan.example", True),
        ("same-site", "https://DEPAN.example", True),
        ("nonsense", "https://survei.example", False),
        (None, "https://survei.example", True),
        (None, "https://survei.example:443", True),
        (None, "http://survei.example", False),
        (None, "https://survei.example.jahat.example", False),
        (None, "https://depan.example", True),
        (None, "null", False),
        (None, "", False),
        (None, "https://[", False),
        (None, None, True),
    ],
)
def test_who_may_post_is_decided_by_fetch_site_then_by_origin(
    fetch_site: str | None, origin: str | None, allowed: bool
) -> None:
    assert origin_allowed(fetch_site, origin, "survei.example:443", ALLOWED) is allowed


def test_a_host_without_port_is_its_scheme_s_own_port() -> None:
    assert origin_allowed(None, "https://survei.example", "survei.example", ())
    assert origin_allowed(None, "http://survei.example", "survei.example", ())


@pytest.mark.parametrize(
    ("referer", "channel"),
    [
        ("http://survei.example/s/7k3q/?k=tenda", "tenda"),
        ("http://survei.example/s/7k3q/?k=simulasi", None),
        ("http://survei.example/s/7k3q/", None),
        ("http://other.example/s/7k3q/?k=tenda", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_the_channel_is_read_from_a_referer_of_this_site_only(referer: str | None, channel: str | None) -> None:
    assert referred_channel(referer, "survei.example") == channel


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # nobody's proxy: what it says of others is worth nothing
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.7, 10.1.1.1", "198.51.100.7"),
        ("127.0.0.1", "10.1.1.1", "10.1.1.1"),
        ("127.0.0.1", "198.51.100.7, ", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7:1111", "198.51.100.7"),
        ("127.0.0.1", "1.2.3.4:9, 198.51.100.7:1111, 10.1.1.1:2222", "198.51.100.7"),
        ("127.0.0.1", '"198.51.100.7:1111"', "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7, ::ffff:10.1.1.1", "198.51.100.7"),
        ("::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        ("127.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("127.0.0.1", '"[2001:db8::1]:443"', "2001:db8::1"),
        ("127.0.0.1", "[fe80::1%eth0]:443", "fe80::1%eth0"),
        ("127.0.0.1", "unknown", "unknown"),
        ("127.0.0.1", "[::1", "[::1"),
        ("127.0.0.1", '"', '"'),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str | None, address: str) -> None:
    assert client_address(peer, forwarded, LOCAL) == address


def test_a_client_has_another_key_on_another_day_and_another_server() -> None:
    keys = {
        client_key(SECRET, TODAY, "203.0.113.9"),
        client_key(SECRET, date(2026, 11, 25), "203.0.113.9"),
        client_key(b"t" * 32, TODAY, "203.0.113.9"),
        client_key(SECRET, TODAY, "203.0.113.10"),
    }
    assert len(keys) == 4


def test_a_whole_64_of_ipv6_is_one_client() -> None:
    assert client_key(SECRET, TODAY, "2001:db8:1:2::3") == client_key(SECRET, TODAY, "2001:db8:1:2:ffff::4")
    assert client_key(SECRET, TODAY, "2001:db8:1:2::3") != client_key(SECRET, TODAY, "2001:db8:1:3::3")


def test_an_ipv4_address_within_ipv6_is_that_address() -> None:
    assert client_key(SECRET, TODAY, "::ffff:203.0.113.9") == client_key(SECRET, TODAY, "203.0.113.9")


def test_a_digest_changes_with_unit_client_and_answers() -> None:
    one, other = Response({"waktu": 3}, "v"), Response({"waktu": 4}, "v")
    digests = {
        post_digest(SECRET, "c", "7k3q", one),
        post_digest(SECRET, "c", "7k3q", other),
        post_digest(SECRET, "c", "n4w8", one),
        post_digest(SECRET, "d", "7k3q", one),
        post_digest(SECRET, "c", "7k3q", Response({"waktu": 3}, "v", saran="Baik")),
    }
    assert len(digests) == 5


def test_a_digest_does_not_change_with_the_order_of_answers() -> None:
    one = Response({"waktu": 3, "biaya": 4}, "v")
    other = Response({"biaya": 4, "waktu": 3}, "v", durasi=9)
    assert post_digest(SECRET, "c", "7k3q", one) == post_digest(SECRET, "c", "7k3q", other)


def test_three_hundred_answers_in_ten_minutes_from_one_address_pass() -> None:
    ceilings = Ceilings(PER_CLIENT)
    # The worst place for an estimate: a queue at the end of one window and at the beginning of the next.
    times = [590 + n / 30 for n in range(300)] + [1190 + n / 30 for n in range(300)]
    assert [ceilings.admit("office", now) for now in times] == [None] * 600


def test_above_the_limit_one_waits() -> None:
    ceilings = Ceilings(Limit(2, 600))
    assert [ceilings.admit("a", now) for now in (0, 1, 2)] == [None, None, 599]


def test_who_waits_as_told_passes() -> None:
    ceilings = Ceilings(Limit(5, 600))
    now = 100.0
    while (wait := ceilings.admit("a", now)) is None:
        now += 1
    for _ in range(3):
        now += wait
        wait = ceilings.admit("a", now) or 0
        if not wait:
            break
    assert wait == 0


def test_a_clock_that_is_a_little_behind_counts_in_the_window_of_the_others() -> None:
    assert counted(Count(window=2, previous=0, current=5), Limit(10, 600), 1199) == Count(2, 0, 6)


def test_a_clock_that_was_set_back_begins_to_count_anew() -> None:
    assert counted(Count(window=50_000, previous=9, current=9), Limit(10, 600), 1199) == Count(1, 0, 1)


def test_one_key_s_flood_does_not_stop_another() -> None:
    ceilings = Ceilings(Limit(1, 600))
    ceilings.admit("a", 0)
    assert ceilings.admit("b", 0) is None


def test_after_two_windows_everything_is_forgotten() -> None:
    ceilings = Ceilings(Limit(1, 600))
    ceilings.admit("a", 0)
    assert ceilings.admit("a", 1200) is None


def test_nobody_is_remembered_longer_than_his_posts_weigh() -> None:
    ceilings = Ceilings(Limit(5, 600))
    ceilings.admit("somebody", 0)
    ceilings.admit("somebody else", 1800)
    assert "'somebody'" not in repr(vars(ceilings))


def test_nobody_is_remembered_longer_although_nobody_else_posts() -> None:
    ceilings = Ceilings(Limit(5, 600))
    ceilings.admit("somebody", 0)
    ceilings.forget(1199)
    assert "'somebody'" in repr(vars(ceilings))
    ceilings.forget(1200)
    assert "'somebody'" not in repr(vars(ceilings))


def test_only_so_many_keys_are_remembered() -> None:
    ceilings = Ceilings(Limit(1, 600), keys=2)
    for key in "abc":
        ceilings.admit(key, 0)
    assert ceilings.admit("a", 1) is None


def test_a_decoy_hides_its_unit_and_gives_it_back() -> None:
    receipt = decoy_receipt(SECRET, "7k3q", "abcde")
    assert len(receipt) == 10
    assert decoy_tail(SECRET, receipt) == unit_tail("7k3q")


def test_a_forged_decoy_gives_no_unit() -> None:
    assert decoy_tail(b"t" * 32, decoy_receipt(SECRET, "7k3q", "abcde")) != unit_tail("7k3q")


def test_decoys_of_one_unit_have_nothing_in_common() -> None:
    one, other = decoy_receipt(SECRET, "7k3q", "a"), decoy_receipt(SECRET, "7k3q", "b")
    assert one[:5] != other[:5] and one[5:] != other[5:]


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (Response({"a": 3, "b": 4}, "v", durasi=90), ()),
        (Response({"a": 4, "b": 4}, "v", durasi=90), ("straight_line",)),
        (Response({"a": 3, "b": 4}, "v", durasi=3), ("fast",)),
        (Response({"a": 3, "b": 4}, "v", durasi=3, channel="kertas"), ()),
        (Response({"a": 4, "b": 4}, "v", durasi=0), ("straight_line", "fast")),
        (Response({"a": 3, "b": 4}, "v"), ()),
    ],
)
def test_what_looks_odd_is_labelled(response: Response, expected: tuple[str, ...]) -> None:
    assert labels(response) == expected
