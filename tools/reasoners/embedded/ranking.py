"""Which passages matter for a question: words, meaning, memory's own ranking, and cues of unread text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tools.reasoners.base import Passage
from tools.reasoners.embedded.cover import is_soft
from tools.reasoners.embedded.meaning import Meaning
from tools.reasoners.embedded.question import Asked
from tools.reasoners.embedded.reading import Reading
from tools.reasoners.embedded.wording import MEDIUM_STEMS, Word, is_content, met, words

_FUSE = 10
"""Constant of reciprocal rank fusion; small, since a question has few good passages."""
_CUE, _BLANK_CUE = 1.5, 0.4
"""Worth, in matched words, of a heading that goes with the question over unread text, and of any unread text."""
_SPARE_LINES = 400
"""Lines beyond which meaning is left to memory's own ranking: a whole day is not embedded for one question."""


@dataclass(frozen=True)
class Ranked:
    """A passage, its fused score, and why it stands where it does."""

    passage: Passage
    score: float
    words: float
    cue: float

    @property
    def reason(self) -> str:
        if self.cue >= 1:
            return "small text under a matching heading"
        return "words of the question" if self.words else "nearest in meaning"


def rank(asked: Asked, passages: Sequence[Passage], meaning: Meaning) -> list[Ranked]:
    """Return the passages, best first; equal ones in order of time."""
    readings = {index: Reading.of([passage]) for index, passage in enumerate(passages)}
    # Words about the medium decide nothing about support, but a question may well mean the slide so called.
    wanted = {word for word in words(asked.text) if is_content(word) or word.stem in MEDIUM_STEMS}
    weights = {word: _rarity(word, list(readings.values())) for word in wanted}
    matched = [_matched(weights, readings[index]) for index in range(len(passages))]
    cues = [_cue(weights, readings[index], passage) for index, passage in enumerate(passages)]
    lexical = [word_score + cue for word_score, cue in zip(matched, cues, strict=True)]
    semantic = _semantic(asked, passages, meaning)
    fused = _fused([lexical, semantic], [2.0, 1.0])
    made = [Ranked(*item) for item in zip(passages, fused, matched, cues, strict=True)]
    return sorted(made, key=lambda item: (-item.score, item.passage.start))


def _rarity(word: Word, readings: Sequence[Reading]) -> float:
    """Return the inverse document frequency of a word over the passages; half for a soft word."""
    having = sum(bool(_hit(word, reading.stems)) for reading in readings)
    light = is_soft(word) or not is_content(word)
    return (0.3 if light else 1.0) * math.log(1 + (len(readings) + 1) / (1 + having))


def _hit(word: Word, stems: frozenset[str]) -> float:
    if word.stem in stems:
        return 1.0
    return 0.8 if met(word.stem, stems) else 0.0


def _matched(weights: dict[Word, float], reading: Reading) -> float:
    """Return the best screen's matched weight, and a little for what the rest of the passage matches."""
    if not weights:
        return 0.0
    screens = [frozenset().union(*(remark.all_stems for remark in group)) for group in reading.screens.values()]
    best = max((sum(weight * _hit(word, stems) for word, weight in weights.items()) for stems in screens), default=0.0)
    return best + 0.2 * sum(weight * _hit(word, reading.stems) for word, weight in weights.items())


def _cue(weights: dict[Word, float], reading: Reading, passage: Passage) -> float:
    """Return the bonus of unread text, higher where its heading goes with the question."""
    unread = [remark for remark in reading.remarks if remark.kind == "unread"]
    if not unread and not passage.extra.get("unread"):
        return 0.0
    heading = frozenset().union(*(remark.heading_stems for remark in unread)) if unread else frozenset()
    share = max((_hit(word, heading) for word in weights if not is_soft(word)), default=0.0)
    return _CUE * share * max(weights.values(), default=1.0) if share else _BLANK_CUE


def _semantic(asked: Asked, passages: Sequence[Passage], meaning: Meaning) -> list[float]:
    """Return memory's own scores where it gave any, else the likeness of each passage's best line."""
    if any(passage.score for passage in passages):
        return [passage.score for passage in passages]
    lines = [(index, line.text) for index, passage in enumerate(passages) for line in passage.lines]
    if not lines or len(lines) > _SPARE_LINES:
        return [0.0] * len(passages)
    best = [0.0] * len(passages)
    for (index, _), likeness in zip(lines, meaning.likeness(asked.text, [text for _, text in lines]), strict=True):
        best[index] = max(best[index], likeness)
    return best


def _fused(lists: Sequence[Sequence[float]], weights: Sequence[float]) -> list[float]:
    """Fuse scores by reciprocal ranks (Cormack et al., 2009); equal scores share a rank, zero earns nothing."""
    total = [0.0] * len(lists[0])
    for scores, weight in zip(lists, weights, strict=True):
        for index, score in enumerate(scores):
            if score > 0:
                total[index] += weight / (_FUSE + sum(other > score for other in scores))
    return total
