"""How far a build is, and what it did."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int], None]  # done, of how many


@dataclass(frozen=True)
class Summary:
    """What a build did; seconds by stage."""

    written: int
    unchanged: int
    removed: int
    full: bool
    seconds: dict[str, float] = field(default_factory=dict)


class Stages:
    """Seconds by the name of a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, stage: str) -> None:
        """What was done since the last call is this stage's."""
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0) + now - self._last, 3)
        self._last = now
