"""Choosing the pictures worth keeping among many glanced at: those that came to rest, and some of what moves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tools.video.clip import Frame, Sampling

BLOCK = 8
"""Side of a block in pixels: about the height of the smallest letters that can be read."""
CHANGED = 12.0
"""Mean luma difference of a block; compression noise stays under 5, a letter that appears is over 20."""
SETTLED = 3
"""Glances in which a block must look the same to stand still."""
STILL = 0.9
"""Share of a picture that must stand still for it to have come to rest; a speaker in a corner may go on moving."""
PASSING = 3
"""Pictures kept of something that begins to move, beside those at the regular instants."""
MOST_PASSING = 0.3
"""Share of a picture that differs from the glance before, from which it is no thing that passes."""
HELD = 100_000_000
"""Pixels of all the frames kept of one segment (300 MB of them): large pictures are kept at a lower rate."""

_GLANCED = 512 * 28 * 28
"""Pixel cap of a glance."""
_EDGES = 3.0
"""Mean luma difference between neighbours in a block from which it is not empty."""
_EPSILON = 1e-6


class Glance(NamedTuple):
    """What a glance takes in: the picture's presentation time (seconds) and its luma (H, W) uint8."""

    time: float
    luma: NDArray[np.uint8]


def glance_size(sampling: Sampling, width: int, height: int) -> tuple[int, int]:
    """Return the (width, height) at which a picture is glanced at: whole blocks, no larger than it is kept."""
    cap = replace(sampling, max_pixels=min(sampling.max_pixels, _GLANCED), multiple=BLOCK)
    return cap.size(width, height)


