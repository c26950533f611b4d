"""What each level of looking adds: the questions about the composed lecture, with the deeper levels left out.

`python -m benchmarks.ablation [--embedder lexical] [--json]` asks each of them three times, with `deepest` coarse,
fine and ultra-fine, and counts right answers, questions left open and wrong answers. The coarse memory is made once;
every question starts from a copy of it in a process of its own, so that none profits from what was seen for another.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import mean
from typing import Any

from commands.demo import problem
from examples.lecture import make_lecture
from examples.questions import LECTURE, QUESTIONS, Question
from graph.build import graph, ingest_graph
from memory_store.records import LEVELS
from tools.live import close_all
from tools.settings import Settings

FACTS = tuple(one for one in QUESTIONS if one.video == LECTURE and one.status == "answered")


@dataclass(frozen=True)
class Outcome:
    """How one question went with nothing looked at more finely than `deepest`."""

    deepest: str
    question: str
    verdict: str
    """`right` (answer and evidence), `insufficient` (left open) or `wrong`."""
    answer: str
    captions: int
    """Made for this question, the coarse memory not counted."""
    rounds: int
    seconds: float


def remember(video: Path, embedder: str) -> None:
    """Make the coarse memory of `video`, in a folder beside it."""
    store = str(video.parent / "coarse")
    ingest_graph.invoke({"video": str(video)}, context=Settings.load(embedder=embedder, store=store))
    close_all()


def ask(video: Path, question: Question, deepest: str, embedder: str) -> Outcome:
    """Ask one question from a fresh copy of the coarse memory that lies beside `video`."""
    with tempfile.TemporaryDirectory() as store:
        shutil.copytree(video.parent / "coarse", store, dirs_exist_ok=True)
        try:
            result: dict[str, Any] = graph.invoke(
                {"video": str(video), "question": question.question, "options": list(question.options or ())},
                context=Settings.load(embedder=embedder, store=store, deepest=deepest),
            )
        finally:
            close_all()
    right = not problem(question, result)
    return Outcome(
        deepest=deepest,
        question=question.question,
        verdict="right" if right else "wrong" if result["status"] == "answered" else "insufficient",
        answer=result["answer"],
        captions=result["usage"]["captions_made"],
        rounds=result["rounds"],
        seconds=round(result["usage"]["seconds"], 2),
    )


def ablation(video: Path, embedder: str, facts: Sequence[Question] = FACTS) -> list[Outcome]:
    """Ask every question at every level, and return how it went."""
    remember(video, embedder)
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as fresh:
        asked = [fresh.submit(ask, video, question, deepest, embedder) for deepest in LEVELS for question in facts]
        return [one.result() for one in asked]


def main() -> None:
    """Print the table, or with `--json` every outcome."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", default="auto", help="as in the setting: auto, bge-small, lexical")
    parser.add_argument("--json", action="store_true", help="every outcome, one JSON object a line")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        make_lecture(Path(folder, LECTURE))
        outcomes = ablation(Path(folder, LECTURE), given.embedder)
    if given.json:
        print("\n".join(json.dumps(asdict(one)) for one in outcomes))
        return
    print(f"{'deepest':<12}{'right':>7}{'insufficient':>14}{'wrong':>7}{'captions':>10}{'rounds':>8}{'seconds':>9}")
    for deepest in LEVELS:
        row = [one for one in outcomes if one.deepest == deepest]
        counts = [sum(one.verdict == verdict for one in row) for verdict in ("right", "insufficient", "wrong")]
        means = [mean(getattr(one, what) for one in row) for what in ("captions", "rounds", "seconds")]
        print(
            f"{deepest:<12}{counts[0]:>7}{counts[1]:>14}{counts[2]:>7}{means[0]:>10.1f}{means[1]:>8.1f}{means[2]:>9.1f}"
        )


if __name__ == "__main__":
    sys.exit(main())
