"""Reading one segment after another with each file opened once."""

from __future__ import annotations

from collections.abc import Callable

from memory_store.records import Part, Recording, Segment
from tools.video.clip import Frame, Sampling
from tools.video.errors import VideoError
from tools.video.glances import Choice
from tools.video.pyav_reader import Pictures
from tools.video.readers import by_part, in_recording
from tools.video.unchanged import ensure_unchanged
from tools.video.watching import Share, offer

_EDGE = 0.05
"""Seconds by which a segment may miss the end of a part and still reach it."""
_BEFORE_END = 1e-3


class Sweep:
    """Reads segments in ascending order; keeps one file open. For one thread."""

    def __init__(self, recording: Recording, sampling: Sampling, stopped: Callable[[], bool] = bool) -> None:
        """`stopped` is asked before each picture: what it interrupts raises `VideoError`."""
        self._stopped = stopped
        self._recording = recording
        self._sampling = sampling
        self._part: Part | None = None
        self._pictures: Pictures | None = None
        self.ended: set[str] = set()
        """Ids of the parts that were decoded to their stated end, within a second, without damage."""

    def frames(self, segment: Segment) -> tuple[Frame, ...]:
        """Return the pictures of `segment`, with times of the recording. Raises `VideoError`."""
        instants = self._sampling.glances(segment.start, segment.end)
        times = {part.start: stamps for part, stamps in by_part(self._recording, instants)}
        choice = Choice(segment.start, segment.end, self._sampling) if self._sampling.scan else None
        share = Share()
        frames: list[Frame] = []
        for part in self._recording.parts:
            ends_here = segment.start < part.end <= segment.end + _EDGE
            if part.start not in times and not ends_here:
                continue
            if not part.picture:
                self.ended |= {part.id} if ends_here else set()
                continue
            pictures = self._open(part)
            for time in times.get(part.start, ()):
                if self._stopped():
                    raise VideoError(f"the reading of {self._recording.name} was stopped")
                if choice:
                    if not offer([choice], pictures, part, time, share):
                        break
                    continue
                frame = pictures.at(time)
                if frame is None:
                    break
                frames.append(in_recording(frame, part, frames))
            if ends_here and pictures.at(part.duration - _BEFORE_END) is not None and not pictures.damaged:
                self.ended.add(part.id)
        for part in self._recording.parts:
            if part.start in times:
                ensure_unchanged(part)
        return choice.frames() if choice else tuple(frames)

    def close(self) -> None:
        """Close the file; the next segment opens it again."""
        if self._pictures:
            self._pictures.close()
        self._pictures = self._part = None

    def _open(self, part: Part) -> Pictures:
        if self._pictures is None or self._part != part:
            self.close()
            self._part, self._pictures = part, Pictures(part, self._sampling)
        return self._pictures
