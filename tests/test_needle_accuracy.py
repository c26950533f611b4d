"""A small haystack asked with the embedded models: what they find by looking again, and do not find otherwise."""

from __future__ import annotations

import pytest

from evaluation.needle.make import make
from evaluation.needle.trial import report, run
from tools.captioners import text_on_screen
from tools.live import closing
from tools.settings import Settings

pytestmark = [
    pytest.mark.accuracy,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not text_on_screen.available(), reason="rapidocr is not installed"),
]


def test_needles_are_found_by_looking_again(tmp_path) -> None:
    """Ten needles of five kinds in five minutes, without fetched weights: extractive reasoner, lexical vectors."""
    settings = Settings.load(
        home=str(tmp_path / "home"), reasoner="extractive", embedder="lexical", phraser="none", speech="none"
    )
    haystack = make(tmp_path, 5, 10, 7, ("text", "colour", "motion", "order", "count"))
    with closing():
        told = report([run(haystack, settings, tmp_path / "run", ("loop", "coarse_only"))])
    assert told["accuracy"] >= 0.8, told
    assert told["accuracy"] - told["coarse_only"] >= 0.25, told
    assert told["grounding_hit_rate"] >= 0.8, told
