"""How often a simulation reached the evidence and answered, beside looking at random. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from statistics import mean
from typing import Any

from evaluation.localisation.trial import Searched
from evaluation.records import LengthClass
from evaluation.statistics import Rate, mcnemar
from memory_store.records import LEVELS


def figures(found: Sequence[Searched], classes: Sequence[LengthClass]) -> dict[str, Any]:
    """Return the figures of one preset, shares with their Wilson 95 % intervals.

    `random` is what as many looks at coarse segments drawn at random would reach, exactly: a look of the loop may be
    at a part of a segment, so that chance gets the wider net.

    Args:
        found: what came of each question; at least one.
        classes: of lengths, shortest first.
    """
    rounds = range(1, max(max(one.rounds for one in found), 1) + 1)
    most = max(len(one.looks) for one in found)
    lengths = {each: [one for one in found if _class(one, classes) == each] for each in (one.name for one in classes)}
    levels = {LEVELS[depth]: [one for one in found if one.hidden.depth == depth] for depth in (1, 2)}
    cues = {name: [one for one in found if one.hidden.cued == is_] for name, is_ in (("cue", True), ("no cue", False))}
    return {
        **_shares(found),
        "failed": sum(bool(one.error) for one in found),
        "looks": mean(len(one.looks) for one in found),
        "captions": mean(_captions(one) for one in found),
        "captions_answered": _mean(_captions(one) for one in found if one.answered is not None),
        "seconds": math.fsum(one.seconds for one in found),
        "by_round": [_by_round(found, round_) for round_ in rounds],
        "by_looks": [_by_looks(found, count) for count in range(1, most + 1)],
        "by_length": {name: _shares(own) for name, own in lengths.items() if own},
        "by_level": {name: _shares(own) for name, own in levels.items() if own},
        "by_cue": {name: _shares(own) for name, own in cues.items() if own},
    }


def compared(first: Sequence[Searched], second: Sequence[Searched]) -> dict[str, Any]:
    """Return on how many questions only one of two runs over the same questions answered, and McNemar's p."""
    pairs = [(a.answered is not None, b.answered is not None) for a, b in zip(first, second, strict=True)]
    better, worse = pairs.count((True, False)), pairs.count((False, True))
    return {"only_first": better, "only_second": worse, "p": mcnemar(better, worse)}


def chance(segments: int, holding: int, looks: int) -> float:
    """Return how likely `looks` different ones of `segments`, drawn at random, meet one of the `holding`."""
    looks = min(looks, segments)
    return 1 - math.comb(segments - holding, looks) / math.comb(segments, looks)


def _shares(found: Sequence[Searched]) -> dict[str, Any]:
    return {
        "questions": len(found),
        "reached": _rate(found, lambda one: one.reached is not None),
        "answered": _rate(found, lambda one: one.answered is not None),
        "random": mean(chance(one.segments, one.holding, len(one.looks)) for one in found),
    }


def _by_round(found: Sequence[Searched], round_: int) -> dict[str, Any]:
    """Return the figures after a round; questions that ended before keep what they had."""
    looks = [sum(look.round <= round_ for look in one.looks) for one in found]
    return {
        "round": round_,
        "reached": _rate(found, lambda one: one.reached is not None and one.reached <= round_),
        "answered": _rate(found, lambda one: one.answered is not None and one.answered <= round_),
        "random": mean(chance(one.segments, one.holding, count) for one, count in zip(found, looks, strict=True)),
        "looks": mean(looks),
        "captions": mean(_captions(one, round_) for one in found),
    }


def _by_looks(found: Sequence[Searched], count: int) -> dict[str, Any]:
    """Return how many questions reached the evidence within `count` looks, and how many would at random."""
    return {
        "looks": count,
        "reached": _rate(found, lambda one: any(look.hit for look in one.looks[:count])),
        "random": mean(chance(one.segments, one.holding, count) for one in found),
    }


def _captions(one: Searched, rounds: int | None = None) -> int:
    """Return the captions made for a question in its first rounds, or in all of them."""
    made = one.captions[:rounds]
    return made[-1] if made else 0


def _class(one: Searched, classes: Sequence[LengthClass]) -> str:
    seconds = one.hidden.question.duration or 0.0
    return next((each.name for each in classes if seconds < each.below), "")


def _rate(found: Sequence[Searched], holds: Callable[[Searched], bool]) -> dict[str, Any]:
    rate = Rate(sum(map(holds, found)), len(found))
    low, high = rate.interval
    return {"count": rate.right, "of": rate.of, "value": rate.value, "low": low, "high": high}


def _mean(values: Iterable[int]) -> float | None:
    """Return the mean; None of none."""
    held = list(values)
    return mean(held) if held else None
