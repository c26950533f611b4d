"""What a judge said of open answers: kept beside the records, so that no answer is judged twice, and scored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.lines import add_line
from evaluation.readers.fields import Row, read_lines
from evaluation.records import Question, Record
from evaluation.statistics import Rate
from memory_store.records import digest

FILE = "judged.jsonl"
_WORTH = {"right": 1.0, "partly": 0.5, "wrong": 0.0}


@dataclass(frozen=True)
class Verdict:
    """One answer, judged."""

    id: str
    seed: int
    judged: str
    """Digest of all that the judge saw."""
    judge: str
    """Name of the model."""
    version: str
    """Of the prompt."""
    grade: str
    met: int
    """Points of the question that the answer states."""
    reason: str
    calls: int
    tokens: int


@dataclass(frozen=True)
class JudgedScore:
    """Open answers as a judge sees them; what is missing, failed or without a grade is wrong."""

    judge: str
    version: str
    right: Rate
    partly: int
    wrong: int
    unjudged: int
    """Answers without a grade, among those that are wrong in `right`."""
    mean: float
    """Mean grade, 0 to 1, half a point for partly."""
    points: float
    """Share of the points listed that were stated, 0 to 1; nan where none are listed."""
    calls: int
    tokens: int


def seen(question: Question, answer: str) -> str:
    """Return a digest of what a judge is shown: where it changes, the answer is judged again."""
    return digest("\x1f".join([question.question, question.reference, *question.scoring_points, "", answer]))[:24]


def answer_of(record: Record | None) -> str:
    """Return what is judged of a record: nothing where it is missing or failed."""
    return "" if record is None or record["status"] == "failed" else record["answer"]


def open_questions(questions: Iterable[Question]) -> list[Question]:
    """Return the questions a judge can grade: with a reference in words, and without options."""
    return [question for question in questions if question.reference and not question.options]


def read_verdicts(path: Path) -> list[Verdict]:
    """Return the verdicts of a file but for a last line that is cut short; none where there is no file.

    Raises `BadInput`.
    """
    return [_verdict(row) for row in read_lines(path, growing=True)] if path.exists() else []


def _verdict(row: Row) -> Verdict:
    grade = row.text("grade")
    if grade not in _WORTH:
        raise row.wrong("grade", f"one of {', '.join(_WORTH)} is expected")
    seed = row.data.get("seed")
    if not isinstance(seed, int):
        raise row.wrong("seed", "a whole number is expected")
    counts = {name: int(row.number(name) or 0) for name in ("met", "calls", "tokens")}
    return Verdict(
        id=row.text("id"),
        seed=seed,
        judged=row.text("judged"),
        judge=row.text("judge"),
        version=row.text("version"),
        grade=grade,
        reason=row.text("reason", ""),
        **counts,
    )


def keep_verdict(path: Path, verdict: Verdict) -> None:
    """Add a verdict to a file, for good once this returns. Raises `OSError`."""
    add_line(path, asdict(verdict))


def judged_score(
    questions: Sequence[Question], records: Sequence[Record], verdicts: Sequence[Verdict]
) -> JudgedScore | None:
    """Return the score of the open answers by the judge (and version of its prompt) that spoke last.

    Verdicts on answers that have changed since do not count. None where there is nothing judged.
    """
    asked = open_questions(questions)
    if not asked or not verdicts:
        return None
    last = verdicts[-1]
    mine = [one for one in verdicts if (one.judge, one.version) == (last.judge, last.version)]
    said = {(one.id, one.seed, one.judged): one for one in mine}
    there = {(record["id"], record["seed"]): record for record in records}
    grades: list[str] = []
    unjudged = met = points = 0
    for seed in sorted({seed for _, seed in there}) or [0]:
        for question in asked:
            answer = answer_of(there.get((question.id, seed)))
            found = said.get((question.id, seed, seen(question, answer)))
            grades.append(found.grade if found else "wrong")
            unjudged += not found and bool(answer.strip())
            met += found.met if found else 0
            points += len(question.scoring_points)
    return JudgedScore(
        judge=last.judge,
        version=last.version,
        right=Rate(grades.count("right"), len(grades)),
        partly=grades.count("partly"),
        wrong=grades.count("wrong"),
        unjudged=unjudged,
        mean=math.fsum(_WORTH[grade] for grade in grades) / len(grades),
        points=met / points if points else math.nan,
        calls=sum(one.calls for one in mine),
        tokens=sum(one.tokens for one in mine),
    )
