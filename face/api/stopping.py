"""Ending a run early, from outside or by an error, without losing what it made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tools.ending import Ended, ended_by, go_on


class Stopped(Exception):
    """A run ended because its `stop` was set. Asking again goes on where it stopped."""


class Wish(threading.Event):
    """The wish that a run end: its caller's, or its own where something is raised."""

    def __init__(self, callers: threading.Event | None) -> None:
        super().__init__()
        self._callers = callers

    def is_set(self) -> bool:
        return super().is_set() or (self._callers is not None and self._callers.is_set())

    def follow(self, events: Any, each: Callable[[Any], None]) -> None:
        """Hand every event of a run (`graph.stream(...)`) to `each`, to the run's end. Raises `Ended`."""
        try:
            for event in events:
                each(event)
                go_on()
        except BaseException:
            # Set before the steps under way are waited for: those that have not begun give up.
            self.set()
            raise
        finally:
            events.close()


@contextmanager
def ended_with(stop: threading.Event | None) -> Iterator[Wish]:
    """Let what runs within end once `stop` is set. Raises `Stopped` then."""
    wish = Wish(stop)
    with ended_by(wish):
        try:
            yield wish
        except Ended:
            raise Stopped("stopped; asking again goes on where it was") from None
