"""The first question is seen without scrolling on a small phone, 360 × 640 px, or people do not begin."""

from dataclasses import replace

import pytest
from axe import REGISTRY, UNIT
from playwright.sync_api import Browser

from generator.pages.lean import LANGUAGES
from generator.pages.survey import survey_page
from skm.units import Organisation, Registry

pytestmark = pytest.mark.browser
# Two lines each on such a screen, as the names of most offices are.
LONG = replace(UNIT, name="Loket Administrasi Kependudukan", organisation="o")
OFFICE = Organisation("o", "Dinas Kependudukan dan Pencatatan Sipil")
LONG_REGISTRY = replace(REGISTRY, organisations=(OFFICE,), units=(LONG,))
_BOTTOM = """() => {
  const legend = document.querySelector("legend"), beside = legend.querySelector("small");
  const range = document.createRange();
  range.selectNodeContents(legend);
  if (%s && beside) range.setEndBefore(beside);
  return range.getBoundingClientRect().bottom;
}"""


def bottom(browser: Browser, registry: Registry, lang: str, *, own_words: bool) -> float:
    """Where the first question ends on a screen of 360 px width; `own_words`: without the Indonesian beside a draft."""
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        tab = context.new_page()
        tab.set_content(survey_page(registry.units[0], registry, lang))
        found: float = tab.evaluate(_BOTTOM % str(own_words).lower())
        return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_question_is_on_the_first_screen(browser: Browser, lang: str) -> None:
    assert bottom(browser, REGISTRY, lang, own_words=False) <= 640


@pytest.mark.parametrize("lang", LANGUAGES)
def test_under_long_names_the_words_of_the_first_question_are_there(browser: Browser, lang: str) -> None:
    assert bottom(browser, LONG_REGISTRY, lang, own_words=True) <= 640
