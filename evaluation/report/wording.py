"""How numbers and texts of a run are written in a report."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

NOTHING = "–"
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def plain(text: Any, most: int = 300) -> str:
    """Return data as one line without control characters or marks that turn the direction of writing."""
    line = " ".join(_UNSEEN.sub(" ", str(text)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def percent(value: float | None) -> str:
    """Return a share as percent with one decimal."""
    return NOTHING if value is None or math.isnan(value) else f"{value:.1%}"


def between(low: float, high: float) -> str:
    """Return a 95 % interval in percent."""
    return f"{low * 100:.1f} – {high * 100:.1f}"


def spread(rate: Mapping[str, Any]) -> str:
    """Return the 95 % interval of a rate of `summary`."""
    return between(rate["low"], rate["high"]) if rate["of"] else NOTHING


SCORE = ("right", "%", "95 %")
"""Heads of `cells`."""


def cells(rate: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a rate of `summary` as cells: how many of how many, percent, interval."""
    return f"{rate['right']} of {rate['of']}", percent(rate["value"]), spread(rate)


def decimals(value: float | None, places: int = 3) -> str:
    """Return a number with so many decimals."""
    return NOTHING if value is None or math.isnan(value) else f"{value:.{places}f}"


def number(value: float) -> str:
    """Return an amount as a person reads it: 3 digits that count at least, thousands apart."""
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def short(value: float) -> str:
    """Return an amount for the axis of a plot: `850`, `12k`, `3.4M`."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{sign}"
    return f"{value:.3g}"


def lasting(seconds: float) -> str:
    """Return a time in the units a person would use."""
    minutes = seconds / 60
    if minutes < 2:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"
