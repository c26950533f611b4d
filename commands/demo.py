"""`videolucy demo`: the main job on three example videos, checked against what they really show."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from commands.options import with_settings
from tools.settings import Settings

if TYPE_CHECKING:
    from examples.questions import Question

CLOSE = 2.0
"""Seconds that evidence may lie outside the interval in which a fact is shown."""


@with_settings()
def demo(*, settings: Settings) -> None:
    """Ask the example videos their questions and check the answers; exit code 1 if one is wrong."""
    import examples
    from commands.running import check, open_sessions
    from commands.terminal import how_found, progress, results, show_answer
    from examples.lecture import make_lecture
    from examples.questions import HELLO, LECTURE, QUESTIONS, TRAILER
    from tools.speech.choice import recogniser_name

    folder = settings.home_path / "demo"
    # Memory starts empty, so that each run shows the coarse pass and the second looks.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    progress.print("composing the lecture")
    make_lecture(folder / LECTURE)
    here = Path(examples.__file__).parent
    videos = {TRAILER: str(here / TRAILER), HELLO: str(here / HELLO), LECTURE: str(folder / LECTURE)}
    own = Settings.load(**settings.model_dump(exclude_unset=True) | {"store": str(folder / "memory")})
    ears = bool(recogniser_name(own))
    outcomes: list[tuple[Question, dict[str, Any], str]] = []
    with open_sessions(own) as sessions:
        for question in QUESTIONS:
            inputs: dict[str, Any] = {"video": videos[question.video], "question": question.question}
            inputs["options"] = list(question.options or ())
            results.print(f"\n{question.video}: {question.question}", style="bold blue", markup=False)
            result = sessions.ask(inputs, check(own, [inputs["video"]], [inputs]), new=True)
            show_answer(result)
            expected = question if ears or not question.heard else replace(question, status="insufficient")
            outcomes.append((question, result, problem(expected, result)))
    wrong = [outcome for outcome in outcomes if outcome[2]]
    results.print()
    for question, result, why in outcomes:
        told = f"{'WRONG' if why else 'right'}  {result['status']:<12}  {question.question}  ({how_found(result)})"
        results.print(told + (f": {why}" if why else ""), markup=False, soft_wrap=True)
    results.print(f"{len(outcomes) - len(wrong)} of {len(outcomes)} as they should be")
    if wrong:
        raise typer.Exit(1)


def problem(question: Question, result: dict[str, Any]) -> str:
    """Return what is wrong with an answer, by the truth about the example; an empty string if nothing is."""
    if result["status"] != question.status:
        return f"status {result['status']} instead of {question.status}"
    if question.status != "answered":
        return ""
    if question.option and result["option"] != question.option:
        return f"option {result['option']} instead of {question.option}"
    if not question.option and not any(text.casefold() in result["answer"].casefold() for text in question.expected):
        return f"the answer does not say {question.expected[0]}"
    for item in result["evidence"]:
        if not any(low - CLOSE <= item["start"] <= item["end"] <= high + CLOSE for low, high in question.shown):
            return f"evidence at {item['start']}-{item['end']} s is not where it is shown"
    return "" if result["evidence"] else "no evidence"
