"""An extractive account of passages: their most distinctive words in order of time. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from tools.reasoners.base import Passage
from tools.reasoners.reading import Reading, Remark
from tools.reasoners.wording import fold, is_content

_KINDS = {"text": 1.0, "speech": 0.8, "prose": 0.6, "unread": 0.3, "cut": 0.05}
"""Worth of a kind of remark beside its rare words."""


def summarise(passages: Sequence[Passage], most: int) -> str:
    """Return at most `most` characters of the lines that tell most, each once, in order of time."""
    reading = Reading.of(passages)
    found = Counter(stem for remark in _once(reading) for stem in remark.stems)
    kept: list[Remark] = []
    used = 0
    for remark in sorted(_once(reading), key=lambda remark: (-_worth(remark, found), remark.line.start)):
        size = len(_said(remark)) + 2
        if used + size <= most:
            kept.append(remark)
            used += size
    if not kept:
        return "Nothing was read or said."
    kept.sort(key=lambda remark: remark.line.start)
    return "; ".join(_said(remark) for remark in kept)


def _once(reading: Reading) -> list[Remark]:
    return list({remark.key: remark for remark in reversed(reading.remarks)}.values())


def _said(remark: Remark) -> str:
    return (
        f"{remark.heading}: {remark.body}"
        if remark.heading and remark.kind == "text"
        else " ".join(remark.body.split())
    )


def _worth(remark: Remark, found: Counter[str]) -> float:
    """Return how much a remark tells: its kind, and the rarity of its words (squashed: long lines do not win alone)."""
    rare = sum(1 / found[word.stem] for word in remark.words if is_content(word))
    return _KINDS[remark.kind] * math.log1p(rare) if fold(remark.body) else 0.0
