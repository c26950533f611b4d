"""Which stretches each sense speaks for, and one score for them all: reciprocal rank fusion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from memory_store.errors import EmbedderError
from memory_store.index import By
from memory_store.records import LEVELS, SPEECH, TEXT, Caption

if TYPE_CHECKING:
    from tools.live import Live

SENSES = ("meaning", "words", "speech", "text")
"""Meaning and words of captions, words said, text on screen; the setting `senses` may leave some out."""

K = 60
"""Of reciprocal rank fusion (Cormack et al., 2009): a rank counts 1 / (K + rank), so no sense outshouts the others."""
_LISTED = 100
"""Stretches a sense ranks at most."""
_SPOKEN = 20
"""Rank up to which a sense is said to speak for a stretch."""


class Stretch(NamedTuple):
    """A stretch of a recording, in seconds."""

    recording: str
    start: float
    end: float


@dataclass(frozen=True)
class Sensed:
    """What the senses find for a question: for each its stretches, best first."""

    ranked: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)

    def score(self, recording: str, start: float, end: float) -> float:
        """Return the fused score of a stretch: what each sense gives the best of its own that reaches into it."""
        ranks = (self._rank(sense, recording, start, end) for sense in self.ranked)
        return sum(1 / (K + rank) for rank in ranks if rank)

    def of(self, recording: str, start: float, end: float) -> tuple[str, ...]:
        """Return the senses that rank something in this stretch among their best."""
        ranks = ((sense, self._rank(sense, recording, start, end)) for sense in self.ranked)
        return tuple(sense for sense, rank in ranks if 0 < rank <= _SPOKEN)

    def _rank(self, sense: str, recording: str, start: float, end: float) -> int:
        """Return the rank from 1 of the best stretch that reaches in, or 0."""
        for rank, own in enumerate(self.ranked[sense], start=1):
            if own.recording == recording and own.start < end and own.end > start:
                return rank
        return 0


def sense(live: Live, recordings: Sequence[str], query: str, captions: Mapping[str, Caption]) -> Sensed:
    """Return what each sense that the settings allow finds for `query` among `captions` (by id).

    A sense without vectors (the embedder cannot be reached) falls silent; the others still speak.
    """
    depths = {id for id, caption in captions.items() if caption.level in LEVELS}
    by_level = {level: {id for id, c in captions.items() if c.level == level} for level in (SPEECH, TEXT)}
    asked: dict[str, tuple[set[str], By]] = {
        "meaning": (depths, "meaning"),
        "words": (depths, "words"),
        "speech": (by_level[SPEECH], "both"),
        "text": (by_level[TEXT], "both"),
    }
    ranked: dict[str, Sequence[Stretch]] = {}
    for name in live.settings.senses_used:
        ids, by = asked[name]
        try:
            hits = live.memory.search(recordings, query, k=_LISTED, ids=ids, by=by) if ids else []
        except EmbedderError:
            continue
        # A line knows its own moment: words said for a minute lie in several segments.
        ranked[name] = [Stretch(hit.recording, hit.line.start, hit.line.end) for hit in hits if hit.score > 0]
    return Sensed(ranked)
