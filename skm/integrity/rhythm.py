"""Answers that came together, or while the office is closed, in numbers that do not fit the unit's own rhythm.

Both labels compare a count with what the unit's own past lets expect at that hour of that kind of day. A hospital that
is answered every night has nights in its rhythm; an office has none. Only answers with a time of their own count
(`Record.on_site`), in the rhythm and in the windows.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from skm.integrity.chance import clustered_at_least
from skm.integrity.record import Record

BURST = "burst"
OFF_HOURS = "off_hours"

WINDOWS = (timedelta(minutes=10), timedelta(hours=1))
LEAST_BURST = 15  # a family, or a queue that answers while it waits, is fewer
LEAST_OFF_HOURS = 6
IMPROBABLE = 1e-6
# People come in waves: the variance of a count is mean + mean²/SHAPE, so that a rush of some times the usual is usual.
SHAPE = 1.5

RHYTHM_DAYS = 90  # how far back a rhythm looks: habits change

# Offices work Monday to Friday from 7 to 16; who was served last answers on the way home.
OPENS, CLOSES = time(6), time(18)

# What is believed of a unit without a past, and outweighed by it as it grows: this many days of these rates.
_PRIOR_DAYS = 10
_PRIOR_OPEN, _PRIOR_CLOSED = 0.6, 0.05  # answers an hour
_LEVEL_BELIEF = 3  # answers
_WEEKDAY = 0  # kinds of day: Monday to Friday, Saturday (offices differ), Sunday


@dataclass(frozen=True)
class Rhythm:
    """`rates[weekday][hour]`: answers an hour that are usual, Monday first; above 0."""

    rates: tuple[tuple[float, ...], ...]

    def expected(self, begin: datetime, end: datetime) -> float:
        """How many answers are usual between two moments."""
        total, at = 0.0, begin
        while at < end:
            until = min(end, at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
            total += self.rates[at.weekday()][at.hour] * ((until - at) / timedelta(hours=1))
            at = until
        return total


def rhythm(counts: Iterable[tuple[date, int, int]], first: date, last: date) -> Rhythm:
    """The rhythm of a unit that was asking from `first` to `last`, both included (none where `last` is earlier).

    `counts`: day, hour (0..23) and how many on-site answers came in it; hours without any may be left out. Answers
    that were labelled a burst or set aside should be: else a repeated trick becomes the usual.
    """
    asked = [0] * 7
    for offset in range((last - first).days + 1):
        asked[(first + timedelta(days=offset)).weekday()] += 1
    came = [0] * 7
    totals = [[_prior(kind, hour) * _PRIOR_DAYS for hour in range(24)] for kind in range(3)]
    for day, hour, count in counts:
        came[day.weekday()] += count
        totals[_kind(day)][hour] += count
    kinds = [_PRIOR_DAYS + sum(asked[:5]), _PRIOR_DAYS + asked[5], _PRIOR_DAYS + asked[6]]
    shapes = [[n / kinds[kind] for n in _smooth(totals[kind])] for kind in range(3)]

    def rates(weekday: int) -> Iterator[float]:
        shape = shapes[max(_WEEKDAY, weekday - 4)]
        level = _level(came[weekday], asked[weekday] * sum(shape))  # a market day is more than the other weekdays
        return (level * rate for rate in shape)

    return Rhythm(tuple(tuple(rates(weekday)) for weekday in range(7)))


def bursts(records: Sequence[Record], usual: Rhythm) -> set[int]:
    """The `seq` of answers in a window of ten minutes or an hour that holds improbably many. Exact times only.

    What is usual is raised to the level of the same day, or of all the records, outside of the window: on a market day
    or at the end of a quarter many come all day long.
    """
    timed = sorted((r for r in records if r.exact and r.on_site), key=lambda r: (r.at, r.seq))
    around = _Around(timed, usual)
    found: set[int] = set()
    for window in WINDOWS:
        begin = done = 0
        for end, record in enumerate(timed):
            while record.at - timed[begin].at >= window:
                begin += 1
            count, since = end - begin + 1, record.at - window
            if count >= LEAST_BURST and around.is_improbable(count, since, record.at):
                found.update(r.seq for r in timed[max(begin, done) : end + 1])
                done = end + 1  # those before are labelled: each answer is named once
    return found


class _Around:
    """How many answers came, and how many are usual, on each day of the records and in all of them."""

    def __init__(self, timed: Sequence[Record], usual: Rhythm) -> None:
        self._usual = usual
        self._came = Counter(record.at.date() for record in timed)
        last = {record.at.date(): record.at for record in timed}  # of a day, which is known until then
        self._usually = {day: usual.expected(datetime.combine(day, time(), at.tzinfo), at) for day, at in last.items()}

    def is_improbable(self, count: int, begin: datetime, end: datetime) -> bool:
        usual, day = self._usual.expected(begin, end), end.date()
        level = max(
            1.0,
            _level(self._came[day] - count, self._usually[day] - usual),
            _level(self._came.total() - count, sum(self._usually.values()) - usual),
        )
        return clustered_at_least(count, level * usual, SHAPE) < IMPROBABLE


def off_hours(records: Sequence[Record], usual: Rhythm) -> set[int]:
    """The `seq` of answers from one night or weekend that holds improbably many. The hour is enough.

    One answer at night is ordinary: a code can be photographed and answered at home.
    """
    stretches: dict[datetime, list[int]] = {}
    for record in records:
        if record.on_site and not is_open(record.at):
            stretches.setdefault(_closed_since(record.at), []).append(record.seq)
    return {
        seq
        for since, members in stretches.items()
        if len(members) >= LEAST_OFF_HOURS
        and clustered_at_least(len(members), usual.expected(since, _opens_after(since)), SHAPE) < IMPROBABLE
        for seq in members
    }


def is_open(at: datetime) -> bool:
    """True on Monday to Friday between OPENS and CLOSES."""
    return _kind(at.date()) == _WEEKDAY and OPENS <= at.time() < CLOSES


def _level(came: float, usual: float) -> float:
    """How many times the usual came, drawn towards once where little is known."""
    return (max(0.0, came) + _LEVEL_BELIEF) / (max(0.0, usual) + _LEVEL_BELIEF)


def _kind(day: date) -> int:
    return max(_WEEKDAY, day.weekday() - 4)


def _prior(kind: int, hour: int) -> float:
    return _PRIOR_OPEN if kind == _WEEKDAY and OPENS.hour <= hour < CLOSES.hour else _PRIOR_CLOSED


def _smooth(hours: Sequence[float]) -> Iterator[float]:
    """A queue is not bound to the clock: what came in an hour is partly expected in the ones beside it."""
    for hour in range(24):
        yield (hours[hour - 1] + 2 * hours[hour] + hours[(hour + 1) % 24]) / 4


def _closed_since(at: datetime) -> datetime:
    """The last closing before a moment at which the office is closed."""
    day = at if at.time() >= CLOSES else at - timedelta(days=1)
    while _kind(day.date()) != _WEEKDAY:
        day -= timedelta(days=1)
    return datetime.combine(day.date(), CLOSES, at.tzinfo)


def _opens_after(closed: datetime) -> datetime:
    day = closed + timedelta(days=1)
    while _kind(day.date()) != _WEEKDAY:
        day += timedelta(days=1)
    return datetime.combine(day.date(), OPENS, closed.tzinfo)
