"""`python -m bench.integrity`: how often the integrity labels err, and what they find of self-filling.

Everybody here is simulated, with the faults of a simulation: honest people are as varied as we thought of making them.
Each unit lives through one quarter; every half day the answers of the last two days are labelled, and labels stay.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone

from skm.integrity import (
    BURST,
    EARLIER,
    LABELS,
    OFF_HOURS,
    REPEATED_TEXT,
    SAME_PROFILE,
    STRAIGHT_LINE,
    Record,
    label,
    rhythm,
    unusual_straight,
)
from skm.integrity.rhythm import RHYTHM_DAYS

WIB = timezone(timedelta(hours=7))
FIRST = date(2026, 7, 1)
DAYS = 92
ITEMS = ("persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "pengaduan", "sarana")
SUSPICIOUS = (BURST, OFF_HOURS, SAME_PROFILE, REPEATED_TEXT)  # straight lines and speed are facts of one answer
SEED = 20260701

SHORT = (
    "baik", "sudah baik", "bagus", "pelayanan sudah bagus", "tingkatkan", "terima kasih", "mantap", "cukup",
    "sudah baik, mohon ditingkatkan lagi", "pelayanan ramah dan cepat", "tidak ada", "-",
)  # fmt: skip
PARTS = (
    ("Ruang tunggu", "Antrean", "Loket", "Tempat parkir", "Toilet", "Petugas", "Papan petunjuk", "Formulir"),
    ("mohon ditambah", "perlu diperbaiki", "sudah lebih baik dari dulu", "sering penuh", "kurang jelas", "membantu"),
    ("pada hari Senin", "di jam siang", "untuk lansia", "bagi ibu yang membawa anak", "saat hujan", "menurut saya"),
    ("", ", terima kasih", ", semoga didengar", ", salam dari warga", ", itu saja saran saya"),
)


@dataclass(frozen=True)
class Place:
    """An office as it is: answers an hour on a weekday, Saturday, Sunday; what its people tend to answer."""

    hours: tuple[tuple[float, ...], ...]
    market_day: int | None
    year_end: float  # how many times the usual comes in the last two weeks
    channels: Mapping[str, float]
    straight: float
    free: float  # share of people who answer one value and "Gratis"
    free_and_complaints: float
    means: Sequence[float]
    kiosk_is_offline: bool


@dataclass
class Quarter:
    """The answers of a unit's quarter; `false` are those of whom nobody was served."""

    records: list[Record] = field(default_factory=list)
    false: set[int] = field(default_factory=set)
    found: dict[int, tuple[str, ...]] = field(default_factory=dict)


def a_place(dice: random.Random) -> Place:
    """A place drawn at random: mostly offices, some open on Saturday, some day and night."""
    per_day = min(60.0, max(0.5, dice.lognormvariate(1.6, 1.0)))
    shape = [0.0] * 7 + [0.5, 1.4, 1.8, 1.3, 0.7, 0.6, 1.6, 1.0, 0.6, 0.2] + [0.0] * 7
    weekday = [per_day * weight / sum(shape) for weight in shape]
    closed, kind = [0.0] * 24, dice.random()
    days: list[list[float]] = [weekday, closed, closed]
    if kind > 0.9:
        night = [max(rate, per_day / 60) for rate in weekday]
        days = [night, night, night]
    elif kind > 0.6:
        days[1] = [rate * (hour < 12) for hour, rate in enumerate(weekday)]
    return Place(
        hours=tuple(map(tuple, days)),
        market_day=dice.choice([None, None, 0, 1, 2, 3, 4]),
        year_end=dice.choice([1.0, 2.0, 4.0]),
        channels=dict(zip(("qr", "tenda", "stiker", "kiosk", "pesan", "kertas"), (60, 15, 5, 8, 6, 6), strict=True)),
        straight=dice.uniform(0.3, 0.6),
        free=dice.uniform(0, 0.2),
        free_and_complaints=dice.uniform(0, 0.08),
        means=[dice.uniform(2.8, 3.6) for _ in ITEMS],
        kiosk_is_offline=dice.random() < 0.3,
    )


def honest_answers(dice: random.Random, place: Place) -> dict[str, int]:
    """The values of one honest person."""
    usual, kind = dice.choices((1, 2, 3, 4), (1, 4, 60, 35))[0], dice.random()
    values = [usual] * len(ITEMS)
    if kind > place.straight + place.free + place.free_and_complaints:
        mood = dice.gauss(0, 0.4)
        values = [min(4, max(1, round(mean + mood + dice.gauss(0, 0.45)))) for mean in place.means]
    elif kind > place.straight:
        values[3] = 4
        if kind > place.straight + place.free:
            values[7] = 4
    return dict(zip(ITEMS, values, strict=True))


