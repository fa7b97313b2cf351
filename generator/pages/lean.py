"""The lean pages' frame: one file, one request, no framework; style and script inlined and allowed by hash only."""

import json
from collections.abc import Mapping
from functools import cache

import minify
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from generator.csp import policy, source_hash
from generator.i18n import texts
from generator.pages.beside import both
from skm.units import Site

LANGUAGES = ("id", "en", "jv", "mad")  # the languages in which the lean pages are written
# The sources of a page's script and the words it says, which are those of the page itself.
_SCRIPTS = {
    "survey": ("kiosk.js", "outbox.js", "survey.js"),
    "receipt": ("kiosk.js", "receipt.js"),
    "message": ("kiosk.js", "receipt.js", "outbox.js", "waiting.js"),
}
_WAITING = "sent receipt refused open forget".split()
_SCRIPT_WORDS = {
    "survey": {
        "survey": "error_prefix problems item_missing sending saved saved_later saved_more another"
        " idle idle_stay".split()
        + _WAITING
    },
    "receipt": {"receipt": ["back", "wait"]},
    "message": {"message": ["back", "wait"], "survey": _WAITING},
}
_KINDS = ("survey", "receipt", "message", "poster")

environment = Environment(
    loader=PackageLoader("generator"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def page_language(lang: str) -> str:
    """The language a lean page answers in: the asked one where its words exist, else Indonesian."""
    return lang if lang in LANGUAGES else "id"


def site_root(site: Site) -> str:
    """What links begin with: nothing, or the site's own address where the backend's pages have another origin."""
    return site.url if site.backend else ""


@cache
def style(kind: str) -> str:
    """The inline style of a kind of page, the same for every unit."""
    return str(minify.string("text/css", _source("lean.css") + _source(f"{kind}.css")))


@cache
def script(kind: str, lang: str) -> str:
    """The inline script of a kind of page in a language, the same for every unit; empty where it has none.

    Its words stand in it as `t`, and a block keeps its names from those of the page.
    """
    if kind not in _SCRIPTS:
        return ""
    words = {key: both(page, lang)[key] for page, keys in _SCRIPT_WORDS[kind].items() for key in keys}
    if "error_prefix" in words:  # of a title, which has no elements
        words["error_prefix"] = texts(kind, lang)["error_prefix"]
    said = json.dumps(words, ensure_ascii=False).replace("</", "<\\/")
    return str(
        minify.string("text/javascript", "\n".join(["{", f"const t = {said};", *map(_source, _SCRIPTS[kind]), "}"]))
    )


def policy_hashes() -> tuple[frozenset[str], frozenset[str]]:
    """(scripts, styles): the hashes of all lean pages together, for the HTTP header of the backend."""
    scripts = frozenset(source_hash(script(kind, lang)) for kind in _SCRIPTS for lang in LANGUAGES)
    return scripts, frozenset(source_hash(style(kind)) for kind in _KINDS)


def render(kind: str, lang: str, site: Site, *, example: bool, **values: object) -> str:
    """A page of `templates/<kind>.html`; its words come from `texts/<kind>.json` as `t`, and as `both` for elements."""
    template = environment.get_template(f"{kind}.html")
    return template.render(
        lang=lang,
        t=texts(kind, lang),
        both=both(kind, lang),
        root=site_root(site),
        example=example,
        policy=_policy_attribute(kind, lang, site.backend),
        style=Markup(style(kind)),
        script=Markup(script(kind, lang)),
        **values,
    )


def say(words: Mapping[str, str], key: str, **values: object) -> str:
    """A text of `words` with its places filled; still plain text."""
    return words[key].format(**values)


def _policy_attribute(kind: str, lang: str, backend: str) -> Markup:
    scripts = [source_hash(script(kind, lang))] if kind in _SCRIPTS else []
    text = policy(scripts, [source_hash(style(kind))], backend)
    # Within double quotes an apostrophe needs no escape, and there are many.
    return Markup(text.replace("&", "&amp;").replace('"', "&quot;"))


def _source(name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
