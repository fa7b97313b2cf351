"""An answer as the integrity labels see it, and what is odd about one answer by itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

STRAIGHT_LINE = "straight_line"
FAST = "fast"
# Even who reads no question has to scroll and tap nine times for nine of them.
FAST_SECONDS, FAST_ITEMS = 15, 9

ON_SITE = frozenset({"qr", "tenda", "stiker"})
PAPER = "kertas"


@dataclass(frozen=True)
class Record:
    """One recorded answer of a unit. `at` is local: exact where `exact`, else the beginning of its hour.

    `day` is the day it counts on; another one than that of `at` says that the answer was sent later than given.
    `texts` is whatever was written freely; `labels` what is known of the answer from earlier.
    """

    seq: int
    at: datetime
    day: date
    answers: Mapping[str, int]
    exact: bool = True
    durasi: int | None = None
    texts: tuple[str, ...] = ()
    channel: str = "qr"
    labels: Collection[str] = ()

    @property
    def on_site(self) -> bool:
        """True where the time of receipt is the time at which somebody answered a code that hangs in the office.

        Paper is typed in batches, a kiosk or phone without signal sends what it kept at once, and a message sent to
        many is answered by many at the same time: those times say nothing of how people came.
        """
        return self.channel in ON_SITE and self.day == self.at.date()


def is_straight(answers: Mapping[str, int]) -> bool:
    """True where all items, two at least, have one value. Honest people do that often: a fact, no suspicion."""
    return len(answers) > 1 and len(set(answers.values())) == 1


def own_labels(answers: Mapping[str, int], durasi: int | None, channel: str) -> tuple[str, ...]:
    """What can be said of an answer without its neighbours. `durasi` is in seconds, as the page's script measured it;
    on paper it is the clerk's typing and says nothing."""
    found = []
    if is_straight(answers):
        found.append(STRAIGHT_LINE)
    if durasi is not None and channel != PAPER and durasi * FAST_ITEMS < FAST_SECONDS * len(answers):
        found.append(FAST)
    return tuple(found)
