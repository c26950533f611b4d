"""Which segments may be looked at again: never one that was looked at, the most promising first."""

from __future__ import annotations

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


def candidates(shown: View, state: State, live: Live, sensed: Sensed | None = None) -> tuple[Passage, ...]:
    """Return the segments that may be looked at again, most promising first.

    Every segment that has a caption is one, unless it was looked at for this question already: it then gives
    way to its parts. Left out is what cannot be seen more finely (an ultra-fine segment described at its own
    depth), what lies below the `deepest` level allowed, and, in the paper's way, what was not judged relevant.
    Segments still to be covered come first, then those that the question names by time, then the parts of what
    was judged relevant, in the order in which the senses together rank them (`sensed`).
    """
    sensed = sensed or Sensed()
    seen = {looked["segment"] for looked in state.get("looked", [])}
    cover, relevant = set(state.get("cover", [])), set(state.get("relevant", []))
    only = relevant if live.settings.sparse != "no" else set()
    offered: dict[str, tuple[tuple[float, ...], Passage]] = {}
    for caption in deepest(c for c in shown.captions.values() if c.level not in NOTED):
        address = shown.address(caption)
        segment = shown.outline.plan(caption.recording).find(caption.segment)
        if segment is None or depth(caption) < 0 or address in seen or not lookable(caption, segment.depth, live):
            continue
        if only and address.partition(".")[0] not in only:
            continue
        key = (
            address not in cover,
            not shown.pointed(segment),
            address.partition(".")[0] not in relevant,
            -sensed.score(segment.recording, segment.start, segment.end),
            -shown.score(caption),
            not caption.extra.get("unread"),
            caption.start,
        )
        if address not in offered or key < offered[address][0]:
            offered[address] = key, _spoken_for(sensed, shown.passage(caption), segment)
    ranked = sorted(offered.values(), key=lambda pair: pair[0])
    return tuple(passage for _, passage in ranked)


def _spoken_for(sensed: Sensed, passage: Passage, segment: Segment) -> Passage:
    senses = sensed.of(segment.recording, segment.start, segment.end)
    return replace(passage, extra={**passage.extra, "senses": senses})


def lookable(caption: Caption, level: int, live: Live) -> bool:
    """Tell whether a segment at depth `level` can be seen more finely than in `caption`, as settings allow."""
    finest, allowed = len(LEVELS) - 1, LEVELS.index(live.settings.deepest)
    # A look at a segment describes its parts, one level deeper; at the finest there is none deeper.
    return level <= (allowed if allowed == finest else allowed - 1) and not level == depth(caption) == finest
