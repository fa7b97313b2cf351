"""Another site cannot make its visitors answer: their own browser says where a post comes from."""

import json
from collections.abc import Iterator
from html import escape

import pytest
from network import Network
from phone import ITEMS
from playwright.sync_api import Page
from served import Served

pytestmark = pytest.mark.browser


@pytest.fixture
def foreign(city: Served, page: Page) -> Iterator[Page]:
    """A page of another site, open in the browser of somebody who could answer; nothing may come of it."""
    fields = "".join(f'<input name="{item}" value="1">' for item in ITEMS)
    html = f'<form method="post" action="{escape(city.url)}/kirim/7k3q">{fields}<button>Hadiah</button></form>'
    before = city.answers()
    with Network(city.url) as elsewhere:
        elsewhere.instead["/hadiah"] = (200, {"Content-Type": "text/html"}, html.encode())
        page.goto(elsewhere.url.replace("127.0.0.1", "localhost") + "/hadiah")
        yield page
    assert city.answers() == before


def test_a_form_of_another_site_is_refused_in_words(foreign: Page) -> None:
    with foreign.expect_navigation() as leaving:
        foreign.get_by_role("button").click()
    assert (leaving.value.status, foreign.locator("h1").inner_text()) == (403, "Kiriman dari situs lain ditolak")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/json"])
def test_a_script_of_another_site_posts_nothing_and_reads_nothing(foreign: Page, city: Served, kind: str) -> None:
    body = "&".join(f"{item}=1" for item in ITEMS) if "form" in kind else json.dumps(dict.fromkeys(ITEMS, 1))
    init = {"method": "POST", "headers": {"Content-Type": kind}, "body": body}
    said = foreign.evaluate("([url, init]) => fetch(url, init).then(String, String)", [f"{city.url}/kirim/7k3q", init])
    assert "Failed to fetch" in said
