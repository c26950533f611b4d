"""The Python API as a program meets it, and the examples of docs/python.md."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langgraph.graph import START, StateGraph
from langgraph.types import interrupt
from PIL import Image

import app
from app import Answer, BadInput, Settings, Stopped, StoreError, ask, graph, ingest, open_graph, open_memory, resume
from graph.checkpoints import checkpoint_file
from nodes.state import Input, Output, State
from tests.conftest import ROOT
from tests.fake_server import FakeServer, scripted, segment_ids
from tests.media import make_video, read_time
from tests.offline import offline_env
from tests.scripted import SCOPES, cite, settings_for

BASIC: dict[str, Any] = {"captioner": "basic", "reasoner": "extractive", "embedder": "lexical", **SCOPES}
"""No model at all: quick."""


def supported(request: dict[str, Any]) -> dict[str, Any]:
    return {"support": "supported", "confidence": 0.9, "answer": "It is quiet.", "evidence": [cite(request)]}


def final(request: dict[str, Any]) -> dict[str, Any]:
    return {"answer": "It is quiet.", "option": "", "confidence": 0.9, "evidence": [cite(request)]}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    monkeypatch.setenv("FAKE_KEY", "sk-fake")
    with FakeServer(scripted(Verdict=supported, FinalAnswer=final)) as server:
        yield server


@pytest.fixture
def video(tmp_path: Path) -> str:
    return make_video(tmp_path / "talk.mp4", seconds=12, fps=4, size=(160, 120))


def test_every_name_is_there_and_none_is_imported_before_it_is_used() -> None:
    for name in app.__all__:
        assert getattr(app, name) is not None
    assert set(app.__all__) <= set(dir(app))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = app.nothing_of_the_kind
    heavy = ("langgraph", "chromadb", "numpy", "pydantic", "face", "tools", "memory_store")
    code = f"import app, sys; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_an_answer_is_the_dictionary_of_the_graph(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake)
    answer = ask(video, "Is it quiet?", settings=settings)
    assert answer["status"] == "answered" and answer["answer"] == "It is quiet."
    assert [(item["video"], item["quote"]) for item in answer["evidence"]] == [("talk.mp4", "Scene with 4 pictures.")]
    result = graph.invoke({"video": video, "question": "Is it quiet?"}, context=settings)
    assert set(answer) == set(result) == set(Answer.__annotations__)
    assert {key: type(value) for key, value in answer.items()} == {key: type(value) for key, value in result.items()}
    assert set(answer["usage"]) >= {"captions_made", "captions_reused", "frames", "seconds"}


def test_paths_options_and_single_settings(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake, max_rounds=5)
    # Nothing is supported by this script: the number of rounds is what the settings say.
    fake._script = scripted()
    answer = ask(Path(video), "Which?", ["red", "green"], settings=settings, max_rounds=1)
    assert (answer["option"], answer["status"], answer["rounds"]) == ("A", "insufficient", 1)
    assert settings.max_rounds == 5


def test_a_run_that_is_cut_short_goes_on(fake: FakeServer, video: str) -> None:
    events: list[dict[str, Any]] = []

    def interrupt(event: dict[str, Any]) -> None:
        events.append(event)
        if event["event"] == "captioned":
            raise RuntimeError("the caller has had enough")

    settings = settings_for(fake, captions_at_once=1)
    with pytest.raises(RuntimeError, match="enough"):
        ask(video, "Is it quiet?", settings=settings, on_event=interrupt)
    begun = next(event for event in events if event["event"] == "thread")
    assert not begun["goes_on"] and 1 <= fake.count("caption") < 3, "what waited for its turn was begun all the same"
    events.clear()
    answer = ask(video, "Is it quiet?", settings=settings, on_event=events.append)
    assert (events[0]["event"], events[0]["thread"], events[0]["goes_on"]) == ("thread", begun["thread"], True)
    assert answer["thread_id"] == begun["thread"] and answer["status"] == "answered"
    assert fake.count("caption") == 3, "a stored caption was made twice"
    again = ask(video, "Is it quiet?", settings=settings)
    assert again["thread_id"] == begun["thread"] + "-2" and again["usage"]["captions_reused"] == 3


def test_a_session_is_resumed_by_its_id_under_its_own_settings(fake: FakeServer, video: str) -> None:
    def interrupt(event: dict[str, Any]) -> None:
        if event["event"] == "judged":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(video, "Is it quiet?", ["yes", "no"], settings=settings_for(fake), thread="mine", on_event=interrupt)
    with pytest.raises(BadInput, match="mine has a question to finish first"):
        ask(video, "Is it loud?", settings=settings_for(fake), thread="mine")
    answer = resume("mine")
    assert answer["status"] == "answered" and answer["thread_id"] == "mine" and answer["option"] in ("A", "B")
    assert answer["models"]["captioner"].endswith("fake")
    with pytest.raises(BadInput, match="session mine is finished"):
        resume("mine")
    with pytest.raises(BadInput, match="no session nobody"):
        resume("nobody")


def test_stop_ends_a_run_and_nothing_is_lost(fake: FakeServer, video: str) -> None:
    stop = threading.Event()

    def on_event(event: dict[str, Any]) -> None:
        if event["event"] == "captioned":
            stop.set()

    settings = settings_for(fake, captions_at_once=1)
    with pytest.raises(Stopped):
        ask(video, "Is it quiet?", settings=settings, on_event=on_event, stop=stop)
    asked = fake.count("caption")
    assert 1 <= asked < 3
    answer = ask(video, "Is it quiet?", settings=settings)
    assert answer["status"] == "answered" and fake.count("caption") == 3
    with pytest.raises(Stopped):
        ingest(make_video(Path(video).with_name("b.mp4"), seconds=12, fps=5), settings=settings, stop=stop)


def test_threads_that_ask_at_once_share_the_work(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake)
    questions = ["Is it quiet?", "Is it dark?", "Is it cold?", "Is it quiet?"]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda question: ask(video, question, settings=settings), questions))
    assert [answer["status"] for answer in answers] == ["answered"] * 4
    threads = {answer["thread_id"] for answer in answers}
    assert len(threads) == 4 and len({thread[:14] for thread in threads}) == 3, "the same question shares a key"
    assert fake.count("caption") == 3
    assert sum(answer["usage"]["captions_made"] for answer in answers) == 3


def test_a_conversation_knows_what_was_asked_before(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake)
    first = ask(video, "Is it quiet?", settings=settings, thread="talk")
    second = ask(video, "And then?", settings=settings, thread="talk")
    assert first["thread_id"] == second["thread_id"] == "talk"
    assert fake.count("FollowUp") == 1, "the second question was not asked with the first one in mind"


def test_ingest_makes_the_coarse_memory_once(fake: FakeServer, video: str) -> None:
    settings, events = settings_for(fake), list[dict[str, Any]]()
    done = ingest(video, settings=settings, on_event=events.append)
    assert (done["captions_made"], done["captions_reused"], done["gaps"]) == (3, 0, [])
    assert done["recordings"][0]["name"] == "talk.mp4" and done["recordings"][0]["duration"] == 12.0
    assert [event["event"] for event in events].count("captioned") == 3
    again = ingest(Path(video), settings=settings)
    assert (again["captions_made"], again["captions_reused"]) == (0, 3)


def test_memory_is_looked_into(fake: FakeServer, video: str, tmp_path: Path) -> None:
    with open_memory(**BASIC) as memory:
        assert memory.recordings() == [] and memory.search("anything") == []
    settings = settings_for(fake)
    fake._script = scripted(caption=lambda request: f"A scene of {segment_ids(request) or 'numbers'}. A zebra drinks.")
    ingest(video, settings=settings)
    with open_memory(settings) as memory:
        (recording,) = memory.recordings()
        assert recording.name == "talk.mp4" and recording.duration == 12.0
        moved = str(Path(video).rename(tmp_path / "moved.mp4"))
        for wanted in (recording.id, recording.id[:6], "talk.mp4", moved):
            assert memory.recording(wanted) == recording or memory.recording(wanted).id == recording.id
        assert [caption.start for caption in memory.captions(recording)] == [0.0, 4.0, 8.0]
        assert [caption.start for caption in memory.captions("talk.mp4", level="coarse", start=5, end=8)] == [4.0]
        found = memory.search("zebra", 2)
        assert len(found) == 2 and all("zebra" in moment.text for moment in found)
        assert {(moment.video, moment.level) for moment in found} == {("talk.mp4", "coarse")}
        assert found[0].to_dict()["caption_id"] in {caption.id for caption in memory.captions(recording)}
        assert memory.search("zebra", recordings=[recording.id]) == memory.search("zebra")
        pictures = memory.frames(moved, [1.3, 7.0, 99.0], height=120)
    assert [picture.time for picture in pictures] == [1.25, 7.0, 11.75]
    for picture in pictures:
        image = np.asarray(Image.open(io.BytesIO(picture.jpeg)).convert("RGB"))
        assert image.shape == (120, 160, 3) and read_time(image) == pytest.approx(picture.time, abs=0.002)


def test_the_lock_is_given_up(fake: FakeServer, video: str) -> None:
    settings = settings_for(fake)
    with open_memory(settings) as memory:
        ingest(video, settings=settings)
        assert memory.search("quiet")
    # Another process takes the store at once: it waits for nobody.
    code = (
        "import sys; from memory_store.lock import StoreLock; StoreLock.wait = 0.0; from app import open_memory;"
        "memory = open_memory(embedder='lexical').__enter__(); print(len(memory.search('quiet')))"
    )
    env = offline_env({"VIDEOLUCY_HOME": settings.home, "PYTHONPATH": str(ROOT)})
    other = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert other.stdout.strip() == "3", other.stderr


def test_what_cannot_be_used_is_one_line(video: str, tmp_path: Path) -> None:
    def refused(match: str, *given: Any, **more: Any) -> None:
        with pytest.raises(BadInput, match=match) as problem:
            ask(*given, **more)
        assert "\n" not in str(problem.value)

    refused("no such file", "nowhere.mp4", "What?")
    refused("no video was given", [], "What?")
    refused("named by a text or a path, not int", [3], "What?")
    refused("the question is empty", video, "  ")
    refused("options are a list of texts", video, "What?", "ab")
    refused("options are a list of texts", video, "What?", {"A": "yes"})
    refused("one option is no choice", video, "What?", ["only"])
    refused("unknown setting 'max_round'", video, "What?", max_round=3)
    refused("setting max_rounds", video, "What?", max_rounds="many")
    refused(r"Settings\.load", video, "What?", settings={"max_rounds": 3})
    refused("thread 'a b'", video, "What?", thread="a b")
    refused("`new` begins another session", video, "What?", thread="a", new=True)
    with open_memory(**BASIC) as memory:
        for match, look in (
            ("no recording that is remembered", lambda: memory.captions("nobody")),
            ("no recording that is remembered", lambda: memory.recording(video)),
            ("no such file", lambda: memory.recording(str(tmp_path / "gone.mp4"))),
            ("the query is empty", lambda: memory.search(" ")),
            ("16 to 2160 pixels", lambda: memory.frames(video, [1], height=9999)),
            ("nan is no time", lambda: memory.frames(video, [float("nan")])),
        ):
            with pytest.raises(BadInput, match=match):
                look()


def test_a_store_that_cannot_be_used_says_what_to_do(video: str) -> None:
    folder = Path(Settings.load().store_path)
    folder.mkdir(parents=True)
    (folder / "schema.json").write_text('{"schema": 999}')
    with pytest.raises(StoreError, match="999"), open_memory(**BASIC) as memory:
        memory.recordings()
    with pytest.raises(StoreError, match=r"999.*once that is mended, asking again goes on"):
        ask(video, "What?", **BASIC)
    checkpoint_file().write_text("no database")
    with pytest.raises(BadInput, match=r"checkpoints\.sqlite"):
        ask(video, "What?", **BASIC)


def test_sessions_are_those_of_the_command_line(fake: FakeServer, video: str) -> None:
    from graph.threads import sessions

    asked = ask(video, "Is it quiet?", settings=settings_for(fake))
    with open_graph() as opened:
        (session,) = sessions(opened)
    assert (session.thread_id, session.question, session.status) == (asked["thread_id"], "Is it quiet?", "answered")


def test_a_person_is_asked_where_a_step_wants_it(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asks_first(state: State) -> dict[str, Any]:
        told = interrupt({"text": "3 captions would be made", "captions": 3})
        return {"answer": "seen" if told else "not looked at", "status": "answered" if told else "insufficient"}

    small = StateGraph(State, context_schema=Settings, input_schema=Input, output_schema=Output)
    small.add_node(asks_first)
    small.add_edge(START, "asks_first")
    monkeypatch.setattr("graph.checkpoints.builder", small)
    with pytest.raises(BadInput, match="waits for a person's yes") as problem:
        ask(video, "What?", **BASIC)
    asked: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []

    def no(what: dict[str, Any]) -> bool:
        asked.append(what)
        return False

    answer = ask(video, "What?", confirm=no, on_event=events.append, **BASIC)
    assert (answer["answer"], answer["status"]) == ("not looked at", "insufficient")
    assert asked == [{"text": "3 captions would be made", "captions": 3}]
    assert events[0]["goes_on"] and events[0]["thread"] in str(problem.value)
    assert ask(video, "What?", confirm=lambda what: True, **BASIC)["answer"] == "seen"


def examples() -> str:
    """Return the examples of docs/python.md, in order."""
    return "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / "docs/python.md").read_text(), re.DOTALL))


def test_the_examples_of_the_docs_run(tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").symlink_to(ROOT / "examples/movie-hello.mp4")
    # The coarse look alone, and that at few pictures: reading text on screen takes its time.
    settings = {"REASONER": "extractive", "EMBEDDER": "lexical", "SPEECH": "none", "DEEPEST": "coarse"}
    settings |= {"COARSE_FPS": "0.5", "GLANCES": "false"}
    env = offline_env({f"VIDEOLUCY_{name}": value for name, value in settings.items()})
    env |= {"VIDEOLUCY_HOME": str(tmp_path / "home"), "PYTHONPATH": f"{env['PYTHONPATH']}:{ROOT}"}
    code = examples()
    assert code.count("from app import") >= 8
    run = subprocess.run([sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    lines = run.stdout.splitlines()
    print(run.stdout)
    assert lines[0] == "answered Hello world..."
    assert any(line.startswith("B ") for line in lines), "the options were not chosen from"
    assert "no such file" in run.stdout
