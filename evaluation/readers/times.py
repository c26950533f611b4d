"""Times as benchmarks write them: `00:15-00:19`, `1:02:03`, `From 13:34:26 to 13:35:35`."""

from __future__ import annotations

import re

from evaluation.records import ClockStretch, Stretch
from tools.clock.question import times_in
from tools.clock.wall import DAY, Wall

_PLAYED = re.compile(r"(?<![\d:.])(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:\.\d+)?)(?![\d:])")
_UNTIL = re.compile(r"\s*(?:[-–—~～]+|to|until|and)\s*", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


def played(text: str) -> tuple[Stretch, ...]:
    """Return the stretches that times of a player name, in seconds of the video; a single time is a second long.

    `MM:SS` and `HH:MM:SS` are read, ranges with any dash or `to`, several of them with anything between,
    minutes beyond 59, and ends before starts (taken the other way round).
    """
    found: list[Stretch] = []
    times = list(_PLAYED.finditer(text.replace("：", ":")))
    index = 0
    while index < len(times):
        start = end = _seconds(times[index])
        if index + 1 < len(times) and _UNTIL.fullmatch(text[times[index].end() : times[index + 1].start()]):
            index += 1
            end = _seconds(times[index])
        low, high = min(start, end), max(start, end)
        found.append((low, high if high > low else low + 1.0))
        index += 1
    return tuple(found)


def clocked(text: str) -> tuple[ClockStretch, ...]:
    """Return the stretches of wall-clock time that a text names; a single time lasts its minute or second."""
    plain = text.replace("：", ":").replace("~", "-").replace("～", "-")
    found: list[ClockStretch] = []
    for time in times_in(plain):
        written = _CLOCK.findall(plain[slice(*time.at)])
        if time.video or not written:
            continue
        # A range ends where it says, not at the end of its last minute.
        unit = 0.0 if len(written) == 1 else 1.0 if written[-1].count(":") == 2 else 60.0
        high = max(time.low, time.high - unit)
        # What goes on after midnight is told up to the end of the day.
        found.append((Wall(time.low).text(), Wall(min(high, DAY - 1)).text()))
    return tuple(dict.fromkeys(found))


def names_clock(*texts: str) -> bool:
    """Tell whether one of `texts` speaks of a wall-clock time such as `13:40`."""
    return any(_CLOCK.search(text) for text in texts)


def _seconds(match: re.Match[str]) -> float:
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)
