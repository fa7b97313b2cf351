"""Abuse control as pure decisions: whose post this is, where it comes from, how much is too much, what looks odd.

Odd answers are labelled, never refused: what a label is worth is decided by people before a release.
"""

import hmac
import re
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from form_backend.settings import Network
from skm.codes import ALPHABET, word
from skm.integrity import own_labels
from skm.responses import CHANNELS, Response

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOP = re.compile(
    r'"?(?:\[([^\[\]"]+)\]|([^:\[\]"]+))(?::[0-9]{1,5})?"?'
)  # an address of IPv6 with a port has brackets
TAIL = 5  # characters of a decoy receipt that hide its unit; those before follow from the post


def client_address(peer: str, forwarded: str | None, trusted: Sequence[Network]) -> str:
    """The address of who posts: the nearest one in `X-Forwarded-For` that is not one of our own proxies."""
    address = peer
    for hop in reversed((forwarded or "").split(",")):
        if not hop.strip() or not _is_within(address, trusted):
            break
        address = _without_port(hop.strip())
    return address


def _without_port(hop: str) -> str:
    """Some proxies write the sender's port as well, which is another at every post: `"[2001:db8::1]:443"`."""
    found = _HOP.fullmatch(hop)
    return (found[1] or found[2]) if found else hop


def client_key(secret: bytes, day: date, address: str) -> str:
    """A keyed hash that names a client for one day and cannot be turned back into its address.

    A household or phone has a whole /64 of IPv6, so that is what counts as one address.
    """
    return _mac(_daily_key(secret, day), _device(address)).hex()[:32]


@lru_cache(maxsize=1)
def _daily_key(secret: bytes, day: date) -> bytes:
    return _mac(secret, f"client {day.isoformat()}")


def post_digest(secret: bytes, client: str, unit: str, response: Response) -> str:
    """Names a post without id by who sent what to whom, for the no-script rule (docs/interface.md)."""
    content = (
        sorted(response.answers.items()),
        sorted(response.attributes.items()),
        response.saran,
        sorted(response.alasan.items()),
    )
    return _mac(secret, f"post {client} {unit} {content!r}").hex()[:32]


