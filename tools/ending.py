"""The end of this process, once somebody wishes it: what is under way may finish, and what waits for a turn gives up.

Nothing is lost by that: what was stored stays, and what had not begun is done when the session goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

_POLL = 0.2
"""Seconds after which whoever waits asks whether there is anything left to wait for."""
_wished = threading.Event()


class Ended(BaseException):
    """This process is ending. No handler of errors may take it for a fault of a model or a video."""


def end() -> None:
    """Let nothing begin any more that waits for its turn."""
    _wished.set()


def ending() -> bool:
    """Tell whether the end was wished for."""
    return _wished.is_set()


def go_on() -> None:
    """Raise `Ended` if the end was wished for."""
    if _wished.is_set():
        raise Ended


def wait_for(condition: threading.Condition, predicate: Callable[[], bool]) -> None:
    """Wait, holding `condition`, until the predicate is true. Raises `Ended`."""
    while not condition.wait_for(predicate, _POLL):
        go_on()


class Slots(threading.Semaphore):
    """A limit on what happens at once; waiting for a slot raises `Ended` when the process is ending."""

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
