"""The frames taken out of the written pages, and the policy that a real browser holds them to."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from generator.csp import inline_hashes
from generator.errors import GeneratorError
from generator.mkdocs_build import build_words
from generator.shell import Shells, compact, lift, with_policy
from generator.stamp import Stamp
from skm.units import Site

ROOT = Path(__file__).parents[2]
SITE = Site(title="Survei & Kepuasan", url="https://survei.example.id")
VALUES = {"title": "Loket &amp; A", "description": "Hasil", "body": "<h1>Loket</h1>", "path": "hasil/7k3q/"}
CHARSET = '<meta charset="utf-8">'


def built(out: Path) -> Path:
    build_words(ROOT / "site_src", SITE, out, example=False)
    return out


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("shell") / "site")


@pytest.fixture(scope="module")
def shells(out: Path) -> Shells:
    return lift(out)


def html_of(out: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in out.rglob("*.html")]


def stamps(shells: Shells) -> dict[str, Stamp]:
    found = {field.name: getattr(shells, field.name) for field in fields(shells)}
    return {name: value for name, value in found.items() if isinstance(value, Stamp)}


def test_each_kind_of_page_has_its_frame_with_its_gaps(shells: Shells) -> None:
    gaps = {name: set(stamp.names) for name, stamp in stamps(shells).items()}
    of_a_shell, of_a_filled = set(VALUES), {"body"}
    assert gaps == {
        "unit": of_a_shell,
        "organisation": of_a_shell,
        "finder": of_a_shell,
        "home": of_a_filled,
        "find": of_a_filled,
        "results": of_a_filled,
    }


def test_a_filled_shell_names_its_own_address_and_title(shells: Shells) -> None:
    page = shells.unit.fill(**VALUES)
    assert '<link rel="canonical" href="https://survei.example.id/hasil/7k3q/">' in page
    assert "<title>Loket &amp; A - Survei &amp; Kepuasan</title>" in page
    assert 'property="og:title" content="Loket &amp; A"' in page


def test_a_filled_shell_has_the_heading_of_its_body_only(shells: Shells) -> None:
    assert re.findall(r"<h1.*?</h1>", shells.unit.fill(**VALUES)) == ["<h1>Loket</h1>"]


def test_every_skip_link_leads_to_something_on_its_page(out: Path, shells: Shells) -> None:
    filled = [stamp.fill(**VALUES) for stamp in stamps(shells).values()]
    for page in [*filled, *html_of(out)]:
        target = re.search(r'<a href="#([^"]+)" class="md-skip"', page)
        assert target and page.count(f'id="{target[1]}"') == 1


def test_a_shell_links_as_deep_as_the_pages_made_from_it(shells: Shells) -> None:
    assert 'href="../../assets/sukma.css"' in shells.unit.fill(**VALUES)
    assert 'href="../../../assets/sukma.css"' in shells.organisation.fill(**VALUES)
    assert 'href="../../assets/sukma.css"' in shells.finder.fill(**VALUES)


def test_a_shell_repeats_no_indentation_and_no_empty_line(shells: Shells) -> None:
    page = re.sub(r"<(script|style)\b.*?</\1>", "script", shells.unit.fill(**VALUES), flags=re.DOTALL)
    assert [line for line in page.splitlines() if line != line.strip() or not line] == []


def test_space_between_words_stays_a_space() -> None:
    assert compact("\n<p>\n  satu\n\n  <b>dua</b>\n  tiga\u00a0\n</p>\n") == "<p>\nsatu\n<b>dua</b>\ntiga\u00a0\n</p>\n"


@pytest.mark.parametrize("tag", ["script", "style", "pre", "textarea"])
def test_what_is_read_as_written_stays_as_written(tag: str) -> None:
    as_written = f"<{tag} id='a'>\n  a > b\n\n    c\n</{tag}>"
    assert compact(f"<p>\n  d</p>{as_written}\n\n<p>") == f"<p>\nd</p>{as_written}\n<p>"


def test_shells_and_filled_pages_are_gone_from_the_site(out: Path, shells: Shells) -> None:
    assert stamps(shells)
    kept = {path.relative_to(out).parts[0] for path in out.rglob("*.html")}
    assert kept == {"404.html", "metodologi", "privasi", "data-terbuka", "aksesibilitas", "tentang", "integritas"}
    assert not (out / "hasil").exists()


def test_no_marker_is_left_in_any_file(out: Path, shells: Shells) -> None:
    assert stamps(shells)
    assert [p for p in out.rglob("*") if p.suffix in (".html", ".json") and "sukmax" in p.read_text().lower()] == []


def test_every_page_carries_its_policy_directly_after_the_charset(out: Path, shells: Shells) -> None:
    for page in [*html_of(out), *(stamp.fill(**VALUES) for stamp in stamps(shells).values())]:
        after = page.split(CHARSET)[1].lstrip()
        assert after.startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ')


def test_the_policy_of_the_site_covers_every_page(out: Path, shells: Shells) -> None:
    pages = [*html_of(out), *(stamp.fill(**VALUES) for stamp in stamps(shells).values())]
    hashes = [inline_hashes(page) for page in pages]
    assert shells.policy_scripts == frozenset().union(*(scripts for scripts, _ in hashes))
    assert shells.policy_styles == frozenset().union(*(styles for _, styles in hashes))


def test_a_missing_marker_is_refused(tmp_path: Path) -> None:
    shell = built(tmp_path / "out") / "hasil/shell-unit/index.html"
    shell.write_text(shell.read_text(encoding="utf-8").replace("SUKMAXBODYXSUKMA", ""), encoding="utf-8")
    with pytest.raises(GeneratorError, match=r"hasil/shell-unit/index\.html"):
        lift(tmp_path / "out")


def test_a_missing_shell_is_refused(tmp_path: Path) -> None:
    (built(tmp_path / "out") / "cari/shell-cari/index.html").unlink()
    with pytest.raises(GeneratorError, match=r"cari/shell-cari/index\.html is missing"):
        lift(tmp_path / "out")


@pytest.mark.parametrize("where", ["privasi/index.html", "search/search_index.json"])
def test_a_marker_in_any_other_place_is_refused(where: str, tmp_path: Path) -> None:
    file = built(tmp_path / "out") / where
    file.write_text(file.read_text(encoding="utf-8") + "SukmaxBodyXsukma", encoding="utf-8")
    with pytest.raises(GeneratorError, match=where):
        lift(tmp_path / "out")


@pytest.mark.parametrize("markup", ['<p style="color:red">', '<a href="javascript:void(0)">', "<b onclick='x()'>"])
def test_a_page_that_would_need_a_looser_policy_is_refused(markup: str) -> None:
    with pytest.raises(GeneratorError, match="tentang"):
        with_policy(f"<head>{CHARSET}</head>{markup}", "tentang")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(out: Path, shells: Shells, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The written pages, one filled page of every kind and the stylesheet, served."""
    folder = shutil.copytree(out, tmp_path_factory.mktemp("served") / "site")
    css = (ROOT / "generator/templates/material.css").read_text(encoding="utf-8")
    files = {
        "index.html": shells.home.fill(body="<p>Triwulan IV</p>"),
        "cari/index.html": shells.find.fill(body="<p>Daftar</p>"),
        "hasil/index.html": shells.results.fill(body="<p>Daftar</p>"),
        "hasil/7k3q/index.html": shells.unit.fill(**VALUES),
        "assets/sukma.css": css,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


class Watched:
    """A page that writes down what the browser refuses, complains of or asks another host for."""

    def __init__(self, browser: Browser, scheme: str, width: int = 1280, *, script: bool = True) -> None:
        self.complaints: list[str] = []
        viewport = {"width": width, "height": 800}
        context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=script)  # type: ignore[arg-type]
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation',"
            "e => console.error('refused: ' + e.violatedDirective + ' ' + e.blockedURI))"
        )


