"""Questions in other words, about other pictures, are answered as well as those of the product's own haystack."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.readers import plain
from evaluation.results import outcomes
from evaluation.runner import Runner
from evaluation.scores import accuracy, by_category
from tests.other_haystack import make
from tools.captioners import text_on_screen
from tools.live import closing
from tools.settings import Settings

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not text_on_screen.available(), reason="rapidocr is not installed"),
]


def test_other_needles_are_found(tmp_path: Path) -> None:
    benchmark = plain.read(make(tmp_path, 4, 3, 15))
    settings = Settings.load(
        home=str(tmp_path / "home"), reasoner="extractive", embedder="lexical", phraser="none", speech="none"
    )
    with closing():
        runner = Runner(benchmark, settings, tmp_path)
        runner.run(runner.plan(tmp_path).todo, lambda record: None)
        held = outcomes(benchmark.questions, runner.records())
    wrong = [(one.question.question, one.record and one.record["answer"]) for one in held if not one.right]
    assert accuracy(held).value >= 0.8, (by_category(held), wrong)
