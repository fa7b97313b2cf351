"""Takes the frames out of the built written pages: shells to stamp, pages to fill, and the policy on every page.

What is stamped into a frame must hold no inline script, inline style, style attribute or handler: the policy is fixed
here, from what the builder wrote, and a browser would refuse them. Links to files (`/assets/…`) are fine.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from generator.csp import inline_hashes, policy
from generator.errors import GeneratorError
from generator.stamp import Stamp, cut, marker

_CHARSET = '<meta charset="utf-8">'
_FORBIDDEN = re.compile(r"<[^>]*\s(?:style|on[a-z]+)\s*=\s*[\"']|[\"']javascript:", re.IGNORECASE)
_MARKUP_OR_TEXT = re.compile(
    r"(?P<as_written><(script|style|pre|textarea)\b.*?</\2>|<[^>]*>)|[^<]+", re.DOTALL | re.IGNORECASE
)
_SPACE = re.compile(r"[ \t\r\n]*\n[ \t\r\n]*")
_SHELL = ("title", "description", "body", "path")
_FILLED = ("body",)
_INDEXES = ("search/search_index.json", "search.json")  # of the builders' searches
_SHELL_PAGES = {"unit": "hasil/shell-unit", "organisation": "hasil/org/shell-organisasi", "finder": "cari/shell-cari"}
_FILLED_PAGES = {"home": "index", "find": "cari/index", "results": "hasil/index"}  # by the name of the written page


@dataclass(frozen=True)
class Shells:
    """One frame per page kind. `home`, `find` and `results` are filled with a body, their h1 is in the frame.

    The others are filled with title, description (text, escaped), body (markup with its own h1) and path (the page's
    address without the leading slash, `hasil/7k3q/`). `policy_scripts` and `policy_styles` are the hashes of all
    written pages, for a policy sent as a header.
    """

    unit: Stamp
    organisation: Stamp
    finder: Stamp
    home: Stamp
    find: Stamp
    results: Stamp
    policy_scripts: frozenset[str]
    policy_styles: frozenset[str]


def lift(out: Path) -> Shells:
    """Cut the frames out of the built site `out` and remove their pages from it; the pages left get their policy.

    GeneratorError where a page has a wrong marker, or something that its policy would have to loosen for.
    """
    pages = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.html"))}
    hashes = [inline_hashes(page) for page in pages.values()]
    guarded = {path: with_policy(page, path) for path, page in pages.items()}
    shells = Shells(
        **{name: _shell(guarded, f"{page}/") for name, page in _SHELL_PAGES.items()},
        **{name: _filled(guarded, f"{page}.html") for name, page in _FILLED_PAGES.items()},
        policy_scripts=frozenset().union(*(scripts for scripts, _ in hashes)),
        policy_styles=frozenset().union(*(styles for _, styles in hashes)),
    )
    for path in pages.keys() - guarded.keys():
        _remove(out, out / path)
    for path, page in guarded.items():
        cut(page, (), path)
        (out / path).write_text(page, encoding="utf-8")
    for index in _INDEXES:
        if (out / index).exists():
            cut((out / index).read_text(encoding="utf-8"), (), index)
    return shells


def with_policy(page: str, where: str) -> str:
    """The page with its own policy directly after the charset, before anything that the policy is about."""
    if found := _FORBIDDEN.search(page):
        raise GeneratorError(f"{where}: the policy allows no {found[0]!r}; use a class or an attribute instead")
    if page.count(_CHARSET) != 1:
        raise GeneratorError(f"{where}: {_CHARSET} was expected once in the head")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(*inline_hashes(page))}">'
    return page.replace(_CHARSET, f"{_CHARSET}\n      {meta}")


def compact(page: str) -> str:
    """The page without indentation and empty lines, a fifth of a frame that every unit repeats.

    Between words a browser reads any space as one. Scripts and styles are what the policy names, to the byte.
    """
    return _MARKUP_OR_TEXT.sub(lambda piece: piece["as_written"] or _SPACE.sub("\n", piece[0]), page.lstrip())


def _shell(pages: dict[str, str], path: str) -> Stamp:
    """The frame of a shell page, taken out of `pages`; its own address becomes a marker as well."""
    name = f"{path}index.html"
    return cut(compact(_take(pages, name)).replace(path, marker("path")), _SHELL, name)


def _filled(pages: dict[str, str], path: str) -> Stamp:
    return cut(_take(pages, path), _FILLED, path)


def _take(pages: dict[str, str], path: str) -> str:
    if path not in pages:
        raise GeneratorError(f"site_src: the page that becomes {path} is missing")
    return pages.pop(path)


def _remove(out: Path, page: Path) -> None:
    """Delete a page, and the folders that hold nothing else."""
    page.unlink()
    folder = page.parent
    while folder != out and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
