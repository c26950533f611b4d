"""What every encoder of pictures and words offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Encoder(Protocol):
    """Puts pictures and words into one space. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Model and version; vectors of another name are never compared with these."""
        ...

    def pictures(self, images: Sequence[NDArray[np.uint8]]) -> Floats:
        """Return one row of unit length for each RGB picture (H, W, 3): (n, dimension). Raises `EmbedderError`."""
        ...

    def words(self, texts: Sequence[str]) -> Floats:
        """Return one row of unit length for each text: (n, dimension). Raises `EmbedderError`."""
        ...
