"""A thread holds several questions: a follow-up is understood, and each question starts clean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app import open_graph
from tests.fake_server import FakeServer, scripted, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for

CONFIG: dict[str, Any] = {"configurable": {"thread_id": "talk"}}
MEANT = "What did the mayor do after opening the bridge?"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=4, size=(160, 90))


def answering(**more: Any) -> Any:
    return scripted(
        Verdict=lambda r: {"support": "supported", "confidence": 0.9, "answer": "the mayor", "evidence": [cite(r)]},
        FinalAnswer=lambda r: {"answer": "The mayor.", "confidence": 0.9, "evidence": [cite(r)]},
        **more,
    )


def test_a_follow_up_is_resolved_with_the_earlier_exchange(video: str, tmp_path: Path) -> None:
    with FakeServer(answering(FollowUp={"follows": True, "question": MEANT})) as server:
        chosen = settings_for(server)
        with open_graph(tmp_path / "c.sqlite") as graph:
            graph.invoke({"video": video, "question": "Who opened the bridge?"}, CONFIG, context=chosen)
            assert server.count("FollowUp") == 0, "a first question needs no conversation"
            graph.invoke({"video": video, "question": "And what did he do next?"}, CONFIG, context=chosen)
        [asked] = map(text_of, server.asked("FollowUp"))
        assert "Who opened the bridge?" in asked and "The mayor." in asked and "And what did he do next?" in asked
        for kind in ("Judgement", "Verdict", "FinalAnswer"):
            assert MEANT in text_of(server.asked(kind)[-1])
        with open_graph(tmp_path / "c.sqlite") as graph:
            values = graph.get_state(CONFIG).values
        assert values["question"] == "And what did he do next?" and values["standalone"] == MEANT
        assert [turn["question"] for turn in values["exchanges"]] == ["Who opened the bridge?", MEANT]


def test_a_question_that_stands_alone_keeps_its_words_and_starts_clean(video: str, tmp_path: Path) -> None:
    with FakeServer(answering()) as server, open_graph(tmp_path / "c.sqlite") as graph:
        chosen = settings_for(server)
        graph.invoke({"video": video, "question": "Who opened the bridge?"}, CONFIG, context=chosen)
        before = graph.get_state(CONFIG).values
        result = graph.invoke({"video": video, "question": "Which colour is the sky?"}, CONFIG, context=chosen)
        after = graph.get_state(CONFIG).values
    assert "Which colour is the sky?" in text_of(server.asked("Verdict")[-1])
    assert after["question_id"] != before["question_id"]
    assert len(after["exchanges"]) == 2 and result["usage"]["reasoner_calls"] == 4
    assert [n["step"] for n in after["trace"]] == ["understand", "judge_relevance", "check_sufficiency", "answer"]


def test_a_reasoner_that_cannot_resolve_a_follow_up_loses_no_question(video: str, tmp_path: Path) -> None:
    with FakeServer(answering(FollowUp="no")) as server, open_graph(tmp_path / "c.sqlite") as graph:
        for question in ("Who opened the bridge?", "And then?"):
            result = graph.invoke({"video": video, "question": question}, CONFIG, context=settings_for(server))
        assert result["status"] == "answered" and "Question: And then?" in text_of(server.asked("Verdict")[-1])


def test_a_conversation_about_another_video_does_not_carry_over(video: str, tmp_path: Path) -> None:
    other = make_video(tmp_path / "other.mp4", seconds=4, fps=4, size=(320, 180))
    with FakeServer(answering()) as server, open_graph(tmp_path / "c.sqlite") as graph:
        for path in (video, other):
            graph.invoke({"video": path, "question": "Who is it?"}, CONFIG, context=settings_for(server))
        assert server.count("FollowUp") == 0


def test_the_same_question_given_again_to_a_cut_short_thread_goes_on(video: str, tmp_path: Path) -> None:
    """Rounds and budgets are not forgotten: a resume is no restart."""
    with FakeServer() as server, open_graph(tmp_path / "c.sqlite") as graph:
        chosen = settings_for(server, max_rounds=2, looks_per_round=1)
        inputs = {"video": video, "question": "Which number?"}
        stopped = graph.invoke(inputs, CONFIG, context=chosen, interrupt_after=["tools"])
        assert not stopped.get("status")
        judged, spent = server.count("Judgement"), graph.get_state(CONFIG).values["spent"]
        result = graph.invoke(inputs, CONFIG, context=chosen)
        assert server.count("Judgement") == judged == 1 and result["rounds"] == 2
        assert result["usage"]["captions_made"] > spent["captions_made"] > 0
        assert server.count("caption") == result["usage"]["captions_made"]
        again = graph.invoke(inputs, CONFIG, context=chosen)
        assert server.count("Judgement") == 2 and again["rounds"] <= 2, "answered before: asked anew"


def test_a_question_that_failed_leaves_nothing_to_refer_back_to(video: str, tmp_path: Path) -> None:
    nothing = {kind: "no" for kind in ("Judgement", "Verdict", "Looks", "FinalAnswer")}
    with FakeServer(scripted(**nothing)) as server, open_graph(tmp_path / "c.sqlite") as graph:
        chosen = settings_for(server, max_rounds=0)
        for question in ("Who opened the bridge?", "And then?"):
            assert graph.invoke({"video": video, "question": question}, CONFIG, context=chosen)["status"] == "failed"
        assert server.count("FollowUp") == 0 and graph.get_state(CONFIG).values["exchanges"] == []
