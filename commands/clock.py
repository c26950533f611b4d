"""`videolucy clock`: a clock table from the names of clips."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.errors import BadInput

if TYPE_CHECKING:
    from tools.clock.table import Row
    from tools.video.sources import Clip

_FAR = 1.0
"""Percent by which a spliced file may be longer or shorter than its clips."""


def clock(
    clips: Annotated[str, typer.Argument(metavar="DIR", help="folder (or list file) of clips named by their time")],
    splice: Annotated[
        Path | None, typer.Option(help="a video that is these clips joined: the table is written for it")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="replace a table that is there")] = False,
) -> None:
    """Write a clock table, by which questions and answers can speak of wall-clock times."""
    from commands.terminal import clean, progress, results
    from tools.clock import table
    from tools.video.sources import find_clips

    named = Path(clips).expanduser()
    place = named / table.IN_FOLDER if named.is_dir() else named.with_name(named.name + table.BESIDE)
    if splice:
        place = splice.with_name(splice.name + table.BESIDE)
    if place.exists() and not force:
        raise BadInput(f"{place} is there already; --force replaces it")
    _, found, _ = find_clips(clips)
    rows = _spliced(clips, splice) if splice else _rows(found, place.parent)
    if not rows:
        raise BadInput(f"no file name in {clips} tells a time, as DAY1_NAME_11094208 and VID_20191220_170832 do")
    table.write(place, rows)
    walls = sorted(row.wall for row in rows)
    if len(rows) < len(found):
        without = len(found) - len(rows)
        progress.print(f"{without} of {len(found)} files have no time in their name, and no clock", markup=False)
    if [row.wall for row in rows] != walls:
        progress.print("the files are not in the order of their times; a list file can put them in order", markup=False)
    told = f"{clean(str(place))}: {len(rows)} files, {walls[0].text()} to {walls[-1].text()}"
    results.print(told, markup=False, soft_wrap=True)


def _rows(clips: list[Clip], folder: Path) -> list[Row]:
    from tools.clock.names import start_of
    from tools.clock.table import Row

    rows = [Row(os.path.relpath(clip.path, folder), wall) for clip in clips if (wall := start_of(Path(clip.name).stem))]
    return _of_one_style(rows)


def _spliced(clips: str, splice: Path) -> list[Row]:
    """Return where in the spliced file each clip begins, by the lengths of the clips before it."""
    from commands.terminal import progress
    from tools.clock.names import start_of
    from tools.clock.table import Row
    from tools.video.probe import probe
    from tools.video.sources import find_parts

    _, parts = find_parts(clips)
    whole, joined = probe(str(splice)).duration, parts[-1].end
    if abs(whole - joined) > joined * _FAR / 100:
        progress.print(
            f"{splice.name} lasts {whole:.0f} s and its clips {joined:.0f} s: times may be off", markup=False
        )
    starts = ((part, start_of(Path(part.path).stem)) for part in parts)
    return _of_one_style([Row(splice.name, wall, round(part.start, 3)) for part, wall in starts if wall])


def _of_one_style(rows: list[Row]) -> list[Row]:
    """Return the rows. Raises `BadInput` where some days are counted and others are dates."""
    styles = {row.wall.style: row.file for row in rows}
    if len(styles) > 1:
        raise BadInput(f"days are named in two ways: {' and '.join(styles.values())}")
    return rows
