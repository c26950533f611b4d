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

FEWEST_KEYS = 3
"""Key frames that can tell what happens in a segment; where there are fewer, it is read at exact times."""
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
        self._reading: dict[bool, tuple[Part, Pictures]] = {}
        """What is open: all pictures of a part (False), and its key frames (True)."""
        self.ended: set[str] = set()
        """Ids of the parts that were decoded to their stated end, within a second, without damage."""

    def frames(self, segment: Segment) -> tuple[Frame, ...]:
        """Return the pictures of `segment`, with times of the recording. Raises `VideoError`."""
        if not self._sampling.keys:
            return self._exact(segment)
        keys = self._key_frames(segment)
        return keys if len(keys) >= FEWEST_KEYS else self._exact(segment)

    def close(self) -> None:
        """Close the file; the next segment opens it again."""
        for _, pictures in self._reading.values():
            pictures.close()
        self._reading.clear()

    def _exact(self, segment: Segment) -> tuple[Frame, ...]:
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
                self._go_on()
                if choice:
                    if not offer([choice], pictures, part, time, share):
                        break
                    continue
                frame = pictures.at(time)
                if frame is None:
                    break
                frames.append(in_recording(frame, part, frames))
            if ends_here and self._reaches_end(part, pictures):
                self.ended.add(part.id)
        for part in self._recording.parts:
            if part.start in times:
                ensure_unchanged(part)
        return choice.frames() if choice else tuple(frames)

    def _key_frames(self, segment: Segment) -> tuple[Frame, ...]:
        """Return the last key frame of each interval between two sampled instants, where it has one."""
        step = 1 / self._sampling.fps
        instants = self._sampling.times(segment.start, segment.end)
        ends = [min(instant + step, segment.end) - _BEFORE_END for instant in instants]
        frames: list[Frame] = []
        for part, times in by_part(self._recording, ends):
            if not part.picture:
                continue
            pictures = self._open(part, keys=True)
            for time in times:
                self._go_on()
                frame = pictures.at(time)
                # It stays until the next key frame: what came before the segment does not show it.
                if frame is None or frame.time + part.start < segment.start:
                    continue
                found = in_recording(frame, part, frames)
                if not frames or found is not frames[-1]:
                    frames.append(found)
            ensure_unchanged(part)
        return tuple(frames)

    def _reaches_end(self, part: Part, pictures: Pictures) -> bool:
        # Key frames tell nothing of the pictures between them.
        if self._sampling.keys:
            return False
        return pictures.at(part.duration - _BEFORE_END) is not None and not pictures.damaged

    def _go_on(self) -> None:
        if self._stopped():
            raise VideoError(f"the reading of {self._recording.name} was stopped")

    def _open(self, part: Part, keys: bool = False) -> Pictures:
        of, pictures = self._reading.get(keys, (None, None))
        if pictures is None or of != part:
            if pictures:
                del self._reading[keys]
                pictures.close()
            pictures = Pictures(part, self._sampling, keys)
            self._reading[keys] = part, pictures
        return pictures
