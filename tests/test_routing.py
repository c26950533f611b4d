"""What kind of question it is decides the way it goes: through the graph, with scripted models."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app import graph
from tests.fake_server import FakeServer, candidate_ids, scripted, segment_ids, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tools.live import live_for

LONG = " ".join(f"Sentence number {n} of a long description tells of nothing in particular." for n in range(25))


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_video(tmp_path_factory.mktemp("v") / "talk.mp4", seconds=40, fps=2, size=(160, 90))


def ask(server: FakeServer, video: str, question: str = "How often?", **more: Any) -> dict[str, Any]:
    return graph.invoke({"video": video, "question": question}, context=settings_for(server, **more))


def verdicts(server: FakeServer) -> list[str]:
    return [text_of(request) for request in server.asked("Verdict")]


def finding(request: dict[str, Any]) -> dict[str, Any]:
    return {"findings": [cite(request) | {"note": "one occurrence"}, {"caption": "0" * 8, "quote": "made up"}]}


SUPPORTED = {"support": "supported", "confidence": 0.9, "answer": "twice", "missing": ""}


def test_a_question_about_the_whole_video_is_answered_from_all_its_chapters(video: str) -> None:
    """Map and reduce: ten captions of 1,800 characters against prompts of 4,000."""

    def verdict(request: dict[str, Any]) -> dict[str, Any]:
        digest = re.findall(r"\[caption (\w{8})\][^\n]*, digest\n([^\n]+)", text_of(request))
        return SUPPORTED | {"evidence": [{"caption": digest[-1][0], "quote": digest[-1][1]}]}

    script = scripted(
        caption=LONG, Judgement={"kind": "whole", "segments": []}, Findings=finding, Verdict=verdict, FinalAnswer="no"
    )
    with FakeServer(script) as server:
        result = ask(server, video, prompt_chars=4000)
        chapters = [text_of(request) for request in server.asked("Findings")]
        assert 4 <= len(chapters) <= 12
        shown = sorted({id for text in chapters for id in segment_ids_of(text)})
        assert shown == sorted(f"c{n}" for n in range(10)), "every segment was read in some chapter"
        assert verdicts(server)[0].count(", digest\n") >= 2 and "made up" not in verdicts(server)[0]
        assert result["status"] == "answered" and result["rounds"] == 0
        [item] = result["evidence"]
        assert item["level"] == "coarse" and item["quote"] in LONG, "evidence is what was seen"
        ask(server, video, prompt_chars=4000)
        assert server.count("Findings") == len(chapters), "the same question finds its digests again"


def segment_ids_of(text: str) -> list[str]:
    return re.findall(r"segment (c\d+)", text)


def test_what_fits_one_prompt_is_not_read_in_chapters(video: str) -> None:
    with FakeServer(scripted(Judgement={"kind": "whole", "segments": []})) as server:
        ask(server, video, max_rounds=0)
        assert server.count("Findings") == 0
        assert all(f"segment c{n}," in verdicts(server)[0] for n in range(10))


def test_chapters_are_read_within_the_budget_of_calls(video: str) -> None:
    script = scripted(caption=LONG, Judgement={"kind": "whole", "segments": []}, Findings="no", Summary="no")
    with FakeServer(script) as server:
        result = ask(server, video, prompt_chars=4000, max_reasoner_calls=12, max_rounds=0)
    asked = len(server.chats) - server.count("caption")
    assert asked == result["usage"]["reasoner_calls"] <= 12
    assert 1 <= server.count("Findings") <= 8
    assert server.count("Verdict") and server.count("FinalAnswer"), "reading leaves room for an answer"


def test_a_counting_question_covers_every_relevant_segment_before_it_is_answered(video: str) -> None:
    counting = {"kind": "counting", "segments": ["c1", "c4", "c8", "c77"]}
    script = scripted(Judgement=counting, Verdict=lambda r: SUPPORTED | {"evidence": [cite(r)]})
    with FakeServer(script) as server:
        result = ask(server, video)
        looked = {re.sub(r"\..*", "", c.segment) for c in deep(server)}
        assert looked == {"c1", "c4", "c8"} and result["rounds"] == 1, "all of them in one round"
        assert result["status"] == "answered" and server.count("Verdict") == 2
        assert server.most_at_once >= 2, "looks run side by side"


def test_what_could_not_be_covered_is_not_called_supported(video: str) -> None:
    counting = {"kind": "order", "segments": ["c0", "c3", "c5", "c7"]}
    script = scripted(Judgement=counting, Verdict=lambda r: SUPPORTED | {"evidence": [cite(r)]})
    with FakeServer(script) as server:
        result = ask(server, video, max_rounds=1, looks_per_round=1)
        assert result["status"] == "insufficient" and result["stopped_by"] == "max_rounds"
        assert len({c.segment for c in deep(server) if "." not in c.segment}) == 2
        assert "Not looked at closely: c5, c7" in result["reason"]
        local = ask(server, video, question="Again?", max_rounds=1, looks_per_round=1, routed=False)
        assert local["status"] == "answered" and local["rounds"] == 0


def deep(server: FakeServer) -> list[Any]:
    memory = live_for(settings_for(server)).memory
    return [c for c in memory.captions(memory.recordings()[0].id) if c.level in ("fine", "ultra-fine")]


@pytest.mark.parametrize(
    ("deepest", "levels"), [("coarse", set()), ("fine", {"fine"}), ("ultra-fine", {"fine", "ultra-fine"})]
)
def test_no_look_goes_below_the_deepest_level_allowed(video: str, deepest: str, levels: set[str]) -> None:
    def deepest_first(request: dict[str, Any]) -> dict[str, Any]:
        return {"looks": [{"segment": max(candidate_ids(request), key=len)}]}

    with FakeServer(scripted(Looks=deepest_first)) as server:
        ask(server, video, deepest=deepest, max_rounds=3)
        assert {c.level for c in deep(server)} == levels


def test_a_reasoner_may_choose_a_segment_that_was_not_offered_but_never_the_same_look_twice(video: str) -> None:
    """It always asks for c9: the last of ten, once, once more with another focus, and never again."""
    focuses = iter(f"thing {word}" for word in ("alpha", "beta", "gamma", "delta", "epsilon"))

    def stubborn(request: dict[str, Any]) -> dict[str, Any]:
        focus = next(focuses)
        return {"looks": [{"segment": "c9", "focus": focus, "instruction": f"Look for the {focus}."}]}

    with FakeServer(scripted(Looks=stubborn)) as server:
        result = ask(server, video, looks_per_round=1)
        looked = [c.instruction for c in deep(server) if c.segment == "c9"]
        assert len(looked) == 2 and result["rounds"] == 5, "the other rounds went elsewhere"


def test_every_prompt_stays_within_its_budget_and_shows_what_was_found(video: str) -> None:
    def described(request: dict[str, Any]) -> str:
        closer = "<look_for>" in text_of(request)
        return LONG + (" The number on the door is 4711." if closer else "")

    with FakeServer(scripted(caption=described)) as server:
        ask(server, video, question="Which number is on the door?", prompt_chars=5000, max_rounds=2)
        for kind in ("Judgement", "Verdict", "Looks", "FinalAnswer"):
            for request in server.asked(kind):
                assert len(text_of(request)) <= 5000 + 5000, "memory, and the words around it"
        first, *later = verdicts(server)
        assert "4711" not in first and all("4711" in text for text in later)
        assert "4711" in text_of(server.asked("FinalAnswer")[0])


def test_the_published_preset_shows_all_first_and_last_and_the_relevant_between(video: str) -> None:
    with FakeServer(scripted(Judgement={"kind": "local", "segments": ["c5"]})) as server:
        scopes = {"coarse_seconds": 4, "fine_seconds": 2, "ultra_seconds": 1}
        ask(server, video, preset="published", max_rounds=1, **scopes)
        first, second = (set(segment_ids_of(text)) for text in verdicts(server))
        last = set(segment_ids_of(text_of(server.asked("FinalAnswer")[0])))
    everything = {f"c{n}" for n in range(10)}
    assert first == everything <= last and second == {"c4", "c5", "c6"}


def test_the_paper_looks_at_nothing_but_what_was_judged_relevant(video: str) -> None:
    script = scripted(
        Judgement={"kind": "local", "segments": ["c5", "c1", "c8", "c3"]}, Looks={"looks": [{"segment": "c3"}]}
    )
    scopes = {"coarse_seconds": 4, "fine_seconds": 2, "ultra_seconds": 1}
    with FakeServer(script) as server:
        result = ask(server, video, preset="paper", **scopes)
        relevant = {"c0", "c1", "c2", "c4", "c5", "c6", "c7", "c8", "c9"}
        assert set(segment_ids_of(verdicts(server)[0])) == relevant, "three and their neighbours"
        offered = {re.sub(r"\..*", "", id) for request in server.asked("Looks") for id in candidate_ids(request)}
        assert offered <= relevant and result["rounds"] == 5
        assert "You must answer" in text_of(server.asked("FinalAnswer")[0])


def test_judge_locator_and_evidence_work_across_recordings(video: str, tmp_path: Path) -> None:
    other = make_video(tmp_path / "other.mp4", seconds=8, fps=2, size=(320, 180))

    def verdict(request: dict[str, Any]) -> dict[str, Any]:
        cited = re.findall(r"\[caption (\w{8})\] segment v2/c1\.f0[^\n]*\n([^\n]+)", text_of(request))
        if not cited:
            return {"support": "unsupported", "missing": "a closer look"}
        return SUPPORTED | {"evidence": [{"caption": cited[0][0], "quote": cited[0][1]}]}

    script = scripted(
        caption=lambda r: f"Seen at {re.findall(r'[0-9.]+ s', text_of(r))[2:]}.",
        Judgement={"kind": "local", "segments": ["v2/c1"]},
        Verdict=verdict,
        Looks={"looks": [{"segment": "v2/c1"}]},
    )
    with FakeServer(script) as server:
        chosen = settings_for(server)
        result = graph.invoke({"video": [video, other], "question": "Which number?"}, context=chosen)
        outline = text_of(server.asked("Judgement")[0])
    assert "talk.mp4: 40 s, segments v1/c0 to v1/c9" in outline and "other.mp4: 8 s, segments v2/c0 to v2/c1" in outline
    [item] = result["evidence"]
    assert (item["video"], item["level"], item["start"]) == ("other.mp4", "fine", 4.0) and result["rounds"] == 1


def test_a_plain_word_that_holds_an_ordinal_changes_nothing(video: str) -> None:
    with FakeServer() as server:
        ask(server, video, question="Is the plastic box on the second floor?", max_rounds=0)
        ask(server, video, question="Is the wooden box on the upper floor?", max_rounds=0)
        assert server.count("Judgement") == 2 and segment_ids(server.asked("Verdict")[0])
        assert segment_ids_of(verdicts(server)[0]) == segment_ids_of(verdicts(server)[1])
