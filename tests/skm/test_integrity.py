from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import integrity as simulated
from skm.integrity import LABELS, Record, Rhythm, label, own_labels, rhythm, unusual_straight
from skm.integrity.chance import binomial_at_least, clustered_at_least

WIB = timezone(timedelta(hours=7))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)
ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
ODD = dict(zip(ITEMS, (4, 3, 4, 3, 3, 4, 4, 3, 4), strict=True))
LONG = "Ruang tunggu di lantai dua sebaiknya diberi kipas angin"


def of_a_quiet_office() -> Rhythm:
    """Five answers a weekday for twelve weeks."""
    days = [MONDAY.date() - timedelta(days=n) for n in range(1, 85)]
    counts = [(day, hour, 1) for day in days if day.weekday() < 5 for hour in (8, 9, 10, 13, 14)]
    return rhythm(counts, days[-1], days[0])


def of_a_hospital() -> Rhythm:
    """Two answers in each hour of day and night."""
    days = [MONDAY.date() - timedelta(days=n) for n in range(1, 85)]
    return rhythm([(day, hour, 2) for day in days for hour in range(24)], days[-1], days[0])


def people(count: int, every: timedelta, begin: datetime = MONDAY, channel: str = "qr") -> list[Record]:
    """Different people who came one after the other."""
    dice = Random(7)
    moments = [begin + every * n for n in range(count)]
    return [
        Record(n, at, at.date(), {item: dice.randint(1, 4) for item in ITEMS}, channel=channel)
        for n, at in enumerate(moments, 1)
    ]


def labelled(records: Sequence[Record], name: str, usual: Rhythm | None = None) -> int:
    return sum(name in labels for labels in label(records, usual or of_a_quiet_office()).values())


def with_answers(records: Sequence[Record], *which: dict[str, int]) -> list[Record]:
    return [replace(record, answers=which[n % len(which)]) for n, record in enumerate(records)]


def test_twenty_forms_in_ten_minutes_at_a_quiet_office_are_a_burst() -> None:
    assert labelled(people(20, timedelta(seconds=29)), "burst") == 20


def test_a_family_and_a_queue_are_no_burst() -> None:
    assert labelled(people(12, timedelta(seconds=40)), "burst") == 0


@pytest.mark.parametrize("channel", ["kertas", "kiosk", "pesan"])
def test_what_is_typed_or_sent_together_is_no_burst_and_not_off_hours(channel: str) -> None:
    at_night = people(60, timedelta(seconds=5), MONDAY.replace(hour=23), channel)
    assert labelled(at_night, "burst") == labelled(at_night, "off_hours") == 0


def test_answers_kept_on_a_phone_and_sent_later_are_no_burst() -> None:
    late = [replace(r, day=r.day - timedelta(days=1)) for r in people(30, timedelta(seconds=5))]
    assert labelled(late, "burst") == 0


def test_a_night_of_answers_is_odd_at_an_office_and_usual_at_a_hospital() -> None:
    night = people(10, timedelta(minutes=50), MONDAY.replace(hour=20))
    assert (labelled(night, "off_hours"), labelled(night, "off_hours", of_a_hospital())) == (10, 0)


def test_one_answer_at_night_is_ordinary() -> None:
    assert labelled(people(1, timedelta(), MONDAY.replace(hour=23)), "off_hours") == 0


def test_many_all_day_long_are_a_market_day_and_no_burst() -> None:
    assert labelled(people(100, timedelta(minutes=4), MONDAY.replace(hour=8)), "burst") == 0


def test_nine_of_26_rows_with_one_profile_are_found() -> None:
    rows = people(26, timedelta(minutes=20))
    rows = [replace(row, answers=ODD) if n % 3 == 1 else row for n, row in enumerate(rows)]
    assert labelled(rows, "same_profile") == 9


@pytest.mark.parametrize("value", [3, 4])
def test_straight_lines_are_no_run_of_one_profile(value: int) -> None:
    rows = with_answers(people(30, timedelta(hours=1)), dict.fromkeys(ITEMS, value), ODD, {**ODD, "sarana": value})
    straight = [r.seq for r in rows if len(set(r.answers.values())) == 1]
    found = label(rows, of_a_quiet_office())
    assert [seq for seq in straight if "same_profile" in found[seq]] == []


def test_a_profile_that_is_common_at_the_unit_is_no_run() -> None:
    earlier = with_answers(people(300, timedelta(minutes=1), MONDAY - timedelta(days=9)), ODD, {**ODD, "biaya": 1})
    recent = [replace(r, seq=r.seq + 300) for r in with_answers(people(12, timedelta(minutes=30)), ODD)]
    found = label(recent, of_a_quiet_office(), earlier)
    assert not any("same_profile" in labels for labels in found.values())


