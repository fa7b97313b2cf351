"""WCAG 2.2 AA as far as a program can see it: axe on every page, reflow, what a screen reader is given, forced colours.

Pages are looked at on 320 × 256 px, which is what 1,280 × 1,024 px are at 400 % zoom, and the narrowest that is asked
for. The journeys with a keyboard are in `test_keyboard`.
"""

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from axe import COLOURS, REGISTRY, UNIT, errors_state, lean_pages, violations, with_axe
from playwright.sync_api import Browser, Page, expect

from generator.build import build
from generator.i18n import texts
from generator.pages import lean
from generator.pages.survey import survey_page
from generator.published import in_folder
from generator.registry import read_registry

TOP = Path(__file__).parents[2]
PHONE, ZOOMED, WIDE = ({"width": width, "height": height} for width, height in ((360, 640), (320, 256), (1280, 800)))
FRAMES = ("index.html", "hasil/7k3q/index.html", "cari/index.html", "404.html")  # what the theme shows differently


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Nothing: the test says what went wrong."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built pages of a small city, and every lean page in `lean/`."""
    folder = tmp_path_factory.mktemp("city")
    copytree(TOP / "tests" / "golden" / "three-units", folder, dirs_exist_ok=True)
    link = folder / "site"
    build(TOP / "site_src", read_registry(folder / "units.yaml").registry, in_folder(folder / "results"), link)
    (link / "lean").mkdir()
    for name, html in lean_pages():
        (link / "lean" / f"{name}.html").write_text(html, encoding="utf-8")
    return link.resolve()


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def all_pages(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


def themed_pages(site: Path) -> list[str]:
    """The pages in the look of Material, whose frame and colours are others with and without script."""
    return [path for path in all_pages(site) if "md-header" in (site / path).read_text(encoding="utf-8")]


def show(tab: Page, html: str) -> None:
    """A page in a document of its own: written into the last one, it would be under that one's policy too."""
    tab.goto("about:blank")
    tab.set_content(html)


@pytest.mark.browser
def test_at_400_percent_no_page_in_any_language_state_and_scheme_has_a_fault_that_axe_finds_or_scrolls_sideways(
    browser: Browser, site: Path, served: str
) -> None:
    themed, found = themed_pages(site), {}
    with with_axe(browser.new_context(viewport=ZOOMED)) as context:
        tab = context.new_page()
        for path in all_pages(site):
            tab.emulate_media(color_scheme="light")
            tab.goto(f"{served}/{path}")
            width = tab.evaluate("document.documentElement.scrollWidth")
            found[path] = violations(tab) + ([] if width <= ZOOMED["width"] else [f"{width} px wide"])
            tab.emulate_media(color_scheme="dark")
            if path in themed:  # the theme's script looks at the scheme once
                tab.reload()
            found[f"{path} dark"] = violations(tab, COLOURS)
    assert {path: lines for path, lines in found.items() if lines} == {}
    kinds = ("index", "404", "hasil/7k3q", "hasil/org", "cari/", "poster/", "s/", "lean/survey-errors", "lean/message")
    assert [kind for kind in kinds if not any(path.startswith(kind) for path in found)] == []


@pytest.mark.browser
@pytest.mark.parametrize("path", FRAMES)
def test_axe_finds_nothing_in_the_frame_of_wide_screens(browser: Browser, served: str, path: str) -> None:
    with with_axe(browser.new_context(viewport=WIDE)) as context:
        tab = context.new_page()
        tab.goto(f"{served}/{path}")
        assert violations(tab) == []


@pytest.mark.browser
@pytest.mark.parametrize("path", FRAMES)
def test_without_script_the_browser_chooses_the_dark_colours_and_their_contrast_holds(
    browser: Browser, served: str, path: str
) -> None:
    with with_axe(browser.new_context(color_scheme="dark", viewport=ZOOMED)) as context:
        context.route("**/assets/javascripts/**", lambda route: route.abort())  # axe itself is a script
        tab = context.new_page()
        tab.goto(f"{served}/{path}")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 24, 22)"
        assert violations(tab, COLOURS) == []


@pytest.mark.browser
def test_axe_would_say_so(browser: Browser) -> None:
    with with_axe(browser.new_context()) as context:
        tab = context.new_page()
        tab.set_content('<!doctype html><html lang="id"><title>a</title><p style="color: #aaa">pudar</p><input></html>')
        assert {line.partition(":")[0] for line in violations(tab)} == {"color-contrast", "label"}
        assert {line.partition(":")[0] for line in violations(tab, COLOURS)} == {"color-contrast"}


# What a screen reader is given


def spoken(tab: Page) -> list[tuple[str, str]]:
    """(role, name) of everything in the accessibility tree, in reading order; plain text has the role `text`."""

    def walk(node: Any) -> Iterator[tuple[str, str]]:
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            for key, inside in node.items():
                if isinstance(inside, str):
                    yield ("text", inside) if key == "text" else (_entry(key)[0], _entry(key)[1] or inside)
                else:
                    yield _entry(key)
                    yield from walk(inside)
        elif isinstance(node, str):
            yield _entry(node)

    return list(walk(yaml.safe_load(tab.locator("body").aria_snapshot())))


