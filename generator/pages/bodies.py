"""The variable middle of Material pages: Jinja templates, compiled once, every value escaped.

What thousands of pages have is stamped: rendered once by Jinja, then filled with the texts of each.

A body is markup without inline script, inline style, style attribute or handler (CSP, `generator.csp`).
"""

from collections.abc import Hashable, Iterable
from functools import cache, lru_cache, partial
from typing import NamedTuple, Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from generator.i18n import number, texts
from generator.stamp import cut, marker
from skm.index import round_half_up

LANG = "id"  # the results and finder pages are Indonesian
_TEXT = object()  # stands for any text that is not empty


class Say(Hashable, Protocol):
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


def compile_templates(*names: str) -> None:
    """As the first page of each would."""
    for name in names:
        _template(name)


def render(name: str, say: Say, /, **values: object) -> str:
    """The template `name`; a name that it uses and was not given is an error, never an empty place."""
    return _template(name).render(say=say, **values)


def stamped(name: str, say: Say, /, **values: Hashable) -> Markup:
    """The same as `render`, many times as fast; `name` may end with a macro: `file.html#macro`, which gets `say` first.

    Of a text the template may ask whether it is empty, and print it, and nothing else: all texts fill one stamp. Every
    other value makes a stamp of its own.
    """
    return Markup(_filled(name, say, tuple(values), tuple(values.values())))


def rows(name: str, say: Say, found: Iterable[NamedTuple]) -> Markup:
    """One after the other, each stamped with its own fields as values."""
    return Markup("".join([_filled(name, say, row._fields, row) for row in found]))


def _filled(name: str, say: Say, keys: tuple[str, ...], values: tuple[Hashable, ...]) -> str:
    kinds = tuple([_TEXT if value and isinstance(value, str) else value for value in values])
    first, gaps = _stamp(name, say, keys, kinds)
    pieces = [first]
    for place, part in gaps:
        value = values[place]
        pieces += (value if isinstance(value, Markup) else _escaped(value), part)
    return "".join(pieces)


_escaped = lru_cache(maxsize=4096)(escape)  # numbers and names of rows, which are those of the next page, too


@lru_cache(maxsize=1024)
def _stamp(
    name: str, say: Say, keys: tuple[str, ...], kinds: tuple[Hashable, ...]
) -> tuple[str, tuple[tuple[int, str], ...]]:
    """What a page begins with; then for each gap the place of the value that fills it, and what follows."""
    values = {key: Markup(marker(key)) if kind is _TEXT else kind for key, kind in zip(keys, kinds, strict=True)}
    file, _, macro = name.partition("#")
    page = getattr(_template(file).module, macro)(say, **values) if macro else render(file, say, **values)
    stamp = cut(page, {key for key in keys if marker(key) in page}, name)
    return stamp.parts[0], tuple(zip(map(keys.index, stamp.names), stamp.parts[1:], strict=True))
