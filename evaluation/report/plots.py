"""The plots of a report: shares with their intervals, counts, and points in a field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.report.blocks import Plot
from evaluation.report.drawing import CHARACTER, Drawing, ticks
from evaluation.report.wording import percent, plain, short

WIDTH = 390
_ROW = 24
_TOP = 30
_BOTTOM = 26
_RIGHT = 58
_LABEL = 20
"""Characters of a label beside a row, at most."""


@dataclass(frozen=True)
class Share:
    """A row of `shares`: a share from 0 to 1, its interval, and what others published for the same."""

    label: str
    value: float
    low: float = math.nan
    high: float = math.nan
    count: int = 0
    published: float = math.nan
    ours: bool = True


def shares(name: str, title: str, rows: Sequence[Share], chance: float = math.nan) -> Plot:
    """Return shares one below the other, each a dot with its interval; diamonds are published by others.

    `chance` (0 to 1) is a line across all rows.
    """
    drawn, height = Drawing(), _TOP + _ROW * len(rows) + _BOTTOM
    left = 16 + min(_LABEL, max(len(plain(row.label)) for row in rows)) * CHARACTER
    wide, bottom = WIDTH - left - _RIGHT, height - _BOTTOM
    for at in (0, 0.25, 0.5, 0.75, 1):
        drawn.line("grid", left + at * wide, _TOP - 4, left + at * wide, bottom)
        drawn.text("tick middle", left + at * wide, bottom + 14, f"{at:.0%}")
    if not math.isnan(chance):
        drawn.line("chance", left + chance * wide, _TOP - 4, left + chance * wide, bottom)
    for place, row in enumerate(rows):
        y = _TOP + _ROW * (place + 0.5)
        drawn.text("label end" if row.ours else "label end far", left - 8, y + 4, row.label, _LABEL)
        told = f"{plain(row.label)}: {percent(row.value)}" + (f" of {row.count}" if row.count else "")
        if row.ours and not math.isnan(row.low):
            drawn.line("interval", left + row.low * wide, y, left + row.high * wide, y)
        published = row.published if row.ours else row.value
        if not math.isnan(published):
            said = f"{plain(row.label)}, published by others: {percent(published)}"
            drawn.diamond("published", left + published * wide, y, 6, said)
        if row.ours:
            drawn.dot("mark", left + row.value * wide, y, 4, told)
        drawn.text("value", WIDTH - _RIGHT + 8, y + 4, percent(row.value))
    others = any(not math.isnan(row.published) or not row.ours for row in rows)
    _key(drawn, any(row.ours for row in rows), others, not math.isnan(chance))
    told = "; ".join(
        f"{plain(row.label, 60)} {percent(row.value)}"
        + (f" ({percent(row.low)} to {percent(row.high)})" if not math.isnan(row.low) else "")
        + (f", published by others {percent(row.published)}" if not math.isnan(row.published) else "")
        for row in rows
    )
    return Plot(name, title, told, WIDTH, height, str(drawn))


def _key(drawn: Drawing, ours: bool, others: bool, chance: bool) -> None:
    x = 12.0
    if ours:
        drawn.line("interval", x, 12, x + 18, 12)
        drawn.dot("mark", x + 9, 12, 4)
        drawn.text("tick", x + 24, 16, "this run, 95 %")
        x += 24 + 14 * CHARACTER
    if others:
        drawn.diamond("published", x + 5, 12, 5)
        drawn.text("tick", x + 14, 16, "published by others")
        x += 14 + 19 * CHARACTER
    if chance:
        drawn.line("chance", x + 4, 5, x + 4, 19)
        drawn.text("tick", x + 11, 16, "chance")


def counts(name: str, title: str, rows: Sequence[tuple[str, int, int]]) -> Plot:
    """Return bars of counts, each with the right ones first: rows of a label, how many are right, and of how many."""
    drawn, height = Drawing(), _TOP + _ROW * len(rows) + _BOTTOM
    left = 16 + min(_LABEL, max(len(plain(label)) for label, _, _ in rows)) * CHARACTER
    most = max(1, *(of for _, _, of in rows))
    wide, bottom = WIDTH - left - _RIGHT - 24, height - _BOTTOM
    for at in ticks(0, most, 5, 1):
        drawn.line("grid", left + at / most * wide, _TOP - 4, left + at / most * wide, bottom)
        drawn.text("tick middle", left + at / most * wide, bottom + 14, short(at))
    for place, (label, right, of) in enumerate(rows):
        y = _TOP + _ROW * place + 5
        drawn.text("label end", left - 8, y + 11, label, _LABEL)
        drawn.bar("right", left, y, right / most * wide, _ROW - 10)
        drawn.bar("wrong", left + right / most * wide, y, (of - right) / most * wide, _ROW - 10)
        drawn.text("value", left + of / most * wide + 6, y + 11, f"{right} of {of}")
    drawn.bar("right", 12, 7, 12, 10)
    drawn.text("tick", 29, 16, "right")
    drawn.bar("wrong", 74, 7, 12, 10)
    drawn.text("tick", 91, 16, "wrong")
    told = "; ".join(f"{plain(label, 60)} {right} right of {of}" for label, right, of in rows)
    return Plot(name, title, told, WIDTH, height, str(drawn))


@dataclass(frozen=True)
class Point:
    """A point of `field`: where it lies, the interval of its share, and how many answers it stands for."""

    x: float
    share: float
    low: float
    high: float
    count: int
    said: str


def field(
    name: str, title: str, points: Sequence[Point], x_title: str, *, diagonal: bool = False, height: int = 280
) -> Plot:
    """Return shares over what they depend on; with `diagonal` that is itself a share, which they should equal."""
    drawn, left, top, right, bottom = Drawing(), 52.0, 14.0, WIDTH - 18.0, height - 46.0
    low, high = (0.0, 1.0) if diagonal else (0.0, max(point.x for point in points) * 1.06 or 1.0)

    def place(x: float, share: float) -> tuple[float, float]:
        return left + (x - low) / (high - low) * (right - left), bottom - share * (bottom - top)

    for at in (0, 0.25, 0.5, 0.75, 1):
        drawn.line("grid", left, place(low, at)[1], right, place(low, at)[1])
        drawn.text("tick end", left - 6, place(low, at)[1] + 4, f"{at:.0%}")
    for at in ticks(low, high):
        drawn.line("grid", place(at, 0)[0], bottom, place(at, 0)[0], bottom + 4)
        drawn.text("tick middle", place(at, 0)[0], bottom + 17, f"{at:.0%}" if diagonal else short(at))
    drawn.text("tick middle", (left + right) / 2, height - 8, x_title)
    if diagonal:
        drawn.line("chance", *place(0, 0), *place(1, 1))
    drawn.path("through", [place(point.x, point.share) for point in points])
    most = max(point.count for point in points)
    for point in points:
        x, y = place(point.x, point.share)
        drawn.line("interval", x, place(0, point.low)[1], x, place(0, point.high)[1])
        drawn.dot("mark", x, y, 3 + 4 * math.sqrt(point.count / most), point.said)
    return Plot(name, title, "; ".join(point.said for point in points), WIDTH, height, str(drawn))
