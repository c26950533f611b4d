"""An index of what the pictures look like: vectors of sampled frames, made while the coarse pass has them in hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from memory_store.pictures import Picture
from memory_store.records import Recording, Segment, digest
from tools.video.clip import Frame

if TYPE_CHECKING:
    from tools.live import Live
    from tools.looking import Wanted

EVERY = 2.0
"""Seconds between the pictures that are kept, at least."""
MOST = 32
"""Pictures of one coarse segment that are kept at most."""
_SAME = 3.0
"""Mean difference of luma (0 to 255) up to which a picture adds nothing to the one before."""


def index_pictures(live: Live, wanted: Wanted, frames: Sequence[Frame]) -> None:
    """Keep vectors of a coarse clip's pictures, each standing for the time until the next.

    Done before the clip is captioned, so that no caption stands there without them. Raises `EmbedderError`.
    """
    encoder = live.encoder
    if encoder is None or not frames:
        return
    recording, segment = wanted.recording, wanted.segment
    if indexed(live, recording, segment):
        return
    kept = _chosen(frames)
    vectors = encoder.pictures([frame.image for frame in kept])
    begins = [segment.start, *(frame.time for frame in kept[1:]), segment.end]
    seen = [
        Picture(_id(recording, segment, number), start, max(start, end), vector)
        for number, ((start, end), vector) in enumerate(zip(pairwise(begins), vectors, strict=True))
    ]
    live.memory.put_pictures(recording.id, encoder.name, seen)


def indexed(live: Live, recording: Recording, segment: Segment) -> bool:
    """Tell whether the pictures of a segment are kept: all are put at once, so the first stands for them."""
    first = _id(recording, segment, 0)
    return live.encoder is not None and bool(live.memory.known_pictures(recording.id, live.encoder.name, [first]))


def _id(recording: Recording, segment: Segment, number: int) -> str:
    """Return a picture's id: by footage, so that a recording that grew keeps what it had."""
    spans = [(s.part, round(s.start * 1000), round(s.end * 1000)) for s in recording.spans(segment.start, segment.end)]
    return digest(f"picture {spans} {number}")


def _chosen(frames: Sequence[Frame]) -> list[Frame]:
    """Return frames that differ, `EVERY` seconds apart or more, at most `MOST`; the first is always among them."""
    kept = [frames[0]]
    for frame in frames[1:]:
        if frame.time - kept[-1].time >= EVERY - 1e-3 and _differ(kept[-1], frame):
            kept.append(frame)
    step = len(kept) / MOST
    return kept if step <= 1 else [kept[int(number * step)] for number in range(MOST)]


def _differ(one: Frame, other: Frame) -> bool:
    from tools.captioners.picture import luma

    if one.image.shape != other.image.shape:
        return True
    return float(np.abs(luma(one.image).astype(np.int16) - luma(other.image).astype(np.int16)).mean()) > _SAME
