"""Work divided over processes: forked, so that nothing has to be sent to them, each taking the next chunk when free."""

import gc
import os
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe, wait
from typing import TypeVar

from generator.errors import GeneratorError

CHUNK = 100
_MOST = 2000  # chunks: their tickets, two bytes each, lie in a pipe
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def available() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_chunks(
    work: Callable[[Sequence[_Item]], _Result], items: Sequence[_Item], jobs: int, chunk: int = CHUNK
) -> Iterator[_Result]:
    """What `work` makes of each chunk of the items, in no certain order; an error of a process is raised here.

    With one job, or one chunk, it is done in this process. The processes end by themselves where this one is killed.
    """
    chunk = max(chunk, -(-len(items) // _MOST))
    chunks = [items[start : start + chunk] for start in range(0, len(items), chunk)]
    if jobs < 2 or len(chunks) < 2:
        yield from (_done(work, some) for some in chunks)
        return
    tickets, open_end = os.pipe()
    os.write(open_end, b"".join(number.to_bytes(2, "big") for number in range(len(chunks))))
    os.close(open_end)  # at its end a process reads nothing, and ends
    gc.freeze()  # the collector would touch, and so copy, what all share
    try:
        processes = dict(_start(work, chunks, tickets) for _ in range(min(jobs, len(chunks))))
    finally:
        gc.unfreeze()
        os.close(tickets)
    yield from _received(processes)


@contextmanager
def meanwhile(work: Callable[[], object]) -> Iterator[None]:
    """Do `work` in a process of its own while the block runs, which ends when both are done.

    What it raises is told to nobody: it must be work that may as well be left.
    """
    pid = _begun(work)
    try:
        yield
    finally:
        os.waitpid(pid, 0)


def apart(work: Callable[[], object]) -> None:
    """The same with nothing to do meanwhile: for work whose memory is to be given back."""
    os.waitpid(_begun(work), 0)


def _begun(work: Callable[[], object]) -> int:
    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def _done(work: Callable[[Sequence[_Item]], _Result], chunk: Sequence[_Item]) -> _Result:
    """A chunk, with the collector at its end only: looking for cycles all along, of which few are made, takes a fifth
    of the time."""
    gc.disable()
    try:
        return work(chunk)
    finally:
        gc.collect(0)  # what the chunk made: it was never looked at before
        gc.enable()


def _start(
    work: Callable[[Sequence[_Item]], _Result], chunks: Sequence[Sequence[_Item]], tickets: int
) -> tuple[Connection, int]:
    ours, theirs = Pipe(duplex=False)
    pid = os.fork()
    if not pid:
        ours.close()
        _serve(work, chunks, tickets, theirs)
    theirs.close()
    return ours, pid


def _serve(
    work: Callable[[Sequence[_Item]], _Result], chunks: Sequence[Sequence[_Item]], tickets: int, out: Connection
) -> None:
    """What a process does from its fork to its end."""
    status = 1
    try:
        while ticket := os.read(tickets, 2):
            out.send((None, _done(work, chunks[int.from_bytes(ticket, "big")])))
        out.send((None, None))
        status = 0
    except BaseException as error:  # this process has nobody else to tell
        out.send((_sendable(error), None))
    finally:
        os._exit(status)  # nothing of the parent's is flushed or cleaned up twice


def _sendable(error: BaseException) -> BaseException:
    try:
        return pickle.loads(pickle.dumps(error)) and error
    except Exception:
        return GeneratorError(f"{type(error).__name__}: {error}")


def _received(processes: dict[Connection, int]) -> Iterator[_Result]:
    try:
        while processes:
            for connection in list(wait(list(processes))):
                assert isinstance(connection, Connection)
                error, result = connection.recv()
                if error is not None:
                    raise error
                if result is None:
                    os.waitpid(processes.pop(connection), 0)
                    connection.close()
                else:
                    yield result
    except EOFError as error:
        raise GeneratorError("a process of the build was ended from outside; run it again") from error
    finally:
        for connection in processes:  # after an error, or where nobody wants the rest
            connection.close()
        for pid in processes.values():  # only now: one may hold the reading end of what another is writing into
            os.waitpid(pid, 0)
