"""Each level of looking adds right answers, because it reads more."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest

from benchmarks.ablation import FACTS, ask, remember
from examples.lecture import FACTS as SHOWN
from examples.lecture import make_lecture, shots
from examples.questions import LECTURE, Question
from memory_store.records import LEVELS
from tools.captioners import text_on_screen

pytestmark = pytest.mark.accuracy

needs_reader = pytest.mark.skipif(not text_on_screen.available(), reason="rapidocr is not installed")
CHOSEN = ("From how far away can the light be seen?", "Which room is the cafeteria in?", "How heavy is the great lens?")
"""One question for each level."""


def shortened(path: Path) -> list[Question]:
    """Compose only what answers the chosen questions, and return them with the times of it."""
    starts = list(accumulate((shot.seconds for shot in shots()), initial=0.0))
    chosen = [next(question for question in FACTS if question.question == text) for text in CHOSEN]
    parts = [shots()[starts.index(question.shown[0][0])] for question in chosen]
    make_lecture(path, parts)
    ends = list(accumulate(part.seconds for part in parts))
    return [
        replace(question, shown=((end - part.seconds, end),))
        for question, part, end in zip(chosen, parts, ends, strict=True)
    ]


def test_the_lecture_asks_for_something_of_every_level() -> None:
    where = {(fact.start, fact.end): fact.where for fact in SHOWN}
    counts = Counter(where[question.shown[0]] for question in FACTS)
    assert len(FACTS) >= 12 and counts["coarse"] >= 3 and counts["small"] + counts["brief"] >= 3 and counts["tiny"] >= 3


@needs_reader
def test_each_level_adds_right_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A minute of video, looked at in the steps of the whole lecture.
    for name, seconds, fps in (("COARSE", 30, 1), ("FINE", 5, 2), ("ULTRA", 1, 2)):
        monkeypatch.setenv(f"VIDEOLUCY_{name}_SECONDS", str(seconds))
        monkeypatch.setenv(f"VIDEOLUCY_{name}_FPS", str(fps))
    monkeypatch.setenv("VIDEOLUCY_HOME", str(tmp_path))
    video = tmp_path / LECTURE
    questions = shortened(video)
    remember(video, "lexical")
    outcomes = {level: [ask(video, question, level, "lexical") for question in questions] for level in LEVELS}
    verdicts = {level: [one.verdict for one in asked] for level, asked in outcomes.items()}
    assert verdicts == {
        "coarse": ["right", "insufficient", "insufficient"],
        "fine": ["right", "right", "insufficient"],
        "ultra-fine": ["right", "right", "right"],
    }
    assert all(one.captions == one.rounds == 0 for one in outcomes["coarse"])
    assert outcomes["ultra-fine"][2].rounds > outcomes["fine"][1].rounds > 0
