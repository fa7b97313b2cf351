"""The survey page: its words, its bytes, and what a real browser does with it."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from generator.instruments import instrument, shipped
from generator.pages.survey import (
    SurveyState,
    closed_page,
    stamped_survey,
    survey_languages,
    survey_page,
)
from generator.pages.worker import worker
from generator.registry import read_registry
from generator.stamp import marker
from skm.instrument import Instruments
from skm.responses import CHANNELS, LANGUAGES, Fault, Form, Problem, SubmissionError, parse
from skm.units import Biaya, Organisation, Registry, Site, Status, Unit

SITE = Site("Survei Kepuasan Masyarakat", "http://127.0.0.1:8000", ("id", "en"))
OFFICE = Organisation("dispendukcapil", "Dinas Kependudukan dan Pencatatan Sipil")
HOSTILE = (
    "Loket O'Brien & Anak",
    '<script>alert("x")</script>',
    "</textarea></form><b>",
    "Loket 😀 ܫܠܡܐ مكتب",
    "x" * 200,
    "{{ code }} {% raw %}",
    marker("name"),
    marker("services") + marker("unknown"),
)


def a_unit(**changes: Any) -> Unit:
    values = {
        "code": "7k3q",
        "name": "Loket Administrasi Kependudukan",
        "organisation": OFFICE.id,
        "languages": ("id", "en"),
        "services": ("KTP elektronik", "Kartu Keluarga"),
    }
    return Unit(**(values | changes))


def a_registry(*units: Unit, site: Site = SITE, office: Organisation = OFFICE) -> Registry:
    return Registry(site, (office,), units, instruments=shipped())


def form_of(unit: Unit) -> Form:
    return Form(a_registry(unit).instrument(unit), unit.services)


def page_of(unit: Unit, lang: str = "id", state: SurveyState | None = None, **site: Any) -> str:
    registry = a_registry(unit, site=Site(SITE.title, SITE.url, SITE.languages, **site))
    return survey_page(unit, registry, lang, state or SurveyState())


def state_of(unit: Unit, values: Mapping[str, str]) -> SurveyState:
    with pytest.raises(SubmissionError) as error:
        parse({name: [value] for name, value in values.items()}, form_of(unit))
    return SurveyState(values, error.value.problems)


# The words and the bytes


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("services", [(), ("KTP", "KK")])
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_stamped_page_has_the_bytes_of_the_rendered_one(name: str, services: tuple[str, ...], lang: str) -> None:
    unit = a_unit(name=name, services=tuple(f"{service} {name}" for service in services))
    registry = a_registry(unit, office=Organisation(OFFICE.id, name))
    for example in (False, True):
        stamped = stamped_survey(unit, registry, lang, example=example)
        assert stamped == survey_page(unit, registry, lang, example=example)


def test_a_name_cannot_become_markup() -> None:
    page = stamped_survey(a_unit(name="<b>'\"&"), a_registry(a_unit()), "id")
    assert "<h1>&lt;b&gt;&#39;&#34;&amp;</h1>" in page
    assert "<b>" not in page


TOP = Path(__file__).parents[2]
# The drafts carry the Indonesian, too: two languages on one page.
MOST_WITHOUT_SCRIPT = {"id": 4 * 1024, "en": 4 * 1024, "jv": 5 * 1024 + 256, "mad": 5 * 1024 + 256}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("biaya", list(Biaya))
@pytest.mark.parametrize("name", ["Loket", "Pelayanan Administrasi Terpadu Kecamatan " * 4])
def test_a_page_keeps_its_budget_without_script_and_10_kb_with_it(lang: str, biaya: Biaya, name: str) -> None:
    unit = a_unit(name=name, biaya=biaya, languages=LANGUAGES)
    page = survey_page(unit, a_registry(unit), lang, example=True)
    without_script = re.sub(r"<script>.*</script>", "", page, flags=re.DOTALL)
    assert len(gzip.compress(page.encode(), 9)) <= 10 * 1024
    assert len(gzip.compress(without_script.encode(), 9)) <= MOST_WITHOUT_SCRIPT[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_demonstration_keeps_10_kb_empty_and_with_every_question_forgotten(lang: str) -> None:
    registry = read_registry(TOP / "units.yaml").registry
    for unit in registry.units:
        if unit.status is Status.ACTIVE:
            keys = [item.key for item in registry.instrument(unit).items()]
            forgotten = SurveyState(problems=tuple(Problem(key, Fault.MISSING) for key in keys))
            for state in (SurveyState(), forgotten):
                page = survey_page(replace(unit, languages=LANGUAGES), registry, lang, state, example=True)
                assert len(gzip.compress(page.encode(), 9)) <= 10 * 1024, unit.code


def test_questions_come_in_the_order_of_the_form_and_worst_answer_first() -> None:
    legends = re.findall(r"<legend>(.*?)</legend>", page_of(a_unit()))
    expected = [item.question["id"] for item in instrument(SITE.instrument).items()]
    assert legends == [f"{number}. {question}" for number, question in enumerate(expected, 1)]
    assert page_of(a_unit()).index("Tidak sesuai") < page_of(a_unit()).index("Sangat sesuai")


def test_a_unit_free_by_law_asks_eight_questions_and_says_so() -> None:
    page = page_of(a_unit(biaya=Biaya.NONE))
    assert page.count("<fieldset") == 8
    assert "8 pertanyaan" in page


def test_nothing_is_chosen_beforehand() -> None:
    assert " checked" not in page_of(a_unit())
    assert " selected" not in page_of(a_unit())


def test_the_form_sends_only_fields_that_the_intake_knows() -> None:
    unit = a_unit()
    names = set(re.findall(r' name="([a-z_]+)"', page_of(unit).split("<form")[1]))
    assert names == form_of(unit).fields() - {"loket", "hari"}


@pytest.mark.parametrize("lang", ["jv", "mad"])
def test_a_draft_language_has_the_indonesian_beside_each_question_answer_and_button(lang: str) -> None:
    page, form = page_of(a_unit(languages=LANGUAGES), lang), instrument(SITE.instrument)
    assert page.startswith(f'<!doctype html>\n<html lang="{lang}">')
    for item in form.items():
        assert f'{item.question[lang]} <small lang="id">{item.question["id"]}</small></legend>' in page
        for word, indonesian in zip(item.options[lang], item.options["id"], strict=True):
            beside = "" if word == indonesian else f' <small lang="id">{indonesian}</small>'
            assert f"<span>{word}{beside}</span></label>" in page
    assert '<small lang="id">Kirim penilaian</small></button>' in page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("biaya", list(Biaya))
@pytest.mark.parametrize("name", shipped().ids())
def test_every_shipped_instrument_has_a_page_in_every_language_and_way_of_asking(
    name: str, biaya: Biaya, lang: str
) -> None:
    unit = a_unit(biaya=biaya, languages=LANGUAGES)
    registry = a_registry(unit, site=replace(SITE, instrument=name))
    page, form = survey_page(unit, registry, lang), registry.instrument(unit)
    assert re.findall(r'<input type="radio" name="(\w+)" value="1"', page) == [item.key for item in form.items()]
    assert f'name="versi" value="{form.versi}"' in page


def test_services_are_asked_only_where_the_unit_names_several() -> None:
    assert 'name="layanan"' not in page_of(a_unit(services=()))
    assert 'name="layanan"' not in page_of(a_unit(services=("KTP elektronik",)))
    assert '<option value="KTP elektronik">KTP elektronik<' in page_of(a_unit())


def test_the_form_goes_to_the_backend_of_the_site_and_links_lead_home() -> None:
    page = page_of(a_unit(), backend="https://kirim.example")
    assert 'action="https://kirim.example/kirim/7k3q"' in page
    assert "form-action 'self' https://kirim.example" in page
    assert 'href="http://127.0.0.1:8000/s/7k3q/en/"' in page


def test_each_language_links_to_the_others() -> None:
    assert '<a href="/s/7k3q/en/" lang="en" hreflang="en">English</a>' in page_of(a_unit())
    assert '<a href="/s/7k3q/" lang="id" hreflang="id">Bahasa Indonesia</a>' in page_of(a_unit(), "en")
    assert "<nav" not in page_of(a_unit(languages=("id",)))


def test_a_language_without_texts_is_answered_in_indonesian() -> None:
    unit = a_unit(languages=("id", "en"))
    assert page_of(unit, "jv") == page_of(unit, "id")


def test_a_language_that_the_instrument_has_not_finished_is_not_offered() -> None:
    unit = a_unit(languages=("id", "jv"))
    unfinished = [replace(one, title={"id": one.title["id"]}) for one in shipped().known]
    registry = replace(a_registry(unit), instruments=Instruments(tuple(unfinished)))
    assert survey_languages(unit, registry) == ("id",)


def test_names_from_the_registry_are_marked_as_indonesian_on_an_english_page() -> None:
    page = page_of(a_unit(), "en")
    assert '<html lang="en">' in page
    assert '<h1 lang="id">' in page
    assert '<select name="layanan" id="layanan" lang="id">' in page


def test_an_example_says_so_on_the_page() -> None:
    unit = a_unit()
    assert "CONTOH – BUKAN HASIL SEBENARNYA" in survey_page(unit, a_registry(unit), "id", example=True)
    assert "CONTOH" not in survey_page(unit, a_registry(unit), "id")


# The page that came back


def test_missing_answers_are_named_in_title_summary_and_beside_the_question() -> None:
    page = page_of(a_unit(), state=state_of(a_unit(), {"persyaratan": "2"}))
    assert "<title>Kesalahan: Loket Administrasi Kependudukan" in page
    assert '<a href="#waktu-1">Pertanyaan 3: pilih satu jawaban</a>' in page
    assert 'aria-invalid="true" aria-describedby="waktu-wrong"' in page
    assert '<p class="wrong" id="waktu-wrong">Pertanyaan 3: pilih satu jawaban</p>' in page
    assert "persyaratan-wrong" not in page


def test_what_was_filled_in_is_kept() -> None:
    values = {
        "persyaratan": "2",
        "alasan_persyaratan": "Antre <lama>",
        "layanan": "Kartu Keluarga",
        "usia": "26-35",
        "saran": "\nBaris & baris",
        "id": "00000000-0000-4000-8000-000000000000",
        "k": "tenda",
        "loket": "3",
    }
    page = page_of(a_unit(), state=state_of(a_unit(), values))
    for kept in (
        'name="persyaratan" value="2" checked',
        "Antre &lt;lama&gt;</textarea>",
        '<option value="Kartu Keluarga" selected>',
        '<option value="26-35" selected>',
        ">\n\nBaris &amp; baris</textarea>",
        'name="id" value="00000000-0000-4000-8000-000000000000"',
        'name="k" value="tenda"',
        'name="loket" value="3"',
        'href="/s/7k3q/en/?k=tenda"',
    ):
        assert kept in page


def test_problems_of_other_fields_are_named_in_the_summary_too() -> None:
    values = {"saran": "x" * 1001, "alasan_waktu": "x" * 301, "usia": "7", "<b>": "1", "versi": "lama.1.none"}
    page = page_of(a_unit(), state=state_of(a_unit(), values))
    for line in (
        '<a href="#saran">Saran atau masukan: paling banyak 1.000 karakter</a>',
        '<a href="#alasan_waktu">Alasan pertanyaan 3: paling banyak 300 karakter</a>',
        '<a href="#usia">Umur: pilih dari daftar atau kosongkan</a>',
        "<li>Isian “&lt;b&gt;” tidak dikenal: kirim lagi dari halaman ini</li>",
        "<li>Formulir ini telah diganti dengan yang baru: periksa jawaban Anda, lalu kirim lagi</li>",
    ):
        assert line in page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_field_and_fault_has_words(lang: str) -> None:
    unit = a_unit(languages=LANGUAGES)
    problems = [Problem(name, fault) for name in form_of(unit).fields() for fault in Fault]
    for problem in problems:
        page = page_of(unit, lang, SurveyState(problems=(problem,)))
        assert page.count("<li>") == 1
        assert "{" not in page.split("</form>")[0].split("<body>")[1]


def test_a_busy_answer_keeps_the_answers_and_says_when_to_try_again() -> None:
    page = page_of(a_unit(), state=SurveyState({"waktu": "3"}, notice="too_many", wait=90))
    assert "Tunggu 2 menit" in page
    assert 'name="waktu" value="3" checked' in page
    assert "<title>Kesalahan: " in page


def test_a_broken_service_says_that_nothing_was_sent() -> None:
    assert "belum terkirim" in page_of(a_unit(), state=SurveyState(notice="unavailable"))


# Units that take no answers


@pytest.mark.parametrize("status", [Status.MOVED, Status.MERGED])
@pytest.mark.parametrize(("lang", "path"), [("id", "/s/7k3q/"), ("en", "/s/7k3q/en/")])
def test_a_moved_or_merged_unit_names_and_links_its_successor(status: Status, lang: str, path: str) -> None:
    old = a_unit(code="8m4r", name="Loket Lama", status=status, moved_to="7k3q")
    page = closed_page(old, a_registry(a_unit(), old), lang)
    assert f'<a href="{path}">' in page
    assert "Loket Administrasi Kependudukan" in page


def test_a_closed_unit_thanks_and_links_results_and_finder() -> None:
    closed = a_unit(status=Status.CLOSED)
    page = closed_page(closed, a_registry(closed), "id")
    assert "Terima kasih" in page
    assert 'href="/hasil/7k3q/"' in page
    assert 'href="/cari/"' in page
    assert "<form" not in page


def test_the_link_to_a_successor_leads_to_a_language_that_it_has() -> None:
    old = a_unit(code="8m4r", status=Status.MOVED, moved_to="7k3q", languages=LANGUAGES)
    page = closed_page(old, a_registry(a_unit(languages=("id",)), old), "mad")
    assert '<a href="/s/7k3q/">' in page


def test_a_unit_whose_successor_has_closed_too_is_closed() -> None:
    old = a_unit(code="8m4r", status=Status.MOVED, moved_to="7k3q")
    page = closed_page(old, a_registry(a_unit(status=Status.CLOSED), old), "id")
    assert "Unit ini sudah ditutup" in page


# A real browser


THANKS = "<!doctype html><html lang=id><meta charset=utf-8><title>Terima kasih</title><link rel=icon href='data:,'>"


class Served:
    """Pages at addresses, and what was asked of them."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.pages, self.requests, self.posts = pages, [], []  # type: ignore[var-annotated]
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.requests.append(self.path)
                self.answer(served.pages[self.path.partition("?")[0]])

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                if self.headers["Content-Type"] == "application/json":
                    served.posts.append({name: [value] for name, value in json.loads(body).items()})
                    self.answer('{"receipt": "7k3q8w2m1z"}', "application/json")
                else:
                    served.posts.append(parse_qs(body, keep_blank_values=True))
                    self.answer(THANKS)

            def answer(self, page: str, kind: str = "text/html") -> None:
                content = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/javascript" if self.path == "/sw.js" else kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Tests speak by their asserts."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def served() -> Iterator[Served]:
    unit = a_unit()
    registry = a_registry(unit)
    incomplete = state_of(unit, {"persyaratan": "2", "saran": "x" * 1001})
    server = Served(
        {
            "/s/7k3q/": stamped_survey(unit, registry, "id"),
            "/s/7k3q/en/": stamped_survey(unit, registry, "en"),
            "/errors": survey_page(unit, registry, "id", incomplete),
            "/sw.js": worker(SITE, "0" * 64),
            "/terima/7k3q8w2m1z": THANKS,
        }
    )
    yield server
    server.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context
    context.close()


