"""SVG elements of a plot. Their looks are in `plots.css`, so that a page and a file of its own can share them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from evaluation.report.wording import plain

CHARACTER = 7.3
"""Width of an average character of a wide font, in units of a plot."""


class Drawing:
    """SVG elements in the order they were drawn."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def __str__(self) -> str:
        return "\n".join(self._drawn)

    def line(self, look: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a straight line."""
        self._drawn.append(f'<line class="{look}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def bar(self, look: str, x: float, y: float, width: float, height: float) -> None:
        """Draw a bar; none where it has no width."""
        if width > 0:
            self._drawn.append(
                f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"/>'
            )

    def dot(self, look: str, x: float, y: float, radius: float, said: str = "") -> None:
        """Draw a dot, with words for who points at it."""
        told = f"<title>{escape(said)}</title>" if said else ""
        self._drawn.append(f'<circle class="{look}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">{told}</circle>')

    def diamond(self, look: str, x: float, y: float, radius: float, said: str = "") -> None:
        """Draw a diamond, with words for who points at it."""
        told = f"<title>{escape(said)}</title>" if said else ""
        points = f"{x:.1f},{y - radius:.1f} {x + radius:.1f},{y:.1f} {x:.1f},{y + radius:.1f} {x - radius:.1f},{y:.1f}"
        self._drawn.append(f'<polygon class="{look}" points="{points}">{told}</polygon>')

    def path(self, look: str, points: list[tuple[float, float]]) -> None:
        """Draw a line through points."""
        if len(points) > 1:
            drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self._drawn.append(f'<polyline class="{look}" points="{drawn}"/>')

    def text(self, look: str, x: float, y: float, said: str, most: int = 60) -> None:
        """Write text; what is longer than `most` characters is cut, and whole in its title."""
        whole, cut = plain(said), plain(said, most)
        told = f"<title>{escape(whole)}</title>" if cut != whole else ""
        self._drawn.append(f'<text class="{look}" x="{x:.1f}" y="{y:.1f}">{told}{escape(cut)}</text>')


def ticks(low: float, high: float, most: int = 6, least: float = 0.0) -> Iterator[float]:
    """Yield round numbers from `low` to `high`, `most` of them or fewer and at least `least` apart."""
    apart = max((high - low) / (most - 1), least)
    power = 10.0 ** math.floor(math.log10(apart))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= apart * 0.999)
    for number in range(math.ceil(low / step), math.floor(high / step * 1.001) + 1):
        yield number * step
