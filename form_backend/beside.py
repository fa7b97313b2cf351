"""Something done again and again beside the web server, in a thread of its own that ends with the server."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from form_backend import NAME

_PATIENCE = 5  # seconds that what is under way gets at the end
_log = logging.getLogger(NAME)


@contextmanager
def beside(what: str, work: Callable[[], object], seconds: float) -> Iterator[None]:
    """Do `work` at this pace while the block runs, the first time after `seconds`.

    What fails is logged, `what` being its name there, and tried again: whatever it is, answers are still taken.
    """
    stop = Event()

    def turn() -> None:
        while not stop.wait(seconds):
            try:
                work()
            except Exception as error:
                _log.error("%s failed and will be tried again", what, exc_info=error)

    thread = Thread(target=turn, name=what, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_PATIENCE)
