"""An extractive account of passages: their most distinctive words in order of time. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from memory_store.records import LEVELS
from tools.reasoners.base import Passage
from tools.reasoners.embedded.cover import Cover
from tools.reasoners.embedded.extract import Found
from tools.reasoners.embedded.reading import Reading, Remark
from tools.reasoners.embedded.wording import fold, is_content

_KINDS = {"text": 1.0, "speech": 0.8, "prose": 0.6, "unread": 0.3, "sight": 0.05, "cut": 0.05}
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


def account(reading: Reading, prose: bool) -> Found | None:
    """Answer what the video is about by its opening words and those that tell most; None if nothing was read or said.

    `prose`: whether the captioner's own sentences describe what happens, and not only light and colours.
    """
    kinds = {"text", "speech", "prose"} if prose else {"text", "speech"}
    remarks = [remark for remark in _once(reading) if remark.kind in kinds and remark.passage.level in LEVELS]
    if not remarks:
        return None
    found = Counter(stem for remark in remarks for stem in remark.stems)
    first = min(remarks, key=lambda remark: remark.line.start)
    opening = [remark for remark in remarks if remark.screen == first.screen]
    opening = ([remark for remark in opening if not remark.heading] or opening)[:3]
    rest = sorted((r for r in remarks if r not in opening), key=lambda remark: -_worth(remark, found))[:4]
    chosen = [*opening, *sorted(rest, key=lambda remark: remark.line.start)]
    answer = "; ".join(remark.body for remark in chosen)
    also = tuple((remark, remark.body) for remark in chosen[1:])
    return Found(chosen[0], answer, chosen[0].body, Cover({}), "supported", 0.7, also=also)


def _once(reading: Reading) -> list[Remark]:
    found: dict[str, Remark] = {}
    for remark in reading.remarks:
        if remark.body.strip():
            found.setdefault(remark.key, remark)
    return list(found.values())


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
