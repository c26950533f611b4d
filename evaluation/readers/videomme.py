"""Video-MME: the released parquet file, or a file in the form of the official results template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evaluation.published import CLASSES, PAPER
from evaluation.readers.fields import Row, file_in, read_rows, unique, without_letters
from evaluation.records import UNANSWERABLE, Benchmark, Question
from tools.errors import BadInput

NAME = "videomme"
KINDS = ("duration", "domain", "sub_category", "task_type")
_YOUTUBE = re.compile(r"(?:v=|youtu\.be/)([\w-]{11})")


def read(path: Path, subtitles: Path | None = None) -> Benchmark:
    """Read the parquet file (or its folder) or a JSON file in the form of the results template.

    Args:
        path: the file or folder.
        subtitles: folder of `<videoID>.srt`: the setting "with subtitles". Without it there are no words at all.

    Raises `BadInput` naming file, row and field.
    """
    file = file_in(path, "test-*.parquet", "*/test-*.parquet", "*.parquet", "*.json")
    if subtitles and not subtitles.is_dir():
        raise BadInput(f"there is no folder of subtitles {subtitles}")
    rows = _parquet(file) if file.suffix.lower() == ".parquet" else list(_template(file))
    found = unique((_question(row, subtitles) for row in rows), file)
    words = {"speech": "subtitles" if subtitles else "none"}
    return Benchmark(NAME, found, words, CLASSES[NAME], {} if subtitles else PAPER[NAME])


def _parquet(file: Path) -> list[Row]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise BadInput(f'reading {file} needs pyarrow: pip install "videolucy[eval]"') from None
    try:
        listed: list[dict[str, Any]] = pyarrow.parquet.read_table(file).to_pylist()
    except (pyarrow.ArrowException, OSError) as problem:
        said = str(problem).partition("\n")[0]
        raise BadInput(f"cannot read {file} as parquet: {said:.200}") from None
    return [Row.of(file, f"row {count}", item) for count, item in enumerate(listed, 1)]


def _template(file: Path) -> Iterator[Row]:
    """Yield the questions of the results template, each with the fields of its video."""
    for video in read_rows(file):
        shared = {name: value for name, value in video.data.items() if name != "questions"}
        for row in video.rows("questions"):
            yield Row(row.file, row.where, shared | dict(row.data))


def _question(row: Row, subtitles: Path | None) -> Question:
    options = without_letters(row.texts("options"))
    answer = row.letter("answer", len(options))
    link = _YOUTUBE.search(row.text("url", ""))
    video = row.text("videoID", link[1] if link else row.text("video_id"))
    named = subtitles / f"{video}.srt" if subtitles else None
    return Question(
        id=row.text("question_id"),
        video=video,
        question=row.text("question"),
        options=options,
        answer=answer if answer >= 0 else None,
        categories={kind: (row.text(kind),) for kind in KINDS if row.data.get(kind)},
        subtitle=str(named) if named and named.is_file() else None,
        defects=(UNANSWERABLE,) if answer < 0 else (),
    )
