"""Does the evidence an answer cites lie where the benchmark says the answer is shown?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.records import ClockStretch, Question, Stretch
from evaluation.results import Outcome
from evaluation.statistics import Rate
from tools.clock.clock import Clock
from tools.clock.wall import DAY, Style, Wall, parse_time

_LEAST = 0.001
"""Seconds a stretch lasts at least, so that a moment can be shared."""


@dataclass(frozen=True)
class Grounding:
    """How well cited evidence lies, over the questions whose evidence is known."""

    hits: Rate
    """Questions of which any citation shares a moment with the reference; one without citations is a miss."""
    overlap: float
    """Mean intersection over union of what is cited and the reference, 0 to 1."""
    inside: float
    """Mean share of what is cited that lies inside the reference; of questions with citations; nan of none."""
    right_when_hit: Rate
    right_when_missed: Rate


def grounding(outcomes: Iterable[Outcome], clocks: Mapping[str, Clock] | None = None) -> Grounding:
    """Return the grounding of `outcomes`; wall-clock references need the clock of their video (by its name)."""
    hits: list[bool] = []
    right: dict[bool, list[bool]] = {True: [], False: []}
    overlaps: list[float] = []
    insides: list[float] = []
    for outcome in outcomes:
        reference = references(outcome.question, (clocks or {}).get(outcome.question.video))
        if not reference:
            continue
        cited = merged((item["start"], item["end"]) for item in outcome.record["evidence"]) if outcome.record else []
        common = shared(cited, reference)
        hits.append(common > 0)
        right[common > 0].append(outcome.right)
        total = length(cited) + length(reference) - common
        overlaps.append(common / total)
        if cited:
            insides.append(common / length(cited))
    return Grounding(
        Rate(sum(hits), len(hits)),
        _mean(overlaps),
        _mean(insides),
        Rate(sum(right[True]), len(right[True])),
        Rate(sum(right[False]), len(right[False])),
    )


def references(question: Question, clock: Clock | None = None) -> list[Stretch]:
    """Return where the benchmark says a question's answer is shown, in seconds, in order and apart."""
    found = list(question.evidence)
    for pair in question.clock_evidence if clock else ():
        found += of_clock(pair, clock) if clock else []
    return merged(found)


def of_clock(pair: ClockStretch, clock: Clock) -> list[Stretch]:
    """Return the seconds of a recording that show a stretch of wall-clock time, on whichever of its days."""
    low, high = (parse_time(time) for time in pair)
    days: dict[int, Style] = {}
    for stretch in clock.stretches:
        last = stretch.wall.later(stretch.end - stretch.start)
        days |= {day: stretch.wall.style for day in range(stretch.wall.day, last.day + 1)}
    return [
        found
        for day, style in days.items()
        for found in clock.seconds(Wall(day * DAY + low, style), Wall(day * DAY + high, style))
    ]


def clock_of(video: Path) -> Clock | None:
    """Return the clock of a video or a folder of clips with a clock table beside it, else None.

    `videolucy clock DIR` writes the table. Raises `BadInput` where the video or the table cannot be read.
    """
    from memory_store.records import Recording
    from memory_store.segments import scopes_for
    from tools.video.sources import find_parts

    name, parts = find_parts(str(video))
    return Clock.of(Recording("", name, parts, scopes_for(parts[-1].end)))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return the same moments as stretches in order that do not touch."""
    apart: list[Stretch] = []
    for start, end in sorted((start, max(end, start + _LEAST)) for start, end in stretches):
        if apart and start <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(apart[-1][1], end)
        else:
            apart.append((start, end))
    return apart


def length(stretches: Sequence[Stretch]) -> float:
    """Return the seconds of stretches that do not touch."""
    return math.fsum(end - start for start, end in stretches)


def shared(one: Sequence[Stretch], other: Sequence[Stretch]) -> float:
    """Return the seconds two lists of stretches have in common; each list in order and apart."""
    total, left, right = 0.0, 0, 0
    while left < len(one) and right < len(other):
        total += max(0.0, min(one[left][1], other[right][1]) - max(one[left][0], other[right][0]))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return total


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else math.nan
