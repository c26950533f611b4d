"""Whether two words mean the same, by an embedder whose scale is measured first."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from tools.reasoners.embedded.wording import fold

_SAME = ("car automobile", "doctor physician", "repair fix", "purchase buy", "quick fast", "forest woods",
         "begin start", "children kids", "salary wages", "ship vessel", "bike bicycle", "price cost")  # fmt: skip
_SIBLINGS = ("cheese bread", "milk butter", "france spain", "april march", "pilot flight", "paint canvas",
              "sugar flour", "open close", "adult child",
              "phone email", "monday friday", "author title", "bergen oslo")  # fmt: skip
_UNRELATED = ("car banana", "doctor river", "salary pizza", "price window", "country chef", "animal film",
              "mayor library", "storm sand", "wedding revenge", "password hours", "referee team")  # fmt: skip
_MARGIN = 0.02
_KEPT = 20_000


class Embeds(Protocol):
    """What the reasoner needs of an embedder: rows of unit length, float32 (n, d)."""

    def embed(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return one unit vector for each text."""
        ...


class Meaning:
    """Nearness of words and lines by vectors. Safe to call from several threads."""

    def __init__(self, embedder: Embeds) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, bool], NDArray[np.float32]] = {}
        self._lock = threading.Lock()
        self._levels: tuple[float, float] | None = None

    def vectors(self, texts: Sequence[str], query: bool = False) -> NDArray[np.float32]:
        """Return the vectors of `texts` (n, d), each embedded once."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if (text, query) not in self._known]
            if missing:
                if len(self._known) > _KEPT:
                    self._known.clear()
                    missing = list(dict.fromkeys(texts))
                made = np.asarray(self._embedder.embed(missing, query=query), np.float32)
                self._known.update(((text, query), row) for text, row in zip(missing, made, strict=True))
            return np.stack([self._known[text, query] for text in texts])

    def same(self, word: str, others: Iterable[str]) -> bool:
        """Tell whether a synonym of `word` is among `others`, as far as the embedder can tell synonyms at all."""
        return self._nearest(word, others) >= self._measured()[0]

    def member(self, kind: str, words: Iterable[str]) -> bool:
        """Tell whether one of `words` is plausibly a `kind` (an animal, a country)."""
        return self._nearest(kind, words) >= self._measured()[1]

    def likeness(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return the likeness of each text to the question (cosine)."""
        if not texts:
            return []
        return [float(x) for x in self.vectors(texts) @ self.vectors([question], query=True)[0]]

    def _nearest(self, word: str, others: Iterable[str]) -> float:
        rest = [other for other in dict.fromkeys(fold(other) for other in others) if other.isalpha() and len(other) > 2]
        if not rest or self._measured()[1] > 1:
            return 0.0
        return float(np.max(self.vectors(rest) @ self.vectors([fold(word)])[0]))

    def _measured(self) -> tuple[float, float]:
        """Return the cosine from which words are synonyms, and from which one is a kind of the other.

        Scales differ between embedders, so both come from pairs of plain words. An embedder that puts
        most synonyms below words that merely belong together knows letters, not meaning: then neither
        is ever reached.
        """
        if self._levels is None:
            same, siblings, unrelated = (self._pairs(pairs) for pairs in (_SAME, _SIBLINGS, _UNRELATED))
            knows = float(np.median(same)) > float(np.max(siblings))
            high = float(np.max(siblings)) + _MARGIN
            low = float(np.max(unrelated)) + 3 * _MARGIN
            self._levels = (high, min(low, high)) if knows else (2.0, 2.0)
        return self._levels

    def _pairs(self, pairs: Sequence[str]) -> NDArray[np.float32]:
        left, right = zip(*(pair.split() for pair in pairs), strict=True)
        made: Any = (self.vectors(left) * self.vectors(right)).sum(axis=1)
        return np.asarray(made, np.float32)
