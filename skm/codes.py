"""Permanent unit codes and receipts: Crockford's base 32 without i, l, o, u (docs/interface.md, "Codes")."""

import re
from collections.abc import Callable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE = re.compile(f"[{ALPHABET}]{{4,5}}")


def is_code(text: str) -> bool:
    """True for 4-5 lower-case characters of the alphabet."""
    return _CODE.fullmatch(text) is not None


def draw(length: int, randbelow: Callable[[int], int]) -> str:
    """A random word of the alphabet; `randbelow(n)` gives an integer from 0 to n-1."""
    drawn = randbelow(len(ALPHABET) ** length)
    return "".join(ALPHABET[drawn >> 5 * place & 31] for place in range(length))
