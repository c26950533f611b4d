"""Scores of multiple choice: accuracy by category, baselines, calibration, and how questions ended.

Everywhere: missing and failed questions are wrong. `official` counts only what was answered, as the
benchmarks' own scripts do; it stands beside the score, never for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from evaluation.records import Question
from evaluation.results import Outcome
from evaluation.shuffling import RELEASED, chosen_of, shown_order
from evaluation.statistics import Calibration, Rate, calibration, mean_interval


def accuracy(outcomes: Iterable[Outcome]) -> Rate:
    """Return the share of right answers among all questions."""
    listed = list(outcomes)
    return Rate(sum(outcome.right for outcome in listed), len(listed))


def official(outcomes: Iterable[Outcome]) -> Rate:
    """Return the share of right answers among those answered."""
    return accuracy(outcome for outcome in outcomes if outcome.answered)


def by_category(outcomes: Iterable[Outcome]) -> dict[str, dict[str, Rate]]:
    """Return the accuracy by kind and name of category; a question counts in each name it has."""
    return {kind: {name: accuracy(held) for name, held in names.items()} for kind, names in _held(outcomes).items()}


def by_clock(outcomes: Iterable[Outcome], known: Collection[str]) -> dict[str, Rate]:
    """Return the accuracy of questions that speak of wall-clock times, by whether the video's clock is `known`."""
    held: dict[str, list[Outcome]] = {"clock known": [], "no clock known": [], "not asked": []}
    for one in outcomes:
        told = "clock known" if one.question.video in known else "no clock known"
        held[told if one.question.needs_clock else "not asked"].append(one)
    return {name: accuracy(found) for name, found in held.items()}


def _held(outcomes: Iterable[Outcome]) -> dict[str, dict[str, list[Outcome]]]:
    held: dict[str, dict[str, list[Outcome]]] = {}
    for outcome in outcomes:
        for kind, names in outcome.question.categories.items():
            for name in dict.fromkeys(names):
                held.setdefault(kind, {}).setdefault(name, []).append(outcome)
    return held


def mean_of(rates: Mapping[str, Rate]) -> float:
    """Return the unweighted mean of the accuracies of categories (MLVU's official M-Avg over tasks); nan of none.

    The question-weighted average is the accuracy itself.
    """
    values = [rate.value for rate in rates.values() if rate.of]
    return math.fsum(values) / len(values) if values else math.nan


def constant_letters(questions: Iterable[Question], seed: int = RELEASED, *, cleaned: bool = False) -> dict[str, Rate]:
    """Return the accuracy of giving always the same letter, for each letter, with options as shown by `seed`."""
    asked = [(question, shown_order(question, seed)) for question in questions if question.options]
    most = max((len(order) for _, order in asked), default=0)
    found: dict[str, Rate] = {}
    for letter in ascii_uppercase[:most]:
        right = [question.is_right(chosen_of(letter, order), cleaned=cleaned) for question, order in asked]
        known = [one for one in right if one is not None]
        found[letter] = Rate(sum(known), len(known))
    return found


def majority_letter(constant: Mapping[str, Rate]) -> tuple[str, Rate] | None:
    """Return the best letter to give always, and its accuracy; None where there are no options."""
    return max(constant.items(), key=lambda item: (item[1].right, -ord(item[0])), default=None)


def chance(questions: Iterable[Question]) -> float:
    """Return the expected accuracy of choosing blindly among the options shown; nan of none."""
    scored = [question for question in questions if question.is_right(None) is not None]
    shares = [(question.answer is not None) / len(shown_order(question)) for question in scored]
    return math.fsum(shares) / len(shares) if shares else math.nan


ENDINGS = ("from coarse", "in the loop", "insufficient", "budget_exhausted", "failed", "missing")
"""How a question can end; `in the loop` is also told by rounds."""


def ending_of(outcome: Outcome) -> str:
    """Return how a question ended."""
    record = outcome.record
    if record is None:
        return "missing"
    if record["status"] != "answered":
        return record["status"]
    return "in the loop" if record["rounds"] else "from coarse"


def endings(outcomes: Iterable[Outcome]) -> dict[str, Rate]:
    """Return how many questions ended each way, and how many of them are right; each way has an entry."""
    return _counted(outcomes, ending_of, {ending: Rate(0, 0) for ending in ENDINGS})


def endings_by_round(outcomes: Iterable[Outcome]) -> dict[int, Rate]:
    """Return the same by rounds for questions that were answered with support (0: from coarse)."""
    answered = [one for one in outcomes if one.record and one.record["status"] == "answered"]
    found = _counted(answered, lambda one: str(one.record["rounds"]) if one.record else "", {})
    return {int(rounds): found[rounds] for rounds in sorted(found, key=int)}


def _counted(outcomes: Iterable[Outcome], key: Callable[[Outcome], str], start: dict[str, Rate]) -> dict[str, Rate]:
    found = dict(start)
    for outcome in outcomes:
        before = found.get(key(outcome), Rate(0, 0))
        found[key(outcome)] = Rate(before.right + outcome.right, before.of + 1)
    return found


def stated_confidence(outcomes: Iterable[Outcome], bins: int = 10) -> Calibration:
    """Return the calibration of the confidence stated with the answers given."""
    given = [(one.record["confidence"], one.right) for one in outcomes if one.record and one.answered]
    return calibration([(stated, right) for stated, right in given if stated is not None], bins)


@dataclass(frozen=True)
class Pooled:
    """A score over several seeds: one question is one unit, however often it was asked."""

    seeds: tuple[int, ...]
    each: tuple[float, ...]
    """Accuracy of each seed."""
    mean: float
    deviation: float
    """Standard deviation of the seeds' accuracies; nan of one."""
    interval: tuple[float, float]
    """95 % of the mean, by questions."""


def pooled(outcomes: Sequence[Outcome]) -> Pooled:
    """Return the score over all seeds of `outcomes`."""
    seeds = tuple(sorted({outcome.seed for outcome in outcomes}))
    each = tuple(accuracy(one for one in outcomes if one.seed == seed).value for seed in seeds)
    shares = list(share_of_seeds(outcomes).values())
    if not shares:
        return Pooled((), (), math.nan, math.nan, (0.0, 1.0))
    mean = math.fsum(shares) / len(shares)
    spread = math.fsum((value - mean) ** 2 for value in each)
    deviation = math.sqrt(spread / (len(each) - 1)) if len(each) > 1 else math.nan
    # One seed is a plain share, for which Wilson's interval holds at the edges, too.
    interval = accuracy(outcomes).interval if len(seeds) == 1 else mean_interval(shares, 0.0, 1.0)
    return Pooled(seeds, each, mean, deviation, interval)


def share_of_seeds(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Return for each question the share of seeds under which it is right."""
    held: dict[str, list[bool]] = {}
    for outcome in outcomes:
        held.setdefault(outcome.question.id, []).append(outcome.right)
    return {name: sum(right) / len(right) for name, right in held.items()}
