"""`videolucy eval localise`: how often the loop reaches the evidence, simulated without models and videos."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from commands.folders import made
from commands.options import with_settings
from tools.errors import BadInput
from tools.presets import PRESETS
from tools.settings import Settings

_FLAGS = (
    *("max_rounds", "initial_segments", "looks_per_round", "neighbours", "full_memory", "sparse", "senses"),
    *("deepest", "prompt_chars", "max_captions"),
)
"""Settings that decide where is looked; the models are no choice here."""
_ENDS = "nothing of a simulation that is stopped is kept"


@with_settings(*_FLAGS)
def localise(
    annotations: Annotated[
        Path | None, typer.Option(help="LVBench's video_info.meta.jsonl, or its folder", show_default=False)
    ] = None,
    synthetic: Annotated[int, typer.Option(min=0, max=10_000, help="make up so many questions instead")] = 0,
    preset: Annotated[
        list[str] | None, typer.Option(help="repeat it [default: default, paper and published]", show_default=False)
    ] = None,
    questions: Annotated[int, typer.Option(min=0, help="so many of the annotations, drawn by seed; 0: all")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="of all that is drawn")] = 1,
    cue: Annotated[float, typer.Option(help="probability that a caption of the evidence hints at it")] = 0.7,
    deep: Annotated[float, typer.Option(help="share of answers that only the ultra-fine level shows")] = 0.5,
    distractors: Annotated[int, typer.Option(help="moments a question that only seem to matter")] = 4,
    choice: Annotated[str, typer.Option(help="looks go by words of captions, or the graph's order")] = "words",
    out: Annotated[Path | None, typer.Option(help="folder for figures and looks", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="the figures as one JSON object on stdout")] = False,
    *,
    settings: Settings,
) -> None:
    """Simulate how often the rounds reach LVBench's evidence, without models or videos."""
    from commands.evaluation_progress import going
    from commands.stopping import stoppable
    from commands.terminal import progress, show_json
    from evaluation.benchmarks import read_benchmark
    from evaluation.localisation.study import Study, write_results
    from evaluation.localisation.synthetic import write_annotations
    from evaluation.localisation.world import Odds

    presets = list(dict.fromkeys(preset or PRESETS))
    if unknown := [name for name in presets if name not in PRESETS]:
        raise BadInput(f"--preset {unknown[0]!r}: presets are {', '.join(PRESETS)}")
    if (annotations is None) == (not synthetic):
        raise BadInput("give either --annotations video_info.meta.jsonl, or --synthetic N for made-up questions")
    odds = Odds(cue, deep, distractors)
    with tempfile.TemporaryDirectory(prefix="videolucy-localise-") as place:
        folder, results = Path(place), made(out) if out else Path(place)
        benchmark = read_benchmark("lvbench", annotations or write_annotations(results, synthetic, seed))
        study = Study.of(benchmark, odds, seed, choice, questions, bool(synthetic))
        videos, found = study.write_videos(folder / "videos"), {}
        for name in presets:
            progress.print(f"{name}: {study.questions} questions about {len(study.world)} videos", markup=False)
            with stoppable(lambda: _ENDS), going(progress, (), study.questions) as shown:
                found[name] = study.run(name, settings, videos, folder / name, shown.tell)
        told = study.told(found)
        write_results(results, told, found)
    show_json(told) if as_json else _show(told)


def _show(told: Mapping[str, Any]) -> None:
    from commands.terminal import results

    presets: Mapping[str, Any] = told["presets"]
    results.print(told["note"], markup=False, soft_wrap=True)
    left = f"; {told['left_out']} have no evidence inside a video of known length" if told["left_out"] else ""
    results.print(f"{told['questions']} questions about {told['videos']} videos{left}\n", markup=False, soft_wrap=True)
    _table(
        ["", "reached", "answered", "random", "looks", "captions", "failed"],
        [
            [name, *_shares(one), f"{one['looks']:.1f}", f"{one['captions']:.0f}", str(one["failed"])]
            for name, one in presets.items()
        ],
    )
    _table(
        ["after round", "reached", "answered", "random", "looks", "captions"],
        [
            [f"{name} {row['round']}", *_shares(row), f"{row['looks']:.1f}", f"{row['captions']:.0f}"]
            for name, one in presets.items()
            for row in one["by_round"]
        ],
    )
    _table(
        ["within looks", "reached", "random"],
        [
            [f"{name} {row['looks']}", _share(row["reached"]), f"{row['random']:.0%}"]
            for name, one in presets.items()
            for row in one["by_looks"]
        ],
    )
    _table(
        ["of which", "questions", "reached", "answered", "random"],
        [
            [f"{name} {group}", str(row["questions"]), *_shares(row)]
            for name, one in presets.items()
            for kind in ("by_length", "by_level", "by_cue")
            for group, row in one[kind].items()
        ],
    )
    first = next(iter(presets))
    for name, one in told["compared"].items():
        only = f"{first} alone answered {one['only_first']}, {name} alone {one['only_second']}"
        results.print(f"{only} (McNemar p {one['p']:.2g})", markup=False, soft_wrap=True)
    results.print("in brackets: 95 % intervals; random: as many looks at random coarse segments", markup=False)


def _shares(row: Mapping[str, Any]) -> list[str]:
    return [_share(row["reached"]), _share(row["answered"]), f"{row['random']:.0%}"]


def _share(rate: Mapping[str, Any]) -> str:
    return f"{rate['value']:.0%} ({100 * rate['low']:.0f}-{100 * rate['high']:.0f})"


def _table(headings: list[str], rows: list[list[str]]) -> None:
    from rich.table import Table

    from commands.terminal import results

    table = Table(box=None, pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    results.print(table)
    results.print()
