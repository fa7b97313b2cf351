"""From a submission to a response, or every problem it has (docs/interface.md)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.instruments import instrument
from skm.responses import (
    ATTRIBUTES,
    CHANNELS,
    LANGUAGES,
    Fault,
    Form,
    Problem,
    Response,
    SubmissionError,
    effective_day,
    parse,
)
from skm.units import Biaya

FORM = Form(instrument("permenpan-14-2017"), services=("Kartu Keluarga", "KTP elektronik"))
KEYS = [item.key for item in FORM.instrument.items()]
UUID = "0b9f1f6e-6a5b-4c0e-9d0e-2f6f1c3f7a10"


def parsed(form: Form = FORM, /, **fields: str | Sequence[str]) -> Response:
    """A complete submission of threes with these fields beside it or instead."""
    complete: dict[str, str | Sequence[str]] = dict.fromkeys((item.key for item in form.instrument.items()), "3")
    sent = {name: [value] if isinstance(value, str) else value for name, value in (complete | fields).items()}
    return parse(sent, form)


def problems(**fields: str | Sequence[str]) -> dict[str, Fault]:
    """Field → fault of a submission that is refused."""
    with pytest.raises(SubmissionError) as refused:
        parsed(**fields)
    return {problem.field: problem.fault for problem in refused.value.problems}


def test_a_complete_form_is_an_answer_to_every_question() -> None:
    assert parsed().answers == dict.fromkeys(KEYS, 3)


def test_an_empty_form_misses_every_question_in_the_order_of_the_form() -> None:
    with pytest.raises(SubmissionError) as refused:
        parse({}, FORM)
    assert refused.value.problems == tuple(Problem(key, Fault.MISSING) for key in KEYS)


@pytest.mark.parametrize("value", ["0", "5", "3.0", "+3", "tiga", "３", "true"])
def test_only_1_to_4_is_a_value(value: str) -> None:
    assert problems(waktu=value) == {"waktu": Fault.NOT_ALLOWED}


def test_a_blank_answer_is_a_missing_one() -> None:
    assert problems(waktu="  ") == {"waktu": Fault.MISSING}


def test_every_problem_is_named_at_once() -> None:
    assert problems(waktu="9", saran="x" * 1001, k="radio", nama="Seseorang", usia=["18-25", "26-35"]) == {
        "waktu": Fault.NOT_ALLOWED,
        "saran": Fault.TOO_LONG,
        "k": Fault.NOT_ALLOWED,
        "nama": Fault.UNKNOWN_FIELD,
        "usia": Fault.REPEATED,
    }


def test_a_repeated_question_is_repeated_and_not_missing_too() -> None:
    assert problems(waktu=["3", "4"]) == {"waktu": Fault.REPEATED}


@given(st.dictionaries(st.text(max_size=12).filter(lambda name: name not in FORM.fields()), st.text(), min_size=1))
def test_every_field_that_the_form_does_not_have_is_named(unknown: Mapping[str, str]) -> None:
    with pytest.raises(SubmissionError) as refused:
        parse({**{key: ["4"] for key in KEYS}, **{name: [value] for name, value in unknown.items()}}, FORM)
    assert {problem.field for problem in refused.value.problems} == unknown.keys()


@pytest.mark.parametrize("name", ["nama", "nik", "alamat", "telepon", "email"])
def test_a_name_a_nik_an_address_or_a_number_is_not_taken(name: str) -> None:
    assert problems(**{name: "x"}) == {name: Fault.UNKNOWN_FIELD}


CONTROLS = [chr(n) for n in (*range(0x09), *range(0x0E, 0x20), 0x7F, *range(0x80, 0xA0), 0xD800, 0xDFFF)]


@given(st.sampled_from(CONTROLS), st.sampled_from(["saran", "alasan_waktu", "layanan", "loket", "id"]))
def test_a_control_character_within_a_text_is_refused_before_any_database_sees_it(control: str, name: str) -> None:
    assert problems(**{name: f"a{control}b"}) == {name: Fault.NOT_ALLOWED}


@pytest.mark.parametrize("value", ["3\x1f", "\x1c3", "3\x85", "\x0b3"])
def test_a_control_character_at_the_edge_of_a_value_is_refused_too(value: str) -> None:
    assert problems(waktu=value) == {"waktu": Fault.NOT_ALLOWED}


@pytest.mark.parametrize("text", ["dua\nbaris", "dua\tkolom", "ramah 🙂", "aksara ꦗꦮ"])
def test_line_breaks_tabs_and_every_script_are_text(text: str) -> None:
    assert parsed(saran=text).saran == text


@given(st.lists(st.text(st.characters(codec="ascii", exclude_categories=["C"]), min_size=1), min_size=2, max_size=5))
def test_a_line_break_counts_once_however_the_browser_sends_it(lines: list[str]) -> None:
    assert parsed(saran="x" + "\r\n".join(lines)).saran == parsed(saran="x" + "\n".join(lines)).saran


def test_a_suggestion_of_a_thousand_characters_with_line_breaks_is_not_too_long() -> None:
    text = "\n".join("x" * 9 for _ in range(100)) + "x"
    assert parsed(saran=text.replace("\n", "\r\n")).saran == text


@pytest.mark.parametrize(("name", "limit"), [("saran", 1000), ("alasan_biaya", 300)])
def test_one_character_more_than_the_page_allows_is_too_long(name: str, limit: int) -> None:
    assert problems(**{name: "x" * (limit + 1)}) == {name: Fault.TOO_LONG}


def test_a_reason_belongs_to_its_question() -> None:
    assert parsed(alasan_biaya="mahal").alasan == {"biaya": "mahal"}


def test_what_is_left_empty_is_not_kept() -> None:
    response = parsed(saran="", usia="", layanan=" ", k="", lang="", id="", durasi="", hari="", loket="")
    assert response == parsed()


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in ATTRIBUTES.items() for value in values])
def test_a_respondent_may_say_this_of_himself(name: str, value: str) -> None:
    assert parsed(**{name: value}).attributes == {name: value}


@pytest.mark.parametrize(("name", "value"), [("usia", "17"), ("jenis_kelamin", "L"), ("pekerjaan", "guru")])
def test_other_words_of_oneself_are_not_taken(name: str, value: str) -> None:
    assert problems(**{name: value}) == {name: Fault.NOT_ALLOWED}


def test_of_a_child_only_the_age_band_is_kept() -> None:
    response = parsed(usia="<18", jenis_kelamin="p", pendidikan="smp", pekerjaan="pelajar")
    assert response.attributes == {"usia": "<18"}


def test_which_service_a_child_used_is_kept_for_it_is_not_about_the_child() -> None:
    response = parsed(usia="<18", jenis_kelamin="p", layanan="Kartu Keluarga", loket="2")
    assert response.attributes == {"usia": "<18", "layanan": "Kartu Keluarga", "loket": "2"}


def test_a_service_is_taken_in_the_registrys_own_words_only() -> None:
    assert problems(layanan="kartu keluarga") == {"layanan": Fault.NOT_ALLOWED}


def test_an_answer_that_waited_loses_a_service_that_has_another_name_by_now_and_nothing_else() -> None:
    assert parsed(layanan="Nama lama", hari="2026-10-20", usia="26-35").attributes == {"usia": "26-35"}
    assert parsed(layanan="Kartu Keluarga", hari="2026-10-20").attributes == {"layanan": "Kartu Keluarga"}
    with pytest.raises(SubmissionError):  # paper can be mended
        parse({"layanan": ["Nama lama"], "hari": ["2026-10-20"]}, FORM, complete=False)


@pytest.mark.parametrize("name", ["biaya", "alasan_biaya"])
def test_a_free_service_has_no_question_about_its_price(name: str) -> None:
    free = Form(FORM.instrument.with_biaya(Biaya.NONE))
    with pytest.raises(SubmissionError, match=f"{name}: unknown_field"):
        parsed(free, **{name: "4"})


def test_an_answer_is_to_the_form_that_was_shown() -> None:
    assert problems(versi="permenpan-14-2017.1.none") == {"versi": Fault.NOT_ALLOWED}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_is_kept(channel: str) -> None:
    assert parsed(k=channel).channel == channel


def test_nobody_outside_may_say_that_his_answer_is_simulated() -> None:
    assert problems(k="simulasi") == {"k": Fault.NOT_ALLOWED}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_of_the_page_is_kept(lang: str) -> None:
    assert parsed(lang=lang).lang == lang


def test_an_id_is_compared_in_lower_case() -> None:
    assert parsed(id=UUID.upper()).id == UUID


@pytest.mark.parametrize("value", ["1", UUID.replace("-", ""), UUID + "0", "g" + UUID[1:]])
def test_an_id_is_a_uuid(value: str) -> None:
    assert problems(id=value) == {"id": Fault.NOT_ALLOWED}


@pytest.mark.parametrize("value", ["-1", "1.5", "1234567", "lama"])
def test_a_duration_is_whole_seconds(value: str) -> None:
    assert problems(durasi=value) == {"durasi": Fault.NOT_ALLOWED}


def test_a_duration_is_kept_as_a_number() -> None:
    assert parsed(durasi="95").durasi == 95


@pytest.mark.parametrize("value", ["kemarin", "2026-02-30", "31-12-2026", "20261231", "2026-W01-1"])
def test_a_day_is_a_day_of_the_calendar(value: str) -> None:
    assert problems(hari=value) == {"hari": Fault.NOT_ALLOWED}


def test_the_honeypot_is_a_field_of_the_form() -> None:
    assert parsed(situs="http://example.org") == parsed()


TODAY = date(2026, 11, 24)


def test_an_answer_counts_on_the_day_it_names_while_that_period_is_open() -> None:
    assert effective_day(parsed(hari="2026-11-20"), TODAY, is_open=True) == date(2026, 11, 20)


def test_a_day_of_a_closed_period_gives_way_to_the_day_of_receipt() -> None:
    assert effective_day(parsed(hari="2026-09-20"), TODAY, is_open=False) == TODAY


def test_an_answer_without_a_day_counts_on_the_day_of_receipt() -> None:
    assert effective_day(parsed(), TODAY, is_open=True) == TODAY


@given(st.integers(1, 1000))
def test_a_day_in_the_future_gives_way_to_the_day_of_receipt(days: int) -> None:
    assert effective_day(parsed(hari=str(TODAY + timedelta(days=days))), TODAY, is_open=True) == TODAY


ODD_FIELDS = st.dictionaries(
    st.sampled_from(sorted(FORM.fields())),
    st.lists(st.text(max_size=4) | st.sampled_from("1234"), max_size=2),
    max_size=4,
)


@given(ODD_FIELDS)
def test_whatever_is_sent_answers_every_question_or_is_refused_with_its_problems(odd: dict[str, list[str]]) -> None:
    try:
        answered = parse({**{key: ["3"] for key in KEYS}, **odd}, FORM).answers.keys()
    except SubmissionError as refused:
        assert {problem.field for problem in refused.problems} <= odd.keys()
    else:
        assert answered == set(KEYS)
