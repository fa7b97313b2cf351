"""The questionnaire: the shipped one says what the regulation says, and a broken one is refused in words."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from generator.instruments import instrument
from skm.errors import SkmError
from skm.instrument import Instrument, instrument_from_mapping
from skm.units import Biaya

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
        "none": None,
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
