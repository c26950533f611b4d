"""Which segments may be looked at again: never one that was looked at, the most promising first."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from memory_store.records import LEVELS, Caption, Segment
from nodes.shown import deepest
from nodes.state import State
from nodes.view import NOTED, View, depth
from tools.live import Live
from tools.reasoners.base import Passage
from tools.senses.ranking import Sensed

OFFERED = 40
"""Segments a prompt lists at most; the reasoner may name others."""
FRUITLESS = 2
"""Looks into one coarse segment (at it, and at a part of it) after which its parts have no precedence any more. In
`videolucy eval localise --synthetic 100` without it most looks of the rounds 3 to 5 went into parts of segments that
the judge had named wrongly, while others were never looked at."""


def candidates(shown: View, state: State, live: Live, sensed: Sensed | None = None) -> tuple[Passage, ...]:
    """Return the segments that may be looked at again, most promising first.

    Every segment that has a caption is one, unless it was looked at for this question already: it then gives
    way to its parts. Left out is what cannot be seen more finely (an ultra-fine segment described at its own
    depth), what lies below the `deepest` level allowed, and, in the paper's way, what was not judged relevant.
    Segments still to be covered come first, then those that the question names by time, then what was judged
    relevant and its parts, in the order in which the senses together rank them (`sensed`). Two looks into a relevant
    segment that left the question open are enough for its precedence: what is left of it stands among the others.
    """
    sensed = sensed or Sensed()
    seen = {looked["segment"] for looked in state.get("looked", [])}
    cover, relevant = set(state.get("cover", [])), set(state.get("relevant", []))
    looks = Counter(_coarse(address) for address in seen)
    only = relevant if live.settings.sparse != "no" else set()
    promising = {address for address in relevant if only or looks[address] < FRUITLESS}
    offered: dict[str, tuple[tuple[float, ...], Passage]] = {}
    for caption in deepest(c for c in shown.captions.values() if c.level not in NOTED):
        address = shown.address(caption)
        segment = shown.outline.plan(caption.recording).find(caption.segment)
        if segment is None or depth(caption) < 0 or address in seen or not lookable(caption, segment.depth, live):
            continue
        if only and _coarse(address) not in only:
            continue
        key = (
            address not in cover,
            not shown.pointed(segment),
            _coarse(address) not in promising,
            -sensed.score(segment.recording, segment.start, segment.end),
            -shown.score(caption),
            not caption.extra.get("unread"),
            caption.start,
        )
        if address not in offered or key < offered[address][0]:
            offered[address] = key, _spoken_for(sensed, shown.passage(caption), segment)
    ranked = sorted(offered.values(), key=lambda pair: pair[0])
    return tuple(passage for _, passage in ranked)


def _coarse(address: str) -> str:
    """Return the address of the coarse segment that a segment is, or lies in."""
    return address.partition(".")[0]


def _spoken_for(sensed: Sensed, passage: Passage, segment: Segment) -> Passage:
    senses = sensed.of(segment.recording, segment.start, segment.end)
    return replace(passage, extra={**passage.extra, "senses": senses})


def lookable(caption: Caption, level: int, live: Live) -> bool:
    """Tell whether a segment at depth `level` can be seen more finely than in `caption`, as settings allow."""
    finest, allowed = len(LEVELS) - 1, LEVELS.index(live.settings.deepest)
    # A look at a segment describes its parts, one level deeper; at the finest there is none deeper.
    return level <= (allowed if allowed == finest else allowed - 1) and not level == depth(caption) == finest
