"""Whether a server of models answers, shared by all who call it: while it does not, one asks and the others wait."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from tools.ending import go_on

PATIENCE = 120.0
"""Seconds for which a call that fails is tried again, unless told otherwise."""
FIRST, LONGEST = 0.5, 8.0
"""Seconds between the tries of one call: the first pause, doubled up to the longest."""
IN_A_ROW = 3
"""Calls that must fail in a row before a server counts as down."""
_POLL = 0.2
"""Seconds after which whoever waits looks at the clock, and whether there is anything left to wait for."""


class Clock:
    """The time, and waiting for it."""

    def now(self) -> float:
        """Return seconds since some moment."""
        return time.monotonic()

    def wait(self, condition: threading.Condition, until: float) -> None:
        """Wait until that time or until told; the condition is held."""
        condition.wait(max(0.0, until - self.now()))


class Server:
    """What is known of one server. Safe to share between threads."""

    def __init__(self, name: str, clock: Clock | None = None, tell: Callable[[str], None] | None = None) -> None:
        self.clock = clock or Clock()
        self.answers = 0
        """Replies so far, of whatever call."""
        self._name = name
        self._tell = tell or _to_stderr
        self._news = threading.Condition()
        self._failed = 0
        self._asking = False
        self._again_at = 0.0
        self._given_up: float | None = None
        """When a call had waited in vain."""
        self._told = False

    @property
    def down(self) -> bool:
        """Whether the last calls failed one after the other."""
        return self._failed >= IN_A_ROW

    def enter(self, until: float, entered: float) -> bool:
        """Wait for this call's turn to ask; False where it has not come by `until`. Raises `Ended`.

        A server that answers is asked by all at once. Once some call has waited for it in vain, those that have
        `entered` since do not wait: one at a time is let through.
        """
        with self._news:
            while True:
                go_on()
                if not self.down:
                    return True
                now = self.clock.now()
                if not self._asking and now >= self._again_at:
                    self._asking = True
                    return True
                if now >= until or (self._given_up is not None and entered >= self._given_up):
                    return False
                if self._asking:
                    self._news.wait(_POLL)
                else:
                    self.clock.wait(self._news, min(self._again_at, until, now + _POLL))

    def answered(self) -> None:
        """Note a reply: whoever waits goes on."""
        with self._news:
            if self._told:
                self._tell(f"{self._name} answers again")
            self.answers += 1
            self._failed, self._asking, self._given_up, self._told = 0, False, None, False
            self._news.notify_all()

    def failed(self, why: str, pause: float) -> None:
        """Note that a call came to nothing: while the server is down nobody asks for `pause` seconds."""
        with self._news:
            self._failed += 1
            self._asking = False
            self._again_at = self.clock.now() + pause
            if self.down and not (self._told or self._given_up is not None):
                self._told = True
                self._tell(f"{self._name} does not answer ({why}); waiting for it")
            self._news.notify_all()

    def withdrawn(self) -> None:
        """Note that a call ended without telling anything about the server."""
        with self._news:
            self._asking = False
            self._news.notify_all()

    def given_up(self) -> None:
        """Note that a call has waited for as long as it would."""
        with self._news:
            if self.down and self._given_up is None:
                self._given_up = self.clock.now()

    def rest(self, until: float) -> None:
        """Wait until then, whatever others do. Raises `Ended`."""
        with self._news:
            while self.clock.now() < until:
                go_on()
                self.clock.wait(self._news, min(until, self.clock.now() + _POLL))


@cache
def server_of(origin: str) -> Server:
    """Return the one record of a server, by its scheme, host and port."""
    return Server(urlsplit(origin).netloc)


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)