def honest(dice: random.Random, place: Place, at: datetime, channel: str | None = None) -> Record:
    """One honest person's answer, come at a moment; some answer at home in the evening."""
    answers = honest_answers(dice, place)
    channel = channel or dice.choices(tuple(place.channels), tuple(place.channels.values()))[0]
    if channel in ("qr", "tenda", "stiker", "pesan") and dice.random() < 0.12:
        at = datetime.combine(at.date(), time(18), WIB) + timedelta(hours=abs(dice.gauss(0, 2.2)))
    seconds = dice.lognormvariate(4.4 if len(set(answers.values())) > 1 else 3.8, 0.5)
    texts = ()
    if dice.random() < 0.2:
        texts = (dice.choice(SHORT) if dice.random() < 0.6 else " ".join(map(dice.choice, PARTS)),)
    durasi = int(seconds) if dice.random() < 0.85 else None
    return Record(0, at, at.date(), answers, durasi=durasi, texts=texts, channel=channel)


def honest_quarter(dice: random.Random, place: Place) -> list[Record]:
    """Rush hours, families, queues let in at once, market days, the end of the quarter, paper typed in batches."""
    came: list[Record] = []
    for offset in range(DAYS):
        day = FIRST + timedelta(days=offset)
        level = dice.lognormvariate(-0.06, 0.35) * (2 if dice.random() < 0.03 else 1)
        level *= 3 if day.weekday() == place.market_day else 1
        level *= place.year_end if offset >= DAYS - 14 else 1
        for arrival in _arrivals(dice, place, datetime.combine(day, time(), WIB), level):
            people = dice.randint(2, 5) if dice.random() < 0.07 else 1
            came += [honest(dice, place, arrival + timedelta(seconds=dice.uniform(0, 240))) for _ in range(people)]
    return [_received(dice, place, record) for record in came]


def _arrivals(dice: random.Random, place: Place, day: datetime, level: float) -> Iterator[datetime]:
    rates = place.hours[max(0, day.weekday() - 4)]
    for hour, rate in enumerate(rates):
        for _ in range(_poisson(dice, rate * level)):
            yield day + timedelta(hours=hour, seconds=dice.uniform(0, 3600))
    if dice.random() < min(0.05, sum(rates) / 100):  # a queue that answers while it waits
        for _ in range(dice.randint(4, 10)):
            yield day + timedelta(hours=13, minutes=dice.uniform(0, 15))


def _received(dice: random.Random, place: Place, record: Record) -> Record:
    """Paper is typed at the end of the working day; a kiosk without signal sends its day at once."""
    day = datetime.combine(record.day, time(), WIB)
    if record.channel == "kertas":
        return replace(record, at=day + timedelta(hours=15, minutes=dice.uniform(0, 40)), durasi=dice.randint(6, 30))
    if record.channel == "kiosk" and place.kiosk_is_offline:
        return replace(record, at=day + timedelta(hours=19, seconds=dice.uniform(0, 30)))
    return record


def _poisson(dice: random.Random, mean: float) -> int:
    count, left = 0, dice.expovariate(1)
    while left < mean:
        count, left = count + 1, left + dice.expovariate(1)
    return count


Scenario = Callable[[random.Random, datetime], Iterator[Record]]

# Self-filling. Each gives what somebody sends beside the honest answers, from a working day on.


def _praise(dice: random.Random) -> dict[str, int]:
    return {item: dice.choices((3, 4), (35, 65))[0] for item in ITEMS}


def _sent(at: datetime, answers: Mapping[str, int], durasi: int | None, *texts: str) -> Record:
    return Record(0, at, at.date(), dict(answers), durasi=durasi, texts=texts)


def staff_in_ten_minutes(dice: random.Random, day: datetime) -> Iterator[Record]:
    """A member of staff fills twenty forms in ten minutes, each a little different."""
    begin = day + timedelta(hours=10, minutes=dice.uniform(0, 240))
    for n in range(20):
        yield _sent(begin + timedelta(seconds=30 * n), _praise(dice), dice.randint(16, 30))