def test_a_long_text_in_three_answers_is_repeated_whatever_its_case() -> None:
    rows = people(4, timedelta(hours=1))
    texts = (LONG, LONG.upper() + "!!", "bagus", "  " + LONG + ".")
    rows = [replace(row, texts=(text,)) for row, text in zip(rows, texts, strict=True)]
    assert labelled(rows, "repeated_text") == 3


@pytest.mark.parametrize("text", ["baik", "Sudah bagus", "pelayanan sudah baik dan ramah, tingkatkan"])
def test_what_everybody_writes_is_not_repeated_text(text: str) -> None:
    assert labelled([replace(r, texts=(text,)) for r in people(9, timedelta(hours=1))], "repeated_text") == 0


@pytest.mark.parametrize(
    ("durasi", "channel", "expected"),
    [(14, "qr", ("fast",)), (15, "qr", ()), (14, "kiosk", ("fast",)), (5, "kertas", ()), (None, "qr", ())],
)
def test_nine_questions_need_fifteen_seconds(durasi: int | None, channel: str, expected: tuple[str, ...]) -> None:
    assert own_labels(ODD, durasi, channel) == expected


@pytest.mark.parametrize(
    ("straight", "past", "unusual"), [(12, (0, 0), False), (20, (0, 0), True), (12, (20, 100), True)]
)
def test_a_share_of_straight_lines_is_compared_with_the_usual_one(
    straight: int, past: tuple[int, int], unusual: bool
) -> None:
    assert unusual_straight(straight, 20, past) is unusual


def test_a_group_without_answers_has_no_unusual_share() -> None:
    assert not unusual_straight(0, 0)


@st.composite
def some_records(draw: st.DrawFn) -> list[Record]:
    channels = st.sampled_from(["qr", "tenda", "kiosk", "pesan", "kertas", "simulasi"])
    answers = st.dictionaries(st.sampled_from(ITEMS), st.integers(1, 4))
    minutes = draw(st.lists(st.integers(0, 2880), max_size=40))
    return [
        Record(
            seq,
            at := MONDAY + timedelta(minutes=minute),
            draw(st.sampled_from([at.date(), date(2026, 11, 20)])),
            draw(answers),
            draw(st.booleans()),
            draw(st.none() | st.integers(0, 100)),
            tuple(draw(st.lists(st.sampled_from([LONG, "baik", ""]), max_size=2))),
            draw(channels),
        )
        for seq, minute in enumerate(minutes)
    ]


@given(some_records())
def test_every_answer_given_comes_back_and_no_other(records: list[Record]) -> None:
    found = label(records, of_a_quiet_office())
    assert list(found) == [record.seq for record in records]
    assert all(set(labels) <= set(LABELS) for labels in found.values())


@given(some_records(), some_records())
def test_what_came_before_gets_no_labels_again(earlier: list[Record], recent: list[Record]) -> None:
    recent = [replace(record, seq=record.seq + 1000) for record in recent]
    assert list(label(recent, of_a_quiet_office(), earlier)) == [record.seq for record in recent]


@given(st.integers(1, 60), st.floats(0.01, 20), st.floats(0.5, 5))
def test_the_bound_of_a_count_is_never_below_its_probability(count: int, mean: float, shape: float) -> None:
    part, term, below = mean / (mean + shape), (shape / (mean + shape)) ** shape, 0.0
    for k in range(count):
        below += term
        term *= (k + shape) / (k + 1) * part
    assert clustered_at_least(count, mean, shape) >= 1 - below - 1e-9


@given(st.integers(1, 40), st.floats(0.01, 0.9), st.data())
def test_the_bound_of_hits_is_never_below_their_probability(of: int, chance: float, data: st.DataObject) -> None:
    hits, term, below = data.draw(st.integers(0, of)), (1 - chance) ** of, 0.0
    for k in range(hits):
        below += term
        term *= (of - k) / (k + 1) * chance / (1 - chance)
    assert binomial_at_least(hits, of, chance) >= 1 - below - 1e-9


def test_honest_quarters_seldom_raise_a_label() -> None:
    alarms = simulated.false_alarms(8)
    assert alarms.answers > 2000
    assert max(alarms.of_answers[name] for name in simulated.SUSPICIOUS) < 0.005


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        (simulated.staff_in_ten_minutes, "burst"),
        (simulated.script_over_a_night, "off_hours"),
        (simulated.one_profile, "same_profile"),
        (simulated.pasted_text, "repeated_text"),
        (simulated.hasty_clicks, "fast"),
    ],
)
def test_self_filling_is_found(scenario: simulated.Scenario, name: str) -> None:
    assert simulated.detection(scenario, 2)[name] > 0.7


@pytest.mark.parametrize("scenario", [simulated.three_a_day, simulated.all_fours])
def test_patient_self_filling_is_not_found_and_the_documentation_says_so(scenario: simulated.Scenario) -> None:
    assert simulated.detection(scenario, 2)["half"] < 0.5
