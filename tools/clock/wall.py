"""Wall-clock time as text and as a number: `DAY1 11:09:42`, `2019-12-20 17:08:32`, `17:08:32`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

DAY = 86_400.0
"""Seconds."""

Style = Literal["count", "date", "none"]
"""How days are named: counted (`DAY1`), by date (`2019-12-20`), or not at all."""

_COUNTED = re.compile(r"(?:day)?[ _-]?(\d{1,5})", re.IGNORECASE)
_DATED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:\.\d{1,6})?))?")


@dataclass(frozen=True, order=True)
class Wall:
    """A moment of wall-clock time: seconds from an origin that all times of one style share."""

    seconds: float
    style: Style = "none"

    @classmethod
    def of(cls, day: str, time: str) -> Wall:
        """Return the moment of a day (`DAY1`, `1`, `2019-12-20` or nothing) and a time (`11:09`, `11:09:42.4`).

        Raises `ValueError` with a few words where one of them is none.
        """
        number, style = parse_day(day)
        return cls(number * DAY + parse_time(time), style)

    @property
    def day(self) -> int:
        return math.floor(self.seconds / DAY)

    def later(self, seconds: float) -> Wall:
        return Wall(self.seconds + seconds, self.style)

    def text(self, parts: bool = False) -> str:
        """Return the moment as people write it, to the second (cut, not rounded); `parts`: to the millisecond."""
        milli = round(self.seconds * 1000)
        day, rest = divmod(milli, round(DAY * 1000))
        label = {"count": f"DAY{day} ", "date": f"{_date(day)} ", "none": ""}[self.style]
        seconds, milli = divmod(rest, 1000)
        tail = f".{milli:03d}" if parts and milli else ""
        return f"{label}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{tail}"


def parse_day(text: str) -> tuple[int, Style]:
    """Return the number of a day and how it is named. Raises `ValueError`."""
    text = text.strip()
    if not text:
        return 0, "none"
    if match := _DATED.fullmatch(text):
        try:
            return date(*(int(part) for part in match.groups())).toordinal(), "date"
        except ValueError:
            raise ValueError(f"there is no day {text}") from None
    if match := _COUNTED.fullmatch(text):
        return int(match[1]), "count"
    raise ValueError(f"{text!r} is no day such as DAY1 or 2019-12-20")


def parse_time(text: str) -> float:
    """Return the seconds from midnight of a time such as `11:09` or `11:09:42.4`. Raises `ValueError`."""
    match = _TIME.fullmatch(text.strip())
    if not match or int(match[1]) > 23:
        raise ValueError(f"{text.strip()!r} is no time such as 11:09:42")
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3] or 0)


def parse_wall(text: str) -> Wall:
    """Return the moment that `Wall.text` wrote. Raises `ValueError`."""
    day, _, time = text.strip().rpartition(" ")
    return Wall.of(day, time)


def _date(number: int) -> str:
    return date.fromordinal(min(max(number, 1), date.max.toordinal())).isoformat()
