"""The few statistics scores need, each a formula of a few lines: a statistics library would be their only user."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Z = 1.959963984540054
"""Of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Rate:
    """A share of right answers with its Wilson 95 % interval."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """The share, 0 to 1; nan of none."""
        return self.right / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.of)

    def told(self) -> dict[str, Any]:
        """Return it as JSON knows it; `value` is null of none."""
        low, high = self.interval
        return {
            "right": self.right,
            "of": self.of,
            "value": self.value if self.of else None,
            "low": low,
            "high": high,
        }


def wilson(right: int, of: int) -> tuple[float, float]:
    """Return the Wilson 95 % score interval of `right` out of `of`; 0 to 1 where there is nothing to go by."""
    if of == 0:
        return 0.0, 1.0
    share = right / of
    scale = 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / scale
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / scale
    low = 0.0 if right == 0 else max(0.0, middle - half)
    return low, 1.0 if right == of else min(1.0, middle + half)


def mcnemar(better: int, worse: int) -> float:
    """Return the exact two-sided p of McNemar's test: of `better + worse` changes, as many one way by chance."""
    changes = better + worse
    tail = sum(math.comb(changes, count) for count in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**changes)


def paired_interval(better: int, worse: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of the difference of two paired shares (Bonett and Price 2012, adjusted Wald).

    Args:
        better: pairs in which only the first is right.
        worse: pairs in which only the second is right.
        of: pairs in all.
    """
    up, down = (better + 1) / (of + 2), (worse + 1) / (of + 2)
    half = Z * math.sqrt(max(0.0, up + down - (up - down) ** 2) / (of + 2))
    return max(-1.0, up - down - half), min(1.0, up - down + half)


def mean_interval(values: Sequence[float], low: float, high: float) -> tuple[float, float]:
    """Return the normal 95 % interval of a mean, cut to `low` and `high`, which it is for fewer than two values."""
    if len(values) < 2:
        return low, high
    mean = math.fsum(values) / len(values)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    half = Z * spread / math.sqrt(len(values))
    return max(low, mean - half), min(high, mean + half)


@dataclass(frozen=True)
class Bin:
    """Answers of about the same stated confidence."""

    low: float
    high: float
    count: int
    confidence: float
    """Mean stated confidence."""
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """How far stated confidence can be believed."""

    bins: tuple[Bin, ...]
    """Those with answers in them, of equal width, lowest first."""
    ece: float
    """Expected calibration error: mean distance of confidence and accuracy in a bin, 0 (best) to 1."""
    brier: float
    """Mean squared distance of confidence and outcome, 0 (best) to 1."""


def calibration(stated: Sequence[tuple[float, bool]], bins: int = 10) -> Calibration:
    """Return the calibration of pairs of a confidence (0 to 1) and whether the answer was right."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in stated:
        held.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    made = [
        Bin(
            place / bins,
            (place + 1) / bins,
            len(pairs),
            math.fsum(confidence for confidence, _ in pairs) / len(pairs),
            sum(right for _, right in pairs) / len(pairs),
        )
        for place, pairs in sorted(held.items())
    ]
    count = len(stated)
    if not count:
        return Calibration((), math.nan, math.nan)
    ece = math.fsum(one.count * abs(one.confidence - one.accuracy) for one in made) / count
    brier = math.fsum((confidence - right) ** 2 for confidence, right in stated) / count
    return Calibration(tuple(made), ece, brier)
