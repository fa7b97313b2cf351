"""Whatever bytes a registry file holds: a registry or a RegistryError with sentences, never a traceback."""

import random
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.registry import RegistryError, read_registry
from tests.builders import registry_yaml

FULL = (
    "include: [units.d/*.yaml]\nretired: [5x5x]\n"
    + registry_yaml().replace("  languages", "  release: {k: 10, grace: 7}\n  timezone: Asia/Jakarta\n  languages")
    + "    users_per_period: {2026-TW4: 10}\n    biaya: none\n    status: moved\n    moved_to: 2m4p\n"
)
TOKENS = [
    *"&*!%@`|>?:-,[]{}#\"'\\~<",
    "\n",
    "  ",
    "\t",
    "\x00",
    "é",
    "\u202e",
    "\ud7ff",
    "<<: ",
    "- ",
    ": ",
    "0x1f",
    "No",
]
TOKENS += ["{a: 1}", "[1]", "null", "1e9", "9" * 400, "units:\n", "site:\n", "include: ['**']\n", "7k3q", "dinas"]


def outcome(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "units.yaml")
        path.write_bytes(content)
        try:
            assert read_registry(path).registry.site.title
        except RegistryError as error:
            assert error.problems
            for problem in error.problems:
                lines = content.decode("utf-8", errors="replace").count("\n") + content.count(b"\r") + 1
                assert 1 <= problem.line <= lines + 1
                assert problem.column >= 1
                assert "\n" not in problem.located("id") + problem.located("en")


@settings(deadline=None)
@given(st.binary(max_size=400))
@example(b"\xff\xfes\x00")
@example(b"[" * 100_000)
@example(b"{a: " * 100_000)
@example(b"- " * 100_000)
@example(b"? " * 100_000)
@example(b"site: &a [*a, *a]")
def test_any_bytes_are_answered(content: bytes) -> None:
    outcome(content)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    outcome(text.encode("utf-8", errors="replace"))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(FULL)), st.integers(0, 12), st.sampled_from(TOKENS)), max_size=4))
def test_any_damage_to_a_good_file_is_answered(damages: list[tuple[int, int, str]]) -> None:
    text = FULL
    for place, length, token in damages:
        text = text[:place] + token + text[place + length :]
    outcome(text.encode())


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_any_order_of_the_lines_is_answered(order: random.Random) -> None:
    lines = FULL.splitlines(keepends=True)
    order.shuffle(lines)
    outcome("".join(lines).encode())
