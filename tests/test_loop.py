"""The whole graph against a scripted OpenAI-compatible server: real video, real memory, real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import graph, open_graph
from tests.fake_server import FakeServer, scripted, segment_ids, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tools.live import live_for
from tools.settings import Settings


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=12, fps=8, size=(640, 360))


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    return settings_for


def test_a_question_goes_through_two_rounds_to_a_supported_answer(
    video: str, settings: Callable[..., Settings]
) -> None:
    verdicts: list[Any] = [
        {"support": "unsupported", "confidence": 0.1, "missing": "the number"},
        {"support": "partly", "confidence": 0.4, "answer": "maybe 7", "missing": "the number"},
        lambda r: {"support": "supported", "confidence": 0.9, "answer": "7", "evidence": [cite(r)]},
    ]
    turns = iter(verdicts)

    def verdict(request: dict) -> Any:
        reply = next(turns)
        return reply(request) if callable(reply) else reply

    def look(segment: str) -> dict:
        return {"looks": [{"segment": segment, "focus": "the number", "instruction": "Read the number."}]}

    script = scripted(
        Judgement={"kind": "local", "segments": ["c1"], "reason": "a board"},
        Verdict=verdict,
        Looks=[look("c1"), look("c1.f1")],
        FinalAnswer=lambda r: {"answer": "Seven.", "confidence": 0.9, "evidence": [cite(r)]},
    )
    with FakeServer(script) as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server))
        assert result["status"] == "answered" and result["answer"] == "Seven." and result["rounds"] == 2
        assert result["stopped_by"] == "supported"
        assert result["evidence"][0]["video"] == "talk.mp4" and 0 <= result["evidence"][0]["start"] < 12
        # 3 coarse; c1 again and its 2 parts; c1.f1 again and its 2 parts.
        assert server.count("caption") == 9 == result["usage"]["captions_made"]
        assert [server.count(kind) for kind in ("Judgement", "Verdict", "Looks", "FinalAnswer")] == [1, 3, 2, 1]
        assert result["usage"]["reasoner_calls"] == 7
        _check_frames(server)
        assert "secret-key-1" not in json.dumps(result)


def _check_frames(server: FakeServer) -> None:
    """The frames sent have the rates, times and sizes of their level."""
    by_request: dict[int, list] = {}
    for image in server.images:
        by_request.setdefault(image.request, []).append(image)
    calls = sorted(
        ([round(i.time, 2) for i in images], images[0].width * images[0].height) for images in by_request.values()
    )
    times = [shown for shown, _ in calls]
    assert times.count([0.0, 1.0, 2.0, 3.0]) == times.count([8.0, 9.0, 10.0, 11.0]) == 1
    assert times.count([4.0, 5.0, 6.0, 7.0]) == 2, "c1 coarsely, and again finely"
    assert [4.0, 4.5, 5.0, 5.5] in times and [6.0, 6.25, 6.5, 6.75] in times
    sizes = {pixels for _, pixels in calls}
    assert min(sizes) <= 128 * 28 * 28 < max(sizes) <= 512 * 28 * 28


def test_a_reasoner_that_is_never_satisfied_ends_after_five_rounds(
    video: str, settings: Callable[..., Settings]
) -> None:
    with FakeServer() as server:
        result = graph.invoke(
            {"video": video, "question": "Which number?"}, context=settings(server, looks_per_round=1)
        )
    assert result["status"] == "insufficient" and result["rounds"] == 5 and result["stopped_by"] == "max_rounds"
    assert result["answer"] == "a scripted answer" and result["evidence"] == []
    assert server.count("Looks") == 5 and server.count("Verdict") == 6


def test_a_second_question_makes_no_coarse_caption(video: str, settings: Callable[..., Settings]) -> None:
    with FakeServer() as server:
        chosen = settings(server, max_rounds=0)
        first = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
        second = graph.invoke({"video": video, "question": "Which colour?"}, context=chosen)
    assert first["usage"]["captions_made"] == 3 and first["usage"]["captions_reused"] == 0
    assert second["usage"]["captions_made"] == 0 and second["usage"]["captions_reused"] == 3
    assert server.count("caption") == 3


def test_an_answer_with_options_always_has_a_letter(video: str, settings: Callable[..., Settings]) -> None:
    options = ["red", "blue"]
    with FakeServer(scripted(FinalAnswer={"answer": "It is blue.", "confidence": 0.3})) as server:
        result = graph.invoke(
            {"video": video, "question": "Which colour?", "options": options}, context=settings(server, max_rounds=0)
        )
    assert result["option"] == "B" and result["status"] == "insufficient"


def test_a_claim_that_cites_no_words_of_memory_is_not_an_answer(video: str, settings: Callable[..., Settings]) -> None:
    made_up = {"caption": "0123456789abcdef", "quote": "The number seven."}
    verdict = {"support": "supported", "confidence": 1, "answer": "7", "evidence": [made_up]}
    final = {"answer": "7", "confidence": 1, "evidence": [made_up]}
    with FakeServer(scripted(Verdict=verdict, FinalAnswer=final)) as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server, max_rounds=1))
    assert result["status"] == "insufficient" and result["evidence"] == []


def test_a_final_reply_that_cites_nothing_does_not_stand_against_a_supported_verdict(
    video: str, settings: Callable[..., Settings]
) -> None:
    script = scripted(
        Verdict=lambda r: {"support": "supported", "confidence": 0.8, "answer": "seven", "evidence": [cite(r)]},
        FinalAnswer={"answer": "eight", "confidence": 1.0, "evidence": []},
    )
    with FakeServer(script) as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server))
    assert result["status"] == "answered" and result["answer"] == "seven" and result["confidence"] == 0.8
    assert result["evidence"]


@pytest.mark.parametrize(
    ("limit", "value", "counts"),
    [("max_captions", 5, "captions_made"), ("max_frames", 20, "frames"), ("max_reasoner_calls", 3, "reasoner_calls")],
)
def test_budgets_are_never_overshot(
    video: str, settings: Callable[..., Settings], limit: str, value: int, counts: str
) -> None:
    with FakeServer() as server:
        chosen = settings(server, **{limit: value})
        result = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
    assert result["usage"][counts] <= value
    assert result["status"] == "budget_exhausted" and result["stopped_by"] == limit


def test_a_budget_of_calls_holds_though_every_reply_is_asked_for_twice(
    video: str, settings: Callable[..., Settings]
) -> None:
    with FakeServer(scripted(Judgement="no", Verdict="no", Looks="no", FinalAnswer="no")) as server:
        result = graph.invoke({"video": video, "question": "What?"}, context=settings(server, max_reasoner_calls=3))
    assert result["usage"]["reasoner_calls"] == 3 == len(server.chats) - server.count("caption")


def test_a_reasoner_that_never_replies_is_a_failure_with_a_reason(
    video: str, settings: Callable[..., Settings]
) -> None:
    nothing = {kind: "no" for kind in ("Judgement", "Verdict", "Looks", "FinalAnswer")}
    with FakeServer(scripted(**nothing)) as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server, max_rounds=1))
    assert result["status"] == "failed" and result["reason"]


def test_captions_that_fail_become_gaps_and_are_tried_again(video: str, settings: Callable[..., Settings]) -> None:
    from tests.fake_server import FakeReply

    broken = FakeReply(status=400, body=b'{"error": {"message": "bad picture"}}')
    with FakeServer(scripted(caption=[broken, "Fine.", "Fine."])) as server:
        chosen = settings(server, max_rounds=0, captions_at_once=1)
        first = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
        assert first["usage"]["captions_made"] == 2 and "could not be captioned" in first["reason"]
        second = graph.invoke({"video": video, "question": "Which number?"}, context=chosen)
        assert second["usage"]["captions_made"] == 1 and second["usage"]["captions_reused"] == 2


def test_invented_and_repeated_segments_cost_nothing_but_quality(video: str, settings: Callable[..., Settings]) -> None:
    silly = {"looks": [{"segment": "c99"}, {"segment": "c0"}, {"segment": "c0"}, {"segment": "../etc"}]}
    with FakeServer(scripted(Judgement={"kind": "local", "segments": ["c77", 5]}, Looks=silly)) as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server, max_rounds=3))
    assert result["rounds"] == 3 and result["status"] == "insufficient"
    memory = live_for(settings(server)).memory
    looked = [(c.segment, c.level) for c in memory.captions(memory.recordings()[0].id)]
    assert len(looked) == len(set(looked)) == server.count("caption"), "nothing was described twice"


def test_a_thread_is_interrupted_and_goes_on_with_no_input(
    video: str, settings: Callable[..., Settings], tmp_path: Path
) -> None:
    config: dict = {"configurable": {"thread_id": "mayor"}}
    with FakeServer() as server, open_graph(tmp_path / "c.sqlite") as kept:
        chosen = settings(server, max_rounds=1)
        kept.invoke({"video": video, "question": "Which number?"}, config, context=chosen, interrupt_before=["locate"])
        assert kept.get_state(config).next == ("locate",)
        result = kept.invoke(None, config, context=chosen)
        assert result["status"] == "insufficient" and result["thread_id"] == "mayor"
        # A second question on the same thread starts clean.
        again = kept.invoke({"video": video, "question": "Which colour?"}, config, context=chosen)
        assert again["usage"]["captions_made"] + again["usage"]["captions_reused"] <= 6 and again["rounds"] == 1
        assert "secret-key-1" not in (tmp_path / "c.sqlite").read_bytes().decode("latin-1")


def test_checkpoints_hold_ids_not_captions(video: str, settings: Callable[..., Settings], tmp_path: Path) -> None:
    config: dict = {"configurable": {"thread_id": "t"}}
    with FakeServer(scripted(caption="A very particular zebra.")) as server, open_graph(tmp_path / "c.sqlite") as kept:
        kept.invoke({"video": video, "question": "Which number?"}, config, context=settings(server))
    assert b"zebra" not in (tmp_path / "c.sqlite").read_bytes()


def test_a_thread_id_without_checkpoints_earns_a_warning(video: str, settings: Callable[..., Settings]) -> None:
    with FakeServer() as server, pytest.warns(UserWarning, match="open_graph"):
        graph.invoke(
            {"video": video, "question": "Which number?"},
            {"configurable": {"thread_id": "x"}},
            context=settings(server, max_rounds=0),
        )


def test_several_recordings_are_one_question(video: str, tmp_path: Path, settings: Callable[..., Settings]) -> None:
    other = make_video(tmp_path / "other.mp4", seconds=4, fps=8, size=(320, 180))
    with FakeServer(scripted(Judgement=lambda r: {"kind": "local", "segments": segment_ids(r)[-1:]})) as server:
        result = graph.invoke(
            {"video": [video, other], "question": "Which number?"}, context=settings(server, max_rounds=1)
        )
        assert "v2/c0" in segment_ids(server.asked("Verdict")[0])
    assert result["usage"]["captions_made"] >= 4


def test_the_paper_preset_runs_through_the_same_nodes(video: str, settings: Callable[..., Settings]) -> None:
    with FakeServer() as server:
        result = graph.invoke({"video": video, "question": "Which number?"}, context=settings(server, preset="paper"))
        assert result["rounds"] == 5 and result["answer"] == "a scripted answer"
        assert "You must answer" in text_of(server.asked("FinalAnswer")[0])


def test_captions_of_other_scopes_are_not_taken_for_segments_of_these(
    video: str, settings: Callable[..., Settings]
) -> None:
    with FakeServer(scripted(Looks={"looks": [{"segment": "c0"}]})) as server:
        graph.invoke({"video": video, "question": "Which number?"}, context=settings(server, max_rounds=1))
        wider = settings(server, max_rounds=0, coarse_seconds=6)
        graph.invoke({"video": video, "question": "Which number?"}, context=wider)
        prompt = text_of(server.asked("Verdict")[-1])
    assert "segment c0, 0.0-6.0 s, coarse" in prompt and "segment c0, 0.0-4.0 s" not in prompt


def test_a_hopeless_search_ends_after_one_look(video: str, settings: Callable[..., Settings]) -> None:
    hopeless = {"looks": [{"segment": "c1"}], "hopeless": True, "reason": "nobody can hear pictures"}
    with FakeServer(scripted(Looks=hopeless)) as server:
        result = graph.invoke({"video": video, "question": "Who is heard?"}, context=settings(server))
    assert result["rounds"] == 1 and result["stopped_by"] == "nothing_left" and result["status"] == "insufficient"
