"""Content Security Policy without loopholes: inline scripts and styles are allowed by their hash only."""

import base64
import hashlib
import re
from collections.abc import Iterable

_INLINE = re.compile(r"<(script|style)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL | re.IGNORECASE)


def source_hash(content: str) -> str:
    """`'sha256-…'` of an inline script or style, as CSP 3 spells it."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode() + "'"


def inline_hashes(html: str) -> tuple[frozenset[str], frozenset[str]]:
    """(scripts, styles): the hashes of every inline script and style of a page; data blocks (JSON) need none."""
    scripts, styles = set(), set()
    for tag, attributes, content in _INLINE.findall(html):
        if tag.lower() == "style":
            styles.add(source_hash(content))
        elif "src=" not in attributes and "json" not in attributes:
            scripts.add(source_hash(content))
    return frozenset(scripts), frozenset(styles)


def policy(scripts: Iterable[str], styles: Iterable[str], backend: str = "") -> str:
    """The policy text. `backend` is the other origin that forms are sent to, where there is one."""
    other = f" {backend}" if backend else ""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *sorted(scripts))),
            " ".join(("style-src 'self'", *sorted(styles))),
            "img-src 'self' data:",
            "font-src 'self'",
            f"connect-src 'self'{other}",
            "manifest-src 'self'",
            "worker-src 'self'",
            f"form-action 'self'{other}",
            "base-uri 'none'",
        )
    )
