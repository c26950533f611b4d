"""`videolucy eval needle`: a needle in a video haystack, composed on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.folders import made
from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from evaluation.needle.trial import Way
    from evaluation.records import Record


@with_settings()
def needle(
    minutes: Annotated[float, typer.Option(min=1, max=1440, help="length of a video")] = 30,
    questions: Annotated[int, typer.Option(min=1, max=200, help="questions about each video")] = 24,
    seed: Annotated[list[int] | None, typer.Option(help="compose by this seed; repeat it to pool [default: 1]")] = None,
    kinds: Annotated[str, typer.Option(help="kinds of needles, such as text,colour [default: all]")] = "",
    baselines: Annotated[bool, typer.Option(help="ask without going back, too")] = True,
    out: Annotated[Path, typer.Option(help="folder of videos and records: a run that stopped goes on")] = Path(
        "eval-needle"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="the figures as one JSON object on stdout")] = False,
    *,
    settings: Settings,
) -> None:
    """Hide short facts in long composed videos, and ask for them."""
    from commands.stopping import stoppable
    from commands.terminal import clean, progress, show_json
    from evaluation.needle.make import QUESTIONS, chosen_kinds, known, make
    from evaluation.needle.trial import WAYS, report, run
    from tools.live import closing
    from tools.models import check_models

    seeds = list(dict.fromkeys(seed or [1]))
    if any(one < 0 for one in seeds):
        raise BadInput("--seed is 0 or more")
    names = chosen_kinds(kinds)
    check_models(settings)

    def tell(way: Way, record: Record) -> None:
        verdict = "right" if record["correct"] else "wrong"
        why = f" ({record['error']})" if record["error"] else ""
        line = f"{way} {record['id']}: {verdict}, {record['rounds']} rounds, {record['seconds']:.1f} s{why}"
        progress.print(clean(line), markup=False, soft_wrap=True)

    trials = []
    with stoppable(lambda: "the same command goes on where it stopped"), closing():
        for one in seeds:
            folder = made(out / f"{minutes:g}min-{questions}q-{'-'.join(names)}-seed{one}")
            haystack = known(folder, one)
            if haystack is None:
                progress.print(f"seed {one}: composing {minutes:g} minutes with {questions} needles", markup=False)
                haystack = make(folder, minutes, questions, one, names)
            progress.print(f"seed {one}: {folder / QUESTIONS}", markup=False, soft_wrap=True)
            trials.append(run(haystack, settings, folder, WAYS if baselines else WAYS[:1], tell))
    told = {"minutes": minutes, "seeds": seeds, "kinds": names} | report(trials)
    if as_json:
        show_json(told)
    else:
        _show(told)


def _show(told: dict[str, Any]) -> None:
    from rich.table import Table

    from commands.terminal import results

    table = Table(box=None, pad_edge=False)
    for heading in ("", "%", "95 %"):
        table.add_column(heading, justify="right" if heading else "left")

    def row(name: str, value: float | None, interval: list[float] | None) -> None:
        if value is not None and interval:
            table.add_row(name, f"{value:.1%}", f"{interval[0]:.1%} to {interval[1]:.1%}")

    row(f"{told['questions']} questions", told["accuracy"], told["accuracy_interval"])
    for kind, rate in told["by_kind_counts"].items():
        row(f"  {kind} ({rate['right']} of {rate['of']})", rate["value"], [rate["low"], rate["high"]])
    for way in ("coarse_only", "uniform", "uniform_matched"):
        row(way.replace("_", " "), told[way], told[f"{way}_interval"])
    row("chance", told["chance"], [told["chance"]] * 2)
    row("right answers that cite the needle", told["grounding_hit_rate"], told["grounding_interval"])
    results.print(table)
    results.print(
        f"{told['seconds_per_question']:.1f} s and {told['frames_per_question']:.0f} frames a question; coarse memory "
        f"{told['ingest_seconds']:.0f} s",
        markup=False,
    )
