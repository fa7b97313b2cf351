"""The golden site: what three units' pages are made of, byte for byte (`make golden` writes it anew).

Only our own bytes are kept. Of a page in the frame of Material it is the body that the generator stamped, so that
neither the theme's next version nor a new sentence in `site_src` changes it.
"""

import difflib
import re
import shutil
from collections.abc import Iterator

import pytest
from small_site import TOP, SmallSite, files_below

GOLDEN = TOP / "tests" / "golden" / "site"
WHOLE = re.compile(
    r"(s|poster)/.*|hasil/[^/]+/data\.json|cari/units\.json|(50x|413|429)\.html|robots\.txt|sitemap\.xml"
)
FRAMED = re.compile(r"index\.html|(hasil|cari)/.*\.html")
DIFF_FILES, DIFF_LINES = 3, 40  # enough to see what happened, few enough to read; all are named


@pytest.fixture(scope="module")
def ours(built: SmallSite) -> dict[str, str]:
    """Path → what the golden site keeps of the built one."""
    return dict(_ours(built.tree()))


def _ours(tree: dict[str, bytes]) -> Iterator[tuple[str, str]]:
    for path, content in sorted(tree.items()):
        if WHOLE.fullmatch(path):
            yield path, content.decode()
        elif FRAMED.fullmatch(path):
            yield path, _body(content.decode())


def _body(page: str) -> str:
    """`<div class="skm">` to the end tag that closes it."""
    start, depth = page.index('<div class="skm">'), 0
    for tag in re.finditer(r"<(/?)div\b", page[start:]):
        depth += -1 if tag[1] else 1
        if not depth:
            return page[start : start + tag.end()] + ">\n"
    raise AssertionError("the body's div is never closed")


def _golden() -> dict[str, str]:
    return {path: content.decode() for path, content in files_below(GOLDEN).items()}


def _difference(path: str, kept: str, now: str) -> str:
    lines = difflib.unified_diff(kept.split("\n"), now.split("\n"), f"golden {path}", f"built {path}", lineterm="", n=1)
    shown = [line[:300] for line in lines]
    more = [f"… and {len(shown) - DIFF_LINES} more lines"] if len(shown) > DIFF_LINES else []
    return "\n".join(shown[:DIFF_LINES] + more)


def _refresh(content: dict[str, str]) -> None:
    shutil.rmtree(GOLDEN, ignore_errors=True)
    for path, text in content.items():
        (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
        (GOLDEN / path).write_text(text, encoding="utf-8")


def test_the_three_units_pages_are_those_of_the_golden_site(
    ours: dict[str, str], request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--refresh-golden"):
        _refresh(ours)
    golden = _golden()
    differing = [path for path in sorted(golden | ours) if golden.get(path) != ours.get(path)]
    if differing:
        shown = [_difference(path, golden.get(path, ""), ours.get(path, "")) for path in differing[:DIFF_FILES]]
        heading = f"{len(differing)} golden files differ; if this is meant: make golden, and review the diff"
        pytest.fail("\n\n".join([heading, *shown, "\n".join(differing)]), pytrace=False)


def test_the_golden_site_has_a_page_of_each_kind(ours: dict[str, str]) -> None:
    assert {
        "index.html",
        "s/7k3q/index.html",
        "s/b4y4/en/index.html",
        "s/m0ve/index.html",
        "hasil/7k3q/index.html",
        "hasil/7k3q/data.json",
        "hasil/org/dinas-contoh/index.html",
        "hasil/index.html",
        "cari/kota-contoh/index.html",
        "cari/units.json",
        "50x.html",
        "poster/7k3q/index.html",
        "sitemap.xml",
        "robots.txt",
    } <= ours.keys()
