"""Puts a report together and writes it: `report.md` with `plots/*.svg`, and `report.html`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.records import Benchmark, Record
from evaluation.report import markdown, page
from evaluation.report.blocks import Page, Plot, Section
from evaluation.report.figures import Figures, figures
from evaluation.report.sections import accuracy, behaviour, cost, published, run
from evaluation.report.wording import plain
from tools.errors import BadInput

MARKDOWN = "report.md"
HTML = "report.html"
PLOTS = "plots"


def report(
    benchmark: Benchmark,
    records: Sequence[Record],
    told: Mapping[str, Any],
    used: Mapping[str, Mapping[str, Any]] | None = None,
) -> Page:
    """Return the report of a run.

    Args:
        benchmark: what was asked.
        records: what came of it, all seeds.
        told: its scores, from `summary`; every score in the report is one of these.
        used: settings other than the defaults, by their digest.
    """
    found = figures(benchmark, records)
    chance = told["baselines"]["chance"]
    sections = (
        Section("", (accuracy.headline(told),)),
        accuracy.accuracy(told) if told["released"]["accuracy"]["of"] else None,
        accuracy.categories(told),
        behaviour.free_answers(told),
        behaviour.endings(told),
        behaviour.confidence(told),
        behaviour.grounding(told),
        accuracy.seeds(told),
        accuracy.baselines(told),
        cost.by_length(found, chance),
        cost.cost(found),
        cost.by_cost(found),
        published.beside(told),
        run.settings(found, used or {}),
        run.lost(found),
    )
    kept = tuple(section for section in sections if section)
    return Page(f"{plain(benchmark.name, 60)}: report of a run", _below(benchmark, records, found), kept)


def _below(benchmark: Benchmark, records: Sequence[Record], found: Figures) -> str:
    seeds = len({record["seed"] for record in records})
    videos = len({question.video for question in benchmark.questions})
    models = " · ".join(plain(" and ".join(names), 80) for names in found.models.values())
    asked = f"{len(benchmark.questions)} questions about {videos} videos"
    return asked + (f", under {seeds} seeds" if seeds > 1 else "") + (f"; {models}" if models else "")


def write(made: Page, folder: Path) -> tuple[Path, Path]:
    """Write a report into `folder`, in place of an earlier one; return the paths of Markdown and HTML.

    Raises `BadInput` where it cannot be written.
    """
    plots = [block for section in made.sections for block in section.blocks if isinstance(block, Plot)]
    files = {f"{PLOTS}/{plot.name}.svg": page.drawing(plot, page.plot_style()) + "\n" for plot in plots}
    files |= {MARKDOWN: markdown.render(made, PLOTS), HTML: page.render(made)}
    try:
        (folder / PLOTS).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            replace_file(folder / name, text)
    except OSError as problem:
        raise BadInput(f"the report cannot be written in {folder}: {problem.strerror}") from None
    return folder / MARKDOWN, folder / HTML


def replace_file(path: Path, text: str) -> None:
    """Write a file so that whoever opens it finds the old text or the new one, whole. Raises `OSError`."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, "utf-8", "replace")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
