"""LVBench: `video_info.meta.jsonl`, one line a video, options inside the question text."""

from __future__ import annotations

import re
from pathlib import Path
from string import ascii_uppercase

from evaluation.published import CLASSES, PAPER
from evaluation.readers.fields import Row, file_in, read_lines, unique
from evaluation.readers.times import played
from evaluation.records import UNANSWERABLE, Benchmark, Question

NAME = "lvbench"
FILE = "video_info.meta.jsonl"
SHORT = {
    "key information retrieval": "KIR",
    "event understanding": "EU",
    "summarization": "Sum",
    "entity recognition": "ER",
    "reasoning": "Rea",
    "temporal grounding": "TG",
}
"""The question types, as the file and as tables name them."""
UNREADABLE = "time reference cannot be read"
_OPTIONS = tuple(re.compile(rf"(?:^|\n)[ \t]*{mark}[ \t]*") for mark in (r"\(([A-Z])\)", r"([A-Z])[.)]"))
"""How options are marked: `(A)` in the released file, `A.` or `A)` in copies."""


def read(path: Path) -> Benchmark:
    """Read the released file, or the folder it lies in. Raises `BadInput` naming file, line and field."""
    file = file_in(path, FILE, f"*/{FILE}")
    questions = unique((found for row in read_lines(file) for found in _of_video(row)), file)
    return Benchmark(NAME, questions, {"speech": "none"}, CLASSES[NAME], PAPER[NAME])


def _of_video(row: Row) -> list[Question]:
    key, kind = row.text("key"), row.text("type", "")
    info = row.data.get("video_info")
    minutes = Row.of(row.file, f"{row.where}, field 'video_info'", info).number("duration_minutes") if info else None
    return [_question(qa, key, kind, minutes * 60 if minutes else None) for qa in row.rows("qa")]


def _question(row: Row, key: str, kind: str, duration: float | None) -> Question:
    text, options = split_options(row.text("question"))
    if not options:
        raise row.wrong("question", "it holds no options such as (A) and (B) on lines of their own")
    types = row.texts("question_type")
    answer = row.letter("answer", len(options))
    when = row.text("time_reference", "")
    evidence = played(when)
    faults = {UNANSWERABLE: answer < 0, UNREADABLE: bool(when) and not evidence}
    return Question(
        id=row.text("uid"),
        video=key,
        question=text,
        options=options,
        answer=answer if answer >= 0 else None,
        categories={"question_type": tuple(SHORT.get(name.lower(), name) for name in types)}
        | ({"video_type": (kind,)} if kind else {}),
        evidence=evidence,
        duration=duration,
        defects=tuple(name for name, holds in faults.items() if holds),
    )


def split_options(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the question and the options that follow it on lines of their own, in the order A, B, C ..."""
    for form in _OPTIONS:
        marks: list[re.Match[str]] = []
        for match in form.finditer(text):
            if match[1] == ascii_uppercase[len(marks) : len(marks) + 1]:
                marks.append(match)
        if len(marks) > 1:
            ends = [match.start() for match in marks[1:]] + [len(text)]
            options = tuple(text[match.end() : end].strip() for match, end in zip(marks, ends, strict=True))
            return text[: marks[0].start()].strip(), options
    return text.strip(), ()
