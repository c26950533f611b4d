"""Questions of one's own: JSON lines, one question a line.

| field | meaning |
|---|---|
| `question` | required |
| `video` | required: file name, its stem, or a path from the folder of videos |
| `id` | default: the number of the line |
| `options` | list of texts, with or without `A.` before them; none: an open question |
| `answer` | the right option: its letter, its index (from 0) or its text; for an open question the right words |
| `categories` | object: kind to one name or several, for example `{"task": "counting"}` |
| `evidence` | where it is shown: list of `[start, end]`, in seconds or as `MM:SS` or `HH:MM:SS` |
| `clock_evidence` | list of `[start, end]` in wall-clock time, `HH:MM` or `HH:MM:SS` |
| `duration` | of the video, seconds |
| `subtitle` | file of its subtitles, a path from this file |
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from evaluation.readers.fields import Row, file_in, read_lines, unique, without_letters
from evaluation.readers.times import names_clock, played
from evaluation.records import Benchmark, ClockStretch, Question, Stretch
from tools.clock.wall import Wall, parse_time

NAME = "plain"
FIELDS = (
    *("id", "video", "question", "options", "answer", "categories", "evidence", "clock_evidence"),
    *("duration", "subtitle"),
)


def read(path: Path) -> Benchmark:
    """Read a file of JSON lines (or the one in a folder). Raises `BadInput` naming file, line and field."""
    file = file_in(path, "*.jsonl")
    return Benchmark(file.stem, unique((_question(row) for row in read_lines(file)), file))


def write(path: Path, asked: Iterable[Question]) -> None:
    """Write questions as `read` takes them. Wall-clock evidence and subtitles are left out."""
    lines = [
        json.dumps(
            {
                "id": one.id,
                "video": one.video,
                "question": one.question,
                "options": list(one.options),
                "answer": one.answer if one.options else one.reference,
                "categories": {kind: list(names) for kind, names in one.categories.items()},
                "evidence": [list(stretch) for stretch in one.evidence],
                "duration": one.duration,
            },
            ensure_ascii=False,
        )
        for one in asked
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _question(row: Row) -> Question:
    if unknown := sorted(set(map(str, row.data)) - set(FIELDS)):
        raise row.wrong(unknown[0], f"there is no such field; fields are {', '.join(FIELDS)}")
    options, text = without_letters(row.texts("options", ())), row.text("question")
    if len(options) == 1 or len(options) > len(ascii_uppercase):
        raise row.wrong("options", "2 to 26 options are possible, or none")
    subtitle = row.text("subtitle", "")
    return Question(
        id=row.text("id", row.where.rpartition(" ")[2]),
        video=row.text("video"),
        question=text,
        options=options,
        answer=_answer(row, options) if options else None,
        reference="" if options else row.text("answer", ""),
        categories=_categories(row),
        evidence=tuple(_stretch(row, pair) for pair in _pairs(row, "evidence")),
        clock_evidence=tuple(_clock(row, pair) for pair in _pairs(row, "clock_evidence")),
        needs_clock=names_clock(text, *options),
        duration=row.number("duration"),
        subtitle=str(row.file.parent / subtitle) if subtitle else None,
    )


def _answer(row: Row, options: tuple[str, ...]) -> int | None:
    value = row.data.get("answer")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 <= value < len(options):
            raise row.wrong("answer", f"{value} is the index of no option: they count from 0 to {len(options) - 1}")
        return value
    said = row.text("answer")
    if said in options:
        return options.index(said)
    letter = said.strip("(). ").upper()
    index = ascii_uppercase.find(letter) if len(letter) == 1 else -1
    if not 0 <= index < len(options):
        raise row.wrong("answer", f"{said!r:.60} is neither the letter nor the text of an option")
    return index


def _categories(row: Row) -> dict[str, tuple[str, ...]]:
    value = row.data.get("categories")
    if value is None:
        return {}
    given = Row.of(row.file, f"{row.where}, field 'categories'", value)
    return {
        kind: given.texts(kind) if isinstance(names, list) else (given.text(kind),) for kind, names in value.items()
    }


def _pairs(row: Row, field: str) -> list[tuple[Any, Any]]:
    value = row.data.get(field)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        raise row.wrong(field, "a list of pairs is expected, such as [[12.5, 20]]")
    return [(start, end) for start, end in value]


def _stretch(row: Row, pair: tuple[Any, Any]) -> Stretch:
    start, end = (_seconds(row, value) for value in pair)
    if start >= end:
        raise row.wrong("evidence", f"{pair[0]} to {pair[1]}: the end must come after the start")
    return start, end


def _seconds(row: Row, value: Any) -> float:
    if isinstance(value, str) and ":" in value:
        found = played(value)
        if len(found) != 1:
            raise row.wrong("evidence", f"{value!r:.60} is no time such as 01:30")
        return found[0][0]
    number = Row.of(row.file, row.where, {"evidence": value}).number("evidence")
    if number is None:
        raise row.wrong("evidence", "a time is missing")
    return number


def _clock(row: Row, pair: tuple[Any, Any]) -> ClockStretch:
    try:
        start, end = (Wall(parse_time(str(value))).text() for value in pair)
    except ValueError as problem:
        raise row.wrong("clock_evidence", str(problem)) from None
    if start > end:
        raise row.wrong("clock_evidence", f"{pair[0]} to {pair[1]}: the end must come after the start")
    return start, end
