"""A page cut once at its markers and filled many times: the fast way for thousands of alike pages."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from generator.errors import GeneratorError


@dataclass(frozen=True)
class Stamp:
    """`parts` are the fixed texts, `names` the marker between each two of them."""

    parts: tuple[str, ...]
    names: tuple[str, ...]

    def fill(self, **values: str) -> str:
        """The page with every marker replaced; values are finished markup (escaped by the caller)."""
        pieces = [self.parts[0]]
        for name, part in zip(self.names, self.parts[1:], strict=True):
            pieces.append(values[name])
            pieces.append(part)
        return "".join(pieces)


def marker(name: str) -> str:
    """The word that stands for `name` in a text to be cut: upper case only, so that no builder changes it."""
    return f"SUKMAX{name.upper()}XSUKMA"


def cut(text: str, names: Collection[str], where: str) -> Stamp:
    """Cut a text at the markers of `names`; GeneratorError where one is missing or an unknown one is left."""
    pieces = re.split(r"SUKMAX([A-Z]+?)XSUKMA", text)
    found = tuple(name.lower() for name in pieces[1::2])
    if set(found) != set(names) or re.search("sukmax", "".join(pieces[::2]), re.IGNORECASE):
        raise GeneratorError(f"{where}: the markers {sorted(names)} were expected, {sorted(set(found))} were found")
    return Stamp(tuple(pieces[::2]), found)
