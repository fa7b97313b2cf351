"""What the database knows of how an installation is doing; every question is answered by an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, func, select

from form_backend.store.marks import BACKED_UP, PUBLISHED, last
from form_backend.store.releases import NO_COMMIT
from form_backend.store.schema import answers, releases, repeats


@dataclass(frozen=True)
class Facts:
    """`waiting`: releases that no commit holds yet, the oldest of them of the day `waiting_since`.

    `pushed_on`: the day of the newest release that the remote took. `published_at`: when a publishing run ended well,
    whether or not there was anything to push. `newest`: the hour of the newest answer. `exact_since`: the oldest exact
    time or digest of a post. None where there is none.
    """

    waiting: int
    waiting_since: str | None
    pushed_on: str | None
    published_at: datetime | None
    backed_up_at: datetime | None
    newest: datetime | None
    exact_since: datetime | None = None


def facts(engine: Engine) -> Facts:
    """What is known now."""
    pending = select(func.count(), func.min(releases.c.seq)).where(releases.c.commit_sha.is_(None))
    taken = select(releases.c.day).where(releases.c.commit_sha != NO_COMMIT).order_by(releases.c.seq.desc()).limit(1)
    newest = select(answers.c.received_hour).where(answers.c.seq == select(func.max(answers.c.seq)).scalar_subquery())
    time = select(func.min(answers.c.received_at)).where(answers.c.received_at.is_not(None))
    with engine.connect() as connection:
        waiting, oldest = connection.execute(pending).one()
        since = connection.scalar(select(releases.c.day).where(releases.c.seq == oldest)) if waiting else None
        pushed, hour = connection.scalar(taken), connection.scalar(newest)
        exact, digest = connection.scalar(time), connection.scalar(select(func.min(repeats.c.at)))
    marks = last(engine)
    return Facts(
        waiting,
        since,
        pushed,
        marks.get(PUBLISHED),
        marks.get(BACKED_UP),
        datetime.fromisoformat(hour) if hour else None,
        min(_exact(exact, digest), default=None),
    )


def _exact(received_at: str | None, milliseconds: int | None) -> Iterator[datetime]:
    if received_at:
        yield datetime.fromisoformat(received_at)
    if milliseconds is not None:
        yield datetime.fromtimestamp(milliseconds / 1000, UTC)
