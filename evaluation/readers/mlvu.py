"""MLVU: a folder of one JSON file a task (dev), or the files of the test set. Answers are texts."""

from __future__ import annotations

import re
from pathlib import Path

from evaluation.published import CLASSES, PAPER
from evaluation.readers.fields import Row, read_rows, unique
from evaluation.records import UNANSWERABLE, Benchmark, Question
from tools.errors import BadInput

NAME = "mlvu"
GENERATION = ("subPlot", "summary")
"""Tasks whose answers are written freely; they belong to no average."""
NO_CANDIDATE = "answer is no candidate"
_TASK_FILE = re.compile(r"\d+_\w+")


def read(path: Path, generation: bool = False) -> Benchmark:
    """Read a folder of the released JSON files (or the folder above), or one of them.

    Args:
        path: the folder or file.
        generation: read the tasks with free answers, too (sub-scene captioning, summaries).

    Raises `BadInput` naming file, row and field.
    """
    files = _files(path)
    found = [_question(row, count) for file in files for count, row in enumerate(read_rows(file))]
    kept = unique((one for one in found if one.options or generation), path)
    test = any("test" in file.stem.lower() for file in files)
    return Benchmark(f"{NAME}-test" if test else NAME, kept, {"speech": "none"}, CLASSES[NAME], _paper(test))


def _paper(test: bool) -> dict[str, float]:
    return {} if test else dict(PAPER[NAME])


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    for folder in (path, path / "json", path / "MLVU" / "json"):
        files = sorted(folder.glob("*.json"), key=lambda file: (len(file.stem.split("_")[0]), file.name))
        if files:
            return files
    raise BadInput(f"{path} holds no JSON files of tasks, such as json/1_plotQA.json")


def _question(row: Row, index: int) -> Question:
    task, options = row.text("question_type"), row.texts("candidates", ())
    stem = row.file.stem
    video = row.text("video")
    said = row.text("answer", "")
    answer, defects = _answer(said, options)
    return Question(
        id=row.text("question_id", f"{stem}-{index}"),
        video=f"{stem}/{video}" if _TASK_FILE.fullmatch(stem) else video,
        question=row.text("question"),
        options=options,
        answer=answer,
        reference="" if options else said,
        categories={"task": (task,)},
        duration=row.number("duration"),
        defects=defects,
        scoring_points=_points(row),
    )


def _answer(said: str, options: tuple[str, ...]) -> tuple[int | None, tuple[str, ...]]:
    if not options or not said:
        return None, ()
    if said in options:
        return options.index(said), ()
    letter = ord(said) - ord("A") if len(said) == 1 else -1
    if 0 <= letter < len(options):
        return letter, ()
    return None, (UNANSWERABLE, NO_CANDIDATE)


def _points(row: Row) -> tuple[str, ...]:
    value = row.data.get("scoring_points")
    return (
        tuple(line for line in value.splitlines() if line.strip())
        if isinstance(value, str)
        else row.texts("scoring_points", ())
    )
