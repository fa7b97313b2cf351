"""Messages of the backend: what happened, what to do, where to go on."""

from collections.abc import Mapping, Sequence
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


def message_page(
    kind: Kind, lang: str, site: Site, *, example: bool = False, kiosk: bool = False, others: Sequence[str] = ()
) -> str:
    """A page that says one thing; always with a way home and to the finder; then the same in `others`.

    At a kiosk the script takes the ways away and goes back to the start.
    """
    lang = lean.page_language(lang)
    words, root = both("message", lang), lean.site_root(site)
    return lean.render(
        "message",
        lang,
        site,
        example=example,
        kiosk=kiosk,
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


# What a web server in front says by itself (deploy/): name of the file and kind of the message.
FRONT_PAGES: Mapping[str, Kind] = {"50x.html": "down", "413.html": "too_large", "429.html": "too_many"}


def front_page(kind: Kind, site: Site, *, example: bool = False) -> str:
    """A file for the web server in front: it knows no reader, so it speaks every language at once."""
    others = [lang for lang in lean.LANGUAGES if lang != "id"]
    return message_page(kind, "id", site, example=example, others=others)
