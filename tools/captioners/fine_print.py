"""Finding rows of print too small for the text detector: rows of dense marks with nothing above and below them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.captioners.boxes import Box

_WIDTH = 32
"""Pixels of the windows a picture is searched in."""
_MARK = 4.0
"""Luma by which one side of a stroke, at least, differs from it."""
_DENSE, _EMPTY = 0.3, 0.06
"""Share of a window's row that is strokes: in print at least, and at most in the empty rows around it. Measured: so a
page of 12-pixel letters shows in a coarse frame even of a picture of 2160 rows, and the small print of all 220 frames
of the lecture that have any; in 1,687 other frames of films and drawings nothing does."""
_HIGHEST = 6
"""Pixels; higher rows are found by the text detector."""
_MARGIN = 1
"""Pixels of a row's edge that may be half print, half paper."""
_LEAST = 2
"""Windows of print without which a picture has none: one may be a twig."""


def print_rows(luma: NDArray[np.float32]) -> list[Box]:
    """Return the boxes of rows of small print in a picture's luma (H, W), a window wide each."""
    step = np.diff(luma, axis=1)
    # Strokes go down and up again; the edge of a shape goes one way, however long it is.
    marks = (step[:, :-2] * step[:, 1:-1] < -(_MARK**2)) | (step[:, :-2] * step[:, 2:] < -(_MARK**2))
    count = marks.shape[1] // _WIDTH
    if not count:
        return []
    share = marks[:, : count * _WIDTH].reshape(len(marks), count, _WIDTH).mean(axis=2)
    found = [
        Box(column * _WIDTH, top, (column + 1) * _WIDTH, bottom)
        for column in range(count)
        for top, bottom in _bands(share[:, column])
    ]
    return found if len(found) >= _LEAST else []


def _bands(share: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return first row and end of each run of dense rows that is low and stands between empty rows."""
    dense = np.flatnonzero(share >= _DENSE)
    if not len(dense):
        return []
    runs = np.split(dense, np.flatnonzero(np.diff(dense) > 1) + 1)
    bands = []
    for run in runs:
        top, bottom = int(run[0]), int(run[-1]) + 1
        above = share[max(0, top - 2 - _MARGIN) : max(0, top - _MARGIN)]
        below = share[bottom + _MARGIN : bottom + _MARGIN + 2]
        if bottom - top <= _HIGHEST and len(above) == len(below) == 2 and max(*above, *below) <= _EMPTY:
            bands.append((top, bottom))
    return bands
