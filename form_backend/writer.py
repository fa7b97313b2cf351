"""Group commit: many threads write, one of them at a time commits what has queued up.

A commit that survives a power cut costs a sync of the disk; sharing it lets the intake grow with the threads. Whoever
finds nobody committing does it for all who wait, so there is no thread to start, stop or lose.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from form_backend.database import for_writing, is_everybodys

T = TypeVar("T")
Work = Callable[[Connection], T]


@dataclass(eq=False)
class _Job:
    work: Work[Any]
    done: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs work in transactions of an engine; what one call does is committed whole or not at all."""

    def __init__(self, engine: Engine) -> None:
        self._engine = for_writing(engine)
        self._turn = Condition()
        self._busy = False
        self._queue: list[_Job] = []

    def run(self, work: Work[T]) -> T:
        """What `work(connection)` returns, once it is on the disk; its exception, if it or the commit failed.

        The work may be called a second time on a fresh transaction, so it must do nothing but use the connection.
        """
        job = _Job(work)
        with self._turn:
            self._queue.append(job)
            while self._busy and not job.done.done():
                self._turn.wait()
            if job.done.done():
                return job.done.result()  # type: ignore[no-any-return]
            self._busy, batch, self._queue = True, self._queue, []
        try:
            self._commit(batch)
        finally:
            with self._turn:
                self._busy = False
                self._turn.notify_all()
        return job.done.result()  # type: ignore[no-any-return]

    def _commit(self, batch: Sequence[_Job]) -> None:
        try:
            with self._engine.begin() as connection:
                results = [job.work(connection) for job in batch]
        except BaseException as error:
            # One's failure must not be its neighbours': nothing was kept, so each goes alone. Where the database failed
            # each would wait for it in turn, and nobody knows whether it kept what it was committing.
            if isinstance(error, Exception) and len(batch) > 1 and not is_everybodys(error):
                for job in batch:
                    self._commit([job])
            else:
                for job in batch:
                    job.done.set_exception(error)
        else:
            for job, result in zip(batch, results, strict=True):
                job.done.set_result(result)
