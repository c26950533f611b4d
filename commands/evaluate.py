"""`videolucy eval`: benchmarks asked of the graph that users use, and scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from evaluation.records import Benchmark, Record

evaluate = typer.Typer(help="Ask a benchmark's questions, and score the answers.", no_args_is_help=True)

Annotations = Annotated[Path, typer.Option(help="the benchmark's released file or folder")]
AsJson = Annotated[bool, typer.Option("--json", help="the scores as one JSON object on stdout")]
Cleaned = Annotated[bool, typer.Option("--cleaned", help="egomem: ask the mended questions")]
Subtitles = Annotated[Path | None, typer.Option(help="videomme: folder of subtitles, for the setting with them")]
Generation = Annotated[bool, typer.Option("--generation", help="mlvu: the tasks with free answers, too")]


def _command(name: str) -> Callable[..., None]:
    @with_settings()
    def run(
        annotations: Annotations,
        videos: Annotated[Path, typer.Option(help="folder of the videos")],
        out: Annotated[Path | None, typer.Option(help="folder of the run [default: ./eval-NAME]")] = None,
        seed: Annotated[
            list[int] | None, typer.Option(help="shuffle the options by this seed; repeat it [default: as released]")
        ] = None,
        limit: Annotated[int, typer.Option(min=0, help="questions at most; 0: all")] = 0,
        shard: Annotated[str, typer.Option(help="which part of how many, such as 2/8: of the videos")] = "1/1",
        parallel: Annotated[int, typer.Option(min=1, max=64, help="questions under way at once")] = 4,
        cleaned: Cleaned = False,
        subtitles: Subtitles = None,
        generation: Generation = False,
        as_json: AsJson = False,
        *,
        settings: Settings,
    ) -> None:
        from evaluation.benchmarks import read_benchmark

        benchmark = read_benchmark(name, annotations, cleaned=cleaned, subtitles=subtitles, generation=generation)
        _run(
            benchmark, videos, out or Path(f"eval-{name}"), seed or [], limit, _part(shard), parallel, as_json, settings
        )

    run.__doc__ = f"Ask the questions of {name}, and score the answers; what has a record is not asked again."
    return run


for _name in ("egomem", "lvbench", "videomme", "mlvu", "plain"):
    evaluate.command(_name)(_command(_name))


@evaluate.command()
def score(
    benchmark: Annotated[str, typer.Argument(help="egomem, lvbench, videomme, mlvu or plain")],
    annotations: Annotations,
    replies: Annotated[Path, typer.Option(help="answers of another system, in the forms official scorers take")],
    cleaned: Cleaned = False,
    as_json: AsJson = False,
) -> None:
    """Score the answers of another system."""
    from evaluation.benchmarks import read_benchmark
    from evaluation.replies import read_replies

    read = read_benchmark(benchmark, annotations, cleaned=cleaned)
    _show(read, read_replies(replies, read), as_json)


@evaluate.command()
def compare(
    benchmark: Annotated[str, typer.Argument(help="egomem, lvbench, videomme, mlvu or plain")],
    first: Annotated[Path, typer.Argument(help="folder of a run")],
    second: Annotated[Path, typer.Argument(help="folder of another")],
    annotations: Annotations,
    as_json: AsJson = False,
) -> None:
    """Compare two runs over the questions both have: is one better, or was it luck?"""
    from commands.terminal import results, show_json
    from evaluation import comparison
    from evaluation.benchmarks import read_benchmark
    from evaluation.results import outcomes, read_records
    from evaluation.runner import RECORDS

    questions = read_benchmark(benchmark, annotations).questions
    found = comparison.compare(*(outcomes(questions, read_records(folder / RECORDS)) for folder in (first, second)))
    if as_json:
        show_json(asdict(found))
        return
    low, high = found.interval
    results.print(f"{found.questions} questions: {found.first:.1%} against {found.second:.1%}")
    results.print(f"difference {found.difference:+.1%} (95 %: {low:+.1%} to {high:+.1%})")
    results.print(f"better on {found.better}, worse on {found.worse}; p {found.p:.3g} (McNemar, exact)")


def _part(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise BadInput(f"--shard {text!r}: it is a part of so many, such as 2/8")
    return int(number), int(of)


def _run(
    benchmark: Benchmark,
    videos: Path,
    out: Path,
    seeds: list[int],
    limit: int,
    shard: tuple[int, int],
    parallel: int,
    as_json: bool,
    settings: Settings,
) -> None:
    from commands.stopping import stoppable
    from commands.terminal import clean, progress
    from evaluation.runner import Runner
    from evaluation.shuffling import RELEASED
    from tools.live import closing
    from tools.models import check_models

    check_models(settings)
    if any(seed < 0 for seed in seeds):
        raise BadInput("--seed is 0 or more")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(f"the folder of the run, {out}, cannot be made: {problem.strerror}") from None
    runner = Runner(benchmark, settings, out, parallel)
    plan = runner.plan(videos, seeds or [RELEASED], limit, shard)
    if plan.videos.missing:
        few = ", ".join(plan.videos.missing[:5])
        progress.print(
            clean(f"{len(plan.videos.missing)} videos are not here: {few} ..."), markup=False, soft_wrap=True
        )
    if not plan.videos.paths:
        raise BadInput(f"none of the videos of {benchmark.name} is in {videos}")
    progress.print(f"{len(plan.todo)} questions to ask, {plan.known} have an answer", markup=False)
    right = [record["correct"] for record in runner.records()]

    def tell(record: Record) -> None:
        right.append(record["correct"])
        known = [one for one in right if one is not None]
        share = f"{sum(known)} of {len(known)} right" if known else f"{len(right)} answered"
        why = f" ({record['error']})" if record["error"] else ""
        line = f"{record['id']}: {record['status']}, {record['rounds']} rounds, {record['seconds']:.1f} s{why}; {share}"
        progress.print(clean(line), markup=False, soft_wrap=True)

    with stoppable(lambda: "the same command goes on where it stopped"), closing():
        runner.run(plan.todo, tell)
    _show(benchmark, runner.records(), as_json)


def _show(benchmark: Benchmark, records: list[Record], as_json: bool) -> None:
    from rich.table import Table

    from commands.terminal import results, show_json
    from evaluation.summary import summary

    told = summary(benchmark, records)
    if as_json:
        show_json(told)
        return
    table = Table(box=None, pad_edge=False)
    for heading in (benchmark.name, "right", "of", "%", "95 %"):
        table.add_column(heading, justify="left" if heading == benchmark.name else "right")
    for name in ("released", "cleaned"):
        if told[name]:
            _rows(table, name, told[name])
    for name, rate in (told["endings"] or {}).items():
        table.add_row(f"  ended {name}", *_cells(rate))
    results.print(table)
    for name, value in told["published"].items():
        results.print(f"published by the authors, {name}: {value}", style="dim", markup=False)


def _rows(table: Any, name: str, scored: dict[str, Any]) -> None:
    table.add_row(name, *_cells(scored["accuracy"]))
    table.add_row("  official: only what was answered", *_cells(scored["official"]))
    for kind, names in scored["by_category"].items():
        for category, rate in names.items():
            table.add_row(f"  {kind}: {category}", *_cells(rate))


def _cells(rate: dict[str, Any]) -> tuple[str, ...]:
    if not rate["of"]:
        return "0", "0", "", ""
    spread = f"{rate['low']:.1%} to {rate['high']:.1%}"
    return str(rate["right"]), str(rate["of"]), f"{rate['value']:.1%}", spread
