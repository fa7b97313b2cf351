"""What a reader of every published state can do: group people by the states that contain them."""

from collections import Counter, defaultdict
from collections.abc import Collection

State = frozenset[int]


def groups(states: Collection[State]) -> Counter[frozenset[int]]:
    """How many people share each set of states; people in no state at all are not seen by anybody."""
    seen_in: defaultdict[int, list[int]] = defaultdict(list)
    for number, state in enumerate(states):
        for person in state:
            seen_in[person].append(number)
    return Counter(frozenset(numbers) for numbers in seen_in.values())


def smallest_group(states: Collection[State]) -> int | None:
    """The people that a reader of every state can narrow an answer down to; None where nothing is published."""
    return min(groups(states).values(), default=None)
