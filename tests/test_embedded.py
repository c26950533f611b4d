"""The default: nothing is set, no weights are here, and a real video gets a supported answer or an honest no."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import graph
from examples.questions import QUESTIONS, TRAILER
from tests.conftest import ROOT

pytest.importorskip("rapidocr", reason="the extra `embedded` is not installed")
VIDEO = str(ROOT / "examples" / TRAILER)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One memory for the questions of this file: the trailer is watched once."""
    return tmp_path_factory.mktemp("home")


def ask(question: str, home: Path, **context: object) -> dict:
    return graph.invoke({"video": VIDEO, "question": question}, context={"home": str(home), **context})


def test_what_is_written_is_answered_with_the_moment_it_rests_on(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDEOLUCY_HOME", str(home))
    question = next(q for q in QUESTIONS if "describe the bunny" in q.question)
    # Nothing is set but where memory lies.
    result = graph.invoke({"video": VIDEO, "question": question.question})
    assert result["status"] == "answered" and "overweight" in result["answer"], result
    (low, high), item = question.shown[0], result["evidence"][0]
    assert low - 2 <= item["start"] <= item["end"] <= high + 2
    assert result["models"]["captioner"] == "observations-3" and "cannot see or hear" in result["reason"]


def test_what_is_not_shown_is_not_made_up(home: Path) -> None:
    result = ask("What is the telephone number of the studio?", home, max_rounds=1)
    assert result["status"] == "insufficient" and result["evidence"] == []
    assert result["usage"]["captions_reused"] >= 12, "the trailer was not watched again"


def test_what_these_eyes_cannot_see_is_said_plainly(home: Path) -> None:
    result = ask("What does the bunny do after it wakes up?", home)
    assert result["status"] == "insufficient" and "actions" in result["reason"]
    assert result["rounds"] == 1 and result["stopped_by"] == "nothing_left", "looking on would not help these eyes"
