"""What a report shows beside the scores of `summary`: costs, lengths, models, and what failed or lacks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from evaluation.records import Benchmark, Question, Record
from evaluation.results import Outcome, outcomes
from evaluation.statistics import Rate

COUNTED = {
    "reasoner_calls": "reasoner calls",
    "prompt_tokens": "prompt tokens",
    "completion_tokens": "completion tokens",
    "captions_made": "captions made",
    "captions_reused": "captions reused",
    "frames": "frames",
    "cost": "money (currency of the price settings)",
}
"""What the `usage` of a record holds, and how it is named in a report."""
_EDGES = (2, 10, 20, 30, 45, 60, 90, 120, 240, 480)
"""Minutes at which a new bin of lengths begins."""
_GROUPS = 5


@dataclass(frozen=True)
class Amount:
    """One kind of cost over the questions that were asked."""

    name: str
    total: float
    mean: float
    median: float
    most: float


@dataclass(frozen=True)
class Group:
    """Questions that belong together, and how many of them are right."""

    name: str
    rate: Rate
    cost: float = math.nan
    """Mean cost of a question."""


@dataclass(frozen=True)
class Costs:
    """What a run took."""

    amounts: tuple[Amount, ...]
    estimated: float
    """Share of the tokens that no server counted, 0 to 1; nan where there are none."""
    unit: str
    """What the groups are made by: `tokens`, else `seconds`."""
    groups: tuple[Group, ...]
    """Questions in order of their cost, in groups of about the same size."""


@dataclass(frozen=True)
class Failure:
    """A question that ended with an error."""

    id: str
    seed: int
    video: str
    question: str
    error: str


@dataclass(frozen=True)
class Figures:
    """Everything about a run that is no score."""

    costs: Costs
    lengths: tuple[Group, ...]
    """Accuracy by length of the video, where lengths are known."""
    without_length: int
    """Questions (of one seed) of videos whose length is not known."""
    failures: tuple[Failure, ...]
    missing: Mapping[str, int]
    """Videos of which some questions have no record under some seed, and how many."""
    models: Mapping[str, tuple[str, ...]]
    """By role, what answered."""


def figures(benchmark: Benchmark, records: Sequence[Record]) -> Figures:
    """Return the figures of a run from its benchmark and records."""
    held = outcomes(benchmark.questions, records)
    lengths = lengths_of(benchmark.questions, records)
    known = [one for one in held if one.question.video in lengths]
    names = [_bin(minutes) for minutes in (0, *_EDGES)]
    binned = {name: Rate(0, 0) for name in names}
    for one in known:
        name = _bin(lengths[one.question.video] / 60)
        binned[name] = Rate(binned[name].right + one.right, binned[name].of + 1)
    return Figures(
        costs=_costs(records, held),
        lengths=tuple(Group(name, rate) for name, rate in binned.items() if rate.of),
        without_length=sum(question.video not in lengths for question in benchmark.questions),
        failures=tuple(
            Failure(
                one["id"],
                one["seed"],
                str(one.get("video") or ""),
                str(one.get("question") or ""),
                str(one.get("error") or "no reason was kept"),
            )
            for one in records
            if one["status"] == "failed"
        ),
        missing=_missing(benchmark.questions, records),
        models=_models(records),
    )


def lengths_of(questions: Sequence[Question], records: Sequence[Record]) -> dict[str, float]:
    """Return the length of each video in seconds: as the benchmark tells it, else as the run found it."""
    found: dict[str, float] = {}
    for record in records:
        videos = _dict(record.get("trace")).get("videos")
        parts = [_amount(_dict(video).get("duration")) for video in videos] if isinstance(videos, list) else []
        if parts and all(parts):
            found[str(record.get("video"))] = math.fsum(parts)
    return found | {question.video: question.duration for question in questions if question.duration}


def _bin(minutes: float) -> str:
    """Return the name of the bin of lengths that holds a length."""
    low = max((edge for edge in _EDGES if edge <= minutes), default=0)
    high = next((edge for edge in _EDGES if edge > minutes), None)
    if high is None:
        return f"{low // 60} h and more"
    return f"{low} to {high} min" if high <= 120 else f"{low // 60} to {high // 60} h"


def _costs(records: Sequence[Record], held: Sequence[Outcome]) -> Costs:
    spent = [_dict(record.get("usage")) for record in records]
    columns = {label: [_amount(usage.get(key)) for usage in spent] for key, label in COUNTED.items()}
    columns["seconds"] = [_amount(record.get("seconds")) for record in records]
    amounts = tuple(
        Amount(name, math.fsum(values), fmean(values), median(values), max(values))
        for name, values in columns.items()
        if any(values)
    )
    tokens = math.fsum(map(_tokens, spent))
    guessed = math.fsum(_amount(usage.get("tokens_estimated")) for usage in spent)
    by_tokens = tokens > 0
    groups = _groups(held, lambda record: _tokens(_dict(record.get("usage"))) if by_tokens else record.get("seconds"))
    return Costs(amounts, guessed / tokens if tokens else math.nan, "tokens" if by_tokens else "seconds", groups)


def _groups(held: Sequence[Outcome], cost: Callable[[Record], Any]) -> tuple[Group, ...]:
    """Return the answered questions in groups by what they cost, the cheapest first."""
    priced = sorted(
        ((_amount(cost(one.record)), one.right) for one in held if one.record and one.record["status"] != "failed"),
        key=lambda pair: pair[0],
    )
    if len(priced) < 2 * _GROUPS or not priced[-1][0]:
        return ()
    cuts = [len(priced) * number // _GROUPS for number in range(_GROUPS + 1)]
    made = []
    for number, (start, end) in enumerate(zip(cuts, cuts[1:], strict=False), 1):
        held_here = priced[start:end]
        rate = Rate(sum(right for _, right in held_here), len(held_here))
        made.append(Group(f"fifth {number}", rate, fmean(value for value, _ in held_here)))
    return tuple(made)


def _missing(questions: Sequence[Question], records: Sequence[Record]) -> dict[str, int]:
    there = {(record["id"], record["seed"]) for record in records}
    seeds = sorted({seed for _, seed in there}) or [0]
    lost = Counter(question.video for question in questions for seed in seeds if (question.id, seed) not in there)
    return dict(sorted(lost.items()))


def _models(records: Sequence[Record]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for record in records:
        for role, name in _dict(_dict(record.get("trace")).get("models")).items():
            found.setdefault(str(role), {})[str(name)] = None
    return {role: tuple(names) for role, names in found.items()}


def _tokens(usage: Mapping[str, Any]) -> float:
    return _amount(usage.get("prompt_tokens")) + _amount(usage.get("completion_tokens"))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _amount(value: Any) -> float:
    """Return a number of a record, or 0 where it is none: costs are told, and nothing rests on them."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
    return float(value) if fine else 0.0
