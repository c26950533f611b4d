"""The timeline of a recording: what is remembered of it at each level, where is being looked, where evidence lies.

One model for the page, the report and the terminal. Pure functions over seconds of the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from memory_store.records import LEVELS, Caption, Recording

TOUCHING = 0.05
"""Seconds between two stretches that count as one."""


class Stretch(NamedTuple):
    """From where to where, seconds of the recording."""

    start: float
    end: float


@dataclass(frozen=True)
class Timeline:
    """What a person sees of a recording at a glance. Stretches of a kind are in order and do not touch."""

    recording: str
    name: str
    duration: float
    remembered: Mapping[str, tuple[Stretch, ...]]
    """By level, from coarse to ultra-fine."""
    looking: tuple[Stretch, ...] = ()
    """Where a run is looking now."""
    evidence: tuple[Stretch, ...] = ()
    """Where the moments lie that an answer rests on."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, a stretch as `[start, end]`."""
        return {
            "recording": self.recording,
            "name": self.name,
            "duration": self.duration,
            "remembered": {level: [list(one) for one in found] for level, found in self.remembered.items()},
            "looking": [list(one) for one in self.looking],
            "evidence": [list(one) for one in self.evidence],
        }


def timeline(
    recording: Recording,
    captions: Iterable[Caption],
    evidence: Iterable[Mapping[str, Any]] = (),
    looking: Iterable[Mapping[str, Any]] = (),
) -> Timeline:
    """Return the timeline of a recording.

    Args:
        recording: whose timeline.
        captions: those that memory holds of it; levels that belong to no depth (speech, text) are left out.
        evidence: moments with `video` (the recording's name), `start` and `end`; others' are left out.
        looking: stretches as above that are being looked at.
    """
    by_level: dict[str, list[Stretch]] = {level: [] for level in LEVELS}
    for caption in captions:
        if caption.level in by_level:
            by_level[caption.level].append(Stretch(caption.start, caption.end))
    return Timeline(
        recording.id,
        recording.name,
        recording.duration,
        {level: merged(found) for level, found in by_level.items()},
        merged(_of(recording.name, looking)),
        merged(_of(recording.name, evidence)),
    )


def merged(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those that touch or overlap as one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1].end + TOUCHING:
            joined[-1] = Stretch(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Stretch(start, end))
    return tuple(joined)


def _of(name: str, moments: Iterable[Mapping[str, Any]]) -> Iterable[Stretch]:
    return (Stretch(one["start"], one["end"]) for one in moments if one.get("video") == name)
