"""Messages of the backend: what happened, what to do, where to go on."""

from typing import Literal

from generator.i18n import texts
from generator.pages import lean
from skm.units import Site

Kind = Literal[
    "not_found",  # unknown code
    "no_receipt",
    "gone",  # a closed unit
    "too_large",
    "unsupported",  # content type
    "foreign",  # another origin
    "incomplete",  # fields that are missing or cannot be accepted
    "unreadable",  # malformed body
    "too_many",  # no answers to keep
    "unavailable",
]


def message_page(kind: Kind, lang: str, site: Site, *, example: bool = False) -> str:
    """A page that says one thing; always with a way home and to the finder."""
    lang = lean.page_language(lang)
    words, root = texts("message", lang), lean.site_root(site)
    return lean.render(
        "message",
        lang,
        site,
        example=example,
        title=site.title,
        title_lang="id",
        heading=words[f"{kind}_title"],
        paragraphs=(words[f"{kind}_text"],),
        links=((f"{root}/cari/", words["find"]), (f"{root}/", words["home"])),
    )
