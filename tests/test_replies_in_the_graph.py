"""Whatever a model replies, no exception leaves the graph, and every question ends in an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import graph
from tests.fake_server import FakeServer, scripted
from tests.media import make_video
from tests.reply_corpus import CASES
from tests.scripted import settings_for

BATCH = 28
ROUNDS = (3,) * 4 + (0,) * 10
"""Of the questions of a batch: enough that each of its replies is given in each role."""


@pytest.fixture
def video(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=2, size=(160, 90))


def check(result: dict[str, Any]) -> None:
    assert result["status"] in ("answered", "insufficient", "failed") and result["answer"]
    assert result["status"] != "answered" or result["evidence"]
    assert 0 <= result["confidence"] <= 1


@pytest.mark.parametrize("first", range(0, len(CASES), BATCH))
def test_every_reply_of_the_corpus_to_every_kind_of_task(first: int, video: str) -> None:
    replies = [case.text for case in CASES[first : first + BATCH]]
    given: dict[str, Any] = {kind: [*replies, "no"] for kind in ("Judgement", "Verdict", "Looks", "FinalAnswer")}
    with FakeServer(scripted(**given)) as server:
        for number, rounds in enumerate(ROUNDS):
            chosen = settings_for(server, max_rounds=rounds)
            result = graph.invoke({"video": video, "question": f"Which number {number}?"}, context=chosen)
            check(result)
            assert result["rounds"] <= rounds
        for kind in ("Judgement", "Verdict", "FinalAnswer"):
            assert server.count(kind) >= len(ROUNDS)


def test_every_reply_of_the_corpus_from_a_chapter(video: str) -> None:
    replies = [case.text for case in CASES]
    given: dict[str, Any] = {"Judgement": {"kind": "whole"}, "Findings": [*replies, "no"]}
    long = "A sentence about nothing in particular stands here. " * 70
    with FakeServer(scripted(caption=long, **given)) as server:
        while server.count("Findings") < len(replies):
            chosen = settings_for(server, max_rounds=0, prompt_chars=4000)
            question = f"What happens, told for the {server.count('Findings')}th time?"
            check(graph.invoke({"video": video, "question": question}, context=chosen))
