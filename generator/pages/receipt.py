"""The thank-you page: what happens with the answer and when, and where what needs a reply belongs."""

from generator.i18n import texts
from generator.pages import lean
from generator.pages.beside import in_both
from generator.pages.survey import survey_languages, survey_path
from skm.units import Registry, Unit


def receipt_page(
    unit: Unit, registry: Registry, lang: str, receipt: str, *, repeat: str = "", example: bool = False
) -> str:
    """The page after sending; what was sent before was not counted again.

    `repeat`: "sama" for equal answers without an id a moment ago, "id" for another sending of the same page.
    """
    site = registry.site
    lang = lang if lang in survey_languages(unit, registry) else "id"
    root, rule = lean.site_root(site), site.release

    def release(shown: str) -> str:
        words = texts("receipt", shown)
        return lean.say(words, "release", k=rule.k, grace=rule.grace, period=words[f"period_{site.period}"])

    return lean.render(
        "receipt",
        lang,
        site,
        example=example,
        name=unit.name,
        repeat=repeat,
        survey=root + survey_path(unit.code, lang),
        results=f"{root}/hasil/{unit.code}/",
        groups=" ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4)),
        release=in_both("receipt", lang, release),
    )
