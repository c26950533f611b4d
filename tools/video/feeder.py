"""One decoder a recording, running ahead of the caption tasks by a bounded number of clips."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from memory_store.records import Recording, Segment
from tools.ending import go_on
from tools.video.clip import Clip, Frame, Sampling
from tools.video.errors import VideoError
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import read
from tools.video.sweep import Sweep
from tools.video.watching import Stretch, watch

MOST_AHEAD = 64_000_000
"""Bytes of pictures ready, from which on no further clip is decoded: one of 60 pictures takes 18 MB."""
IDLE = 2.0
"""Seconds without anything to do after which the file is closed."""
ABANDONED = 60.0
"""Seconds after which clips that nobody has come for are given up."""
_POLL = 0.2
"""Seconds after which a task that waits for a clip asks whether there is anything left to wait for."""
GRACE = 0.1
"""Seconds a full queue waits for the tasks of its clips before it drops one for a later task."""


class Feeder:
    """Decodes the planned segments of one recording in order and hands each clip to its task.

    A task that waits holds neither frames nor a slot: it receives both at once. At most `ahead` clips
    are decoded or being decoded and not yet handed out, fewer of large ones; every other living clip
    has a slot. Whatever the sweep does not hold (its turn is over, it was never planned) is read on
    its own, with a slot.
    """

    def __init__(self, recording: Recording, sampling: Sampling, ahead: int) -> None:
        self._recording = recording
        self._sampling = sampling
        self._ahead = max(1, ahead)
        self._changed = threading.Condition()
        self._planned: list[Segment] = []
        self._ready: dict[Segment, Clip] = {}
        self._errors: dict[Segment, VideoError] = {}
        self._waiting: Counter[Segment] = Counter()
        self._decoding: Segment | None = None
        self._passed = float("-inf")
        self._thread: threading.Thread | None = None
        self._swept: set[str] = set()
        self._closed = False

    @property
    def swept(self) -> bool:
        """Whether a sweep decoded every part to its stated end without finding damage."""
        with self._changed:
            return all(part.id in self._swept for part in self._recording.parts)

    def plan(self, segments: Iterable[Segment]) -> None:
        """Say which segments will be wanted. Those the running sweep has passed are left to windows."""
        with self._changed:
            known = {*self._planned, *self._ready, self._decoding}
            fresh = [s for s in segments if s not in known and (self._thread is None or s.start > self._passed)]
            if fresh and not self._closed:
                for segment in fresh:
                    self._errors.pop(segment, None)
                self._planned = sorted([*self._planned, *fresh], key=lambda segment: segment.start)
                self._run()

    @contextmanager
    def take(self, segment: Segment, slots: threading.Semaphore) -> Iterator[Clip]:
        """Wait for a slot and for the segment's clip, and hold both inside the `with` block.

        The clip has no frames where the file has no pictures. Raises `VideoError` where it cannot be
        decoded or the feeder is closed.
        """
        clip = self._receive(segment, slots)
        try:
            yield clip if clip is not None else self._window(segment)
        finally:
            slots.release()

    def close(self) -> None:
        """Stop decoding and drop every clip; tasks that wait get a `VideoError`."""
        with self._changed:
            self._closed = True
            self._planned.clear()
            self._ready.clear()
            thread = self._thread
            self._changed.notify_all()
        if thread and thread is not threading.current_thread():
            thread.join()

    def _receive(self, segment: Segment, slots: threading.Semaphore) -> Clip | None:
        """Return holding a slot: with the clip of the sweep, or None where a window must be read."""
        with self._changed:
            self._waiting[segment] += 1
            self._changed.notify_all()
        try:
            self._await(segment)
            # The clip stays in the queue, claimed, until there is a slot; a slot never waits for a clip.
            slots.acquire()
            with self._changed:
                return self._ready.pop(segment, None)
        finally:
            with self._changed:
                self._waiting -= Counter([segment])
                self._changed.notify_all()

    def _await(self, segment: Segment) -> None:
        """Return once the clip is ready, or will not be. Raises `VideoError`."""
        with self._changed:
            while True:
                if self._closed:
                    raise VideoError(f"the reading of {self._recording.name} was stopped")
                if segment in self._errors:
                    raise self._errors.pop(segment)
                if segment in self._ready:
                    return
                if segment != self._decoding and segment not in self._planned:
                    return
                self._run()
                go_on()
                self._changed.wait(_POLL)

    def _window(self, segment: Segment) -> Clip:
        if self._sampling.keys:
            with closing(Sweep(self._recording, self._sampling)) as sweep:
                return Clip(segment, sweep.frames(segment))
        if self._sampling.scan:
            ((_, watched),) = watch(self._recording, [Stretch(segment.start, segment.end, self._sampling)])
            return Clip(segment, watched)
        frames = read(self._recording, segment.start, segment.end, self._sampling, PyAVReader())
        return Clip(segment, tuple(frames))

    def _run(self) -> None:
        """Have a decoder running. Called with the lock held."""
        if self._thread is None:
            self._passed = float("-inf")
            thread = threading.Thread(target=self._decode, name=f"feeder {self._recording.name}", daemon=True)
            thread.start()
            self._thread = thread

    def _decode(self) -> None:
        sweep = Sweep(self._recording, self._sampling, stopped=lambda: self._closed)
        try:
            while (segment := self._next()) is not None:
                frames: tuple[Frame, ...] = ()
                error = None
                try:
                    frames = sweep.frames(segment)
                except Exception as problem:
                    # Whatever failed must reach the task that waits; the sweep starts anew behind it.
                    sweep.close()
                    error = VideoError(str(problem) or type(problem).__name__)
                    error.__cause__ = problem
                with self._changed:
                    self._decoding = None
                    self._swept |= sweep.ended
                    if error:
                        self._errors[segment] = error
                    elif not self._closed:
                        self._ready[segment] = Clip(segment, frames)
                    del frames
                    self._changed.notify_all()
        finally:
            sweep.close()
            with self._changed:
                if self._thread is threading.current_thread():
                    self._thread = self._decoding = None
                    self._changed.notify_all()

    def _next(self) -> Segment | None:
        """Wait until a clip may be decoded and return its segment, or None when the thread should end."""
        stuck_since = 0.0
        with self._changed:
            while not self._closed:
                if self._planned and self._room():
                    self._decoding = self._planned.pop(0)
                    self._passed = self._decoding.start
                    return self._decoding
                if self._stuck():
                    stuck_since = stuck_since or time.monotonic()
                    if time.monotonic() - stuck_since >= GRACE:
                        self._make_way()
                    else:
                        self._changed.wait(GRACE)
                    continue
                stuck_since = 0.0
                if not self._changed.wait(self._patience()) and not self._waiting:
                    break
            # What was decoded in vain stays planned: a task that comes after all begins a new sweep.
            self._planned = sorted([*self._planned, *self._ready], key=lambda segment: segment.start)
            self._ready.clear()
            self._thread = None
            return None

    def _room(self) -> bool:
        held = sum(frame.image.nbytes for clip in self._ready.values() for frame in clip.frames)
        return len(self._ready) < self._ahead and held < MOST_AHEAD

    def _patience(self) -> float | None:
        if self._waiting:
            return None
        return ABANDONED if self._planned or self._ready else IDLE

    def _stuck(self) -> bool:
        """Tell whether a task waits for a planned segment behind a queue that holds clips nobody asks for."""
        return any(s in self._waiting for s in self._planned) and any(s not in self._waiting for s in self._ready)

    def _make_way(self) -> None:
        """Drop the oldest unasked clip, and go straight to the first segment a task waits for."""
        del self._ready[next(s for s in self._ready if s not in self._waiting)]
        first = next(index for index, s in enumerate(self._planned) if s in self._waiting)
        del self._planned[:first]
