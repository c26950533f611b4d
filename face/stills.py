"""Pictures of a recording for people: the one on screen at a time, as a JPEG."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from memory_store.records import Part, Recording
from tools.captioners.wire import jpeg
from tools.video.clip import Sampling
from tools.video.errors import VideoError
from tools.video.pyav_reader import PyAVReader
from tools.video.readers import by_part

_QUALITY = 82
_KEPT = 256
"""Pictures kept for who asks again."""


@dataclass(frozen=True)
class Still:
    """One picture and its true presentation time, seconds of the recording."""

    time: float
    jpeg: bytes


def still(recording: Recording, time: float, height: int = 360) -> Still:
    """Return the picture on screen at `time` (seconds of the recording), at most `height` pixels high.

    A time beyond the end gives the last picture. Raises `VideoError` where there is none: sound only, or the file
    is gone or damaged.
    """
    inside = min(max(time, 0.0), max(recording.duration - 0.001, 0.0))
    part, (at,) = next(iter(by_part(recording, [inside])))
    if not part.picture:
        raise VideoError(f"{recording.name} has no picture at {inside:.1f} s")
    found = _read(part, round(at, 3), height)
    return Still(found.time + part.start, found.jpeg)


@lru_cache(_KEPT)
def _read(part: Part, at: float, height: int) -> Still:
    high = min(height, part.height or height)
    wide = high * part.width // part.height if part.height else high * 16 // 9
    sampling = Sampling(fps=1.0, max_pixels=max(4, wide * high))
    for frame in PyAVReader().frames(part, [at], sampling):
        return Still(frame.time, jpeg(frame.image, _QUALITY))
    raise VideoError(f"{part.path} shows no picture at {at:.1f} s")
