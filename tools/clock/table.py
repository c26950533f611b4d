"""Clock tables: a CSV file that a person can read and mend, and that is read with the clips beside it.

Columns: `file` (name of a clip, or its path from the table), `day` (`DAY1`, a date, or nothing), `clock`
(`11:09:42.4`), and, where a file holds several recordings in a row, `start`: the second of the file from
which that clock holds (0 when left out).
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tools.clock.clock import to_text
from tools.clock.wall import Wall
from tools.errors import BadInput

IN_FOLDER = "clock.csv"
"""Name of the table of a folder of clips."""
BESIDE = ".clock.csv"
"""Ends the name of the table of one file or list."""
COLUMNS = ("file", "start", "day", "clock")
_LARGEST = 16 << 20


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    file: str
    wall: Wall
    start: float = 0.0


@dataclass
class Table:
    """What a clock table says of each file."""

    path: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def of(self, file: Path, name: str = "") -> str:
        """Return the `clock` of the part that `file` is (its `Part.clock`), or an empty string."""
        names = [os.path.relpath(file, self.path.parent), name or file.name, ""]
        rows = next((self.rows[named] for named in names if named in self.rows), [])
        return to_text((row.start, row.wall) for row in rows)


def table_for(source: Path) -> Path | None:
    """Return the clock table of a folder, file or list, or None where there is none."""
    if source.is_dir():
        places = [source / IN_FOLDER]
    else:
        places = [source.with_name(name + BESIDE) for name in (source.name, source.stem)]
    # Unlike that of a path, this does not fail where the name has become too long.
    return next((place for place in places if os.path.isfile(place)), None)


def read(path: Path) -> Table:
    """Read a clock table. Raises `BadInput` naming the line that cannot be understood."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path} is too large for a clock table")
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"cannot read {path}: {getattr(problem, 'strerror', None) or 'it is not text'}") from None
    lines = csv.DictReader(io.StringIO(text), skipinitialspace=True)
    try:
        heads = [head.strip().lower() for head in lines.fieldnames or []]
        if not {"file", "clock"} <= set(heads) <= set(COLUMNS):
            raise BadInput(
                f"{path} line 1: the columns of a clock table are {','.join(COLUMNS)} (day and start may lack)"
            )
        lines.fieldnames = heads
        table = Table(path)
        for line in lines:
            _add(table, line, lines.line_num)
    except csv.Error as problem:
        raise BadInput(f"{path} line {lines.line_num}: {problem}") from None
    if not table.rows:
        raise BadInput(f"{path} holds no clock")
    return table


def _add(table: Table, line: dict[str, str | None], number: int) -> None:
    def wrong(why: str) -> BadInput:
        return BadInput(f"{table.path} line {number}: {why}")

    if None in line or any(value is None for value in line.values()):
        raise wrong("it has not as many fields as the first line")
    cells = {key: (value or "").strip() for key, value in line.items()}
    try:
        wall = Wall.of(cells.get("day", ""), cells["clock"])
        start = float(cells.get("start") or 0)
    except ValueError as problem:
        raise wrong(str(problem)) from None
    if not 0 <= start < 1e7:
        raise wrong("a start is a number of seconds from 0 on")
    before = table.rows.setdefault(cells["file"], [])
    if before and before[-1].start >= start:
        raise wrong(
            f"{cells['file'] or 'the file'} has a later start before it" if start else "the file is named twice"
        )
    first = next((rows[0] for rows in table.rows.values() if rows), None)
    if first and first.wall.style != wall.style:
        raise wrong("days are named in two ways; use DAY1, DAY2 ..., or dates, or none in all lines")
    before.append(Row(cells["file"], wall, start))


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write a clock table. Raises `BadInput` where it cannot be written."""
    rows = list(rows)
    columns = [name for name in COLUMNS if name != "start" or any(row.start for row in rows)]
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    for row in rows:
        day, _, time = row.wall.text(parts=True).rpartition(" ")
        table.writerow({"file": row.file, "start": f"{row.start:.3f}", "day": day, "clock": time})
    try:
        path.write_text(text.getvalue(), "utf-8")
    except OSError as problem:
        raise BadInput(f"cannot write {path}: {problem.strerror}") from None
