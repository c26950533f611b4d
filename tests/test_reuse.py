"""Captions of earlier questions serve later ones; and what two want at once is made once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app import graph
from tests.fake_server import FakeReply, FakeServer, scripted, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tools.flight import Flight

FIRST = ("the colour of the mayor's tie", "Describe the tie of the mayor and its colour.")
REWORDED = ("what colour is the mayor's tie?", "Say which colour the mayor's tie has, as exactly as can be.")
OTHER = ("the number on the door", "Read the number on the door.")


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=12, fps=8, size=(160, 90))


def looking(segment: str, *focuses: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"looks": [{"segment": segment, "focus": f, "instruction": i}]} for f, i in focuses]


def script(*looks: dict[str, Any], **more: Any) -> Any:
    """A script that is satisfied as soon as it sees a fine caption made or taken over for its question."""

    def verdict(request: dict[str, Any]) -> dict[str, Any]:
        rounds = [line for line in text_of(request).splitlines() if ", fine" in line and "earlier question" not in line]
        if not rounds:
            return {"support": "unsupported", "missing": "a closer look"}
        return {"support": "supported", "confidence": 0.9, "answer": "red", "evidence": [cite(request)]}

    return scripted(Looks=list(looks), Verdict=verdict, **more)


def ask(server: FakeServer, video: str, question: str, **more: Any) -> dict[str, Any]:
    chosen = settings_for(server, max_rounds=1, **more)
    return graph.invoke({"video": video, "question": question}, context=chosen)["usage"]


def test_the_same_question_makes_no_caption_though_the_model_words_it_anew(video: str) -> None:
    looks = looking("c1", FIRST, ("something else entirely", "Look somewhere else."))
    with FakeServer(script(*looks)) as server:
        assert ask(server, video, "Which colour is the tie?")["captions_made"] == 6
        again = ask(server, video, "which  colour is the TIE?")
    assert again["captions_made"] == 0 and again["captions_reused"] == 3 + 3


def test_the_same_focus_in_other_words_makes_no_caption(video: str) -> None:
    with FakeServer(script(*looking("c1", FIRST, REWORDED))) as server:
        assert ask(server, video, "Which colour is the tie?")["captions_made"] == 6
        again = ask(server, video, "Does the tie of the mayor match the flag?")
    assert again["captions_made"] == 0 and again["captions_reused"] == 3 + 3


def test_another_focus_makes_what_is_new_and_nothing_else(video: str) -> None:
    with FakeServer(script(*looking("c1", FIRST, OTHER), *looking("c1.f0", REWORDED), *looking("c1", OTHER))) as server:
        ask(server, video, "Which colour is the tie?")
        other = ask(server, video, "Which number is on the door?")
        assert other["captions_made"] == 3, "c1 and its two parts, for the number"
        deeper = ask(server, video, "Has the tie a colour like the sky?")
        assert deeper["captions_made"] == 3, "c1.f0 more finely, and its two parts"
        assert ask(server, video, "What is the door's number?")["captions_made"] == 0


def test_what_memory_holds_needs_no_budget(video: str) -> None:
    with FakeServer(script(*looking("c1", FIRST, REWORDED))) as server:
        ask(server, video, "Which colour is the tie?")
        again = ask(server, video, "Does the tie of the mayor match the flag?", max_captions=1, max_frames=1)
    assert again["captions_made"] == 0 and again["captions_reused"] == 3 + 3


def test_reuse_can_be_switched_off(video: str) -> None:
    with FakeServer(script(*looking("c1", FIRST, REWORDED))) as server:
        ask(server, video, "Which colour is the tie?")
        off = ask(server, video, "Which colour is the tie?", reuse=False)
        assert off["captions_made"] == 3 and off["captions_reused"] == 3
        assert "earlier question" not in text_of(server.asked("Verdict")[-1])


def test_a_second_look_of_one_question_with_another_focus_is_made(video: str) -> None:
    with FakeServer(scripted(Looks=looking("c1", FIRST, OTHER))) as server:
        chosen = settings_for(server, max_rounds=2)
        result = graph.invoke({"video": video, "question": "What is it?"}, context=chosen)
    assert result["usage"]["captions_made"] == 3 + 3 + 3


def test_two_questions_at_once_make_each_caption_once(video: str) -> None:
    slow = FakeReply("A scene.", delay=0.15)
    with FakeServer(scripted(caption=slow, Looks=looking("c1", FIRST))) as server:
        chosen = settings_for(server, max_rounds=1, captions_at_once=2)
        start = threading.Barrier(2)

        def run(question: str) -> dict[str, Any]:
            start.wait()
            return graph.invoke({"video": video, "question": question}, context=chosen)["usage"]

        with ThreadPoolExecutor(2) as pool:
            usages = list(pool.map(run, ["Which tie?", "Which colour?"]))
        asked = [text_of(request) for request in server.asked("caption")]
    assert len(asked) == len(set(asked)) == 6
    assert sum(usage["captions_made"] for usage in usages) == 6


def test_what_another_call_failed_at_is_tried_again_by_who_waited(video: str) -> None:
    broken = FakeReply(status=400, body=b'{"error": {"message": "bad picture"}}', delay=0.2)
    with FakeServer(scripted(caption=[broken, FakeReply("A scene.")])) as server:
        chosen = settings_for(server, max_rounds=0, captions_at_once=1)
        start = threading.Barrier(2)

        def run(question: str) -> dict[str, Any]:
            start.wait()
            return graph.invoke({"video": video, "question": question}, context=chosen)

        with ThreadPoolExecutor(2) as pool:
            results = list(pool.map(run, ["Which tie?", "Which colour?"]))
    gaps = [result["reason"].count("could not be captioned") for result in results]
    assert sorted(gaps) == [0, 1] and server.count("caption") == 4


def test_what_is_taken_out_of_a_claim_is_given_up_with_it() -> None:
    flight = Flight()
    with flight.claim({"a", "b"}) as mine:
        mine.clear()
    with flight.claim({"a", "b"}) as mine:
        assert mine == {"a", "b"}


def test_many_at_once_make_each_thing_once_and_none_is_left_waiting() -> None:
    flight, made, lock = Flight(), [], threading.Lock()

    def run(number: int) -> None:
        wanted = {str((number + step) % 7) for step in range(4)}
        while missing := wanted - set(made):
            with flight.claim(missing) as mine:
                mine -= set(made)
                for id in sorted(mine):
                    time.sleep(0.001)
                    with lock:
                        made.append(id)
            flight.wait(missing)
        with flight.alone(str(number % 7)):
            pass

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(run, range(64), timeout=60))
    assert sorted(made) == sorted(map(str, range(7)))


def test_a_maker_that_dies_gives_up_its_claim() -> None:
    flight = Flight()
    with pytest.raises(ValueError), flight.claim(["a"]):
        raise ValueError
    with pytest.raises(ValueError), flight.alone("a"):
        raise ValueError
    flight.wait(["a"])
    with flight.claim(["a"]) as mine:
        assert mine == {"a"}
        with flight.claim(["a", "b"]) as others:
            assert others == {"b"}
