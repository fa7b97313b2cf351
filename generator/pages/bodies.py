"""The variable middle of Material pages: Jinja templates, compiled once, every value escaped.

A body is markup without inline script, inline style, style attribute or handler (CSP, `generator.csp`).
"""

from functools import cache, partial
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from generator.i18n import number, texts
from skm.index import round_half_up

LANG = "id"  # the results and finder pages are Indonesian


class Say(Protocol):
    """A text of the page's kind by its key, its gaps filled; a plain string, escaped where it is printed."""

    def __call__(self, key: str, /, **values: object) -> str: ...


def _say(kind: str, key: str, /, **values: object) -> str:
    return texts(kind, LANG)[key].format(**values)


def sayer(kind: str) -> Say:
    """`say(key, **values)` for the texts of `texts/<kind>.json`."""
    return partial(_say, kind)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("generator"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["number"] = number
    environment.filters["figure"] = lambda value: number(round_half_up(value))
    return environment


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


def render(name: str, say: Say, **values: object) -> str:
    """The template `name`; a name that it uses and was not given is an error, never an empty place."""
    return _template(name).render(say=say, **values)