ADDRESSES = ("/", "/cari/", "/hasil/", "/hasil/7k3q/", "/metodologi/", "/privasi/", "/404.html")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_browser_refuses_nothing_on_any_page(browser: Browser, site: str, scheme: str) -> None:
    watched = Watched(browser, scheme)
    for address in ADDRESSES:
        watched.page.goto(site + address, wait_until="networkidle")
    assert watched.complaints == []


@pytest.mark.browser
def test_the_watch_would_see_a_refusal(browser: Browser, site: str) -> None:
    watched = Watched(browser, "light")
    watched.page.goto(site + "/privasi/")
    watched.page.evaluate("document.body.setAttribute('style', 'color: red')")
    watched.page.wait_for_timeout(100)
    assert "refused: style-src-attr inline" in watched.complaints


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_search_finds_a_word_under_the_policy(browser: Browser, site: str, scheme: str) -> None:
    watched = Watched(browser, scheme)
    watched.page.goto(site + "/privasi/")
    watched.page.click("input[name=query]")
    watched.page.keyboard.type("tertimbang", delay=20)
    watched.page.get_by_text("1 halaman ditemukan").wait_for()
    assert watched.page.locator(".md-search-result__link").first.get_attribute("href", timeout=2000) is not None
    assert watched.complaints == []


