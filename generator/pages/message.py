"""Messages of the backend: what happened, what to do, where to go on."""

from collections.abc import Sequence
from typing import Literal

from generator.i18n import texts
from generator.pages import lean
from generator.pages.beside import both
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
    "down",  # said by the web server in front, when nothing behind it answers
]


def message_page(kind: Kind, lang: str, site: Site, *, example: bool = False, others: Sequence[str] = ()) -> str:
    """A page that says one thing; always with a way home and to the finder; then the same in `others`."""
    lang = lean.page_language(lang)
    words, root = both("message", lang), lean.site_root(site)
    return lean.render(
        "message",
        lang,
        site,
        example=example,
        title=site.title,
        title_lang="id",
        kind_title=texts("message", lang)[f"{kind}_title"],
        heading=words[f"{kind}_title"],
        paragraphs=(words[f"{kind}_text"],),
        others=[
            (other, texts("message", other)[f"{kind}_title"], texts("message", other)[f"{kind}_text"])
            for other in others
        ],
        links=((f"{root}/cari/", words["find"]), (f"{root}/", words["home"])),
    )


def down_page(site: Site, *, example: bool = False) -> str:
    """`/50x.html` for the web server in front: one file that knows no reader, so it speaks every language at once."""
    others = [lang for lang in lean.LANGUAGES if lang != "id"]
    return message_page("down", "id", site, example=example, others=others)
