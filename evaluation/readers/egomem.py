"""EgoMem: `EgoMem.json`, with the evidence of `annos/` where that lies beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import ascii_uppercase
from typing import NamedTuple

from evaluation.published import CLASSES, PAPER
from evaluation.readers.fields import Row, file_in, read_rows, unique, without_letter, without_letters
from evaluation.readers.times import clocked, names_clock
from evaluation.records import UNANSWERABLE, Benchmark, Question
from tools.errors import BadInput

NAME = "egomem"
EVENTS = (
    "Event Order",
    "Temporal Judge",
    "Temporal Align",
    "Event Context",
    "Event Rectification",
    "Event Reconstruction",
)
"""The six kinds of Event questions: a video has one of each, in this order; the file does not label them."""

EMPTY, NO_E, AGAINST, TWICE, CLOCK, DROPPED = (
    "answer is empty",
    "answer is E, which is not among the options",
    "answer contradicts the annotation and its evidence",
    "two options are the same",
    "clock time in the question is wrong",
    "option E of the annotation was dropped",
)


class Defect(NamedTuple):
    """What is wrong with a released question, and what mends it."""

    name: str
    answer: str = ""
    """The right letter."""
    wording: tuple[str, str] = ("", "")
    """Words of the question, and what they should be."""


DEFECTS: dict[str, Defect] = {
    "141": Defect(EMPTY, "B"),
    "148": Defect(EMPTY, "D"),
    "354": Defect(NO_E, "E"),
    "401": Defect(NO_E, "E"),
    "211": Defect(AGAINST, "C"),
    "32": Defect(TWICE),
    "33": Defect(TWICE),
    "262": Defect(TWICE),
    "374": Defect(TWICE),
    "252": Defect(CLOCK, wording=("12:40 AM and 18:30 AM", "12:40 PM and 18:30 PM")),
}
"""Faults found by comparing the released file with its annotations."""


def read(path: Path, cleaned: bool = False) -> Benchmark:
    """Read `EgoMem.json` or the folder it lies in, and `annos/` beside it.

    Args:
        path: the file or folder.
        cleaned: ask the mended questions: right answers, right clock times, option E where the annotation has
            it; what cannot be answered even so is left out. Otherwise they are asked as released, and each
            tells its `defects`.

    Raises `BadInput` naming file, row and field.
    """
    file = file_in(path, "EgoMem.json", "*/EgoMem.json")
    annos = file.parent / "annos"
    questions = _read(file, annos if annos.is_dir() else None, cleaned)
    kept = unique((one for one in questions if not (cleaned and UNANSWERABLE in one.defects)), file)
    # The paper's setting has no speech.
    return Benchmark(NAME, kept, {"speech": "none"}, CLASSES[NAME], PAPER[NAME])


def _read(file: Path, annos: Path | None, cleaned: bool) -> Iterator[Question]:
    rows = read_rows(file)
    counts = Counter(map(_block, rows))
    notes = {block: _annotations(annos, *block, count) for block, count in counts.items()}
    places: Counter[tuple[str, str]] = Counter()
    for row in rows:
        video, kind = block = _block(row)
        place = places[block]
        places[block] += 1
        named = EVENTS[place] if kind == "Event" and place < len(EVENTS) else kind
        yield _question(row, notes[block][place], named, cleaned)


def _block(row: Row) -> tuple[str, str]:
    kind = row.text("type")
    if kind not in ("Detail", "Event"):
        raise row.wrong("type", f"Detail or Event is expected, not {kind!r:.60}")
    return row.text("videoID"), kind


def _annotations(annos: Path | None, video: str, kind: str, count: int) -> list[Row | None]:
    """Return the annotations of a video's questions of one type, which stand in the same order."""
    file = annos / kind.lower() / f"{video}_{kind}_QA.json" if annos else None
    if not file or not file.is_file():
        return [None] * count
    notes = read_rows(file)
    if len(notes) != count:
        raise BadInput(f"{file} holds {len(notes)} questions, and EgoMem.json {count} of this video and type")
    return list(notes)


def _question(row: Row, note: Row | None, kind: str, cleaned: bool) -> Question:
    number = row.text("question_id")
    options, text = without_letters(row.texts("options")), row.text("question")
    answer = row.letter("answer", len(options))
    fifth = note.text("choice_e", "") if note and len(options) < len("ABCDE") else ""
    dropped = without_letter(fifth, "E")
    known = DEFECTS.get(number)
    names = [known.name] if known else []
    names += [DROPPED] if dropped else []
    names += [UNANSWERABLE] if answer < 0 else []
    right = ascii_uppercase.find(known.answer) if known and known.answer else -1
    question = Question(
        id=number,
        video=row.text("videoID"),
        question=text,
        options=options,
        answer=answer if answer >= 0 else None,
        categories={"type": (row.text("type"),), "kind": (kind,)},
        clock_evidence=clocked(note.text("reason", "")) if note else (),
        needs_clock=names_clock(text, *options),
        defects=tuple(names),
        corrected=right if 0 <= right < len(options) else None,
    )
    return _mended(question, known, right, dropped) if cleaned else question


def _mended(question: Question, known: Defect | None, right: int, dropped: str) -> Question:
    options = (*question.options, dropped) if dropped else question.options
    text = question.question.replace(*known.wording) if known and known.wording[0] else question.question
    answer = right if 0 <= right < len(options) else question.answer
    left = (UNANSWERABLE,) if answer is None else (TWICE,) if TWICE in question.defects else ()
    return replace(question, question=text, options=options, answer=answer, corrected=None, defects=left)
