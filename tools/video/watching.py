"""Watching stretches of a recording: glanced at more often than frames are kept, from one decode for them all."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory_store.records import Part, Recording
from tools.video.clip import Frame, Sampling
from tools.video.glances import Choice, changed
from tools.video.pyav_reader import Pictures
from tools.video.readers import by_part, in_recording
from tools.video.unchanged import ensure_unchanged


class Stretch(NamedTuple):
    """What is to be looked at: seconds of the recording, and how its frames are chosen (with a scan)."""

    start: float
    end: float
    sampling: Sampling


class Share:
    """One frame for all the pictures that look the same, so that none is held twice or read twice."""

    def __init__(self) -> None:
        self._seen: tuple[NDArray[np.uint8], Frame] | None = None

    def frame(self, luma: NDArray[np.uint8], pictures: Pictures, part: Part) -> Frame:
        """Return the picture on screen, or the frame taken last if nothing has changed since."""
        if self._seen is None or changed(self._seen[0], luma).any():
            self._seen = luma, in_recording(pictures.taken(), part)
        return self._seen[1]


def offer(choices: Sequence[Choice], pictures: Pictures, part: Part, time: float, share: Share) -> bool:
    """Glance at what is on screen at `time` (seconds of the part); False beyond the end of the pictures."""
    glance = pictures.glance(time)
    if glance is None:
        return False
    here = glance._replace(time=glance.time + part.start)
    for choice in choices:
        choice.offer(time + part.start, here, lambda: share.frame(here.luma, pictures, part))
    return True


def watch(recording: Recording, stretches: Sequence[Stretch]) -> Iterator[tuple[int, tuple[Frame, ...]]]:
    """Yield the index and the frames of each stretch as soon as its end is reached, from one decode.

    Frames are as large as the first stretch's sampling says, with times of the recording. A frame that still
    looks the same stands for later ones, so that the first of a stretch may carry a time before its start.
    Who takes slowly holds the decoding up. Raises `VideoError`.
    """
    choices = {index: Choice(*stretch) for index, stretch in enumerate(stretches)}
    due: dict[float, list[Choice]] = {}
    for index, stretch in enumerate(stretches):
        for time in stretch.sampling.glances(stretch.start, stretch.end):
            due.setdefault(time, []).append(choices[index])
    instants, share = sorted(due), Share()
    upcoming = iter(instants)
    for part, times in by_part(recording, instants):
        if not part.picture:
            deque(islice(upcoming, len(times)), maxlen=0)
            continue
        with Pictures(part, stretches[0].sampling) as pictures:
            shown = True
            for time in times:
                instant = next(upcoming)
                for index in [index for index in choices if stretches[index].end <= instant]:
                    ensure_unchanged(part)
                    yield index, choices.pop(index).frames()
                shown = shown and offer(due.pop(instant), pictures, part, time, share)
            ensure_unchanged(part)
    yield from ((index, choice.frames()) for index, choice in choices.items())
