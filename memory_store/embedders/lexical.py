"""An embedder that needs no files: words and their letter n-grams, hashed into a fixed number of places.

It finds what shares words or parts of words (`depart`, `departure`), never what only means the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from memory_store.embedders.base import unit

_WORD = re.compile(r"\w+")
_GRAMS = (3, 4)
_GRAM_WEIGHT = 0.35
"""A word has as many n-grams as letters; together they weigh about as much as the word itself."""


class Lexical:
    """Hashed words and letter n-grams (feature hashing, Weinberger et al. 2009)."""

    name = "lexical-1"
    dimension = 512

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one row of unit length for each text: (n, 512)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for feature, weight in _features(text).items():
                # Not hash(): it differs from process to process. The sign makes collisions cancel out.
                code = crc32(feature.encode())
                row[(code >> 1) % self.dimension] += weight if code & 1 else -weight
        return unit(vectors)


def _features(text: str) -> dict[str, float]:
    counts: Counter[str] = Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
    features: dict[str, float] = {}
    for word, count in counts.items():
        # Short words are mostly articles and prepositions; digits tell much at any length.
        weight = float(np.log1p(count)) * (0.3 if len(word) < 4 and not any(c.isdigit() for c in word) else 1.0)
        features[word] = features.get(word, 0.0) + weight
        for gram in _ngrams(word):
            features["#" + gram] = features.get("#" + gram, 0.0) + weight * _GRAM_WEIGHT
    return features


def _ngrams(word: str) -> Iterator[str]:
    framed = f"<{word}>"
    for size in _GRAMS:
        for at in range(len(framed) - size + 1):
            yield framed[at : at + size]