def script_over_a_night(dice: random.Random, day: datetime) -> Iterator[Record]:
    """A script sends 200 forms between 22.00 and 05.00."""
    for _ in range(200):
        yield _sent(day + timedelta(hours=22 + dice.uniform(0, 7)), _praise(dice), None)


def three_a_day(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Three a day for four weeks, in office hours, each different and slow enough."""
    for offset in range(28):
        if (at := day + timedelta(days=offset)).weekday() < 5:
            for _ in range(3):
                yield _sent(at + timedelta(hours=dice.uniform(8, 15)), _praise(dice), dice.randint(40, 120))


def one_profile(dice: random.Random, day: datetime, noise: float = 0) -> Iterator[Record]:
    """Nine copies of one profile in an hour and a half, among the honest ones."""
    profile = dict(zip(ITEMS, dice.sample((4, 4, 4, 4, 4, 3, 3, 3, 3), len(ITEMS)), strict=True))
    for n in range(9):
        copy = {**profile, dice.choice(ITEMS): dice.choice((3, 4))} if dice.random() < noise else profile
        yield _sent(day + timedelta(hours=9, minutes=10 * n + dice.uniform(0, 5)), copy, dice.randint(30, 60))


def one_profile_with_noise(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Nine copies of one profile; in each one item is drawn anew."""
    return one_profile(dice, day, noise=1)


def all_fours(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Four all-4 forms a day for a week, spread over office hours."""
    for offset in range(7):
        if (at := day + timedelta(days=offset)).weekday() < 5:
            for _ in range(4):
                yield _sent(at + timedelta(hours=dice.uniform(8, 15)), dict.fromkeys(ITEMS, 4), dice.randint(25, 60))


def hasty_clicks(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Ten forms in a working day, each clicked through in 5 to 12 seconds."""
    for _ in range(10):
        yield _sent(day + timedelta(hours=dice.uniform(8, 15)), _praise(dice), dice.randint(5, 12))


def pasted_text(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Eight forms over two days that carry the same sentence."""
    text = "Pelayanan di kantor ini sungguh memuaskan dan semua petugasnya ramah sekali"
    for _ in range(8):
        yield _sent(day + timedelta(days=dice.choice((0, 1)), hours=dice.uniform(8, 15)), _praise(dice), 60, text)


SCENARIOS: tuple[Scenario, ...] = (
    staff_in_ten_minutes, script_over_a_night, three_a_day, one_profile, one_profile_with_noise, all_fours,
    hasty_clicks, pasted_text,
)  # fmt: skip


# Honest things that look like self-filling, counted apart: how often they happen is not known.


def training(dice: random.Random, day: datetime) -> Iterator[Record]:
    """Thirty people of a training answer at its end, in eight minutes."""
    place = a_place(dice)
    for _ in range(30):
        yield honest(dice, place, day + timedelta(hours=11, minutes=dice.uniform(0, 8)), "tenda")


def open_saturday(dice: random.Random, day: datetime) -> Iterator[Record]:
    """An office opens on a Saturday that it usually keeps closed, and forty people answer."""
    place, saturday = a_place(dice), day + timedelta(days=5 - day.weekday())
    for _ in range(40):
        yield honest(dice, place, saturday + timedelta(hours=dice.uniform(8, 14)), "qr")


LOOKALIKES = (training, open_saturday)


def live(honest_records: Iterable[Record], false: Iterable[Record] = ()) -> Quarter:
    """Let a quarter pass: record in order of receipt; every half day label what came in the last two days."""
    tagged = sorted([(r.at, False, r) for r in honest_records] + [(r.at, True, r) for r in false], key=lambda t: t[:2])
    records = [replace(record, seq=seq) for seq, (_, _, record) in enumerate(tagged)]
    quarter = Quarter(records, {seq for seq, (_, is_false, _) in enumerate(tagged) if is_false})
    hours: Counter[tuple[date, int]] = Counter()
    begin = end = 0
    now = datetime.combine(FIRST, time(), WIB)
    while end < len(records):
        now += timedelta(hours=12)
        since = now - timedelta(hours=48)
        while records[begin].at < since:
            records[begin] = replace(records[begin], exact=False)
            if records[begin].on_site and BURST not in records[begin].labels:
                hours[records[begin].at.date(), records[begin].at.hour] += 1
            begin += 1
        while end < len(records) and records[end].at < now:
            end += 1
        if end > begin:
            _label(quarter, begin, end, hours)
    return quarter


def _label(quarter: Quarter, begin: int, end: int, hours: Mapping[tuple[date, int], int]) -> None:
    """Label `records[begin:end]`; labels are added, never taken back."""
    records = quarter.records
    last = records[begin].at.date() - timedelta(days=1)
    first = max(FIRST, last - timedelta(days=RHYTHM_DAYS - 1))
    usual = rhythm([(day, hour, n) for (day, hour), n in hours.items() if first <= day <= last], first, last)
    found = label(records[begin:end], usual, records[max(0, begin - EARLIER) : begin])
    for seq, labels in found.items():
        both = {*quarter.found.get(seq, ()), *labels}
        quarter.found[seq] = tuple(name for name in LABELS if name in both)
        records[seq] = replace(records[seq], labels=quarter.found[seq])


@dataclass(frozen=True)
class Alarms:
    """Per label: share of honest answers and of unit-quarters that carry it; `answers` is how many were looked at."""

    quarters: int
    answers: int
    of_answers: Mapping[str, float]
    of_quarters: Mapping[str, float]
    unusual_straight: float  # share of quarters in which the share of straight lines counts as unusual


def false_alarms(quarters: int, seed: int = SEED) -> Alarms:
    """What the labels say of honest quarters."""
    answers, labelled, touched, unusual = 0, Counter[str](), Counter[str](), 0
    for number in range(quarters):
        dice = random.Random(f"{seed} honest {number}")
        found = live(honest_quarter(dice, a_place(dice))).found
        answers += len(found)
        labelled.update(name for labels in found.values() for name in labels)
        touched.update({name for labels in found.values() for name in labels})
        unusual += _unusual(found)
    rates = {name: labelled[name] / max(answers, 1) for name in LABELS}
    return Alarms(quarters, answers, rates, {name: touched[name] / quarters for name in LABELS}, unusual / quarters)


def _unusual(found: Mapping[int, Sequence[str]]) -> bool:
    return unusual_straight(sum(STRAIGHT_LINE in labels for labels in found.values()), len(found))


def detection(scenario: Scenario, runs: int, seed: int = SEED) -> Mapping[str, float]:
    """Label → mean share of the added answers that carry it; `half`: share of runs where a suspicious label marks half.
    `straight share`: share of runs whose quarter has an unusual share of straight lines.

    The added answers begin on a working day of the sixth to tenth week of an honest quarter.
    """
    shares: dict[str, float] = defaultdict(float)
    for number in range(runs):
        dice = random.Random(f"{seed} {scenario.__name__} {number}")
        place = a_place(dice)
        day = datetime.combine(FIRST + timedelta(days=35 + 7 * dice.randrange(4) + dice.randrange(3)), time(), WIB)
        quarter = live(honest_quarter(dice, place), scenario(dice, day))
        marks = [quarter.found[seq] for seq in quarter.false]
        for name in LABELS:
            shares[name] += sum(name in labels for labels in marks) / len(marks) / runs
        named = sum(any(name in SUSPICIOUS for name in labels) for labels in marks)
        shares["half"] += (2 * named >= len(marks)) / runs
        shares["straight share"] += _unusual(quarter.found) / runs
    return shares


def main() -> None:
    """Measure and print; the number of honest quarters and of runs per scenario may be given."""
    quarters, runs = (int(word) for word in (*sys.argv[1:], *("200", "50")[len(sys.argv) - 1 :]))
    alarms = false_alarms(quarters)
    print(f"{alarms.quarters} honest unit-quarters, {alarms.answers} answers; share in per cent that carries a label")
    print(f"{'label':<16}{'answers':>10}{'unit-quarters':>16}")
    for name in LABELS:
        print(f"{name:<16}{100 * alarms.of_answers[name]:>10.3f}{100 * alarms.of_quarters[name]:>16.1f}")
    print(f"share of straight lines unusual: {100 * alarms.unusual_straight:.1f} % of unit-quarters")
    for title, scenarios in (("self-filling", SCENARIOS), ("honest, but looks like it", LOOKALIKES)):
        print(f"\n{title}: {runs} runs each; mean share of its answers that carries a label, per cent")
        print(f"{'':<24}" + "".join(f"{name:>15}" for name in (*LABELS, "half named", "straight share")))
        for scenario in scenarios:
            shares = detection(scenario, runs)
            print(
                f"{scenario.__name__:<24}"
                + "".join(f"{100 * shares[n]:>15.1f}" for n in (*LABELS, "half", "straight share"))
            )


if __name__ == "__main__":
    main()
