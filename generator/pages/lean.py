"""The lean pages' frame: one file, one request, no framework; style and script inlined and allowed by hash only."""

from collections.abc import Mapping
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from generator.csp import policy, source_hash
from generator.i18n import texts
from skm.units import Site

LANGUAGES = ("id", "en")  # the languages in which the lean pages are written
SCRIPTED = frozenset({"survey"})
_KINDS = ("survey", "receipt", "message", "poster")

environment = Environment(
    loader=PackageLoader("generator"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
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
    return _compact(_source("lean.css") + _source(f"{kind}.css"))


@cache
def script(kind: str) -> str:
    """The inline script of a kind of page, the same for every unit; empty where it has none."""
    return _compact(_source(f"{kind}.js")) if kind in SCRIPTED else ""


def policy_hashes() -> tuple[frozenset[str], frozenset[str]]:
    """(scripts, styles): the hashes of all lean pages together, for the HTTP header of the backend."""
    scripts = frozenset(source_hash(script(kind)) for kind in SCRIPTED)
    return scripts, frozenset(source_hash(style(kind)) for kind in _KINDS)


def render(kind: str, lang: str, site: Site, *, example: bool, **values: object) -> str:
    """A page of `templates/<kind>.html`; its words come from `texts/<kind>.json` as `t`."""
    template = environment.get_template(f"{kind}.html")
    return template.render(
        lang=lang,
        t=texts(kind, lang),
        root=site_root(site),
        example=example,
        policy=_policy_attribute(kind, site.backend),
        style=Markup(style(kind)),
        script=Markup(script(kind)),
        **values,
    )


def say(words: Mapping[str, str], key: str, **values: object) -> str:
    """A text of `words` with its places filled; still plain text."""
    return words[key].format(**values)


def _policy_attribute(kind: str, backend: str) -> Markup:
    scripts = [source_hash(script(kind))] if kind in SCRIPTED else []
    text = policy(scripts, [source_hash(style(kind))], backend)
    # Within double quotes an apostrophe needs no escape, and there are many.
    return Markup(text.replace("&", "&amp;").replace('"', "&quot;"))


def _source(name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _compact(source: str) -> str:
    """Source without indentation, empty lines and comment lines; nothing cleverer, so that nothing can break."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*")))
