"""Answers that are too much alike: one profile again and again, one text again and again.

A profile is the values of all items. Many honest people choose one value throughout, or "Gratis" and one value
otherwise, so what counts is how common a profile is at this unit, not that it comes twice.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence

from skm.integrity.chance import binomial_at_least
from skm.integrity.record import Record

SAME_PROFILE = "same_profile"
REPEATED_TEXT = "repeated_text"

RUN = 40  # answers in the order of record among which a profile is counted
LEAST_ALIKE = 5
IMPROBABLE = 1e-6
# The share of honest people with a profile, by how many items differ from its commonest value, until the unit's own
# answers say better: all alike; one other (biaya "Gratis"); two others (also pengaduan); more.
_SHARES = (0.5, 0.2, 0.05, 0.005)
_BELIEF = 40  # how many answers that counts for

LEAST_LETTERS, LEAST_WORDS, LEAST_TEXTS = 45, 7, 3  # "pelayanan sudah baik, tingkatkan" is written by many
_NOT_WORD = re.compile(r"[\W_]+")

_USUAL_STRAIGHT = 0.6  # the upper end of what honest answers hold, where a unit has no past
_LEAST_PAST = 50
_UNUSUAL = 1e-3

_Profile = tuple[tuple[str, int], ...]


def same_profiles(records: Sequence[Record], begin: int = 0) -> set[int]:
    """The `seq` of answers in a run, among at most RUN in record order, where one profile comes improbably often.

    Only runs that end at `records[begin]` or later are looked for; those before are the unit's past.
    """
    places: dict[_Profile, list[int]] = defaultdict(list)
    clean: dict[_Profile, list[int]] = defaultdict(list)  # how many of the places so far carry no label of this kind
    found: set[int] = set()
    for place, record in enumerate(records):
        profile = tuple(sorted(record.answers.items()))
        before = clean[profile][-1] if clean[profile] else 0
        clean[profile].append(before + (SAME_PROFILE not in record.labels))
        places[profile].append(place)
        if place >= begin:
            found.update(records[p].seq for p in _run(profile, places[profile], clean[profile]))
    return found


def _run(profile: _Profile, places: Sequence[int], clean: Sequence[int]) -> Sequence[int]:
    """The longest improbable run that ends at the last place, or none."""
    newest = places[-1]
    within = len(places) - bisect_right(places, newest - RUN)
    if within < LEAST_ALIKE:
        return ()
    usual = expected_share(profile)
    for hits in range(within, LEAST_ALIKE - 1, -1):
        first = places[-hits]
        past = clean[-hits - 1] if hits < len(places) else 0
        share = (past + _BELIEF * usual) / (first + _BELIEF)
        if binomial_at_least(hits, newest - first + 1, share) < IMPROBABLE:
            return places[-hits:]
    return ()


def expected_share(profile: _Profile) -> float:
    """The share of honest people that is believed to have a profile before the unit's own answers are known."""
    values = Counter(value for _, value in profile)
    others = len(profile) - max(values.values(), default=0)
    by_items = 0.25 ** max(0, len(profile) - 1)  # few items leave little to differ in
    return min(0.9, max(_SHARES[min(others, len(_SHARES) - 1)], by_items))


def repeated_texts(records: Sequence[Record]) -> set[int]:
    """The `seq` of answers whose long text, whatever its case and punctuation, stands in three or more answers."""
    holders: dict[str, set[int]] = defaultdict(set)
    for record in records:
        for text in record.texts:
            if is_long(plain := _NOT_WORD.sub(" ", text.casefold()).strip()):
                holders[plain].add(record.seq)
    return {seq for seqs in holders.values() if len(seqs) >= LEAST_TEXTS for seq in seqs}


def is_long(plain: str) -> bool:
    """True for a text that two people do not write by chance. `plain`: words and single spaces."""
    return len(plain) >= LEAST_LETTERS and plain.count(" ") + 1 >= LEAST_WORDS


def unusual_straight(straight: int, n: int, past: tuple[int, int] = (0, 0)) -> bool:
    """True where so many straight lines among n answers are improbable: a figure of the group, of no single answer.

    `past`: (straight lines, answers) of the unit before; under 50 answers the upper end of the honest range is used.
    """
    usual = min(max(past[0] / past[1], 0.05), 0.95) if past[1] >= _LEAST_PAST else _USUAL_STRAIGHT
    return n > 0 and binomial_at_least(straight, n, usual) < _UNUSUAL
