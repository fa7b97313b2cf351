"""What is wrong with a registry, as sentences that name the place and the remedy."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from generator.errors import GeneratorError
from generator.i18n import texts

_LONGEST = 200  # a legal name is shown whole


@dataclass(frozen=True)
class RegistryProblem:
    """One mistake: `key` names the sentence in `texts/check.json`, `params` fill it; line and column count from 1."""

    file: str
    line: int
    column: int
    key: str
    params: Mapping[str, str] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """The sentence with its remedy, `lang` = id or en."""
        words = texts("check", lang)
        values = {name: visible(value) for name, value in self.params.items()}
        sentence = words[self.key].format(**values)
        return f"{sentence} {words['did_you_mean'].format(**values)}" if "suggestion" in values else sentence

    def located(self, lang: str) -> str:
        """`units.yaml:7:13: …`"""
        return f"{visible(self.file)}:{self.line}:{self.column}: {self.text(lang)}"


class RegistryError(GeneratorError):
    """A registry that cannot be used; `problems` lists every mistake, in the order of files and places."""

    def __init__(self, problems: Iterable[RegistryProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.located("id") for problem in self.problems)


def visible(text: str) -> str:
    """A text for one line of output: control and direction characters spelled out, the overlong cut."""
    shown = "".join(f"\\u{ord(c):04x}" if is_control(c) or is_direction(c) else c for c in text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown}…"


def is_control(character: str) -> bool:
    """Control characters and line breaks of every kind, and halves of surrogate pairs (undecodable file names)."""
    return character < " " or "\x7f" <= character <= "\x9f" or character in "\u2028\u2029" or _is_surrogate(character)


def _is_surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def is_direction(character: str) -> bool:
    """The characters that force or isolate a writing direction and so can make a text read as another."""
    return "\u202a" <= character <= "\u202e" or "\u2066" <= character <= "\u2069"


class Suggestions:
    """«Did you mean»: bounded, for one wrong name costs a comparison with every right one."""

    def __init__(self, comparisons: int = 200_000) -> None:
        self._left = comparisons

    def near(self, word: str, choices: Collection[str]) -> dict[str, str]:
        """`{"suggestion": …}` for the choice that resembles the word, or nothing."""
        if len(word) > 60 or len(choices) > self._left:
            return {}
        self._left -= len(choices)
        found = get_close_matches(word.lower(), choices, n=1) or get_close_matches(word, choices, n=1)
        return {"suggestion": found[0]} if found and found[0] != word else {}
