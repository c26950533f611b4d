"""The timeline of a recording as SVG: what is remembered at each level, and numbered marks of the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from face.timeline import Timeline
from face.wording import clock
from memory_store.records import LEVELS

_LEFT, _WIDE, _RIGHT, _LANE, _GAP = 78, 800, 22, 16, 4
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)
"""Seconds between two times under the strip."""
_TIMES = 7
"""Most of them."""


def strip(told: Timeline, evidence: Sequence[dict[str, Any]]) -> str:
    """Return the SVG. `evidence`: moments of this recording with `number`, `start` and `end`."""
    duration = told.duration or 1.0

    def x(time: float) -> float:
        return _LEFT + max(0.0, min(1.0, time / duration)) * _WIDE

    drawn: list[str] = []
    for row, level in enumerate(LEVELS):
        top = row * (_LANE + _GAP)
        drawn.append(f'<text class="end" x="{_LEFT - 8}" y="{top + 12}">{level}</text>')
        drawn.append(f'<rect class="lane" x="{_LEFT}" y="{top}" width="{_WIDE}" height="{_LANE}" rx="3"/>')
        drawn += [
            f'<rect class="{level}" x="{x(one.start):.1f}" y="{top}" width="{max(2.0, x(one.end) - x(one.start)):.1f}" '
            f'height="{_LANE}"/>'
            for one in told.remembered[level]
        ]
    below = len(LEVELS) * (_LANE + _GAP)
    drawn.append(f'<text class="end" x="{_LEFT - 8}" y="{below + 15}">evidence</text>')
    for item in evidence:
        centre = x((item["start"] + item["end"]) / 2)
        drawn.append(f'<circle class="mark" cx="{centre:.1f}" cy="{below + 11}" r="10"/>')
        drawn.append(f'<text class="number" x="{centre:.1f}" y="{below + 16}">{item["number"]}</text>')
    for time in _times(duration):
        drawn.append(f'<text class="middle" x="{x(time):.1f}" y="{below + 40}">{clock(time, True)}</text>')
    title = f"Timeline of {escape(told.name)}"
    box = f"0 0 {_LEFT + _WIDE + _RIGHT} {below + 46}"
    label = f"{title}: {escape(described(told))}"
    return f'<svg viewBox="{box}" role="img" aria-label="{label}"><title>{title}</title>{"".join(drawn)}</svg>'


def described(told: Timeline) -> str:
    """Return in words how much is remembered at each level."""
    shares = [
        f"{100 * sum(one.end - one.start for one in found) / (told.duration or 1.0):.0f} % {level}"
        for level, found in told.remembered.items()
        if found
    ]
    return ", ".join(shares) or "nothing is remembered"


def _times(duration: float) -> list[float]:
    step = next((one for one in _STEPS if duration / one <= _TIMES), _STEPS[-1])
    inner = [float(time) for time in range(0, int(duration), step) if time < duration - 0.6 * step]
    return [*inner, duration]
