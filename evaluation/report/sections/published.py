"""What others have published for the same benchmark, and what this run scored, side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from evaluation.published import MARKS, OVERALL
from evaluation.report.blocks import Plot, Section, Table, Words
from evaluation.report.plots import Share, shares
from evaluation.report.wording import NOTHING, percent, plain

_SOURCES = {"report": "by its authors", "rerun": "measured by others", "cited": "read in another paper, or no code"}
_PAPER = "VideoLucy, arXiv 2510.12422, tables 1 to 4"


def beside(told: Mapping[str, Any]) -> Section | None:
    """Return published scores beside those of the run; None for a benchmark that has none."""
    if not told["published"]:
        return None
    # A file of somebody's own questions may have the name of a benchmark.
    marks = MARKS.get(told["benchmark"], ())
    ours = told["released"]["accuracy"]
    blocks: list[Plot | Table | Words] = [
        Words(
            "Published by others, not measured here. Models, frames, transcripts and splits differ: these are marks "
            f"for orientation, no ranking. The paper is {_PAPER}."
        ),
        _paper(told),
    ]
    if marks:
        rows = [Share(mark.system, mark.score / 100, ours=False) for mark in marks]
        if ours["of"]:
            rows.append(Share("this run", ours["value"], ours["low"], ours["high"], ours["of"]))
        rows.sort(key=lambda row: -row.value)
        blocks.append(shares("published", "Published by others, and this run", rows))
        lines = tuple((mark.system, mark.note or NOTHING, _SOURCES[mark.source], f"{mark.score}") for mark in marks)
        blocks.append(Table(("system", "setting", "source", "published %"), lines, texts=3))
    return Section("Published by others, not measured here", tuple(blocks), foreign=True)


def _paper(told: Mapping[str, Any]) -> Table:
    rows = []
    for name, score in told["published"].items():
        kind, _, category = name.partition("/")
        found = told["released"]["by_category"].get(kind, {}).get(category)
        rate = told["released"]["accuracy"] if name == OVERALL else found
        value = rate["value"] if rate and rate["of"] else math.nan
        difference = NOTHING if math.isnan(value) else f"{value * 100 - score:+.1f}"
        rows.append((plain(name.replace("/", ": ")), f"{score:.1f}%", percent(value), difference))
    overall = [at for at, row in enumerate(rows) if row[0] == OVERALL]
    return Table(("", "paper (published)", "this run", "points"), tuple(rows), strong=frozenset(overall))
