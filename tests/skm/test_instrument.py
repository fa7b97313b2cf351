"""The questionnaire: the official one says what the regulation says, others count by the same arithmetic."""

from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from generator.instruments import instrument
from skm.errors import SkmError
from skm.index import ikm, nrr
from skm.instrument import Biaya, Instrument, Instruments, instrument_from_mapping
from skm.tally import tally

CONTOH: dict[str, Any] = {
    "id": "contoh",
    "version": 2,
    "title": {"id": "Contoh", "en": "Example"},
    "unsur": [
        {
            "key": key,
            "rule": rule,
            "form": form,
            "name": {"id": key, "en": key},
            "items": [{"question": {"id": f"{key}?", "en": "?"}, "options": {"id": list("abcd"), "en": list("abcd")}}],
        }
        for key, rule, form in (("biaya", "U4", 1), ("pengaduan", "U8", 3), ("sarana", "U9", 2))
    ],
    "variants": {
        "kesesuaian": {"question": {"id": "sesuai?", "en": "?"}, "options": {"id": list("abcd"), "en": list("abcd")}},
    },
}


def shipped() -> Instrument:
    """The questionnaire of PermenPANRB 14/2017."""
    return instrument("permenpan-14-2017")


def broken(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The example with one change."""
    data = deepcopy(CONTOH)
    change(data)
    return data


def test_the_nine_unsur_carry_the_numbers_of_the_rule_and_of_the_form() -> None:
    assert [(unsur.rule, unsur.form, unsur.key) for unsur in shipped().unsur] == [
        ("U1", 1, "persyaratan"),
        ("U2", 2, "prosedur"),
        ("U3", 3, "waktu"),
        ("U4", 4, "biaya"),
        ("U5", 5, "produk"),
        ("U6", 6, "kompetensi"),
        ("U7", 7, "perilaku"),
        ("U8", 9, "pengaduan"),
        ("U9", 8, "sarana"),
    ]


def test_the_official_names_are_those_of_the_regulation() -> None:
    assert [unsur.name["id"] for unsur in shipped().unsur] == [
        "Persyaratan",
        "Sistem, Mekanisme, dan Prosedur",
        "Waktu Penyelesaian",
        "Biaya/Tarif",
        "Produk Spesifikasi Jenis Pelayanan",
        "Kompetensi Pelaksana",
        "Perilaku Pelaksana",
        "Penanganan Pengaduan, Saran dan Masukan",
        "Sarana dan Prasarana",
    ]


@pytest.mark.parametrize(
    ("key", "question", "options"),
    [
        (
            "persyaratan",
            "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?",
            ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ),
        (
            "prosedur",
            "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
            ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
        ),
        (
            "waktu",
            "Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
            ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
        ),
        (
            "biaya",
            "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
            ("Sangat mahal", "Cukup mahal", "Murah", "Gratis"),
        ),
        (
            "produk",
            "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum dalam standar "
            "pelayanan dengan hasil yang diberikan?",
            ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
        ),
        (
            "kompetensi",
            "Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?",
            ("Tidak kompeten", "Kurang kompeten", "Kompeten", "Sangat kompeten"),
        ),
        (
            "perilaku",
            "Bagaimana pendapat Saudara tentang perilaku petugas dalam pelayanan terkait kesopanan dan keramahan?",
            ("Tidak sopan dan ramah", "Kurang sopan dan ramah", "Sopan dan ramah", "Sangat sopan dan ramah"),
        ),
        (
            "sarana",
            "Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?",
            ("Buruk", "Cukup", "Baik", "Sangat baik"),
        ),
        (
            "pengaduan",
            "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
            ("Tidak ada", "Ada tetapi tidak berfungsi", "Berfungsi kurang maksimal", "Dikelola dengan baik"),
        ),
    ],
)
def test_the_question_and_its_four_words_are_the_regulations_own(
    key: str, question: str, options: tuple[str, ...]
) -> None:
    item = next(item for item in shipped().items() if item.key == key)
    assert (item.question["id"], item.options["id"]) == (question, options)


def test_the_form_asks_sarana_before_pengaduan() -> None:
    assert [item.key for item in shipped().items()][-2:] == ["sarana", "pengaduan"]


def test_a_free_service_is_not_asked_about_its_price() -> None:
    assert [unsur.key for unsur in shipped().with_biaya(Biaya.NONE).unsur] == [
        "persyaratan",
        "prosedur",
        "waktu",
        "produk",
        "kompetensi",
        "perilaku",
        "pengaduan",
        "sarana",
    ]


def test_the_other_wording_of_biaya_has_other_words_under_the_same_key() -> None:
    item = next(item for item in shipped().with_biaya(Biaya.KESESUAIAN).items() if item.key == "biaya")
    assert item.options["id"] == ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai")


def test_a_form_names_its_version_and_its_way_of_asking_for_biaya() -> None:
    assert instrument_from_mapping(CONTOH).with_biaya(Biaya.NONE).versi == "contoh.2.none"


def test_a_variant_cannot_be_taken_from_a_variant_back_to_the_official_one() -> None:
    with pytest.raises(SkmError, match="no variant of biaya called official"):
        instrument_from_mapping(CONTOH).with_biaya(Biaya.NONE).with_biaya(Biaya.OFFICIAL)


def test_a_language_is_offered_only_where_every_text_is_there() -> None:
    data = broken(lambda data: data["unsur"][0]["items"][0]["question"].pop("en"))
    assert instrument_from_mapping(data).languages() == {"id"}


def test_two_items_of_one_unsur_need_keys_of_their_own() -> None:
    data = broken(lambda data: data["unsur"][0]["items"].append(data["unsur"][0]["items"][0]))
    with pytest.raises(SkmError, match="an item key is used twice"):
        instrument_from_mapping(data)


def test_an_unsur_may_have_several_items() -> None:
    data = broken(lambda data: data["unsur"][0]["items"].append({**data["unsur"][0]["items"][0], "key": "biaya.2"}))
    assert [item.key for item in instrument_from_mapping(data).items()] == ["biaya", "biaya.2", "sarana", "pengaduan"]


def test_a_question_with_three_words_is_refused() -> None:
    data = broken(lambda data: data["unsur"][0]["items"][0]["options"]["id"].pop())
    with pytest.raises(SkmError, match="item biaya: every language needs 4 options"):
        instrument_from_mapping(data)


def test_a_questionnaire_without_its_indonesian_text_is_refused() -> None:
    data = broken(lambda data: data["unsur"][2]["name"].pop("id"))
    with pytest.raises(SkmError, match="the Indonesian text is not complete"):
        instrument_from_mapping(data)


def test_what_is_missing_is_named_with_the_questionnaire() -> None:
    data = broken(lambda data: data["unsur"][1].pop("rule"))
    with pytest.raises(SkmError, match="instrument contoh: 'rule' is missing"):
        instrument_from_mapping(data)


def a_text(text: str) -> dict[str, str]:
    return {"id": text}


def an_unsur(key: str, number: int, *items: str) -> dict[str, Any]:
    """An unsur in Indonesian alone; `items` are the keys of its questions, its own where none is named."""
    asked = [{"key": item, "question": a_text(f"{item}?"), "options": {"id": list("abcd")}} for item in items or [key]]
    return {"key": key, "rule": f"U{number}", "form": number, "name": a_text(key), "items": asked}


def questionnaire(*unsur: dict[str, Any], **changes: Any) -> Instrument:
    data = {"id": "contoh", "version": 1, "title": a_text("Contoh"), "unsur": list(unsur)}
    return instrument_from_mapping(data | changes)


# One unsur of the regulation dropped (biaya), one added (keamanan): x stays what is asked, here 3.
OTHER_UNSUR = questionnaire(an_unsur("waktu", 3), an_unsur("sarana", 9), an_unsur("keamanan", 10))
# An unsur of three questions beside one of one.
SEVERAL_ITEMS = questionnaire(an_unsur("waktu", 3, "waktu.1", "waktu.2", "waktu.3"), an_unsur("sarana", 9))


def test_an_added_unsur_weighs_like_every_other_and_a_dropped_one_nothing() -> None:
    counts = tally([{"waktu": 4, "sarana": 3, "keamanan": 1}, {"waktu": 4, "sarana": 3, "keamanan": 2}])
    assert nrr(counts, OTHER_UNSUR) == {"waktu": 4, "sarana": 3, "keamanan": Fraction(3, 2)}
    assert ikm(nrr(counts, OTHER_UNSUR)) == Fraction(425, 6)  # (4 + 3 + 3/2) / 3 × 25


def test_an_unsur_of_several_questions_is_the_mean_of_their_means_and_weighs_as_one() -> None:
    # waktu.2 was answered by one of two: means 3, 4, 2 make 3; pooling its five answers would make 14/5.
    counts = tally([{"waktu.1": 2, "waktu.2": 4, "waktu.3": 1, "sarana": 4}, {"waktu.1": 4, "waktu.3": 3, "sarana": 4}])
    assert nrr(counts, SEVERAL_ITEMS) == {"waktu": 3, "sarana": 4}
    assert ikm(nrr(counts, SEVERAL_ITEMS)) == Fraction(175, 2)


def test_ipkp_and_ipak_are_counted_by_the_same_arithmetic() -> None:
    counts = tally([{"percaloan": 4, "pungli": 4, "imbalan": 3, "diskriminasi": 2, "suap": 4}])
    assert ikm(nrr(counts, instrument("ipak"))) == 85
    assert len(list(instrument("ipkp").items())) == 8


@pytest.mark.parametrize("biaya", Biaya)
def test_a_questionnaire_without_biaya_is_the_same_for_every_unit(biaya: Biaya) -> None:
    assert OTHER_UNSUR.with_biaya(biaya).versi == "contoh.1.official"


def test_a_way_of_asking_that_the_questionnaire_lacks_is_refused() -> None:
    with pytest.raises(SkmError, match="no variant of biaya called kesesuaian"):
        questionnaire(an_unsur("waktu", 3), an_unsur("biaya", 4)).with_biaya(Biaya.KESESUAIAN)


def test_a_questionnaire_that_asks_only_for_biaya_cannot_leave_it_out() -> None:
    with pytest.raises(SkmError, match="asks for nothing but biaya"):
        questionnaire(an_unsur("biaya", 4)).with_biaya(Biaya.NONE)


def test_a_missing_text_is_named_by_its_place_in_the_file() -> None:
    data = broken(lambda data: data["unsur"][1]["items"][0]["options"].pop("en"))
    assert instrument_from_mapping(data).missing("en") == ("unsur[1].items[0].options.en",)


def test_a_language_is_complete_only_with_the_words_of_the_other_ways_of_asking() -> None:
    data = broken(lambda data: data["variants"]["kesesuaian"]["question"].pop("en"))
    assert "en" not in instrument_from_mapping(data).languages()


def test_forms_are_made_of_the_newest_version_and_answers_read_by_their_own() -> None:
    versions = [questionnaire(an_unsur("biaya", 4), an_unsur("waktu", 3), version=version) for version in (2, 10, 9)]
    known = Instruments(tuple(versions))
    assert known.newest("contoh").version == 10
    assert known.of_versi("contoh.2.none").version == 2


def test_a_version_that_is_only_kept_is_read_but_makes_no_form() -> None:
    older, newer = (questionnaire(an_unsur("waktu", 3), version=version) for version in (1, 2))
    found = Instruments((older,)).with_kept([older, newer])
    assert (found.newest("contoh"), found.find("contoh.2.official"), found.kept) == (older, newer, (newer,))


@pytest.mark.parametrize("versi", ["contoh.3.official", "contoh.1.kesesuaian", "lain.1.official", "contoh", "", "..."])
def test_a_form_that_is_not_known_is_not_guessed(versi: str) -> None:
    with pytest.raises(SkmError, match="names no form of this installation"):
        Instruments((questionnaire(an_unsur("biaya", 4)),)).of_versi(versi)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["unsur"][0]["items"][0]["question"].update(id="lain?"),
        lambda data: data["unsur"][0]["items"][0]["options"]["id"].reverse(),
        lambda data: data["unsur"][0].update(form=7),
        lambda data: data["unsur"].pop(),
        lambda data: data["variants"]["kesesuaian"]["question"].update(id="lain?"),
    ],
)
def test_another_wording_or_order_is_another_thing_asked(change: Callable[[dict[str, Any]], object]) -> None:
    assert instrument_from_mapping(broken(change)).asked("id") != instrument_from_mapping(CONTOH).asked("id")


def test_a_translation_leaves_what_is_asked_in_indonesian_as_it_was() -> None:
    data = broken(lambda data: data["title"].update(en="Another title"))
    assert instrument_from_mapping(data).asked("id") == instrument_from_mapping(CONTOH).asked("id")
