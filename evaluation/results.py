"""The file a run leaves: one record a line; and what it means for each question of the benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from evaluation.readers.fields import Row, read_lines
from evaluation.records import Question, Record
from tools.errors import BadInput

_STATUS = ("answered", "insufficient", "budget_exhausted", "failed")


@dataclass(frozen=True)
class Outcome:
    """One question under one seed: what came of it, and whether it is right."""

    question: Question
    record: Record | None
    """None: the run left nothing of it."""
    right: bool
    """False, too, where it is missing or failed."""
    seed: int

    @property
    def answered(self) -> bool:
        """True where an option was given: what official scorers count."""
        return self.record is not None and self.record["status"] != "failed" and self.record["chosen"] is not None


def read_records(path: Path) -> list[Record]:
    """Return the records of a file, of several of one question and seed the last. Raises `BadInput`.

    A last line that is cut short is left out.
    """
    kept: dict[tuple[str, int], Record] = {}
    for row in read_lines(path, growing=True):
        record = _checked(row)
        kept[record["id"], record["seed"]] = record
    return list(kept.values())


def _checked(row: Row) -> Record:
    """Return a row as a record. Raises `BadInput` for what scores rest on; the rest is taken as it is."""
    status = row.text("status")
    if status not in _STATUS:
        raise row.wrong("status", f"one of {', '.join(_STATUS)} is expected, not {status!r:.60}")
    for field in ("chosen", "seed", "rounds"):
        value = row.data.get(field)
        if field == "chosen" and value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or (value < 0 and field != "seed"):
            raise row.wrong(field, f"a whole number is expected, not {json.dumps(value):.60}")
    confidence = row.number("confidence")
    if confidence is not None and confidence > 1:
        raise row.wrong("confidence", "a number from 0 to 1 is expected")
    for item in row.rows("evidence"):
        for field in ("start", "end"):
            if item.number(field) is None:
                raise item.wrong(field, "it is missing")
    said = row.data.get("answer")
    plain = {"id": row.text("id"), "confidence": confidence, "answer": said if isinstance(said, str) else ""}
    return cast(Record, dict(row.data) | plain)


def outcomes(questions: Sequence[Question], records: Iterable[Record], *, cleaned: bool = False) -> list[Outcome]:
    """Return an outcome for each question with a known right option, and each seed of the records.

    What is missing or failed is wrong. `cleaned` goes by the mended right options and leaves out what
    cannot be answered; otherwise that counts, and is wrong.

    Raises `BadInput` where a record's choice is beyond the options of its question.
    """
    found = {(record["id"], record["seed"]): record for record in records}
    known = {question.id: question for question in questions}
    for (name, _), record in found.items():
        if name in known and record["chosen"] is not None and record["chosen"] >= len(known[name].options):
            raise BadInput(f"the record of question {name} chose option {record['chosen']}, which it has not")
    made: list[Outcome] = []
    for seed in sorted({seed for _, seed in found}) or [0]:
        for question in questions:
            got = found.get((question.id, seed))
            right = question.is_right(got["chosen"] if got and got["status"] != "failed" else None, cleaned=cleaned)
            if right is not None:
                made.append(Outcome(question, got, right, seed))
    return made
