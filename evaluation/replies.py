"""Replies of other systems, in the forms the benchmarks' own scorers take, as records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evaluation.letters import option_of
from evaluation.readers.fields import Row, read_json, read_lines
from evaluation.records import Benchmark, Question, Record
from evaluation.shuffling import RELEASED, chosen_of, shown_options, shown_order
from tools.errors import BadInput

_IDS = ("id", "uid", "question_id")
_REPLIES = ("reply", "response", "option", "answer", "prediction", "pred")


def read_replies(path: Path, benchmark: Benchmark) -> list[Record]:
    """Return a record for each question of `benchmark` that a file of replies answers.

    Taken are an object `{id: reply}` (LVBench), a list or JSON lines of objects with an id (`id`, `uid` or
    `question_id`) and a reply (`reply`, `response`, `option`, `answer`, `prediction` or `pred`; MLVU's test), and
    Video-MME's results template. Options are taken to stand in the benchmark's order; free replies are read by
    `letters`.

    Raises `BadInput` naming file, row and field, or where no question of the benchmark is answered.
    """
    known = {question.id: question for question in benchmark.questions}
    given = _given(path)
    if not (found := [_record(known[name], reply) for name, reply in given.items() if name in known]):
        raise BadInput(f"{path} answers no question of {benchmark.name}: its ids are {', '.join(list(given)[:3])} ...")
    return found


def _given(path: Path) -> dict[str, str]:
    if path.suffix.lower() == ".jsonl":
        return dict(_pair(row) for row in read_lines(path))
    whole = read_json(path)
    if isinstance(whole, Mapping):
        row = Row.of(path, "the object", whole)
        return {str(name): row.text(str(name), "") for name in whole}
    if not isinstance(whole, list):
        raise BadInput(f"{path}: an object or a list of replies is expected")
    rows = [Row.of(path, f"row {count}", item) for count, item in enumerate(whole, 1)]
    flat = [one for row in rows for one in (row.rows("questions") if "questions" in row.data else [row])]
    return dict(_pair(row) for row in flat)


def _pair(row: Row) -> tuple[str, str]:
    name = next((field for field in _IDS if row.data.get(field) is not None), _IDS[0])
    # Where the options are listed the row is the benchmark's own, and its `answer` the right one.
    forms = ("reply", "response") if "options" in row.data else _REPLIES
    reply = next((field for field in forms if field in row.data), None)
    if reply is None:
        raise row.wrong(forms[0], f"it is missing (or {', '.join(forms[1:])})")
    return row.text(name), row.text(reply, "")


def _record(question: Question, reply: str) -> Record:
    order = shown_order(question, RELEASED)
    # A letter counts in the released order, in which options of the same text are all listed.
    letter = option_of(reply, question.options) if question.options else None
    chosen = chosen_of(letter, tuple(range(len(question.options))))
    categories: dict[str, Any] = {kind: list(names) for kind, names in question.categories.items()}
    return Record(
        id=question.id,
        video=question.video,
        question=question.question,
        options=shown_options(question, order),
        shown_order=list(order),
        answer=reply,
        option=letter,
        chosen=chosen,
        right=question.answer,
        correct=question.is_right(chosen),
        status="answered" if reply.strip() else "failed",
        stopped_by="",
        rounds=0,
        confidence=None,
        evidence=[],
        usage={},
        seconds=0.0,
        trace={},
        error=None,
        settings_digest="",
        seed=RELEASED,
        categories=categories,
    )
