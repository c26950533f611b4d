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

K = 10
"""Of reciprocal rank fusion (Cormack et al., 2009): a rank counts 1 / (K + rank). Their 60 suits long lists of one
kind; here most of what is ranked has nothing to do with the question, and a small K lets the first few speak."""
_LISTED = 100
"""Captions that meaning and words rank at most."""
_SPOKEN = 20
"""Rank up to which a sense is said to speak for a stretch."""


class Stretch(NamedTuple):
    """A stretch of a recording, in seconds, and what the rank it has is worth."""

    recording: str
    start: float
    end: float
    worth: float


@dataclass(frozen=True)
class Sensed:
    """What the senses find for a question: the stretches of each."""

    stretches: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)

    def score(self, recording: str, start: float, end: float) -> float:
        """Return the fused score of a stretch: of each sense the best of its own that reaches into it."""
        return sum(self._worth(sense, recording, start, end) for sense in self.stretches)

    def of(self, recording: str, start: float, end: float) -> tuple[str, ...]:
        """Return the senses that rank something in this stretch among the best."""
        least = 1 / (K + _SPOKEN)
        return tuple(sense for sense in self.stretches if self._worth(sense, recording, start, end) >= least)

    def _worth(self, sense: str, recording: str, start: float, end: float) -> float:
        own = (s.worth for s in self.stretches[sense] if s.recording == recording and s.start < end and s.end > start)
        return max(own, default=0.0)


def sense(live: Live, recordings: Sequence[str], query: str, captions: Mapping[str, Caption]) -> Sensed:
    """Return what the senses that the settings allow find for `query` among `captions` (by id).

    Meaning and words each rank all captions, words said and text on screen together, so that a sense that knows
    nothing of the matter takes no first place. Where the embedder cannot be reached nothing is found.
    """
    used = live.settings.senses_used
    levels = {SPEECH: "speech", TEXT: "text"}
    silent = {level for level, name in levels.items() if name not in used}
    ids = {id for id, caption in captions.items() if caption.level not in silent and caption.level in _RANKED}
    found: dict[str, dict[str, Stretch]] = {}
    for by in _BY:
        if by not in used or not ids:
            continue
        try:
            hits = live.memory.search(recordings, query, k=_LISTED, ids=ids, by=by)
        except EmbedderError:
            continue
        for rank, hit in enumerate((hit for hit in hits if hit.score > 0), start=1):
            own = found.setdefault(levels.get(captions[hit.caption].level, by), {})
            known = own.get(hit.caption)
            # A line knows its own moment: words said for a minute lie in several segments.
            own[hit.caption] = Stretch(
                hit.recording, hit.line.start, hit.line.end, 1 / (K + rank) + (known.worth if known else 0.0)
            )
    sensed: dict[str, Sequence[Stretch]] = {name: list(own.values()) for name, own in found.items()}
    return Sensed(sensed | ({"pictures": _pictured(live, recordings, query)} if "pictures" in used else {}))


def _pictured(live: Live, recordings: Sequence[str], query: str) -> list[Stretch]:
    """Return the stretches whose pictures look most like the query; nothing without a visual index."""
    if live.encoder is None:
        return []
    try:
        (vector,) = live.encoder.words([query])
        seen = live.memory.nearest_pictures(recordings, live.encoder.name, vector, k=_SPOKEN)
    except EmbedderError:
        return []
    return [Stretch(s.recording, s.start, s.end, 1 / (K + rank)) for rank, s in enumerate(seen, start=1)]


_BY: tuple[By, ...] = ("meaning", "words")
_RANKED = (*LEVELS, SPEECH, TEXT)
