"""Frames and clips: what a captioner is given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory_store.records import Segment


class Frame(NamedTuple):
    """One picture: its true presentation time (seconds of the recording) and RGB pixels (H, W, 3) uint8."""

    time: float
    image: NDArray[np.uint8]


@dataclass(frozen=True)
class Sampling:
    """How a segment is turned into frames."""

    fps: float
    max_pixels: int
    """Upper bound of width times height; a smaller picture is never enlarged."""
    multiple: int = 2
    """Width and height are multiples of this (28 or 32 for the Qwen-VL families)."""

    def times(self, start: float, end: float) -> list[float]:
        """Return the instants to sample in `[start, end)`, at least one."""
        count = max(1, math.ceil((end - start) * self.fps - 1e-6))
        return [start + index / self.fps for index in range(count)]

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the (width, height) to decode to: the aspect ratio kept, the area under the cap."""
        scale = min(1.0, math.sqrt(self.max_pixels / (width * height)))
        step = self.multiple
        wide, high = (max(1, math.floor(side * scale / step + 1e-9)) for side in (width, height))
        return wide * step, high * step


@dataclass(frozen=True)
class Clip:
    """The frames of one segment, in order of time, and the words said in it."""

    segment: Segment
    frames: tuple[Frame, ...]
    words: str = ""
