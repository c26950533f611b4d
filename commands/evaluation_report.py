"""`videolucy eval report` and `videolucy eval compare`: pages about runs that are done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.errors import BadInput

if TYPE_CHECKING:
    from evaluation.records import Benchmark, Record

Name = Annotated[str, typer.Argument(metavar="BENCH", help="egomem, lvbench, videomme, mlvu or plain")]
Annotations = Annotated[Path, typer.Option(help="the benchmark's released file or folder")]
AsJson = Annotated[bool, typer.Option("--json", help="the scores as one JSON object on stdout")]
Cleaned = Annotated[bool, typer.Option("--cleaned", help="egomem: ask the mended questions")]
Subtitles = Annotated[Path | None, typer.Option(help="videomme: folder of subtitles, for the setting with them")]
Generation = Annotated[bool, typer.Option("--generation", help="mlvu: the tasks with free answers, too")]
Clock = Annotated[Path | None, typer.Option(help="folder of the videos with their clock tables (videolucy clock)")]


def report(
    name: Name,
    run: Annotated[Path, typer.Argument(metavar="DIR", help="folder of a run")],
    annotations: Annotations,
    out: Annotated[Path | None, typer.Option(help="folder the report is written in [default: DIR]")] = None,
    clock: Clock = None,
    cleaned: Annotated[bool, typer.Option("--cleaned", help="egomem: the mended questions were asked")] = False,
    subtitles: Subtitles = None,
    generation: Generation = False,
    as_json: AsJson = False,
) -> None:
    """Write the report of a run: report.md with its plots, and report.html, which needs nothing else."""
    from commands.evaluation_scores import show_scores
    from commands.terminal import show_json
    from evaluation.benchmarks import read_benchmark
    from evaluation.clocks import clocks_in
    from evaluation.summary import summary
    from evaluation.verdicts import FILE, read_verdicts

    benchmark = read_benchmark(name, annotations, cleaned=cleaned, subtitles=subtitles, generation=generation)
    records = _records(run)
    clocks = clocks_in(clock, benchmark) if clock else {}
    told = summary(benchmark, records, clocks, read_verdicts(run / FILE))
    show_json(told) if as_json else show_scores(told)
    write_report(benchmark, records, told, run, out or run)


def write_report(
    benchmark: Benchmark, records: Sequence[Record], told: Mapping[str, Any], run: Path, out: Path
) -> None:
    """Write the report of the run in folder `run` into `out`, and tell where on stderr. Raises `BadInput`."""
    from commands.terminal import clean, progress
    from evaluation.report import writing
    from evaluation.report.settings_used import read_used

    made = writing.report(benchmark, records, told, read_used(run))
    for path in writing.write(made, out):
        progress.print(clean(f"report: {path}"), markup=False, soft_wrap=True)


def compare(
    name: Name,
    first: Annotated[Path, typer.Argument(help="folder of a run")],
    second: Annotated[Path, typer.Argument(help="folder of another")],
    annotations: Annotations,
    out: Annotated[Path | None, typer.Option(help="file of Markdown the comparison is written to")] = None,
    cleaned: Annotated[bool, typer.Option("--cleaned", help="by the mended answers")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare two runs over the questions both have: is one better, or was it luck?"""
    from commands.terminal import clean, progress, results, show_json
    from evaluation import comparison
    from evaluation.benchmarks import read_benchmark
    from evaluation.readers import egomem
    from evaluation.report import compared
    from evaluation.results import outcomes

    # Mended questions have all options of the released ones, and perhaps a fifth: they fit either run.
    benchmark = read_benchmark(name, annotations, cleaned=cleaned and name == egomem.NAME)
    runs = [_records(folder) for folder in (first, second)]
    one, other = (outcomes(benchmark.questions, records, cleaned=cleaned) for records in runs)
    found = comparison.compare(one, other)
    if as_json:
        show_json(asdict(found))
    else:
        low, high = found.interval
        results.print(f"{found.questions} questions: {found.first:.1%} against {found.second:.1%}")
        results.print(f"difference {found.difference:+.1%} (95 %: {low:+.1%} to {high:+.1%})")
        results.print(f"better on {found.better}, worse on {found.worse}; p {found.p:.3g} (McNemar, exact)")
    if out:
        names = compared.names_of(first, second)
        made = compared.page(benchmark, names, (one, other), (runs[0], runs[1]), cleaned=cleaned)
        compared.write(made, out)
        progress.print(clean(f"comparison: {out}"), markup=False, soft_wrap=True)


def _records(run: Path) -> list[Record]:
    from evaluation.results import read_records
    from evaluation.runner import RECORDS

    file = run / RECORDS
    if not file.is_file():
        raise BadInput(f"{run} is no folder of a run: it holds no {RECORDS}")
    return read_records(file)
