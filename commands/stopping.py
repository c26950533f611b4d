"""Ctrl-C and SIGTERM: what is under way may finish, nothing else begins, and the way to go on is told."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from tools import ending

PATIENCE = 10.0
"""Seconds for what is under way to finish; then the process ends all the same."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(how_to_go_on: Callable[[], str]) -> Iterator[None]:
    """End with exit code 1 and one line when told to stop; told twice, at once.

    Leaving without cleaning up is as safe as being killed: what was stored stays, and checkpoints are whole.
    `how_to_go_on` gives the line's end.
    """

    def leave(*_: Any) -> None:
        print(f"stopped; {how_to_go_on()}", file=sys.stderr, flush=True)
        os._exit(1)

    def told(number: int, frame: Any) -> None:
        if ending.ending():
            leave()
        ending.end()
        print("stopping once what is under way has ended; once more stops at once", file=sys.stderr, flush=True)
        limit = threading.Timer(PATIENCE, leave)
        limit.daemon = True
        limit.start()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, told) for number in _SIGNALS}
    try:
        yield
    except (KeyboardInterrupt, ending.Ended):
        print(f"stopped; {how_to_go_on()}", file=sys.stderr, flush=True)
        raise typer.Exit(1) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
