"""Turns: of the runs of this process, one at a time is at work on a session."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from tools.ending import Slots

_NUMBER = re.compile(r"(q-[0-9a-f]{12})-\d+")
_turns: WeakValueDictionary[tuple[str, str], Slots] = WeakValueDictionary()
_guard = threading.Lock()


@contextmanager
def turn(file: str, thread: str) -> Iterator[None]:
    """Wait for the turn on a session, then hold it. Raises `Ended` where the run ends before.

    All sessions of one question share a turn: which of them is to be used is known only then.

    Args:
        file: the checkpoint file.
        thread: the session's id, or the key of a question's sessions.
    """
    named = _NUMBER.fullmatch(thread)
    with _guard:
        mine = _turns.setdefault((file, named[1] if named else thread), Slots(1))
    with mine:
        yield
