"""Things of one even colour that stand out from what is around them: their colour, their shape and their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.boxes import Box
from tools.captioners.outlines import shape_of
from tools.captioners.picture import TONES, Image, colour_name

_WIDEST = 0.12
"""Share of the picture from which a patch is background."""
_EDGE = 10
"""Difference of a channel between neighbouring pixels from which an edge runs there; compression leaves less."""
_LOW, _FEW = 4, 12
"""Pixels of a side, and of an area, under which a patch is a speck."""
_EVEN = 14.0
"""Distance from the middle tone, in RGB, within which most of a patch lies: what is textured is no single thing."""
_APART = 70.0
"""Distance in RGB between a thing and what is around it, at least."""
_MOST = 6
"""Things of one picture; where there are more, they are a pattern."""
_TELLING = 0.05
"""Share of the picture from which a thing is told that is black, grey or white, or of no plain shape."""
_SMALL = 0.08
"""Share under which a thing is told only before an even ground: a leaf in a wood is none."""
_CROWD = 150
"""Patches of a picture from which it is a photograph, whose small ones are leaves and pebbles."""
_MARGIN, _REACH = 6, 0.2
"""Pixels around a patch, and share of its size, within which its edges and points lie: beyond is what is around it."""


@dataclass(frozen=True)
class Thing:
    """An evenly coloured thing in one picture; lengths as shares of the picture's width or height."""

    colour: str
    shape: str
    """`circle`, `oval`, `square`, `rectangle`, `diamond`, `triangle`, `star`; empty: none of these, or cut off."""
    x: float
    y: float
    """Its middle, from the left and from the top."""
    width: float
    height: float

    @property
    def size(self) -> float:
        return max(self.width, self.height)


def things(image: Image, texts: Sequence[Box] = ()) -> list[Thing]:
    """Return what stands out in `image`, RGB (H, W, 3), largest first; nothing where it is a pattern.

    `texts`: where words stand, whose letters are no things.
    """
    found: list[Thing] = []
    for box, mask in _patches(image):
        if any(_covers(text, box) for text in texts):
            continue
        thing = _thing(image, box, mask)
        if thing and _telling(thing):
            found.append(thing)
            if len(found) > 2 * _MOST:
                return []
    found.sort(key=lambda thing: -thing.width * thing.height)
    return found if len(found) <= _MOST else []


def _telling(thing: Thing) -> bool:
    marks = bool(thing.shape), thing.size >= _TELLING
    return all(marks) if thing.colour in TONES else any(marks)


def _patches(image: Image) -> Iterator[tuple[Box, NDArray[np.bool_]]]:
    """Yield the even patches that may be things: their box, and where in it they are, the edges left out."""
    import cv2

    high, wide = image.shape[:2]
    labels: Any
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_even(image), connectivity=4)
    area, width, height = stats[:, 4], stats[:, 2], stats[:, 3]
    likely = (area >= _FEW) & (area <= _WIDEST * high * wide) & (np.minimum(width, height) >= _LOW)
    likely &= area > 0.2 * width * height
    likely[0] = False
    if likely.sum() > _CROWD:
        likely &= np.maximum(width / wide, height / high) >= _SMALL
    for label in np.flatnonzero(likely):
        left, top, width_, height_, _ = (int(value) for value in stats[label])
        part = labels[top : top + height_, left : left + width_] == label
        yield Box(left, top, left + width_, top + height_), part


def _even(image: Image) -> NDArray[np.uint8]:
    """Return 1 for each pixel that is as its neighbours to the right and below are, 0 on edges."""
    even = np.ones(image.shape[:2], np.uint8)
    # One side of an edge is enough to part two patches, and small things have few pixels to lose.
    even[:, 1:][_steep(image[:, 1:], image[:, :-1])] = 0
    even[1:][_steep(image[1:], image[:-1])] = 0
    return even


def _steep(one: Image, other: Image) -> NDArray[np.bool_]:
    """Tell where any channel of two pictures differs by an edge."""
    import cv2

    red, green, blue = cv2.split(cv2.absdiff(np.ascontiguousarray(one), np.ascontiguousarray(other)))
    return np.asarray(cv2.max(cv2.max(red, green), blue) > _EDGE)


def _covers(text: Box, box: Box) -> bool:
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return text.left <= x <= text.right and text.top <= y <= text.bottom


def _thing(image: Image, box: Box, mask: NDArray[np.bool_]) -> Thing | None:
    """Return the thing that a patch is, None if it is textured or blends into what is around it."""
    high, wide = image.shape[:2]
    left, top, right, bottom = (int(side) for side in box)
    own = image[top:bottom, left:right][mask].astype(np.float32)
    tone = np.median(own, axis=0)
    if _spread(own, tone) > _EVEN:
        return None
    margin = _MARGIN + round(_REACH * max(right - left, bottom - top))
    low, up = max(0, left - margin), max(0, top - margin)
    around = image[up : bottom + margin, low : right + margin].astype(np.float32)
    outside = np.ones(around.shape[:2], bool)
    outside[top - up : top - up + mask.shape[0], left - low : left - low + mask.shape[1]] = ~_grown(mask)
    rim = np.zeros_like(outside)
    rim[[0, -1], :] = rim[:, [0, -1]] = True
    beyond = around[outside & rim] if (outside & rim).any() else around[outside]
    if not len(beyond):
        return None
    ground = np.median(beyond, axis=0)
    gap = float(np.linalg.norm(tone - ground))
    # All around, and not only on one side: a roof against the sky is no thing of its own.
    if gap < _APART or np.mean(np.linalg.norm(beyond - tone, axis=1) > _APART / 2) < 0.85:
        return None
    if max((right - left) / wide, (bottom - top) / high) < _SMALL and _spread(beyond, ground) > _EVEN:
        return None
    whole = left > 0 and top > 0 and right < wide and bottom < high
    share = (around - ground) @ (tone - ground) / gap**2
    return Thing(
        colour_name(tone),
        shape_of(share.astype(np.float32)) if whole else "",
        (left + right) / 2 / wide,
        (top + bottom) / 2 / high,
        (right - left) / wide,
        (bottom - top) / high,
    )


def _spread(pixels: NDArray[np.float32], middle: NDArray[np.float32]) -> float:
    """Return how far most pixels are from the middle tone."""
    return float(np.quantile(np.linalg.norm(pixels - middle, axis=1), 0.8))


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a mask with the pixels right beside it."""
    import cv2

    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool))
