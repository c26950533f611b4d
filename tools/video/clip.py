"""Frames and clips: what a captioner is given."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from memory_store.records import Segment


class Frame(NamedTuple):
    """One picture: its true presentation time (seconds of the recording) and RGB pixels (H, W, 3) uint8."""

    time: float
    image: NDArray[np.uint8]
    since: float | None = None
    """Where the pictures between were glanced at: from when this one stood still; None while it did not."""

    until: float | None = None
    """Where the pictures between were glanced at: until when this one stood still, if it was seen to go."""

    @property
    def shown_from(self) -> float:
        """Seconds of the recording from which this is known to be on screen."""
        return self.time if self.since is None else self.since


@dataclass(frozen=True)
class Sampling:
    """How a segment is turned into frames."""

    fps: float
    max_pixels: int
    """Upper bound of width times height; a smaller picture is never enlarged."""
    multiple: int = 2
    """Width and height are multiples of this (28 or 32 for the Qwen-VL families)."""
    scan: float = 0.0
    """Pictures glanced at in a second, of which those are kept that show something new; 0: exact times."""

    keys: bool = False
    """Only key frames, and of them no more than the rate; exact times where there are too few of them."""

    @property
    def mode(self) -> str:
        """How frames are chosen, as a caption's id knows it."""
        if self.keys:
            return "keys"
        return f"scan {self.scan:g}" if self.scan else "exact"

    def times(self, start: float, end: float) -> list[float]:
        """Return the instants to sample in `[start, end)`, at least one."""
        count = max(1, math.ceil((end - start) * self.fps - 1e-6))
        return [start + index / self.fps for index in range(count)]

    def glances(self, start: float, end: float) -> list[float]:
        """Return the instants to glance at in `[start, end)`, or to sample where there is no scan; at least one."""
        return replace(self, fps=self.scan or self.fps).times(start, end)

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Return the (width, height) to decode to: the aspect ratio kept, the area under the cap."""
        scale = min(1.0, math.sqrt(self.max_pixels / (width * height)))
        step = self.multiple
        wide, high = (max(1, math.floor(side * scale / step + 1e-9)) for side in (width, height))
        # Where one side cannot be as small as it should, the other yields.
        cells = max(1, self.max_pixels // step**2)
        return min(wide, max(1, cells // high)) * step, min(high, max(1, cells // wide)) * step


@dataclass(frozen=True)
class Clip:
    """The frames of one segment, in order of time, and the words said in it."""

    segment: Segment
    frames: tuple[Frame, ...]
    words: str = ""
    sampling: Sampling | None = None
    """How the frames were chosen, where the captioner should know."""
