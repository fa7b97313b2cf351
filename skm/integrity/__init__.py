"""Integrity labels: what is odd about a unit's answers. They never drop anything; people decide before a release.

Each label, its limits, and how often it errs are in docs/integrity.md; `python -m bench.integrity` measures them.
"""

from collections.abc import Sequence

from skm.integrity.alike import REPEATED_TEXT, SAME_PROFILE, repeated_texts, same_profiles, unusual_straight
from skm.integrity.record import FAST, STRAIGHT_LINE, Record, own_labels
from skm.integrity.rhythm import BURST, OFF_HOURS, Rhythm, bursts, off_hours, rhythm

__all__ = [
    "BURST",
    "EARLIER",
    "FAST",
    "LABELS",
    "OFF_HOURS",
    "REPEATED_TEXT",
    "SAME_PROFILE",
    "STRAIGHT_LINE",
    "Record",
    "Rhythm",
    "label",
    "own_labels",
    "rhythm",
    "unusual_straight",
]

LABELS = (STRAIGHT_LINE, FAST, BURST, OFF_HOURS, SAME_PROFILE, REPEATED_TEXT)
EARLIER = 300  # how many answers before the ones to label are worth giving


def label(recent: Sequence[Record], usual: Rhythm, earlier: Sequence[Record] = ()) -> dict[int, tuple[str, ...]]:
    """`seq` → labels in the order of LABELS, for every one of `recent` and no other; both sequences in record order.

    `recent` are answers of one unit whose exact time is still known, `earlier` those just before, `usual` the unit's
    rhythm before `recent`.
    """
    every = [*earlier, *recent]
    found = {
        BURST: bursts(recent, usual),
        OFF_HOURS: off_hours(every, usual),
        SAME_PROFILE: same_profiles(every, len(earlier)),
        REPEATED_TEXT: repeated_texts(every),
    }

    def of(record: Record) -> tuple[str, ...]:
        own = own_labels(record.answers, record.durasi, record.channel)
        return tuple(name for name in LABELS if name in own or record.seq in found.get(name, ()))

    return {record.seq: of(record) for record in recent}
