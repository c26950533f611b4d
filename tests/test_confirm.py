"""A person is asked before a large pass: in the graph, on the command line, on the page and from Python."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.types import Command

from app import ask, graph, open_graph
from face.page.runs import Run, Runs
from nodes.confirm import agreed
from tests.fake_server import FakeServer, Request, scripted
from tests.media import make_video
from tests.page_client import ask as ask_page
from tests.page_client import events, page
from tests.scripted import cite, settings_for
from tests.test_cli import remote, run
from tools.errors import BadInput

THREAD: Any = {"configurable": {"thread_id": "t"}}


def supported(request: Request) -> dict[str, Any]:
    return {"support": "supported", "confidence": 0.9, "answer": "three", "evidence": [cite(request)]}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    final = {"answer": "three", "confidence": 0.9}
    with FakeServer(scripted(Verdict=supported, FinalAnswer=final)) as server:
        yield server


@pytest.fixture
def video(tmp_path: Path) -> str:
    """Eight seconds: two coarse segments under the tests' scopes."""
    return make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))


def test_a_pass_above_the_limit_waits_for_a_yes(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake, confirm_over=1)
    with open_graph() as checked:
        result = checked.invoke({"video": video, "question": "Which?"}, THREAD, context=settings)
        (waiting,) = result["__interrupt__"]
        assert waiting.value["captions"] == 2
        assert waiting.value["frames"] == 8
        assert waiting.value["confirm_over"] == 1
        assert fake.count("caption") == 0
        again = checked.invoke(None, THREAD, context=settings)
        assert "__interrupt__" in again  # whoever goes on without a reply is asked again
        result = checked.invoke(Command(resume=True), THREAD, context=settings)
        assert result["status"] == "answered"
        assert fake.count("caption") == 2
        other: Any = {"configurable": {"thread_id": "u"}}
        later = checked.invoke({"video": video, "question": "Who?"}, other, context=settings)
        assert later["status"] == "answered"
        assert fake.count("caption") == 2


def test_a_no_answers_from_memory_and_looks_at_nothing(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake, confirm_over=1)
    with FakeServer(scripted()) as doubting, open_graph() as checked:
        settings = settings_for(doubting, confirm_over=1)
        checked.invoke({"video": video, "question": "Which?"}, THREAD, context=settings)
        result = checked.invoke(Command(resume=False), THREAD, context=settings)
        assert (result["status"], result["stopped_by"]) == ("insufficient", "declined")
        assert result["usage"]["captions_made"] == 0
        assert doubting.count("caption") == 0


def test_a_pass_within_the_limit_asks_nobody(fake: FakeServer, video: str) -> None:
    with open_graph() as checked:
        result = checked.invoke(
            {"video": video, "question": "Which?"}, THREAD, context=settings_for(fake, confirm_over=2)
        )
        assert result["status"] == "answered"


def test_a_graph_that_cannot_wait_says_so(fake: FakeServer, video: str) -> None:
    with pytest.raises(BadInput, match="would make 2 captions, more than confirm_over"):
        graph.invoke({"video": video, "question": "Which?"}, context=settings_for(fake, confirm_over=1))
    assert fake.count("caption") == 0


@pytest.mark.parametrize(
    ("reply", "meant"),
    [(True, True), ("yes", True), (" Y ", True), ("true", True), (1, True), (False, False), ("no", False), ("", False)],
)
def test_what_counts_as_a_yes(reply: Any, meant: bool) -> None:
    assert agreed(reply) is meant
    assert agreed({"yes": True}) is False


def test_python_asks_its_caller(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    asked: list[dict[str, Any]] = []

    def no(what: dict[str, Any]) -> bool:
        asked.append(what)
        return False

    with FakeServer(scripted()) as doubting:
        settings = settings_for(doubting, confirm_over=1)
        with pytest.raises(BadInput, match="waits for a person's yes"):
            ask(video, "Which?", settings=settings)
        assert ask(video, "Which?", settings=settings, confirm=no)["usage"]["captions_made"] == 0
    assert asked[0]["captions"] == 2


def test_the_page_asks_whoever_looks(fake: FakeServer, video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Run] = []
    begun = Runs._start

    def noting(self: Runs, work: Any) -> Run:
        made.append(begun(self, work))
        return made[-1]

    monkeypatch.setattr(Runs, "_start", noting)
    with page(settings_for(fake, confirm_over=1)) as client:
        id = ask_page(client, video)
        while not any(event["event"] == "waiting" for event in made[0].events):
            assert not made[0].ended, made[0].events
            time.sleep(0.01)
        assert client.post(f"/api/runs/{id}/reply", json={"yes": "perhaps"}).status_code == 400
        assert client.post(f"/api/runs/{id}/reply", json={"yes": True}).status_code == 200
        happened = events(client, id)
        assert [event["asked"]["captions"] for event in happened if event["event"] == "waiting"] == [2]
        assert happened[-1]["event"] == "finished"
        assert fake.count("caption") == 2


def test_the_command_line_says_how_to_go_on(fake: FakeServer, video: str, tmp_path: Path) -> None:
    environment = remote(fake) | {"VIDEOLUCY_CONFIRM_OVER": "1"}
    stopped = run("ask", video, "Which?", home=tmp_path, cwd=tmp_path, **environment)
    assert stopped.returncode == 2
    thread = stopped.stderr.splitlines()[0].split()[1]
    assert f"`videolucy resume {thread} --yes` goes on" in stopped.stderr.splitlines()[-1]
    assert fake.count("caption") == 0
    done = run("resume", thread, "--yes", "--json", home=tmp_path, cwd=tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert fake.count("caption") > 1
    assert run("ask", video, "Who?", "--yes", home=tmp_path, cwd=tmp_path, **environment).returncode == 0
    other = make_video(tmp_path / "other.mp4", seconds=9, fps=5, size=(160, 120))
    refused = run("ingest", other, home=tmp_path, cwd=tmp_path, **environment)
    assert refused.returncode == 2
    assert "more than confirm_over (1) allows unasked" in refused.stderr
