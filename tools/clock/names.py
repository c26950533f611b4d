"""When a clip was recorded, as far as its file name tells."""

from __future__ import annotations

import re

from tools.clock.wall import Wall

_TICKS = 20
"""EgoLife names end in hundredths that count frames, of which there are 20 a second."""
_EGOLIFE = re.compile(
    r"DAY(?P<day>\d{1,3})_.*_(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<tick>[01]\d)", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<!\d)(?P<year>19[89]\d|20\d\d)(?P<apart>[-_. ]?)(?P<month>\d\d)(?P=apart)(?P<date>\d\d)"
    r"(?:[-_. T]{0,3}|\s+at\s+)(?P<hour>\d\d)[-_.:h ]?(?P<minute>\d\d)[-_.:m ]?(?P<second>\d\d)(?:\D|\d{3}(?!\d)|$)"
)


def start_of(stem: str) -> Wall | None:
    """Return when a clip of this name (without its suffix) begins, or None where the name does not tell.

    Known are `DAY1_A1_JAKE_11094208` (EgoLife: 11:09:42 and 8 frames of 1/20 s) and names that hold a
    date and a time, as phones, cameras and recorders give them: `VID_20191220_170832`,
    `2024-05-01 17.08.32`, `PXL_20201220_170832123`, `Recording 2024-05-01 at 17.08.32`.
    """
    try:
        if match := _EGOLIFE.fullmatch(stem):
            wall = Wall.of(match["day"], f"{match['hour']}:{match['minute']}:{match['second']}")
            return wall.later(int(match["tick"]) / _TICKS)
        if match := _PHONE.search(stem):
            day = f"{match['year']}-{match['month']}-{match['date']}"
            return Wall.of(day, f"{match['hour']}:{match['minute']}:{match['second']}")
    except ValueError:
        # Digits that only look like a date.
        pass
    return None
