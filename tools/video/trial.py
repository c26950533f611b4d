"""The first look at a file, in a process that can be stopped.

A file of a few kilobytes can claim 2^30 pictures, and libav then fills the memory or computes for hours, where no
exception and no signal handler reaches. So each file is first opened by a child under limits of memory and time;
what it accepts is opened by everyone else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import Any, NamedTuple

from tools.errors import BadInput
from tools.video.container import open_container, require_file, too_large
from tools.video.fragments import claimed_samples
from tools.video.probe import Probe, probe

_OPEN = 192 << 20
"""Bytes that an open file may take, and a quarter of what it takes on disk (up to `_MOST`)."""
_MOST = 1 << 30
_OPENING = 2.5
"""Times as much that it may take for a moment. libav goes on without what it could not have, so that what an open
file takes must be seen before this limit is met."""
_SAMPLE = 40
"""Bytes that libav keeps of a picture or sound of a fragmented file."""
_DECODING = 768 << 20
"""Bytes that the first picture may take beyond that."""
_SECONDS = 20
"""Of computing, and one more for each `_PER_SECOND` bytes on disk: a file without a length is read to its end."""
_PER_SECOND = 20 << 20
_WAIT = 5
"""Times as many seconds until a child that computes nothing is given up (a disk that is slow may be waited for)."""
_IDLE = 20.0
"""Seconds without a request after which the child ends."""


def tried(path: str) -> Probe:
    """Return what the file at `path` holds, as `probe` does. Safe to call from several threads.

    Raises `BadInput` where nothing can be seen or heard in it, or it cannot be found out in bounded memory and time.
    """
    status = require_file(path)
    reply = _child.ask(path, _WAIT * _seconds(status))
    if reply is None:
        raise BadInput(f"{path} cannot be opened: libav failed at it, or came to no end (is it damaged?)")
    if "bad" in reply:
        raise BadInput(reply["bad"])
    return Probe(**reply)


class _Child:
    """The process that opens files. It is started when it is needed, and again when it had to be stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, path: str, seconds: float) -> dict[str, Any] | None:
        """Return the reply about a file, or None where the child ended or was stopped over it."""
        with self._lock:
            if self._process is None or self._sent(path) is False:
                self._start()
                self._sent(path)
            assert self._process is not None and self._process.stdout is not None
            watch = threading.Timer(seconds, self._process.kill)
            watch.start()
            try:
                line = self._process.stdout.readline()
            finally:
                watch.cancel()
            if line.endswith("\n"):
                return json.loads(line)
            self._end()
            return None

    def _sent(self, path: str) -> bool:
        """Tell whether the child took the request; one that has been idle is gone."""
        assert self._process is not None and self._process.stdin is not None
        if self._process.poll() is not None:
            return False
        try:
            print(json.dumps(path), file=self._process.stdin, flush=True)
        except OSError:
            return False
        return True

    def _start(self) -> None:
        if self._process is not None:
            self._end()
        found = os.pathsep.join(entry or os.getcwd() for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tools.video.trial"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": found},
            text=True,
            encoding="ascii",
        )

    def _end(self) -> None:
        assert self._process is not None
        self._process.kill()
        # What was never taken cannot be flushed.
        with suppress(OSError):
            self._process.communicate()
        self._process = None


_child = _Child()
if hasattr(os, "register_at_fork"):
    # A forked process must not talk to the child of another.
    os.register_at_fork(after_in_child=lambda: _child.__init__())  # type: ignore[misc]


def _seconds(status: os.stat_result) -> int:
    return _SECONDS + _on_disk(status) // _PER_SECOND


def _on_disk(status: os.stat_result) -> int:
    """Return the bytes a file really takes: one with holes may claim any size."""
    return getattr(status, "st_blocks", status.st_size // 512) * 512


def _serve() -> None:
    """Answer requests, one path a line, until nobody asks any more."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Nothing but replies goes out, whatever a library prints.
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    while line := _next_line():
        print(json.dumps(_look(json.loads(line))), file=out, flush=True)


def _next_line() -> str:
    ending = threading.Timer(_IDLE, os._exit, [0])
    ending.daemon = True
    ending.start()
    line = sys.stdin.readline()
    ending.cancel()
    return line


def _look(path: str) -> dict[str, Any]:
    try:
        status = require_file(path)
        room = _OPEN + min(_MOST, _on_disk(status) // 4)
        if claimed_samples(path) * _SAMPLE > room:
            raise MemoryError
        before, peak = _memory().held, round(room * _OPENING)
        _limit(peak, _seconds(status))
        with open_container(path):
            if _memory().held - before > room:
                raise MemoryError
        _limit(peak + _DECODING, _seconds(status))
        return asdict(probe(path))
    except BadInput as problem:
        return {"bad": str(problem)}
    except OSError as problem:
        return {"bad": f"cannot read {path}: {problem.strerror}"}
    except MemoryError:
        return {"bad": too_large(path)}
    finally:
        _limit()


def _limit(memory: int | None = None, seconds: int | None = None) -> None:
    """Allow this process so much more memory (bytes) and computing, or what it had at first; POSIX only."""
    try:
        import resource
    except ImportError:
        return
    for what, more, used in (
        (resource.RLIMIT_AS, memory, _memory().mapped),
        (resource.RLIMIT_CPU, seconds, sum(resource.getrusage(resource.RUSAGE_SELF)[:2])),
    ):
        hard = resource.getrlimit(what)[1]
        wanted = hard if more is None else int(used) + more
        within = wanted if hard == resource.RLIM_INFINITY or wanted == resource.RLIM_INFINITY else min(wanted, hard)
        # Some systems know a limit but let nobody set it.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (within, hard))


class _Memory(NamedTuple):
    """Bytes of this process: of its address space, and of it in use."""

    mapped: int = 1 << 30
    held: int = 0


def _memory() -> _Memory:
    """Return what this process takes; a guess where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            pages = file.read().split()
    except OSError:
        return _Memory()
    return _Memory(*(int(count) * os.sysconf("SC_PAGE_SIZE") for count in pages[:2]))


if __name__ == "__main__":
    _serve()
