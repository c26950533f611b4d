"""Two runs over the same questions: is one better, or was it luck?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.results import Outcome
from evaluation.scores import share_of_seeds
from evaluation.statistics import mcnemar, mean_interval, paired_interval
from tools.errors import BadInput


@dataclass(frozen=True)
class Comparison:
    """How the first run does against the second, question by question."""

    questions: int
    first: float
    second: float
    """Accuracies, 0 to 1."""
    better: int
    """Questions on which the first does better."""
    worse: int
    difference: float
    interval: tuple[float, float]
    """95 % interval of the difference."""
    p: float
    """Of McNemar's exact test, two-sided: how likely so uneven a split of `better` and `worse` is by chance."""


def compare(first: Sequence[Outcome], second: Sequence[Outcome]) -> Comparison:
    """Compare two runs over the questions both have.

    With several seeds a question counts once: it is better where more of its seeds are right (McNemar's
    test is then the sign test over questions), so that seeds never pass for independent questions.

    Raises `BadInput` where the runs have no question in common.
    """
    one, other = share_of_seeds(first), share_of_seeds(second)
    shared = [name for name in one if name in other]
    if not shared:
        raise BadInput("the two runs have no question in common")
    gains = [one[name] - other[name] for name in shared]
    better, worse = sum(gain > 1e-9 for gain in gains), sum(gain < -1e-9 for gain in gains)
    whole = all(share in (0.0, 1.0) for run in (one, other) for share in run.values())
    interval = paired_interval(better, worse, len(shared)) if whole else mean_interval(gains, -1.0, 1.0)
    return Comparison(
        questions=len(shared),
        first=math.fsum(one[name] for name in shared) / len(shared),
        second=math.fsum(other[name] for name in shared) / len(shared),
        better=better,
        worse=worse,
        difference=math.fsum(gains) / len(gains),
        interval=interval,
        p=mcnemar(better, worse),
    )
