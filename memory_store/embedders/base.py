"""What every embedder offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Embedder(Protocol):
    """Turns texts into vectors whose dot product says how near they are. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Model and version; vectors of another name are never compared with these."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one row of unit length for each text: (n, dimension). Raises `EmbedderError`.

        `query` says that the texts are questions, which some models embed in their own way.
        """
        ...


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows scaled to length 1; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
