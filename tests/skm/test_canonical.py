"""Canonical JSON: the same bytes for the same content, and a line where a difference should show."""

import json

from hypothesis import given
from hypothesis import strategies as st

from skm.canonical import encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda some: st.lists(some, max_size=4) | st.dictionaries(st.text(), some, max_size=4),
    max_leaves=20,
)


def test_keys_are_sorted_letters_stay_and_the_last_line_ends() -> None:
    assert encode({"b": 1, "a": "é"}) == '{\n"a": "é",\n"b": 1\n}\n'


def test_every_key_and_every_entry_of_a_list_has_a_line() -> None:
    assert encode({"blocks": [{"b": [1, 2], "a": 1}, {}], "none": []}) == (
        '{\n"blocks": [\n{"a": 1, "b": [1, 2]},\n{}\n],\n"none": []\n}\n'
    )


@given(st.dictionaries(st.text(), VALUES, max_size=4) | st.lists(VALUES, max_size=4))
def test_what_is_written_is_read_back(content: dict[str, object] | list[object]) -> None:
    assert json.loads(encode(content)) == content


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_the_order_of_keys_changes_nothing(content: dict[str, object]) -> None:
    assert encode(dict(reversed(content.items()))) == encode(content)
