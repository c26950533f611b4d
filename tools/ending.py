"""The end of a process or of one run, once somebody wishes it: what is under way may finish, what waits gives up.

Nothing is lost by that: what was stored stays, and what had not begun is done when the session goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_POLL = 0.2
"""Seconds after which whoever waits asks whether there is anything left to wait for."""
_wished = threading.Event()
_of_run: ContextVar[threading.Event | None] = ContextVar("end_of_run", default=None)
"""The wish for the end of the run in hand alone, where several share a process."""


class Ended(BaseException):
    """This process or run is ending. No handler of errors may take it for a fault of a model or a video."""


def end() -> None:
    """Let nothing begin any more that waits for its turn."""
    _wished.set()


@contextmanager
def ended_by(wish: threading.Event) -> Iterator[None]:
    """Have what runs within, on threads that carry its context too, end when `wish` is set."""
    before = _of_run.set(wish)
    try:
        yield
    finally:
        _of_run.reset(before)


def ending() -> bool:
    """Tell whether the end was wished for, of the process or of the run in hand."""
    mine = _of_run.get()
    return _wished.is_set() or (mine is not None and mine.is_set())


def go_on() -> None:
    """Raise `Ended` if the end was wished for."""
    if ending():
        raise Ended


def wait_for(condition: threading.Condition, predicate: Callable[[], bool]) -> None:
    """Wait, holding `condition`, until the predicate is true. Raises `Ended`."""
    while not condition.wait_for(predicate, _POLL):
        go_on()


class Slots(threading.Semaphore):
    """A limit on what happens at once; waiting for a slot raises `Ended` when the process or the run is ending."""

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a slot. With `blocking` and no timeout, wait for one."""
        if not blocking or timeout is not None:
            return super().acquire(blocking, timeout)
        while not super().acquire(timeout=_POLL):
            go_on()
        if ending():
            self.release()
            raise Ended
        return True

    __enter__ = acquire
