"""The first question is seen without scrolling on a small phone, 360 × 640 px, or people do not begin."""

import pytest
from axe import REGISTRY, UNIT
from playwright.sync_api import Browser

from generator.pages.lean import LANGUAGES
from generator.pages.survey import survey_page


@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_question_is_on_the_first_screen(browser: Browser, lang: str) -> None:
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        tab = context.new_page()
        tab.set_content(survey_page(UNIT, REGISTRY, lang))
        box = tab.locator("legend").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 640
