"""Languages whose words wait for a native writer: what they say is shown with the Indonesian beside it."""

from collections.abc import Callable, Mapping
from functools import cache

from markupsafe import Markup

from generator.i18n import drafts, texts

_BESIDE = Markup('{} <small lang="id">{}</small>')


def beside(text: str, indonesian: str) -> str:
    """Both texts as markup; the text alone where they are the same."""
    return text if text == indonesian else _BESIDE.format(text, indonesian)


def bracketed(text: str, indonesian: str) -> str:
    """Both texts where no markup can be: in an option of a list."""
    return text if text == indonesian else f"{text} ({indonesian})"


def in_both(kind: str, lang: str, words: Callable[[str], str]) -> str:
    """`words(lang)`, with `words("id")` beside where this kind of page has only a draft in the language."""
    return beside(words(lang), words("id")) if lang in drafts(kind) else words(lang)


@cache
def both(kind: str, lang: str) -> Mapping[str, str]:
    """The texts of a kind of page for the elements of a template; titles and attributes take `texts`."""
    indonesian = texts(kind, "id")
    if lang not in drafts(kind):
        return texts(kind, lang)
    return {key: beside(text, indonesian[key]) for key, text in texts(kind, lang).items()}


@cache
def plain(kind: str, lang: str) -> Mapping[str, str]:
    """The same as plain text."""
    indonesian = texts(kind, "id")
    if lang not in drafts(kind):
        return texts(kind, lang)
    return {key: bracketed(text, indonesian[key]) for key, text in texts(kind, lang).items()}
