"""One thread that does the work of many callers, several pieces at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

GATHER = 0.1
"""Most seconds a batch waits for the callers of the last one to come back. A lone caller never waits."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batcher(Generic[Item, Result]):
    """Hands the items of many threads to one worker thread in batches, and each caller its own outcome.

    `ready()` runs before a batch is chosen. `choose(waiting)` returns the indices of a batch, the first
    always among them, so that nobody is passed over for ever. `work(batch)` returns one outcome an item:
    its result, or the exception its caller gets. What `ready` or `work` raises goes to all callers concerned.
    """

    def __init__(
        self,
        work: Callable[[list[Item]], Sequence[Result | Exception]],
        choose: Callable[[list[Item]], Sequence[int]],
        ready: Callable[[], object] = lambda: None,
        name: str = "batcher",
    ) -> None:
        self._work, self._choose, self._ready = work, choose, ready
        self._changed = threading.Condition()
        self._waiting: list[tuple[Item, Future[Result]]] = []
        self._last = 1
        """Size of the last batch: as many are likely to come again."""
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    def __call__(self, item: Item) -> Result:
        """Return the result of `item`, or raise its exception. Safe to call from several threads at once."""
        future: Future[Result] = Future()
        with self._changed:
            self._waiting.append((item, future))
            self._changed.notify_all()
        # One step a caller, each taking at least one item: whoever waits is served.
        self._pool.submit(self._step)
        return future.result()

    def _step(self) -> None:
        if not self._waiting:
            return
        batch: list[tuple[Item, Future[Result]]] = []
        outcomes: Sequence[Result | Exception]
        try:
            self._ready()
            batch = self._take()
            outcomes = self._work([item for item, _ in batch])
        except BaseException as error:
            with self._changed:
                batch, self._waiting = batch or self._waiting, [] if not batch else self._waiting
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _take(self) -> list[tuple[Item, Future[Result]]]:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) >= self._last, timeout=GATHER)
            chosen = set(self._choose([item for item, _ in self._waiting])) | {0}
            batch = [pair for index, pair in enumerate(self._waiting) if index in chosen]
            self._waiting = [pair for index, pair in enumerate(self._waiting) if index not in chosen]
            self._last = len(batch)
            return batch
