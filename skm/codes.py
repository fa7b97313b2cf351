"""Permanent unit codes and receipts: Crockford's base 32 without i, l, o, u (docs/interface.md, "Codes")."""

import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_CODE = re.compile(f"[{ALPHABET}]{{4,5}}")


def is_code(text: str) -> bool:
    """True for 4-5 lower-case characters of the alphabet."""
    return _CODE.fullmatch(text) is not None


def in_lower_case(text: str) -> str:
    """A code or receipt as it was given, from what somebody typed: only the letters A-Z have a lower case here.

    Unicode would turn the Kelvin sign into a k, and so make two addresses of one.
    """
    return text.lower() if text.isascii() else text


def word(chance: bytes) -> str:
    """A word of the alphabet, one character for each byte; of random bytes a random one, five bits a character."""
    return chance.translate(_LETTERS).decode("ascii")
