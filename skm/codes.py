"""Permanent unit codes and receipts: Crockford's base 32 without i, l, o, u (docs/interface.md, "Codes")."""

import re
from collections.abc import Callable

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CODE = re.compile(f"[{ALPHABET}]{{4,5}}")


def is_code(text: str) -> bool:
    """True for 4-5 lower-case characters of the alphabet."""
    return _CODE.fullmatch(text) is not None


def in_lower_case(text: str) -> str:
    """A code or receipt as it was given, from what somebody typed: only the letters A-Z have a lower case here.

    Unicode would turn the Kelvin sign into a k, and so make two addresses of one.
    """
    return text.lower() if text.isascii() else text


def draw(length: int, randbelow: Callable[[int], int]) -> str:
    """A random word of the alphabet; `randbelow(n)` gives an integer from 0 to n-1."""
    drawn = randbelow(len(ALPHABET) ** length)
    return "".join(ALPHABET[drawn >> 5 * place & 31] for place in range(length))
