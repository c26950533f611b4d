"""Single flight: what several want at once is made once, and the others wait for it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from tools.ending import wait_for


class Flight:
    """Which captions are being made, by id. Safe to share between threads and questions.

    Whoever waits must hold nothing that a maker may need: no slot, no window, no frames, and no claim of its own.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._making: set[str] = set()

    @contextmanager
    def claim(self, ids: Collection[str]) -> Iterator[set[str]]:
        """Yield those of `ids` that nobody else is making; they are given up on leaving, made or not."""
        with self._changed:
            mine = set(ids) - self._making
            self._making |= mine
        try:
            # A copy: who takes out of it what was made meanwhile still gives all of it up.
            yield set(mine)
        finally:
            with self._changed:
                self._making -= mine
                self._changed.notify_all()

    @contextmanager
    def alone(self, id: str) -> Iterator[None]:
        """Wait until nobody makes `id`, and claim it: who comes later finds out whether it still lacks."""
        with self._changed:
            wait_for(self._changed, lambda: id not in self._making)
            self._making.add(id)
        try:
            yield
        finally:
            with self._changed:
                self._making.discard(id)
                self._changed.notify_all()

    def wait(self, ids: Collection[str]) -> None:
        """Return once none of `ids` is being made, whether or not it came about."""
        wanted = set(ids)
        with self._changed:
            wait_for(self._changed, lambda: not wanted & self._making)
