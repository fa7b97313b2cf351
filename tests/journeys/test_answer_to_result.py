"""From the code on the poster to the published figure, in a real browser, with script and without."""

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import pytest
from playwright.sync_api import Browser, Page
from served import Served

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku sarana pengaduan".split()


def answer(page: Page, value: int) -> None:
    for item in ITEMS:
        page.locator(f'input[name="{item}"][value="{value}"]').check()
    page.get_by_role("button", name="Kirim penilaian").click()


def post(served: Served, value: int, **more: str) -> str:
    """An answer of somebody else's browser; where it was sent on to."""
    fields = {**dict.fromkeys(ITEMS, str(value)), "id": str(uuid.uuid4()), **more}
    request = urllib.request.Request(f"{served.url}/kirim/7k3q", urllib.parse.urlencode(fields).encode())
    with urllib.request.urlopen(request, timeout=10) as reply:
        url: str = reply.url
        return url


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_25_answers_become_a_figure_of_15_on_page_data_and_remote(
    served: Served, browser: Browser, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(f"{served.url}/s/7k3q/?k=tenda")
    page.locator("textarea[name=saran]").fill("Loketnya sejuk, RAHASIA-KAMI")
    answer(page, 4)
    page.wait_for_url("**/terima/*")
    assert page.locator("h1").inner_text() == "Terima kasih"
    for _ in range(24):
        assert "/terima/" in post(served, 3)
    report = served.publish()
    assert (report["pushed"], report["built"]) == (True, True)
    assert report["released"] == [{"unit": "7k3q", "period": report["released"][0]["period"], "n": 15, "added": 15}]

    page.goto(f"{served.url}/hasil/7k3q/")
    # one person gave 4, fourteen gave 3: 25 × (4 + 14 × 3) / 15 = 76,67
    assert "76,67" in page.locator("main").inner_text()
    assert "15 responden" in page.locator("main").inner_text()
    data = json.loads(served.get("/hasil/7k3q/data.json"))
    assert (data["latest"]["n"], data["latest"]["ikm"], data["latest"]["mutu"]) == (15, "76.67", None)
    assert served.git("rev-parse", "main").strip() == report["commit"]
    history = served.git("log", "-p", "--format=fuller", "main")
    receipt = re.search(r"/terima/(\w+)", post(served, 2))
    assert receipt and not any(secret in history for secret in ("RAHASIA-KAMI", "tenda", "127.0.0.1 ", receipt[1]))
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False], ids=["script on", "script off"])
def test_a_forgotten_question_keeps_what_was_answered(served: Served, browser: Browser, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{served.url}/s/7k3q/")
    for item in ITEMS[1:]:
        page.locator(f'input[name="{item}"][value="3"]').check()
    page.locator("textarea[name=saran]").fill("Ramah")
    page.get_by_role("button", name="Kirim penilaian").click()
    page.wait_for_load_state()
    assert page.title().startswith("Kesalahan: ")
    page.reload()
    assert page.locator("textarea[name=saran]").input_value() == "Ramah"
    assert page.locator('input[name="prosedur"][value="3"]').is_checked()
    page.get_by_role("alert").get_by_role("link").first.click()
    page.locator('input[name="persyaratan"][value="3"]').check()
    page.get_by_role("button", name="Kirim penilaian").click()
    page.wait_for_url("**/terima/*")
    context.close()


@pytest.mark.browser
def test_going_back_and_sending_again_is_one_record(served: Served, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{served.url}/s/7k3q/")
    answer(page, 3)
    page.wait_for_url("**/terima/*")
    first = page.url
    page.go_back()
    page.get_by_role("button", name="Kirim penilaian").click()
    page.wait_for_url("**/terima/*")
    assert page.url.split("?")[0] == first.split("?")[0]
    context.close()


def test_a_changed_registry_is_served_and_a_bad_one_keeps_the_last_good(served: Served) -> None:
    registry = served.folder / "units.yaml"
    good = registry.read_text()
    registry.write_text(good + "  - {code: 9m2x, name: Loket Baru, organisation: dinas}\n")
    assert "Loket Baru" in _within(served, "/s/9m2x/", 5)
    registry.write_text(good.replace("organisation: dinas", "organisation: dinsa"))
    assert "dinsa" in _within(served, "/readyz", 5, 'problem": "')
    assert "Loket Baru" in served.get("/s/9m2x/")


def _within(served: Served, path: str, seconds: float, wanted: str = "") -> str:
    until = time.monotonic() + seconds
    while True:
        try:
            text = served.get(path)
            if wanted in text:
                return text
        except urllib.error.HTTPError:
            text = ""
        if time.monotonic() > until:
            raise AssertionError(f"{path} did not show it within {seconds} s: {text[:200]}")
        time.sleep(0.2)
