"""How answers came about: how questions ended, whether confidence can be believed, and where evidence lies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evaluation.report.blocks import Section, Table, Words
from evaluation.report.plots import Point, counts, field
from evaluation.report.wording import SCORE, between, cells, decimals, percent, plain
from evaluation.statistics import wilson

Told = Mapping[str, Any]


def endings(told: Told) -> Section | None:
    """Return how questions ended and after how many rounds, with the accuracy of each; None where it is not known."""
    if not told["endings"]:
        return None
    rows = tuple((name.replace("_", " "), *cells(rate)) for name, rate in told["endings"].items())
    bars = [(name.replace("_", " "), rate["right"], rate["of"]) for name, rate in told["endings"].items()]
    blocks = (counts("endings", "How questions ended", bars), Table(("ended", *SCORE), rows))
    rounds = tuple(
        ("from coarse memory" if count == "0" else count, *cells(rate))
        for count, rate in told["answered_by_rounds"].items()
    )
    by_round = (Words("Answered with support, by rounds of looking again:"), Table(("rounds", *SCORE), rounds))
    return Section("How questions ended", blocks + (by_round if rounds else ()))


def confidence(told: Told) -> Section | None:
    """Return stated confidence against accuracy; None where none was stated."""
    found = told["confidence"]
    if not found:
        return None
    points, rows = [], []
    for one in found["bins"]:
        right = round(one["accuracy"] * one["count"])
        low, high = wilson(right, one["count"])
        stated, found_right = percent(one["confidence"]), percent(one["accuracy"])
        said = f"{one['count']} answers, stated {stated}, right {found_right} ({between(low, high)})"
        points.append(Point(one["confidence"], one["accuracy"], low, high, one["count"], said))
        span = f"{one['low']:.1f} to {one['high']:.1f}"
        rows.append((span, str(one["count"]), percent(one["confidence"]), percent(one["accuracy"])))
    said = (
        f"Expected calibration error {decimals(found['ece'])}, Brier score {decimals(found['brier'])} "
        "(0 is best for both). Below the dashed line answers are surer than they are right."
    )
    plot = field("confidence", "Accuracy by stated confidence", points, "stated confidence", diagonal=True)
    return Section(
        "Confidence", (Words(said), plot, Table(("confidence", "answers", "stated, mean", "right"), tuple(rows)))
    )


def grounding(told: Told) -> Section | None:
    """Return whether cited evidence lies where the benchmark says; None where it does not say."""
    found = told["grounding"]
    if not found:
        return None
    said = (
        f"Where the benchmark says it is shown: mean overlap (intersection over union) {decimals(found['overlap'])}; "
        f"share of what is cited that lies inside {percent(found['inside'])}."
    )
    rows = (
        ("evidence hits the reference", *cells(found["hits"])),
        ("right, when it hits", *cells(found["right_when_hit"])),
        ("right, when it misses", *cells(found["right_when_missed"])),
    )
    return Section("Grounding", (Words(said), Table(("", *SCORE), rows)))


def free_answers(told: Told) -> Section | None:
    """Return the scores of open answers, by words and by a judge; None where there are none."""
    if not told["open"]:
        return None
    rows = [("the same words", *cells(told["open"]["exact"]))]
    said = [f"Mean F1 of shared words: {decimals(told['open']['f1'])}."]
    judged = told["judged"]
    if judged:
        rows.append(("judged right", *cells(judged["right"])))
        said.append(
            f"Judged by {plain(judged['judge'], 80)}, prompt version {plain(judged['version'], 20)}: "
            f"{judged['partly']} partly right, {judged['wrong']} wrong, {judged['unjudged']} without a grade (counted "
            f"as wrong); mean grade with half a point for partly {percent(judged['mean'])}."
        )
        if judged["points"]:
            said.append(f"Points stated, of those a reference lists: {percent(judged['points'])}.")
        said.append(f"Judging took {judged['calls']} calls and {judged['tokens']:,} tokens.")
    else:
        said.append("No judge has graded them (eval with --judge).")
    return Section("Open answers", (Words(" ".join(said)), Table(("", *SCORE), tuple(rows))))
