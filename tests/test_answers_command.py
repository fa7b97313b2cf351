"""From the command that sets answers aside to the numbers that citizens read."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from builders import registry_yaml
from command_line import Installation, Ran, installation

from skm.periods import PeriodKind, day_of, period_of

TW = period_of(day_of(datetime.now(UTC), ZoneInfo("Asia/Jakarta")), PeriodKind.QUARTER).previous()
CLOSED = TW.last_day + timedelta(days=8)
WHO = ("--actor", "Bagian Organisasi")


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = installation(tmp_path_factory.mktemp("aside"), registry_yaml())
    assert made.sukma("simulate", "--answers", "40", "--period", str(TW)).code == 0
    return made


def publish(here: Installation) -> str:
    """Publish; the words of the unit's page then."""
    assert here.sukma("publish", "--at", str(CLOSED)).code == 0
    html = (here.folder / "var/site/hasil/7k3q/index.html").read_text(encoding="utf-8")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def aside(here: Installation, *words: str) -> Ran:
    return here.sukma("set-aside", *words, "--reason", "ganda", *WHO, "--json")


def test_the_page_tells_what_was_received_counted_and_set_aside_and_why_before_and_after_the_release(
    here: Installation,
) -> None:
    assert aside(here, "--seq", "1-6", "--dry-run").json["changed"] == [1, 2, 3, 4, 5, 6]
    assert aside(here, "--seq", "1-6").json == {
        "changed": [1, 2, 3, 4, 5, 6],
        "unchanged": 0,
        "released": 0,
        "dry_run": False,
    }
    words = publish(here)
    assert "diterima 40 jawaban: 34 dihitung, 6 disisihkan" in words
    assert re.search(r"6 jawaban yang disisihkan.* Jawaban ganda 6 ", words)
    ran = aside(here, "--seq", "7-18")
    assert (ran.json["released"], ran.code) == (12, 0)
    assert "12 di antaranya sudah terbit" in ran.err
    words = publish(here)
    assert "diterima 40 jawaban: 22 dihitung, 18 disisihkan" in words
    assert re.search(r"Koreksi .* sesudah terbit: .*: 12 jawaban disisihkan dan tidak lagi dihitung", words)
    assert here.sukma("put-back", "--seq", "7-18", *WHO, "--json").json["changed"] == list(range(7, 19))
    assert [entry["action"] for entry in here.sukma("audit", "--json").json] == ["put-back", "set-aside", "set-aside"]


def test_an_unknown_unit_has_no_list(here: Installation) -> None:
    ran = here.sukma("answers", "--unit", "zzzz", "--lang", "en")
    assert (ran.code, ran.out, "Unit code zzzz is not in the registry, and no" in ran.err) == (1, "", True)


def test_the_list_for_review_holds_numbers_and_labels_but_no_value(here: Installation) -> None:
    ran = here.sukma("answers", "--unit", "7K3Q", "--json")
    assert len(ran.json) == 40
    assert ran.json[0].keys() == set("seq unit period day hour channel labels set_aside released".split())


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--receipt", "0000000000"), 1, "Tidak ada jawaban dengan nomor atau tanda terima ini: 0000000000."),
        (("--unit", "zzzz", "--label", "fast"), 1, "Kode unit zzzz tidak ada di registri, dan tidak ada jawaban"),
        (("--unit", "7k3q"), 2, "--unit bersama --label"),
        (("--seq", "9-3"), 2, "'9-3' bukan nomor jawaban"),
        (("--unit", "7k3q", "--label", "aneh"), 2, "Penanda 'aneh' tidak ada. Yang ada: straight_line"),
    ],
)
def test_a_choice_that_means_nobody_is_refused(
    here: Installation, words: tuple[str, ...], code: int, sentence: str
) -> None:
    ran = here.sukma("set-aside", *words, "--reason", "ganda", *WHO)
    assert (ran.code, sentence in " ".join(ran.err.split())) == (code, True)
