"""A person is asked before a large pass: in the graph, on the command line, on the page and from Python."""

from __future__ import annotations

import io
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from langgraph.types import Command
from typer.testing import CliRunner

from app import ask, graph, open_graph
from commands import stopping
from commands.cli import app
from commands.ingest import ingest
from commands.running import check, open_sessions
from face.page.runs import Run, Runs
from graph.forecast import forecast
from graph.threads import find_session
from nodes.confirm import agreed
from tests.fake_server import FakeServer, Request, scripted, text_of
from tests.media import make_video
from tests.page_client import ask as ask_page
from tests.page_client import events, page
from tests.scripted import cite, settings_for
from tests.test_cli import remote, run
from tools import ending
from tools.errors import BadInput
from tools.live import peek
from tools.settings import Settings
from tools.video.sources import find_parts

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


def test_yes_agrees_beforehand(fake: FakeServer, video: str) -> None:
    line = CliRunner(env=remote(fake) | {"VIDEOLUCY_CONFIRM_OVER": "1", "VIDEOLUCY_COARSE_SECONDS": "4"})
    refused = line.invoke(app, ["ingest", video])
    assert isinstance(refused.exception, BadInput)
    assert "this would make 2 captions" in str(refused.exception)
    assert "`--yes` agrees to it" in str(refused.exception)
    assert fake.count("caption") == 0
    watched = line.invoke(app, ["ingest", video, "--yes"])
    assert watched.stdout.endswith("2 captions made, 0 known\n"), watched.output
    other = make_video(Path(video).with_name("other.mp4"), seconds=9, fps=5, size=(160, 120))
    answered = line.invoke(app, ["ask", other, "Who?", "--yes", "--json"])
    assert json.loads(answered.stdout)["status"] == "answered", answered.output


def test_what_a_person_is_told_is_what_estimate_foretells(fake: FakeServer, video: str, own_home: Path) -> None:
    priced = {"price_prompt": 1, "price_completion": 2}
    other = make_video(Path(video).with_name("other.mp4"), seconds=20, fps=5, size=(160, 120))
    with open_graph() as checked:
        first = settings_for(fake, **priced)
        checked.invoke({"video": video, "question": "Which?"}, THREAD, context=first)  # measures the captioner's pace
        told = forecast(peek(first), [find_parts(other)], own_home / "checkpoints.sqlite").to_dict()["coarse"]
        settings = settings_for(fake, **priced, confirm_over=told["captions"] - 1)
        (waiting,) = checked.invoke({"video": other, "question": "Which?"}, other_thread(), context=settings)[
            "__interrupt__"
        ]
    asked = waiting.value
    assert asked["captions"] == told["captions"] == 5
    assert (asked["frames"], asked["captions_in_memory"]) == (told["frames"], 0)
    assert asked["cost"] == told["cost"] > 0
    assert asked["seconds"] == told["seconds"]
    assert asked["minutes_of_video"] == 0.3
    assert "other.mp4" in asked["question"]
    assert all(isinstance(value, str | int | float) for value in asked.values())


def test_budgets_count_before_anybody_is_asked(fake: FakeServer, video: str) -> None:
    with open_graph() as checked:
        settings = settings_for(fake, confirm_over=1, max_captions=1)
        result = checked.invoke({"video": video, "question": "Which?"}, THREAD, context=settings)
    assert result["usage"]["captions_made"] == 1


def test_a_yes_holds_for_the_question_and_not_for_the_next(fake: FakeServer, video: str) -> None:
    """Also where the run ends between the reply and the answer, and the question is given again."""
    settings = settings_for(fake, confirm_over=1)
    inputs: Any = {"video": video, "question": "Which?"}
    with open_graph() as checked:
        checked.invoke(inputs, THREAD, context=settings)
        checked.invoke(Command(resume="yes"), THREAD, context=settings, interrupt_before=["sweep"])
        assert fake.count("caption") == 0
    with open_graph() as checked:
        assert checked.invoke(inputs, THREAD, context=settings)["status"] == "answered"
        other = make_video(Path(video).with_name("other.mp4"), seconds=9, fps=5, size=(160, 120))
        later = checked.invoke({"video": other, "question": "Which?"}, THREAD, context=settings)
        assert "__interrupt__" in later
        assert find_session(checked, "t").status == "waiting"  # type: ignore[union-attr]
    assert fake.count("caption") == 2


def test_a_no_holds_when_the_question_is_given_again(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    inputs: Any = {"video": video, "question": "Which?"}
    with FakeServer(scripted()) as doubting, open_graph() as checked:
        settings = settings_for(doubting, confirm_over=1)
        checked.invoke(inputs, THREAD, context=settings)
        checked.invoke(Command(resume=False), THREAD, context=settings, interrupt_before=["understand"])
        result = checked.invoke(inputs, THREAD, context=settings)
        assert (result["stopped_by"], doubting.count("caption")) == ("declined", 0)


class Terminal(io.StringIO):
    """A person's keys."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("keys", "made", "said"), [("y\n", 2, "2 captions made"), ("n\n", 0, "not watched"), ("\n", 0, "not watched")]
)
def test_a_terminal_asks_before_an_ingest(
    keys: str, made: int, said: str, fake: FakeServer, video: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(keys))
    given = settings_for(fake, confirm_over=1).model_dump(exclude_unset=True)
    ingest(videos=[video], yes=False, **dict.fromkeys(Settings.model_fields) | given)
    told = capsys.readouterr()
    assert "captions 2, captions in memory 0, frames 8" in told.err
    assert "[y/N]" in told.err
    assert said in told.out
    assert fake.count("caption") == made


@pytest.mark.parametrize(("keys", "stopped_by"), [("y\n", "supported"), ("no\n", "declined")])
def test_a_terminal_asks_before_a_question(
    keys: str, stopped_by: str, video: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_KEY", "sk-planted-0123456789")
    monkeypatch.setattr(sys, "stdin", Terminal(keys))

    def verdict(request: Request) -> dict[str, Any]:
        return supported(request) if "[caption " in text_of(request) else {"support": "unsupported", "confidence": 0.1}

    with FakeServer(scripted(Verdict=verdict)) as server:
        settings = settings_for(server, confirm_over=1)
        assert asked(settings, video)["stopped_by"] == stopped_by


def test_leaving_the_prompt_keeps_the_session(fake: FakeServer, video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = settings_for(fake, confirm_over=1)

    def interrupted() -> str:
        signal.raise_signal(signal.SIGINT)
        raise AssertionError("nothing is read after Ctrl-C")

    monkeypatch.setattr(sys, "stdin", Terminal(""))
    with pytest.raises(BadInput, match="--yes` goes on"):  # Ctrl-D
        asked(settings, video)
    with monkeypatch.context() as patched, pytest.raises(typer.Exit):
        patched.setattr("builtins.input", interrupted)
        patched.setattr(ending, "_wished", threading.Event())
        patched.setattr(stopping, "PATIENCE", 600)
        asked(settings, video)
    # A limit that is lifted agrees by itself.
    assert asked(settings.model_copy(update={"confirm_over": 0}), video)["status"] == "answered"
    assert fake.count("caption") == 2


def asked(settings: Settings, video: str) -> dict[str, Any]:
    """Ask as `videolucy ask` does."""
    inputs = {"video": video, "question": "Which?"}
    with open_sessions(settings) as sessions:
        return sessions.ask(inputs, check(settings, [video], [inputs]))


def other_thread() -> Any:
    return {"configurable": {"thread_id": "u"}}
