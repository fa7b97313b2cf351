"""Group commit: many threads write, one of them at a time commits what has queued up.

A commit that survives a power cut costs a sync of the disk; sharing it lets the intake grow with the threads. One of
those who wait does it for all of them, so there is no thread to start, stop or lose.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from form_backend.store.database import Gone, file_number, for_writing, is_everybodys, place, shorten_log

T = TypeVar("T")
A = TypeVar("A")
Work = Callable[[Connection], T]
# Those whom one commit thanks send their next posts together; without a moment's wait the first of them goes alone. It
# is as long as it takes to read sixteen, and nothing that a citizen notices.
_MOMENT = 0.012  # seconds
_BRIEFLY = 250  # ms: how long a locked database is waited for once it was in vain
Together = Callable[[Connection, Sequence[A]], Sequence[T]]  # one result per argument, in order


def _each(connection: Connection, works: Sequence[Work[T]]) -> list[T]:
    return [work(connection) for work in works]


def _results(connection: Connection, batch: Sequence["_Job"]) -> Iterator[Sequence[Any]]:
    for do, jobs in groupby(batch, attrgetter("do")):
        yield do(connection, [job.argument for job in jobs])


def _held() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock


@dataclass(eq=False, slots=True)
class _Job:
    """An argument and what became of it. `woken` is released when it is done, or when its caller is to commit."""

    do: Together[Any, Any]
    argument: Any
    woken: Lock = field(default_factory=_held)
    done: bool = False
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs work in transactions of an engine; what one call does is committed whole or not at all.

    Gone where it was committed into a file that nobody will open again.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine, self._briefly, self._file = (
            for_writing(engine),
            for_writing(engine, _BRIEFLY),
            file_number(engine),
        )
        self._failed = False  # the database, the last time: who comes now must not hold a thread for as long again
        self._lock = Lock()  # of what follows; held for a moment only
        self._last = 1  # how many the last commit was for
        self._busy = False  # somebody commits, or was just told to
        self._queue: list[_Job] = []
        self._gathers: _Job | None = None  # of the queue, whose caller waits a moment for others

    def run(self, work: Work[T]) -> T:
        """What `work(connection)` returns, once it is on the disk; its exception, if it or the commit failed.

        The work may be called a second time on a fresh transaction, so it must do nothing but use the connection.
        """
        return self.run_together(_each, work)

    def run_together(self, do: Together[A, T], argument: A) -> T:
        """The same for `do(connection, arguments)`, which is given the arguments of all who wait for their turn."""
        job = _Job(do, argument)
        with self._lock:
            self._queue.append(job)
            waits, self._busy = self._busy, True
            complete = self._gathers is not None and len(self._queue) >= self._last
            if complete:
                self._gathers = None
        if complete:
            self._commit_queue()
        elif waits:
            job.woken.acquire()
        if not job.done:
            self._gather(job)
        if job.error is not None:
            raise job.error
        return job.result  # type: ignore[no-any-return]

    def _gather(self, job: _Job) -> None:
        """Commit for all who wait once they are as many as last time, or a moment later; who makes them so many may."""
        with self._lock:
            complete = len(self._queue) >= self._last
            self._gathers = None if complete else job
        if not complete:
            if job.woken.acquire(timeout=_MOMENT):
                return
            with self._lock:
                taken = self._gathers is not job
                if not taken:
                    self._gathers = None
            if taken:
                job.woken.acquire()
                return
        self._commit_queue()

    def _commit_queue(self) -> None:
        """Commit for all who wait, this thread's own job among them; then one of those who came meanwhile gathers."""
        with self._lock:
            batch, self._queue = self._queue, []
        self._last = len(batch)
        try:
            self._commit(batch)
            for job in batch:
                job.woken.release()
            shorten_log(self._engine)
        finally:
            with self._lock:
                self._busy = bool(self._queue)
                if self._queue:
                    self._queue[0].woken.release()

    def _commit(self, batch: Sequence[_Job]) -> None:
        try:
            with (self._briefly if self._failed else self._engine).begin() as connection:
                results = [*chain.from_iterable(_results(connection, batch))]
            if file_number(self._engine) != self._file:
                raise Gone(place(self._engine.url))
        except BaseException as error:
            # One's failure must not be its neighbours': nothing was kept, so each goes alone. Where the database failed
            # each would wait for it in turn, and nobody knows whether it kept what it was committing.
            self._failed = isinstance(error, Exception) and is_everybodys(error)
            if isinstance(error, Exception) and len(batch) > 1 and not self._failed:
                for job in batch:
                    self._commit([job])
            else:
                for job in batch:
                    job.error, job.done = error, True
        else:
            self._failed = False
            for job, result in zip(batch, results, strict=True):
                job.result, job.done = result, True
