"""Why the last publishing run stopped: kept in a file until one ends well, for `sukma doctor` to tell."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from form_backend.publish import AnotherPublisher

_LONGEST = 1000  # characters


@contextmanager
def failure_noted(file: Path, sentence: Callable[[Exception], str]) -> Iterator[None]:
    """Keep the sentence of what ends the block; a block that ends well takes the last one away.

    That another publisher is at work says nothing of the last run.
    """
    try:
        yield
    except AnotherPublisher:
        raise
    except Exception as error:
        with suppress(OSError):  # a disk that is full is told of by itself
            file.write_text(f"{sentence(error)[:_LONGEST] or type(error).__name__}\n", encoding="utf-8")
        raise
    with suppress(OSError):
        file.unlink(missing_ok=True)


def last_failure(file: Path) -> str | None:
    """The sentence, or None where the last run ended well."""
    with suppress(OSError):
        return file.read_text(encoding="utf-8").strip()
    return None