@pytest.fixture
def tab(phone: BrowserContext) -> Page:
    return phone.new_page()


def the_post(served: Served) -> dict[str, list[str]]:
    assert len(served.posts) == 1
    return served.posts[0]  # type: ignore[no-any-return]


def answer_all(page: Page) -> None:
    for item in instrument(SITE.instrument).items():
        page.check(f'[name="{item.key}"][value="3"]')


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/s/7k3q/", "/s/7k3q/en/", "/errors"])
def test_a_page_is_one_request_and_the_console_stays_silent(served: Served, tab: Page, path: str) -> None:
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.goto(served.address + path)
    tab.wait_for_load_state("networkidle")
    # The worker may come, and what it keeps comes from the browser's own copy where the server lets it be kept.
    assert served.requests[0] == path
    assert {*served.requests[1:]} <= {"/sw.js", path}
    assert said == []


@pytest.mark.browser
def test_the_policy_of_the_page_stops_a_foreign_script(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    ran = tab.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); return window.ran === 1; }"
    )
    assert ran is False


@pytest.mark.browser
def test_the_first_answer_is_on_the_first_screen_and_nothing_scrolls_sideways(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    box = tab.locator("fieldset label").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 640
    tab.set_viewport_size({"width": 320, "height": 640})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.browser
def test_every_answer_is_a_row_of_at_least_48_pixels(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    boxes = [label.bounding_box() for label in tab.locator("fieldset > label").all()]
    assert len(boxes) == 36
    assert all(box is not None and box["height"] >= 48 and box["width"] >= 320 for box in boxes)


@pytest.mark.browser
def test_it_can_be_answered_by_keyboard_alone(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    asked = [item.key for item in instrument(SITE.instrument).items()]
    for _ in range(60):
        tab.keyboard.press("Tab")
        focused = tab.evaluate("[document.activeElement.type, document.activeElement.name]")
        if focused[0] == "radio":
            tab.keyboard.press("Space")
            tab.keyboard.press("ArrowDown")
        elif focused[1] == "saran":
            tab.keyboard.type("Tambah kursi")
        elif focused[0] == "submit":
            tab.keyboard.press("Enter")
            break
    tab.wait_for_url("**/terima/*")
    response = parse(the_post(served), form_of(a_unit()))
    assert response.answers == dict.fromkeys(asked, 2)
    assert response.saran == "Tambah kursi"


@pytest.mark.browser
def test_without_script_the_form_sends_everything_but_what_the_script_adds(served: Served, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address + "/s/7k3q/?k=tenda")
    answer_all(page)
    page.select_option('[name="layanan"]', "Kartu Keluarga")
    page.click("button")
    context.close()
    sent = the_post(served)
    response = parse(sent, form_of(a_unit()))
    assert set(response.answers.values()) == {3}
    assert response.attributes == {"layanan": "Kartu Keluarga"}
    assert (sent["id"], sent["k"], sent["durasi"]) == ([""], [""], [""])


@pytest.mark.browser
@pytest.mark.parametrize("random_uuid", [True, False])
def test_the_script_adds_id_channel_and_seconds(served: Served, tab: Page, random_uuid: bool) -> None:
    if not random_uuid:
        tab.add_init_script("Object.defineProperty(crypto, 'randomUUID', { value: undefined })")
    tab.goto(served.address + "/s/7k3q/?k=tenda")
    answer_all(tab)
    tab.click("button")
    tab.wait_for_url("**/terima/*")
    response = parse(the_post(served), form_of(a_unit()))
    assert response.channel == "tenda"
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", response.id or "")
    assert response.durasi is not None


@pytest.mark.browser
def test_every_channel_of_the_contract_is_taken_from_the_address_and_no_other(served: Served, tab: Page) -> None:
    taken = {}
    for word in (*CHANNELS, "simulasi", "x", ""):
        tab.goto(f"{served.address}/s/7k3q/?k={word}")
        taken[word] = tab.input_value('[name="k"]')
    assert taken == {word: word for word in CHANNELS} | {"simulasi": "", "x": "", "": ""}


@pytest.mark.browser
def test_the_channel_goes_along_to_another_language(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/?k=stiker")
    tab.click("text=English")
    assert tab.url == served.address + "/s/7k3q/en/?k=stiker"
    assert tab.input_value('[name="k"]') == "stiker"


@pytest.mark.browser
def test_reload_and_back_keep_the_id_and_a_new_visit_gets_a_new_one(served: Served, tab: Page) -> None:
    seen = []
    tab.goto(served.address + "/s/7k3q/")
    seen.append(tab.input_value('[name="id"]'))
    tab.reload()
    seen.append(tab.input_value('[name="id"]'))
    answer_all(tab)
    tab.click("button")
    tab.wait_for_url("**/terima/*")
    tab.go_back()
    seen.append(tab.input_value('[name="id"]'))
    assert len(set(seen)) == 1
    tab.goto(served.address + "/s/7k3q/en/")
    assert tab.input_value('[name="id"]') not in seen


@pytest.mark.browser
def test_the_page_counts_what_is_answered(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    assert tab.inner_text("#progress") == ""
    tab.check('[name="waktu"][value="1"]')
    tab.check('[name="waktu"][value="4"]')
    tab.check('[name="sarana"][value="4"]')
    assert tab.inner_text("#progress") == "2 dari 9 terjawab"


@pytest.mark.browser
def test_a_reason_can_always_be_given_and_stands_out_for_the_two_lower_answers(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    reason = tab.locator("fieldset:has([name=waktu]) summary")
    seen = []
    for value in ("1", "2", "3"):
        tab.check(f'[name="waktu"][value="{value}"]')
        seen.append((reason.is_visible(), reason.evaluate("e => getComputedStyle(e).fontWeight")))
    assert seen == [(True, "700"), (True, "700"), (True, "400")]


@pytest.mark.browser
def test_the_error_summary_has_the_focus_and_leads_to_the_question(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/errors")
    assert tab.evaluate("document.activeElement.className") == "problems"
    tab.click("text=Pertanyaan 4: pilih satu jawaban")
    tab.keyboard.press("Space")
    assert tab.is_checked('[name="biaya"][value="1"]')


@pytest.mark.browser
def test_the_honeypot_is_met_neither_by_eyes_nor_by_the_keyboard(served: Served, tab: Page) -> None:
    tab.goto(served.address + "/s/7k3q/")
    box = tab.locator('[name="situs"]').bounding_box()
    assert box is not None
    assert box["x"] + box["width"] < 0
    assert tab.get_attribute('[name="situs"]', "tabindex") == "-1"