@pytest.mark.browser
def test_the_colour_switch_works_under_the_policy_and_is_remembered(browser: Browser, site: str) -> None:
    watched = Watched(browser, "light")
    watched.page.goto(site + "/privasi/")
    watched.page.get_by_title("Ganti ke warna gelap").click()
    watched.page.goto(site + "/hasil/7k3q/")
    assert watched.page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    assert watched.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_wider_than_a_small_phone(browser: Browser, site: str, address: str) -> None:
    page = Watched(browser, "light", 320).page
    page.goto(site + address)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
def test_the_wide_table_is_reached_and_scrolled_with_the_keyboard(browser: Browser, site: str) -> None:
    page = Watched(browser, "light", 360).page
    page.goto(site + "/metodologi/", wait_until="networkidle")
    table = page.get_by_role("region", name="Tabel sembilan unsur")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)  # scrolling is smooth
    assert table.evaluate("element => element.scrollLeft") > 0


@pytest.mark.browser
def test_the_pages_can_be_read_and_left_without_script(browser: Browser, site: str) -> None:
    page = Watched(browser, "light", 360, script=False).page
    page.goto(site + "/metodologi/")
    page.get_by_role("navigation", name="Menu kaki halaman").get_by_role("link", name="Cari unit").click()
    assert page.url == f"{site}/cari/"
    assert not page.get_by_role("textbox").is_visible()


def _luminance(rgb: str) -> float:
    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(int(value)) for value in re.findall(r"\d+", rgb)[:3])
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


PAIRS = (
    ("body", ".md-content p"),
    ("body", ".md-content a"),
    (".md-header", ".md-header__topic"),
    (".md-tabs", ".md-tabs__link"),
    (".md-footer-meta", ".md-copyright"),
    (".md-footer-meta", ".kaki a"),
)


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_seven_to_one(browser: Browser, site: str, scheme: str) -> None:
    page = Watched(browser, scheme).page
    page.goto(site + "/privasi/")

    def contrast(ground: str, text: str) -> float:
        back = page.locator(ground).first.evaluate("element => getComputedStyle(element).backgroundColor")
        front = page.locator(text).first.evaluate("element => getComputedStyle(element).color")
        light, dark = sorted((_luminance(back), _luminance(front)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    assert page.locator("body").get_attribute("data-md-color-scheme") == {"light": "default", "dark": "slate"}[scheme]
    assert [pair for pair in PAIRS if contrast(*pair) < 7] == []
