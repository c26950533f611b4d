"""All scores of a run as plain data, for reports and for `--json`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from evaluation import scores
from evaluation.grounding import Grounding, grounding
from evaluation.open_answers import open_score
from evaluation.records import Benchmark, Question, Record
from evaluation.results import Outcome, outcomes
from evaluation.shuffling import RELEASED
from evaluation.statistics import Calibration
from evaluation.verdicts import JudgedScore, Verdict, judged_score
from tools.clock.clock import Clock


def summary(
    benchmark: Benchmark,
    records: Sequence[Record],
    clocks: Mapping[str, Clock] | None = None,
    verdicts: Sequence[Verdict] = (),
) -> dict[str, Any]:
    """Return every score of a run: shares as `right`, `of`, `value`, `low`, `high`; None for what is undefined.

    Args:
        benchmark: as released (or as asked).
        records: of the run, all its seeds.
        clocks: by the benchmark's name of a video, for references in wall-clock time.
        verdicts: what a judge said of the open answers.
    """
    released = outcomes(benchmark.questions, records)
    mended = outcomes(benchmark.questions, records, cleaned=True)
    written = open_score(benchmark.questions, records)
    defects = sum(bool(question.defects) for question in benchmark.questions)
    # Replies of other systems do not tell how they came about.
    told = any(record["settings_digest"] for record in records)
    return {
        "benchmark": benchmark.name,
        "questions": len(benchmark.questions),
        "with_known_defects": defects,
        "released": _multiple_choice(released),
        "cleaned": _multiple_choice(mended) if defects else None,
        "baselines": _baselines(benchmark.questions, records),
        "endings": {name: found.told() for name, found in scores.endings(released).items()} if told else None,
        "answered_by_rounds": {str(count): rate.told() for count, rate in scores.endings_by_round(released).items()}
        if told
        else None,
        "confidence": _calibration(scores.stated_confidence(released)),
        "grounding": _grounding(grounding(released, clocks)),
        "clock": {name: rate.told() for name, rate in scores.by_clock(released, clocks or {}).items()}
        if any(question.needs_clock for question in benchmark.questions)
        else None,
        "open": {"exact": written.exact.told(), "f1": _number(written.f1)} if written.exact.of else None,
        "judged": _judged(judged_score(benchmark.questions, records, verdicts)),
        "published": dict(benchmark.published),
    }


def _multiple_choice(held: Sequence[Outcome]) -> dict[str, Any]:
    kinds = scores.by_category(held)
    pooled = scores.pooled(held)
    return {
        "accuracy": scores.accuracy(held).told(),
        "official": scores.official(held).told() | {"note": "only what was answered is in the denominator"},
        "by_category": {kind: {name: one.told() for name, one in names.items()} for kind, names in kinds.items()},
        "mean_of_categories": {kind: _number(scores.mean_of(names)) for kind, names in kinds.items()},
        "seeds": {
            "seeds": list(pooled.seeds),
            "each": [_number(value) for value in pooled.each],
            "mean": _number(pooled.mean),
            "deviation": _number(pooled.deviation),
            "low": pooled.interval[0],
            "high": pooled.interval[1],
        },
    }


def _baselines(questions: Sequence[Question], records: Iterable[Record]) -> dict[str, Any]:
    """Return what blind answers would score, in the released order and in those of the run's seeds."""
    found: dict[str, Any] = {"chance": _number(scores.chance(questions))}
    for seed in sorted({RELEASED} | {record["seed"] for record in records}):
        constant = scores.constant_letters(questions, seed)
        best = scores.majority_letter(constant)
        name = "released_order" if seed == RELEASED else f"seed_{seed}"
        found[name] = {"majority": best[0] if best else None} | {key: one.told() for key, one in constant.items()}
    return found


def _grounding(found: Grounding) -> dict[str, Any] | None:
    if not found.hits.of:
        return None
    return {
        "hits": found.hits.told(),
        "overlap": _number(found.overlap),
        "inside": _number(found.inside),
        "right_when_hit": found.right_when_hit.told(),
        "right_when_missed": found.right_when_missed.told(),
    }


def _judged(found: JudgedScore | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return asdict(found) | {"right": found.right.told(), "mean": _number(found.mean), "points": _number(found.points)}


def _calibration(found: Calibration) -> dict[str, Any] | None:
    if not found.bins:
        return None
    return {"ece": found.ece, "brier": found.brier, "bins": [asdict(one) for one in found.bins]}


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
