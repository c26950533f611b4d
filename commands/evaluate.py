"""`videolucy eval`: benchmarks asked of the graph that users use, scored and reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.evaluation_report import Annotations, AsJson, Cleaned, Clock, Generation, Name, Subtitles, compare, report
from commands.folders import made
from commands.localise import localise
from commands.needle import needle
from commands.options import with_settings
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from commands.evaluation_progress import Going
    from evaluation.records import Benchmark, Record
    from evaluation.runner import Asked, Run, Runner
    from evaluation.verdicts import Verdict

evaluate = typer.Typer(help="Ask a benchmark's questions, and score the answers.", no_args_is_help=True)


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
        judge: Annotated[bool, typer.Option("--judge", help="let the reasoner grade open answers, each once")] = False,
        clock: Clock = None,
        cleaned: Cleaned = False,
        subtitles: Subtitles = None,
        generation: Generation = False,
        as_json: AsJson = False,
        *,
        settings: Settings,
    ) -> None:
        from evaluation.benchmarks import read_benchmark

        benchmark = read_benchmark(name, annotations, cleaned=cleaned, subtitles=subtitles, generation=generation)
        part = _part(shard)
        asking = Asking(
            benchmark, settings, videos, out or Path(f"eval-{name}"), tuple(seed or ()), limit, part, parallel
        )
        asking.run(judge=judge, clock=clock or videos, as_json=as_json)

    run.__doc__ = f"Ask the questions of {name}, and score the answers; what has a record is not asked again."
    return run


for _name in ("egomem", "lvbench", "videomme", "mlvu", "plain"):
    evaluate.command(_name)(_command(_name))


@evaluate.command()
def score(
    benchmark: Name,
    annotations: Annotations,
    replies: Annotated[Path, typer.Option(help="answers of another system, in the forms official scorers take")],
    cleaned: Cleaned = False,
    as_json: AsJson = False,
) -> None:
    """Score the answers of another system."""
    from commands.evaluation_scores import show_scores
    from commands.terminal import show_json
    from evaluation.benchmarks import read_benchmark
    from evaluation.replies import read_replies
    from evaluation.summary import summary

    read = read_benchmark(benchmark, annotations, cleaned=cleaned)
    told = summary(read, read_replies(replies, read))
    show_json(told) if as_json else show_scores(told)


evaluate.command()(report)
evaluate.command()(compare)
evaluate.command()(needle)
evaluate.command()(localise)


def _part(text: str) -> tuple[int, int]:
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise BadInput(f"--shard {text!r}: it is a part of so many, such as 2/8")
    return int(number), int(of)


@dataclass(frozen=True)
class Asking:
    """A run as the command line describes it."""

    benchmark: Benchmark
    settings: Settings
    videos: Path
    out: Path
    seeds: tuple[int, ...]
    limit: int
    shard: tuple[int, int]
    parallel: int

    def run(self, *, judge: bool, clock: Path, as_json: bool) -> None:
        """Ask what has no record, judge what is to be judged, show the scores and write the report.

        Raises `BadInput` for what can be mended, before anything is asked where that can be told before.
        """
        from commands.evaluation_progress import going
        from commands.stopping import stoppable
        from commands.terminal import progress
        from evaluation.judging import check_judge, judge_answers
        from evaluation.runner import Runner
        from evaluation.verdicts import FILE, read_verdicts
        from tools.live import closing
        from tools.models import check_models

        check_models(self.settings)
        if judge:
            check_judge(self.benchmark, self.settings)
        if any(seed < 0 for seed in self.seeds):
            raise BadInput("--seed is 0 or more")
        if not clock.is_dir():
            raise BadInput(f"there is no folder of videos {clock}")
        runner = Runner(self.benchmark, self.settings, made(self.out), self.parallel)
        plan = self._plan(runner)
        showing = going(progress, runner.records(), len(plan.todo))
        with showing as shown, stoppable(shown.how_to_go_on), closing():
            runner.run(plan.todo, self._told(runner, plan.todo, shown))
        records = runner.records()
        verdicts: Sequence[Verdict] = read_verdicts(self.out / FILE)
        if judge:
            with stoppable(shown.how_to_go_on), closing():
                verdicts = judge_answers(self.benchmark, records, self.out, self.settings, self.parallel, shown.say)
        self._show(records, verdicts, clock, as_json)

    def _plan(self, runner: Runner) -> Run:
        from commands.terminal import clean, progress
        from evaluation.shuffling import RELEASED

        plan = runner.plan(self.videos, self.seeds or [RELEASED], self.limit, self.shard)
        if missing := plan.videos.missing:
            few = f"{len(missing)} videos are not here: {', '.join(missing[:5])} ..."
            progress.print(clean(few), markup=False, soft_wrap=True)
        if not plan.videos.paths:
            raise BadInput(f"none of the videos of {self.benchmark.name} is in {self.videos}")
        progress.print(f"{len(plan.todo)} questions to ask, {plan.known} have an answer", markup=False)
        return plan

    def _told(self, runner: Runner, todo: Sequence[Asked], shown: Going) -> Callable[[Record], None]:
        """Return what takes note of each record: the settings it was asked under, and how the run is going."""
        from evaluation.report.settings_used import SettingsUsed

        used = SettingsUsed(self.out)
        asked = {(one.question.id, one.seed): one for one in todo}

        def tell(record: Record) -> None:
            one = asked[record["id"], record["seed"]]
            # What failed may have failed before it had settings of its own.
            if record["settings_digest"] not in used and record["status"] != "failed":
                used.note(record["settings_digest"], runner.settings_for(one.question, one.video))
            shown.tell(record)

        return tell

    def _show(self, records: Sequence[Record], verdicts: Sequence[Verdict], clock: Path, as_json: bool) -> None:
        from commands.evaluation_report import write_report
        from commands.evaluation_scores import show_scores
        from commands.terminal import clean, progress, show_json
        from evaluation.clocks import clocks_in
        from evaluation.summary import summary

        try:
            clocks = clocks_in(clock, self.benchmark)
        except BadInput as problem:
            # The scores of a long run must not hang on a table.
            progress.print(clean(f"no clocks: {problem}"), markup=False, soft_wrap=True)
            clocks = {}
        told = summary(self.benchmark, records, clocks, verdicts)
        show_json(told) if as_json else show_scores(told)
        write_report(self.benchmark, records, told, self.out, self.out)