def origin_allowed(fetch_site: str | None, origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """May a page of `origin` post here? `Sec-Fetch-Site` decides when present, then `Origin`; neither is accepted."""
    if fetch_site in ("same-origin", "none"):
        return True
    if fetch_site is not None:
        return origin is not None and origin.lower() in allowed
    return origin is None or origin.lower() in allowed or _is_host(origin, host)


def referred_channel(referer: str | None, host: str) -> str | None:
    """The channel in the address of the survey page that sent a form without script; None where it says nothing."""
    if referer is None or not _is_host(referer, host):
        return None
    found = parse_qs(urlsplit(referer).query).get("k", [""])[-1]
    return found if found in CHANNELS else None


def labels(response: Response) -> tuple[str, ...]:
    """What is odd about a response by itself; what is odd beside its neighbours is found later (`labelling`)."""
    return own_labels(response.answers, response.durasi, response.channel)


@dataclass(frozen=True)
class Limit:
    """At most `most` posts in `seconds`."""

    most: int
    seconds: int = 600


# A queue behind one address (an office's Wi-Fi, a village behind one carrier address) must never meet these.
PER_CLIENT = Limit(600)
PER_UNIT = Limit(3000)
# Of a unit's kiosks behind one address, beside what phones there send: six devices without a pause.
PER_KIOSK = Limit(120)
# Of all units' kiosks behind one address: who says that he is one may say so to every unit.
PER_KIOSKS = Limit(600)


@dataclass(frozen=True)
class Count:
    """Posts of one key in the window of this number (time since 1970 by the window's length) and in the one before."""

    window: int
    previous: int = 0
    current: int = 0


def counted(count: Count | None, limit: Limit, now: float) -> Count | int:
    """The count with one more post, or the seconds to wait where that would be too many. `now` is in seconds.

    A sliding window is estimated from two fixed ones: the current count and the still covered share of the previous.
    """
    window = int(now // limit.seconds)
    if count and count.window == window + 1:
        window = count.window  # the clock of this host is a little behind that of another
    previous, current = _read(count, window)
    into = max(now - window * limit.seconds, 0)
    if previous * (1 - into / limit.seconds) + current < limit.most:
        return Count(window, previous, current + 1)
    # Until the previous window weighs little enough, at the latest until the current one is over.
    room = limit.most - current
    share = room / previous if previous and room > 0 else 0
    return max(1, ceil(limit.seconds * (1 - share) - into) + 1)


def _read(count: Count | None, window: int) -> tuple[int, int]:
    if count is None or count.window not in (window - 1, window):
        return 0, 0
    return (count.previous, count.current) if count.window == window else (count.current, 0)


class Ceiling(Protocol):
    """Counts posts per key."""

    def admit(self, key: str, now: float) -> int | None:
        """None and counted, or the seconds to wait. `now` is in seconds."""

    def forget(self, now: float) -> None:
        """Let go of keys whose posts weigh nothing any more: where nobody posts, nobody counts."""


class Ceilings:
    """A ceiling in the memory of one process, for a bounded number of keys."""

    def __init__(self, limit: Limit, keys: int = 20_000) -> None:
        self._limit, self._keys = limit, keys
        self._counts: OrderedDict[str, Count] = OrderedDict()
        self._lock = Lock()

    def admit(self, key: str, now: float) -> int | None:
        """None and counted, or the seconds to wait. `now` is in seconds."""
        with self._lock:
            count = counted(self._counts.get(key), self._limit, now)
            if isinstance(count, int):
                return count
            self._counts[key] = count
            self._counts.move_to_end(key)
            self._drop(count.window)
        return None

    def forget(self, now: float) -> None:
        """Let go of keys whose posts weigh nothing any more: where nobody posts, nobody counts."""
        with self._lock:
            self._drop(int(now // self._limit.seconds))

    def _drop(self, window: int) -> None:
        while self._counts and (len(self._counts) > self._keys or self._oldest() < window - 1):
            self._counts.popitem(last=False)  # what weighs nothing any more names a client for nothing

    def _oldest(self) -> int:
        """The window of the key that was counted longest ago."""
        return next(iter(self._counts.values())).window


def decoy_receipt(secret: bytes, unit: str, seed: str) -> str:
    """A receipt for a post that counts nothing, the same for the same seed; its page must look like any other, so it
    hides the unit."""
    nonce = word(_mac(secret, f"decoy of {seed}")[:TAIL])
    return nonce + _shifted(unit_tail(unit), _mac(secret, f"decoy {nonce}"), 1)


def decoy_tail(secret: bytes, receipt: str) -> str:
    """The `unit_tail` of the unit that a decoy receipt hides; noise for any other word of the alphabet."""
    return _shifted(receipt[-TAIL:], _mac(secret, f"decoy {receipt[:-TAIL]}"), -1)


@cache
def unit_tail(unit: str) -> str:
    """What stands for a unit in its decoys; alike for one pair in 33 million."""
    return word(sha256(unit.encode()).digest()[:TAIL])


def _shifted(text: str, by: bytes, sign: int) -> str:
    return "".join(
        ALPHABET[(ALPHABET.index(c) + sign * byte) % 32] for c, byte in zip(text, by[: len(text)], strict=True)
    )


def _mac(secret: bytes, text: str) -> bytes:
    return hmac.digest(secret, text.encode(), "sha256")


def _device(address: str) -> str:
    parsed = _parsed(address) if ":" in address else None
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped or ip_network((parsed, 64), strict=False))
    return address


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    # A proxy that listens to both kinds writes an address of IPv4 within one of IPv6.
    same = [one for one in (parsed, getattr(parsed, "ipv4_mapped", None)) if one is not None]
    return any(one in network for one in same for network in networks)


def _parsed(address: str) -> object:
    try:
        return ip_address(address.partition("%")[0])
    except ValueError:
        return None


def _is_host(url: str, host: str) -> bool:
    """True where a URL's host and port are those of a `Host` header; `null` and other oddities are not."""
    try:
        parts = urlsplit(url.lower())
        own = urlsplit(f"//{host.lower()}")
        default = _DEFAULT_PORTS.get(parts.scheme)
        return bool(default and parts.hostname) and (
            (parts.hostname, parts.port or default) == (own.hostname, own.port or default)
        )
    except ValueError:
        return False
