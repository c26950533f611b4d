"""The times that a question names, and the stretches of a recording they mean.

`DAY1 11:09:42`, `11:09 on day 1`, `5 pm`, `2024-05-01`, `between 11:00 and 12:30` are wall-clock times where
the recording has a clock; without one `12:30` is twelve minutes and a half into the video, as players show
it. `at 90 seconds` and `minute 5` are always times of the video.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tools.clock.clock import Clock
from tools.clock.wall import DAY, Wall, parse_day

_MINUTE, _HOUR = 60.0, 3600.0
_UNITS = {"h": _HOUR, "m": _MINUTE, "s": 1.0}

_DAYS = re.compile(r"\bday[ _-]?(?P<count>\d{1,5})\b|\b(?P<date>\d{4}-\d{1,2}-\d{1,2})(?=\D|$)", re.IGNORECASE)
_HALF = r"(?:\s?(?P<half>[ap])\.?m\b\.?)"
_COLON = re.compile(
    rf"(?<![\d.])(?<!\d:)(?P<first>\d{{1,3}}):(?P<second>[0-5]\d)(?::(?P<third>[0-5]\d)(?:\.\d+)?)?(?!:?\d){_HALF}?",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\d:.])(?P<hour>1[0-2]|0?[1-9]){_HALF}", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:at|around|about|by|until|till|before|after|since|from)\s+(?P<word>noon|midnight)\b", re.I)
_UNIT = r"(?P<unit>h(?:ours?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)"
_COUNTED = re.compile(
    rf"\b(?:at|around|about|near|after|from|second|minute|hour)\s+(?:the\s+)?(?P<number>\d+(?:\.\d+)?)\s*-?{_UNIT}\b"
    r"(?!\s+(?:later|earlier|before|after|long|ago)\b)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\b(?:at|in|around|about|from)\s+(?P<unit>second|minute|hour)\s+(?P<number>\d+)\b", re.I)
_TO = re.compile(r"\s*(?:-|–|—|to|and|until|till)\s*(?:on\s+)?", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from)\s*(?:the\s+)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Time:
    """A time that a question names: a stretch, in seconds from midnight or from the start of the video."""

    low: float
    high: float
    at: tuple[int, int]
    """Where in the question it stands."""
    video: bool = False
    """Time of the video in any case."""
    played: tuple[float, float] | None = None
    """What it means as players show times, for a recording without a clock; None where it cannot mean that."""
    half: bool = False
    """Morning or afternoon is said."""


@dataclass(frozen=True)
class Day:
    """A day that a question names."""

    number: int
    style: str
    at: tuple[int, int]


def times_in(question: str) -> list[Time]:
    """Return the times a question names, in its order; `between A and B`, `from A to B` and `A-B` are one."""
    found = sorted(_single(question), key=lambda time: (time.at[0], -time.at[1]))
    apart: list[Time] = []
    for time in found:
        if apart and time.at[0] < apart[-1].at[1]:
            continue
        if apart and _is_range(question, apart[-1], time):
            apart[-1] = _range(apart[-1], time)
        else:
            apart.append(time)
    return apart


def days_in(question: str) -> list[Day]:
    """Return the days a question names, in its order."""
    days: list[Day] = []
    for match in _DAYS.finditer(question):
        try:
            number, style = parse_day(match["count"] or match["date"])
        except ValueError:
            continue
        days.append(Day(number, style, match.span()))
    return days


def stretches(question: str, clock: Clock | None, duration: float) -> list[tuple[float, float]]:
    """Return the stretches of a recording, in its seconds, that the times in a question mean.

    A time with no day means that time of every day; a day with no time means the whole day. A clock time
    before noon of which the recording has nothing is tried in the afternoon, unless the question says which.
    """
    times, days = times_in(question), days_in(question) if clock else []
    found = [(time.low, time.high) for time in times if time.video]
    clocked = [time for time in times if not time.video]
    if clock is None:
        found += [time.played for time in clocked if time.played]
    elif clocked:
        for time in clocked:
            near = _days_of(time, days, clock)
            shown = _shown(clock, near, time.low, time.high)
            if not shown and not time.half and time.low < DAY / 2:
                shown = _shown(clock, near, time.low + DAY / 2, time.high + DAY / 2)
            found += shown
    else:
        found += [pair for day in days for pair in _shown(clock, [(day.number, day.style)], 0.0, DAY)]
    inside = sorted({(low, min(high, duration)) for low, high in found if low < duration})
    return [(low, high) for low, high in inside if low < high or low == high < duration]


def _single(question: str) -> Iterator[Time]:
    for match in _COLON.finditer(question):
        first, second, third = int(match["first"]), int(match["second"]), match["third"]
        after = first * _HOUR + second * _MINUTE + int(third or 0)
        played = after if third else first * _MINUTE + second
        half = match["half"]
        low = (_halved(first, half) - first) * _HOUR + after if half else after
        yield Time(
            low=low,
            high=low + (1.0 if third else _MINUTE),
            at=match.span(),
            played=None if half else (played, played + 1.0),
            half=bool(half) or first > 12,
        )
    for match in _BARE.finditer(question):
        low = _halved(int(match["hour"]), match["half"]) * _HOUR
        yield Time(low, low + _HOUR, match.span(), half=True)
    for match in _WORDS.finditer(question):
        low = DAY / 2 if match["word"].lower() == "noon" else 0.0
        yield Time(low, low + _HOUR / 2, match.span(), half=True)
    for pattern in (_COUNTED, _NUMBERED):
        for match in pattern.finditer(question):
            unit = _UNITS[match["unit"][0].lower()]
            low = float(match["number"]) * unit
            yield Time(low, low + unit, match.span(), video=True)


def _halved(hour: int, half: str) -> int:
    return hour % 12 + (12 if half.lower() == "p" else 0) if hour <= 12 else hour


def _is_range(question: str, first: Time, second: Time) -> bool:
    if first.video != second.video or not _TO.fullmatch(question[first.at[1] : second.at[0]]):
        return False
    joined = question[first.at[1] : second.at[0]].strip().lower()
    # `at 11:00 and 12:00` names two times; `between` makes it one stretch.
    return joined != "and" or bool(_BETWEEN.search(question[: first.at[0]]))


def _range(first: Time, second: Time) -> Time:
    played = None
    if first.played and second.played:
        played = (first.played[0], max(first.played[1], second.played[1]))
    low = first.low
    if second.half and not first.half and second.low - low > DAY / 2:
        low += DAY / 2  # `between 3:00 and 4:00 pm`
    high = second.high if second.high > low else second.high + DAY
    return Time(low, high, (first.at[0], second.at[1]), first.video, played, first.half or second.half)


def _days_of(time: Time, days: list[Day], clock: Clock) -> list[tuple[int, str]]:
    """Return the day a time is on: the nearest one the question names, else every day of the recording."""
    if days:
        nearest = min(days, key=lambda day: min(abs(day.at[0] - time.at[1]), abs(time.at[0] - day.at[1])))
        return [(nearest.number, nearest.style)]
    known: dict[tuple[int, str], None] = {}
    for stretch in clock.stretches:
        for day in (stretch.wall.day, stretch.wall.later(stretch.end - stretch.start).day):
            known[(day, stretch.wall.style)] = None
    return list(known)


def _shown(clock: Clock, days: list[tuple[int, str]], low: float, high: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for day, style in days:
        origin = day * DAY
        found += clock.seconds(Wall(origin + low, style), Wall(origin + high, style))  # type: ignore[arg-type]
    return found
