"""A commit as `git fast-import` reads it: what it costs follows from what it changes, not from what the branch holds.

`git add` and `git commit` read and write an index of every file there is, which ten years make two hundred thousand.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

_AUTHOR = b"SuKMa-e <publisher@sukma.invalid>"


def commit_stream(ref: str, parent: str, files: Mapping[str, bytes | None], text: bytes, day: date) -> bytes:
    """Replace these files (None removes) on top of `parent` ("": the first commit); the commit's name is printed."""
    return b"".join(_parts(ref.encode(), parent.encode(), files, text, day))


def _parts(ref: bytes, parent: bytes, files: Mapping[str, bytes | None], text: bytes, day: date) -> Iterator[bytes]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()  # an hour would name a visitor
    when = b"%s %d +0000\n" % (_AUTHOR, midnight)
    yield b"commit %s\nmark :1\nauthor %scommitter %s" % (ref, when, when)
    yield _data(text)
    if parent:
        yield b"from %s\n" % parent
    for path, content in sorted(files.items(), key=lambda one: one[1] is not None):  # a folder may take a file's place
        name = _quoted(path)
        yield b"D %s\n" % name if content is None else b"M 100644 inline %s\n%s" % (name, _data(content))
    yield b"\nget-mark :1\ndone\n"


def _data(content: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(content), content)


def _quoted(path: str) -> bytes:
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        path = path.replace(plain, escaped)
    return b'"%s"' % path.encode("utf-8", "surrogateescape")
