"""Addresses: how prompts, tool calls and the state name a segment of one of the question's recordings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from memory_store.records import Segment
from memory_store.segments import Plan
from tools.live import Live


class Outline:
    """The segments of a question's recordings, by address.

    With one recording an address is the segment's own (`c4.f2`); with several it carries the
    recording's number (`v2/c4.f2`).
    """

    def __init__(self, plans: Sequence[Plan]) -> None:
        self.plans = list(plans)
        self._number = {plan.recording.id: index for index, plan in enumerate(self.plans)}

    @classmethod
    def of(cls, live: Live, recordings: Iterable[Mapping[str, Any]]) -> Outline:
        """Return the outline of the recordings a state names (each with its `id`)."""
        return cls([live.plan(ref["id"]) for ref in recordings])

    def plan(self, recording: str) -> Plan:
        return self.plans[self._number[recording]]

    def address(self, segment: Segment) -> str:
        return self.join(segment.recording, segment.id)

    def join(self, recording: str, segment_id: str) -> str:
        """Return the address of a segment id of a recording."""
        return segment_id if len(self.plans) == 1 else f"v{self._number[recording] + 1}/{segment_id}"

    def find(self, address: str) -> Segment | None:
        """Return the segment at `address`, or None: addresses come from models and may be anything."""
        prefix, slash, segment_id = address.strip().strip("[]").rpartition("/")
        if not slash:
            return self.plans[0].find(segment_id) if len(self.plans) == 1 else None
        if not (prefix.startswith("v") and prefix[1:].isdecimal() and 1 <= int(prefix[1:]) <= len(self.plans)):
            return None
        return self.plans[int(prefix[1:]) - 1].find(segment_id)

    def coarse(self) -> Iterator[Segment]:
        for plan in self.plans:
            yield from plan.coarse()

    def parts(self, segment: Segment) -> list[Segment]:
        return self.plan(segment.recording).parts(segment)

    def neighbours(self, segment: Segment) -> list[Segment]:
        return self.plan(segment.recording).neighbours(segment)
