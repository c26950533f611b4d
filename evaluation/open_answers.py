"""Scores of answers in free words against the benchmark's own: exact, and by shared words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.records import Question, Record
from evaluation.statistics import Rate
from evaluation.wording import overlap, without_articles


@dataclass(frozen=True)
class OpenScore:
    """How open questions were answered; what is missing or failed counts as an empty answer."""

    exact: Rate
    f1: float
    """Mean F1 of shared words, 0 to 1; nan of none."""


def exact_match(answer: str, reference: str) -> bool:
    """Tell whether two answers are the same but for case, punctuation, articles and the writing of numbers."""
    return without_articles(answer) == without_articles(reference)


def token_f1(answer: str, reference: str) -> float:
    """Return the F1 of the words two answers share, articles left out: 0 to 1."""
    return overlap(without_articles(answer), without_articles(reference))


def open_score(questions: Iterable[Question], records: Sequence[Record]) -> OpenScore:
    """Return the score of the open questions that have a reference answer, for each seed of `records`."""
    said = {(record["id"], record["seed"]): record for record in records}
    pairs: list[tuple[str, str]] = []
    asked = [question for question in questions if question.reference and not question.options]
    for seed in sorted({record["seed"] for record in records}) or [0]:
        for question in asked:
            record = said.get((question.id, seed))
            answer = record["answer"] if record and record["status"] != "failed" else ""
            pairs.append((answer, question.reference))
    f1 = math.fsum(token_f1(*pair) for pair in pairs) / len(pairs) if pairs else math.nan
    return OpenScore(Rate(sum(exact_match(*pair) for pair in pairs), len(pairs)), f1)