def _entry(text: str) -> tuple[str, str]:
    role, _, rest = text.partition(" ")
    return role, rest.split(" [")[0].strip('"').replace('\\"', '"')


@pytest.mark.browser
@pytest.mark.parametrize("lang", lean.LANGUAGES)
def test_questions_name_their_groups_and_every_answer_says_its_words(page: Page, lang: str) -> None:
    show(page, survey_page(UNIT, REGISTRY, lang))
    heard = [(role, name) for role, name in spoken(page) if role in ("radiogroup", "radio")]
    wanted = []
    for number, item in enumerate(REGISTRY.instrument(UNIT).items(), 1):
        wanted.append(("radiogroup", f"{number}. {item.question[lang]}"))
        wanted += [("radio", word) for word in item.options[lang]]
    # Beside a draft of a translation stands the Indonesian, which is read too.
    assert [role for role, _ in heard] == [role for role, _ in wanted]
    pairs = zip(heard, wanted, strict=True)
    assert [(is_, should) for (_, is_), (_, should) in pairs if not is_.startswith(should)] == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", lean.LANGUAGES)
def test_the_survey_is_read_from_the_unit_over_the_questions_to_the_button(page: Page, lang: str) -> None:
    show(page, survey_page(UNIT, REGISTRY, lang))
    heard, words = spoken(page), texts("survey", lang)
    first_radio = next(place for place, (role, _) in enumerate(heard) if role == "radiogroup")
    last_radio = max(place for place, (role, _) in enumerate(heard) if role == "radio")

    def place(role: str, name: str) -> int:
        return next(at for at, entry in enumerate(heard) if entry[0] == role and entry[1].startswith(name))

    labels = [words[f"attribute_{key}"] for key in ("jenis_kelamin", "usia", "pendidikan", "pekerjaan")]
    order = [
        place("heading", UNIT.name),
        next(at for at, (_, name) in enumerate(heard) if name.startswith(words["intro"].format(n=9))),
        first_radio,
        last_radio,
        place("combobox", words["service"]),
        place("textbox", words["suggestion"]),
        place("heading", words["about"]),
        *(place("combobox", label) for label in labels),
        place("heading", words["privacy"]),
        place("button", words["send"]),
    ]
    assert order == sorted(order)
    assert not any(words["trap"] in name for _, name in heard)


@pytest.mark.browser
@pytest.mark.parametrize("lang", lean.LANGUAGES)
def test_a_forgotten_question_is_told_first_and_again_at_the_question(page: Page, lang: str) -> None:
    show(page, survey_page(UNIT, REGISTRY, lang, errors_state()))
    words = texts("survey", lang)
    missing = re.compile(re.escape(words["item_missing"].format(n=1)))
    assert page.title().startswith(words["error_prefix"])
    role, said = next(entry for entry in spoken(page) if entry[1])
    assert (role, said.startswith(words["problems"])) == ("alert", True)
    expect(page.get_by_role("alert").get_by_role("link").first).to_have_accessible_name(missing)
    first = page.get_by_role("radiogroup").first
    expect(first).to_have_accessible_description(missing)
    expect(first).to_have_attribute("aria-invalid", "true")


# Forced colours: the browser takes our colours away


@pytest.mark.browser
def test_in_forced_colours_choices_focus_and_mistakes_keep_an_edge(browser: Browser) -> None:
    with browser.new_context(forced_colors="active", viewport=PHONE) as context:
        tab = context.new_page()
        show(tab, survey_page(UNIT, REGISTRY, "id", errors_state()))
        edges = """(names) => names.map((name) => {
          const style = getComputedStyle(document.querySelector(name));
          return parseFloat(style.borderLeftWidth) >= 1 && style.borderLeftStyle === "solid" &&
            style.borderLeftColor !== style.backgroundColor;
        })"""
        assert all(tab.evaluate(edges, [".problems", "fieldset > label", "select", "textarea", "button", ".bad"]))
        # The browser draws the radio itself, in the colours of the system: what is chosen is seen by its dot.
        radio = tab.locator("input[type=radio]").first
        drawn = radio.evaluate("(e) => [getComputedStyle(e).appearance, getComputedStyle(e).forcedColorAdjust]")
        assert drawn == ["auto", "auto"]
        before = radio.screenshot()
        radio.focus()
        tab.keyboard.press("Space")
        assert radio.screenshot() != before
        focus = tab.locator("fieldset > label").first.evaluate(
            "(e) => [getComputedStyle(e).outlineStyle, parseFloat(getComputedStyle(e).outlineWidth) >= 2]"
        )
        assert focus == ["solid", True]
