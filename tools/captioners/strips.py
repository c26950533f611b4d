"""Large pictures are read in strips as wide as they are, so that small letters are not shrunk and no row is cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.captioners.boxes import Box, Word

Recognise = Callable[[NDArray[np.uint8]], list[Word]]

WHOLE = 1280 * 736
"""Pixels up to which a picture is read in one piece. The detector finds less in larger ones, and takes longer."""
HEIGHT = 540
"""Height of a strip in pixels."""
OVERLAP = 72
"""Pixels two strips share: a text that is lower stands whole in one of them."""
TALL = 48
"""Pixels from which a text is read in the picture as a whole, made smaller; lower ones in the strips."""

_EDGE = 3
"""Pixels from a cut within which a text may be torn by it."""
_COVERED = 0.5
"""Share of the smaller of two boxes that lies in the other, from which they hold the same text."""


def cuts(height: int) -> list[tuple[int, int]]:
    """Return the top and bottom rows of strips that cover `height` pixels, each as high as the others."""
    count = max(1, -(-(height - OVERLAP) // (HEIGHT - OVERLAP)))
    step = (height - OVERLAP) / count
    return [(round(index * step), min(height, round((index + 1) * step) + OVERLAP)) for index in range(count)]


def read_large(image: NDArray[np.uint8], recognise: Recognise) -> list[Word]:
    """Return the texts of `image` (H, W, 3), boxes in its pixels: tall ones from the whole, the rest from strips."""
    import cv2

    high, wide = image.shape[:2]
    scale = (WHOLE / (high * wide)) ** 0.5
    small: Any = cv2.resize(image, (round(wide * scale), round(high * scale)), interpolation=cv2.INTER_AREA)
    found = [word for word in _moved(recognise(small), 1 / scale, 0) if word.box.height >= TALL]
    for top, bottom in cuts(high):
        for word in _moved(recognise(image[top:bottom]), 1, top):
            torn = word.box.top < top + _EDGE and top > 0 or word.box.bottom > bottom - _EDGE and bottom < high
            if not torn and not any(_same_place(word.box, known.box) for known in found):
                found.append(word)
    return found


def _moved(words: list[Word], scale: float, down: int) -> list[Word]:
    return [
        word._replace(box=Box(*(side * scale + (down if at % 2 else 0) for at, side in enumerate(word.box))))
        for word in words
    ]


def _same_place(one: Box, other: Box) -> bool:
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    if wide <= 0 or high <= 0:
        return False
    return wide * high > _COVERED * min(box.height * (box.right - box.left) for box in (one, other))
