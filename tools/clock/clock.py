"""The clock of a recording: seconds of the recording to wall-clock time, and back."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from memory_store.records import Part, Recording
from tools.clock.wall import Wall, parse_wall

_ROUNDED = 0.001
"""Seconds by which times that are kept in milliseconds may be off."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a recording, in its seconds, that was recorded without a break."""

    start: float
    end: float
    wall: Wall
    """Wall-clock time at `start`."""


@dataclass(frozen=True)
class Clock:
    """Stretches in order of the recording's seconds; what lies in none has no known wall-clock time."""

    stretches: tuple[Stretch, ...]

    @cached_property
    def _starts(self) -> list[float]:
        return [stretch.start for stretch in self.stretches]

    @classmethod
    def of(cls, recording: Recording) -> Clock | None:
        """Return the clock of a recording, or None where no part has one."""
        found = tuple(stretch for part in recording.parts if part.clock for stretch in _of_part(part))
        return cls(found) if found else None

    def at(self, seconds: float) -> Wall | None:
        """Return the wall-clock time of a second of the recording; where a stretch ends, that of its end."""
        index = bisect_right(self._starts, seconds + _ROUNDED) - 1
        if index < 0 or seconds > self.stretches[index].end + _ROUNDED:
            return None
        stretch = self.stretches[index]
        return stretch.wall.later(max(seconds - stretch.start, 0.0))

    def label(self, start: float, end: float) -> str:
        """Return the wall-clock time of a stretch as text, such as `DAY1 11:09:42 - 11:10:12`.

        It is that of what is known inside; an empty string where nothing is.
        """
        first = max(bisect_right(self._starts, start + _ROUNDED) - 1, 0)
        if self.stretches[first].end <= start + _ROUNDED:
            first += 1
        last = bisect_left(self._starts, end - _ROUNDED) - 1
        if first > last:
            return ""
        low, high = self.stretches[first], self.stretches[last]
        begin = low.wall.later(max(start - low.start, 0.0))
        finish = high.wall.later(min(end, high.end) - high.start)
        told = finish.text()
        return f"{begin.text()} - {told.rpartition(' ')[2] if finish.day == begin.day else told}"

    def seconds(self, low: Wall, high: Wall) -> list[tuple[float, float]]:
        """Return the stretches of the recording that show wall-clock time from `low` to `high`.

        A moment that was shown by chance twice has two; times of another style of day have none.
        """
        found: list[tuple[float, float]] = []
        for stretch in self.stretches:
            if stretch.wall.style != low.style:
                continue
            begin = max(low.seconds - stretch.wall.seconds, 0.0) + stretch.start
            end = min(high.seconds - stretch.wall.seconds + stretch.start, stretch.end)
            if begin < end or begin == end < stretch.end:
                found.append((begin, end))
        return found


def to_text(anchors: Iterable[tuple[float, Wall]]) -> str:
    """Return what a part's `clock` holds: a line `SECONDS DAY TIME` for each moment its clock is known from."""
    return "\n".join(f"{round(offset, 3)} {wall.text(parts=True)}" for offset, wall in anchors)


def from_text(text: str) -> list[tuple[float, Wall]]:
    """Return the anchors of a part's `clock`, in order."""
    pairs = (line.split(" ", 1) for line in text.splitlines())
    return [(float(offset), parse_wall(wall)) for offset, wall in pairs]


def _of_part(part: Part) -> Sequence[Stretch]:
    anchors = from_text(part.clock)
    ends = [offset for offset, _ in anchors[1:]] + [part.duration]
    return [
        Stretch(part.start + offset, part.start + end, wall)
        for (offset, wall), end in zip(anchors, ends, strict=False)
        if offset < end
    ]