def block_means(values: NDArray[Any]) -> NDArray[np.float32]:
    """Return the mean of each block of (H, W) values; what is left over at the edges does not count."""
    high, wide = (max(1, side // BLOCK) for side in values.shape)
    rows, columns = values.shape[0] // high, values.shape[1] // wide
    trimmed = values[: high * rows, : wide * columns]
    return np.asarray(trimmed.reshape(high, rows, wide, columns).mean(axis=(1, 3), dtype=np.float32), np.float32)


def changed(before: NDArray[np.uint8] | None, after: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell of each block whether it differs between two glances; all do where the sizes are not the same."""
    if before is None or before.shape != after.shape:
        return np.ones((max(1, after.shape[0] // BLOCK), max(1, after.shape[1] // BLOCK)), bool)
    return block_means(np.maximum(before, after) - np.minimum(before, after)) > CHANGED


class _Rest:
    """How long each block of the picture has stood still, in glances."""

    def __init__(self) -> None:
        self._anchor: NDArray[np.uint8] | None = None
        self._age: NDArray[np.int32] = np.zeros((0, 0), np.int32)

    def look(self, luma: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Take in one more glance and return which blocks stand still."""
        moved = changed(self._anchor, luma)
        if self._anchor is None or self._anchor.shape != luma.shape:
            self._anchor, self._age = luma.copy(), np.ones(moved.shape, np.int32)
        elif moved.any():
            # A block is compared with how it looked when it came to rest, so that what drifts slowly is not at rest.
            self._anchor = _with(self._anchor, luma, moved)
            self._age = np.where(moved, 1, self._age + 1)
        else:
            self._age = self._age + 1
        return self._age >= SETTLED


def _with(old: NDArray[np.uint8], new: NDArray[np.uint8], blocks: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return `old` with these blocks as they are in `new`."""
    rows, columns = new.shape[0] // blocks.shape[0], new.shape[1] // blocks.shape[1]
    over = np.repeat(np.repeat(blocks, rows, axis=0), columns, axis=1)
    high, wide = over.shape
    made = old.copy()
    made[:high, :wide][over] = new[:high, :wide][over]
    return made


def _inked(luma: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell of each block whether there is anything in it: edges, and not an even tone."""
    across = np.zeros(luma.shape, np.uint8)
    across[:, 1:] = np.maximum(luma[:, 1:], luma[:, :-1]) - np.minimum(luma[:, 1:], luma[:, :-1])
    return block_means(across) > _EDGES


@dataclass
class _Kept:
    time: float
    """Presentation time, seconds of the recording; that of the frame may be earlier, where it stands for many."""
    frame: Frame
    news: int = 0
    """Blocks in which something came to rest, an empty one not counted; 0 where the picture moves."""

    @property
    def resting(self) -> bool:
        return self.frame.since is not None


class Choice:
    """The frames kept of one stretch, from glances in order of time.

    Kept are the picture in which something new has come to rest, once it has; the first pictures of something that
    begins to move; and at the regular instants of the sampling what differs from the picture kept last. Never more
    than the sampling's rate gives the stretch are held, nor more than `HELD` pixels: too many, and those with the
    least news go first, of them those close to others.
    """

    def __init__(self, start: float, end: float, sampling: Sampling) -> None:
        """`start` and `end` in seconds of the recording; `sampling` has a scan."""
        self._regular = deque(sampling.times(start, end))
        self._most = len(self._regular)
        self._rest = _Rest()
        self._past: deque[float] = deque(maxlen=SETTLED)
        self._kept: list[_Kept] = []
        self._last: NDArray[np.uint8] | None = None
        self._rested: NDArray[np.uint8] | None = None
        self._standing: _Kept | None = None
        self._glanced: NDArray[np.uint8] | None = None
        self._passing = 0

    def offer(self, at: float, glance: Glance, take: Callable[[], Frame]) -> None:
        """Take in the glance at the instant `at`; `take` gives the picture in full, if it is wanted."""
        self._past.append(glance.time)
        still = self._rest.look(glance.luma)
        self._note_motion(glance.luma)
        due = False
        while self._regular and at >= self._regular[0] - _EPSILON:
            self._regular.popleft()
            due = True
        resting = still.mean() >= STILL
        fresh = still & changed(self._rested, glance.luma)
        passes = self._passes()
        if resting and fresh.any():
            self._keep_rested(glance, take(), int((fresh & _inked(glance.luma)).sum()))
            # What has not come to rest yet is news when it does.
            known = self._rested if self._rested is not None else np.bitwise_xor(glance.luma, np.uint8(128))
            self._rested = _with(known, glance.luma, still)
        elif (due or passes) and changed(self._last, glance.luma).any():
            # Something that passes before a still picture is news; one more picture of a scene in motion is not.
            self._keep(_Kept(glance.time, take(), news=int(resting and passes)), glance)
        if not resting:
            # What comes to rest after motion is new, even if it is what was there before.
            self._rested = None
            self._goes(glance.time)

    def _passes(self) -> bool:
        """Tell whether something has just begun to move: two pictures of it show which way, however soon it is gone."""
        return 1 < self._passing <= 1 + PASSING

    def _note_motion(self, luma: NDArray[np.uint8]) -> None:
        """Count the glances in a row that differ from the one before, but not so much that the scene changed."""
        share = changed(self._glanced, luma).mean()
        self._passing = self._passing + 1 if 0 < share < MOST_PASSING else 0
        self._glanced = luma

    def frames(self) -> tuple[Frame, ...]:
        """Return what was kept, in order of time."""
        return tuple(kept.frame for kept in self._kept)

    def _goes(self, time: float) -> None:
        """Note that what stood still no longer does."""
        if self._standing:
            self._standing.frame = self._standing.frame._replace(until=time)
            self._standing = None

    def _keep_rested(self, glance: Glance, frame: Frame, news: int) -> None:
        since = self._past[0]
        if self._kept:
            last = self._kept[-1]
            if not last.resting and last.time >= since and not changed(self._last, glance.luma).any():
                # The same picture, caught before it was known to rest.
                self._kept.pop()
            else:
                since = next((time for time in self._past if time > last.time), glance.time)
        self._goes(since)
        self._standing = _Kept(glance.time, frame._replace(since=since, until=None), news)
        self._keep(self._standing, glance)

    def _keep(self, kept: _Kept, glance: Glance) -> None:
        self._last = glance.luma
        self._kept.append(kept)
        high, wide = kept.frame.image.shape[:2]
        if len(self._kept) > min(self._most, max(1, HELD // (high * wide))):
            del self._kept[self._least()]

    def _least(self) -> int:
        """Return the index of the kept frame that can be spared best."""

        def gap(index: int) -> float:
            before = self._kept[index - 1].time if index else float("-inf")
            after = self._kept[index + 1].time if index + 1 < len(self._kept) else self._kept[index].time
            return after - before

        return min(range(len(self._kept)), key=lambda index: (self._kept[index].news, gap(index)))
