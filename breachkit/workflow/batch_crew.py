"""Processes that write a batch's chunks: started once, given a chunk at a time, gone when the command is."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from breachkit.errors import BreachkitError, ExitCode
from breachkit.storage.batches import Chunk
from breachkit.workflow import batch_folder
from breachkit.workflow.batch_write import Job, Writer, Written

_WAITING = 2
"""Chunks a process has at hand, so that it need not wait for the next."""


class WorkerLost(BreachkitError):
    """A process that wrote letters ended by itself. What was written stays; running the batch again goes on with it."""

    exit_code = ExitCode.REFUSED


def write_chunks(job: Job, chunks: Iterable[Chunk], workers: int) -> Iterator[Written]:
    """Write all chunks, in this process or in several; each is handed out as soon as it is on disk, in any order."""
    if workers <= 1:
        writer = Writer(job)
        try:
            for chunk in chunks:
                yield writer.write(chunk)
        finally:
            writer.close()
        return
    yield from _in_processes(job, iter(chunks), workers)


def _in_processes(job: Job, chunks: Iterator[Chunk], workers: int) -> Iterator[Written]:
    # A fresh interpreter each: nothing of this process, such as its lock or its database, is handed down by accident.
    context = multiprocessing.get_context("spawn")
    crew: dict[Any, Any] = {}
    busy: dict[Any, int] = {}
    try:
        for _ in range(workers):
            mine, theirs = context.Pipe()
            process = context.Process(target=_work, args=(job, theirs), daemon=True)
            process.start()
            theirs.close()
            crew[mine], busy[mine] = process, 0
        for _ in range(_WAITING):
            for line in crew:
                _hand(line, chunks, busy)
        while any(busy.values()):
            ready: list[Any] = wait([line for line, count in busy.items() if count])
            for line in ready:
                try:
                    answer: Any = line.recv()
                except (EOFError, OSError) as problem:
                    raise WorkerLost(
                        "a process that wrote letters ended by itself, perhaps for lack of memory. "
                        "What is written stays; run the same command again to go on"
                    ) from problem
                if isinstance(answer, BaseException):
                    raise answer
                busy[line] -= 1
                _hand(line, chunks, busy)
                yield answer
    finally:
        for line, process in crew.items():
            line.close()
            process.join(timeout=10)
            if process.is_alive():
                process.kill()
                process.join()


def _hand(line: Any, chunks: Iterator[Chunk], busy: dict[Any, int]) -> None:
    if (chunk := next(chunks, None)) is not None:
        line.send(chunk)
        busy[line] += 1


def _work(job: Job, line: Connection) -> None:
    """The life of one process: chunks in, what was written out, until the other end is gone."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command is asked to stop, and tells the others by leaving
    with batch_folder.writing(job.folder):
        _serve(Writer(job), line)


def _serve(writer: Writer, line: Connection) -> None:
    try:
        while True:
            try:
                chunk = line.recv()
            except (EOFError, OSError):
                return
            try:
                line.send(writer.write(chunk))
            except (BrokenPipeError, ConnectionResetError):
                return
            except Exception as problem:  # handed to the command, which raises it
                line.send(problem)
                return
    finally:
        writer.close()
