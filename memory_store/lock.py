"""Who may use an embedded store: one process at a time, for as long as it is busy with it.

The lock is taken by the first operation that needs the store, shared by the threads of the process,
and given up when the store has been idle for a moment, so that commands take turns.
"""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from memory_store.errors import StoreBusy, StoreError, remedy

Say = Callable[[str], None]


class StoreLock:
    """The lock of the store in `folder`. One object a process and folder.

    Args:
        folder: the store.
        opened: called with the lock held, right after it was taken, before the first operation.
        closing: called with the lock held, right before it is given up.
    """

    wait = 10.0
    """Seconds to wait for another process."""
    linger = 2.0
    """Seconds the lock is kept after the last operation: a burst of operations takes it once."""

    def __init__(self, folder: Path, opened: Callable[[], None], closing: Callable[[], None]) -> None:
        self.folder = folder
        self._opened, self._closing = opened, closing
        self._mutex = threading.Lock()
        self._file: Any = None
        self._token = uuid.uuid4().hex
        self._generation = 0
        self._users = 0
        self._used = 0.0
        self._leave_at_once = False
        self._changed = threading.Condition(self._mutex)

    @contextmanager
    def hold(self, on_wait: Say) -> Iterator[int]:
        """Hold the lock; yields a number that changes whenever another process held it in between.

        Raises `StoreBusy` if another process does not give it up within `wait` seconds.
        """
        with self._mutex:
            # Threads queue here behind the one that waits for the other process.
            if not self.held:
                self._take(on_wait)
            self._users += 1
            generation = self._generation
        try:
            yield generation
        finally:
            with self._mutex:
                self._users -= 1
                self._used = time.monotonic()
                if self._leave_at_once and not self._users:
                    self._give_up()

    def release(self) -> None:
        """Give the lock up at once, or as soon as the operations under way have ended."""
        with self._mutex:
            if self._users:
                self._leave_at_once = True
            elif self.held:
                self._give_up()

    @property
    def held(self) -> bool:
        return self._file is not None and bool(self._file.is_locked)

    def _take(self, on_wait: Say) -> None:
        from filelock import FileLock, Timeout

        if self._file is None:
            # The thread that gives the lock up is not the one that took it.
            self._file = FileLock(self.folder / "store.lock", thread_local=False)
        try:
            try:
                self._file.acquire(timeout=0)
            except Timeout:
                on_wait(f"the memory in {self.folder} is in use by {self._holder()}; waiting up to {self.wait:g} s")
                self._file.acquire(timeout=self.wait)
        except Timeout:
            raise StoreBusy(
                f"the memory in {self.folder} is still in use by {self._holder()}; try again when it is done, "
                "or let several writers share a Chroma server: --store http://HOST:PORT"
            ) from None
        except OSError as error:
            raise self._failed(error) from error
        try:
            if self._owner().get("token") != self._token:
                self._generation += 1
                self._sign()
            self._opened()
        except BaseException as error:
            self._file.release()
            if isinstance(error, OSError):
                raise self._failed(error) from error
            raise
        self._leave_at_once = False
        self._used = time.monotonic()
        threading.Thread(target=self._watch, name="store-lock", daemon=True).start()

    def _failed(self, error: OSError) -> StoreError:
        todo = remedy(str(error), str(self.folder))
        why = error.strerror or str(error)
        return StoreError(f"the memory in {self.folder} cannot be locked: {why}{todo and f'; {todo}'}")

    def _give_up(self) -> None:
        try:
            self._closing()
        finally:
            self._leave_at_once = False
            self._file.release()
            self._changed.notify_all()

    def _watch(self) -> None:
        """Give the lock up once the store has been idle for `linger` seconds."""
        with self._mutex:
            while self.held:
                idle = time.monotonic() - self._used
                if not self._users and idle >= self.linger:
                    self._give_up()
                    return
                self._changed.wait(max(0.05, self.linger - idle) if not self._users else self.linger)

    def _owner(self) -> dict[str, Any]:
        try:
            owner = json.loads((self.folder / "store.owner").read_text())
        except (OSError, ValueError):
            return {}
        return owner if isinstance(owner, dict) else {}

    def _sign(self) -> None:
        """Say who used the store last: others learn that they must read it anew, and whom they wait for."""
        unfinished = self.folder / "store.owner.new"
        unfinished.write_text(json.dumps({"pid": os.getpid(), "token": self._token}))
        os.replace(unfinished, self.folder / "store.owner")

    def _holder(self) -> str:
        pid = self._owner().get("pid")
        return f"process {pid}" if isinstance(pid, int) else "another process"
