"""Judges the open answers of a run: each once, however often it is asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from evaluation.judge import VERSION, judge
from evaluation.lines import take_off_cut
from evaluation.records import Benchmark, Question, Record
from evaluation.verdicts import (
    FILE,
    Verdict,
    answer_of,
    keep_verdict,
    open_questions,
    read_verdicts,
    seen,
)
from tools.ending import go_on
from tools.errors import BadInput
from tools.live import live_for
from tools.models import choose_reasoner
from tools.reasoners.base import ReasonerError
from tools.settings import Settings


def check_judge(benchmark: Benchmark, settings: Settings) -> None:
    """Raise `BadInput` where nothing can be judged, or the reasoner of the settings cannot judge."""
    if not open_questions(benchmark.questions):
        raise BadInput(f"--judge: {benchmark.name} as read here has no open questions; options are scored without it")
    if choose_reasoner(settings).name in ("embedded", "extractive"):
        raise BadInput("--judge: the embedded reasoner cannot judge; name another with --reasoner")


def judge_answers(
    benchmark: Benchmark,
    records: Sequence[Record],
    folder: Path,
    settings: Settings,
    parallel: int,
    tell: Callable[[str], None],
) -> list[Verdict]:
    """Judge the answers that this judge has not judged yet; return all verdicts, the newest last.

    Each is kept in `folder` the moment it is spoken. An answer that gets no grade is told, and judged the next
    time. Raises `BadInput` where verdicts cannot be read or kept.

    Args:
        benchmark: with the questions and their references.
        records: what was answered.
        folder: of the run.
        settings: whose reasoner judges.
        parallel: answers under way at once.
        tell: is given a line on what was judged, and on each answer without a grade.
    """
    path, live, lock = folder / FILE, live_for(settings), threading.Lock()
    asked = {question.id: question for question in open_questions(benchmark.questions)}
    try:
        take_off_cut(path)
    except OSError as problem:
        raise BadInput(f"{path} cannot be used: {problem.strerror}") from None
    verdicts = read_verdicts(path)
    name = live.reasoner.name
    known = {(one.id, one.seed, one.judged) for one in verdicts if (one.judge, one.version) == (name, VERSION)}

    def one(question: Question, record: Record) -> None:
        go_on()
        answer = answer_of(record)
        try:
            with live.questions:
                grade, usage = judge(live.reasoner, question, answer)
        except ReasonerError as problem:
            tell(f"{question.id}: not judged: {problem}")
            return
        verdict = Verdict(
            id=question.id,
            seed=record["seed"],
            judged=seen(question, answer),
            judge=name,
            version=VERSION,
            grade=grade.grade,
            met=grade.met,
            reason=grade.reason,
            calls=usage.reasoner_calls,
            tokens=usage.prompt_tokens + usage.completion_tokens,
        )
        with lock:
            try:
                keep_verdict(path, verdict)
            except OSError as problem:
                raise BadInput(f"{path} cannot be written: {problem.strerror}") from None
            verdicts.append(verdict)

    todo = [
        (asked[record["id"]], record)
        for record in records
        if record["id"] in asked
        and answer_of(record).strip()
        and (record["id"], record["seed"], seen(asked[record["id"]], answer_of(record))) not in known
    ]
    tell(f"{len(todo)} answers to judge, {len(known)} are judged")
    with ThreadPoolExecutor(parallel) as pool:
        for future in [pool.submit(one, *pair) for pair in todo]:
            future.result()
    # What this judge said counts, also where another one spoke after it.
    return sorted(verdicts, key=lambda one: (one.judge, one.version) == (name, VERSION))
