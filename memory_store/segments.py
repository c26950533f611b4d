"""Which segments a recording has: a pure plan over its length and scopes."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from memory_store.records import Recording, Scopes, Segment

TAIL = 0.05
"""Seconds; a remainder this short is not a segment of its own but part of the last one."""

_CLASSES: tuple[tuple[float, tuple[float, float, float], tuple[float, float, float]], ...] = (
    (120, (5, 1, 1), (2, 4, 4)),
    (600, (30, 5, 1), (1, 2, 2)),
    (1200, (60, 5, 1), (1, 2, 2)),
    (3600, (100, 10, 1), (1, 2, 2)),
    (5400, (150, 10, 1), (1, 2, 2)),
    (14400, (200, 10, 1), (1, 2, 2)),
    (float("inf"), (800, 80, 8), (0.25, 0.5, 1)),
)
"""Length below which a class applies; seconds and frames per second at each level.

Source: VideoLucy, appendix A.1 (Video-MME short, MLVU, LVBench and EgoMem).
"""

_LETTERS = "cfu"
_ADDRESS = re.compile(r"c\d+(\.f\d+(\.u\d+)?)?")


def scopes_for(duration: float) -> Scopes:
    """Return the default scopes for a video of `duration` seconds."""
    seconds, fps = next((s, f) for below, s, f in _CLASSES if duration < below)
    return Scopes(seconds, fps)


@dataclass(frozen=True)
class Plan:
    """Every segment a recording can be looked at by, from its length and scopes alone."""

    recording: Recording
    scopes: Scopes

    def coarse(self) -> list[Segment]:
        """Return the coarse segments in order; together they cover the whole recording."""
        return list(self._coarse)

    def at(self, time: float) -> Segment:
        """Return the coarse segment on at `time` (seconds); the last one beyond the end."""
        after = bisect_right(self._coarse, time, key=lambda segment: segment.start)
        return self._coarse[max(0, after - 1)]

    def parts(self, segment: Segment) -> list[Segment]:
        """Return the segments one level deeper inside `segment`; none below ultra-fine."""
        if segment.depth >= len(_LETTERS) - 1:
            return []
        return self._cut(segment.start, segment.end, segment.depth + 1, segment.id + ".")

    def find(self, address: str) -> Segment | None:
        """Return the segment with this address, or None if the recording has no such segment."""
        if not _ADDRESS.fullmatch(address):
            return None
        siblings, found = self.coarse(), None
        for step in address.split("."):
            index = int(step[1:])
            if index >= len(siblings):
                return None
            found = siblings[index]
            siblings = self.parts(found)
        return found

    def neighbours(self, segment: Segment) -> list[Segment]:
        """Return the segments of the same level just before and after (paper, A.1)."""
        if segment.depth == 0:
            siblings = self.coarse()
        else:
            parent = self.find(segment.id.rpartition(".")[0])
            siblings = self.parts(parent) if parent else []
        at = siblings.index(segment)
        return siblings[max(0, at - 1) : at] + siblings[at + 1 : at + 2]

    @cached_property
    def _coarse(self) -> list[Segment]:
        return self._cut(0.0, self.recording.duration, 0, "")

    def _cut(self, start: float, end: float, depth: int, prefix: str) -> list[Segment]:
        step = self.scopes.seconds[depth]
        # Small rounding residues of a container's duration must not become segments.
        count = max(1, -int(-(end - start - TAIL) // step))
        edges = [start + index * step for index in range(count)] + [end]
        return [
            Segment(self.recording.id, f"{prefix}{_LETTERS[depth]}{index}", round(low, 3), round(high, 3))
            for index, (low, high) in enumerate(zip(edges, edges[1:], strict=False))
        ]
