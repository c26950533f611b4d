"""`videolucy studio`: settings as fields, a person asked before a large pass, forks, threads shared with `ask`."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from langgraph_sdk import get_sync_client
from typer.testing import CliRunner

from commands import studio as command
from commands.cli import app
from tests.conftest import ROOT
from tests.fake_server import FakeServer, Request, scripted, text_of
from tests.media import make_video
from tests.offline import offline_env
from tests.scripted import cite
from tests.test_cli import remote, run
from tools.errors import BadInput
from tools.settings import Settings

pytestmark = pytest.mark.server
NAME = "videolucy"


def verdict(request: Request) -> dict[str, Any]:
    """Be satisfied by what was looked at again, or at once where the question says that it is easy."""
    text = text_of(request)
    if "easy" in text or "fine" in text.split("Question")[0]:
        return {"support": "supported", "confidence": 0.9, "answer": "three", "evidence": [cite(request)]}
    return {"support": "unsupported", "confidence": 0.1, "missing": "a closer look", "evidence": []}


@dataclass
class Studio:
    """The server, and what it serves."""

    url: str
    folder: Path
    environment: dict[str, str]
    fake: FakeServer
    process: subprocess.Popen[str]
    log: Path

    def video(self, name: str) -> str:
        return str(self.folder / name)

    @property
    def client(self) -> Any:
        return get_sync_client(url=self.url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    for number in range(6):
        make_video(folder / f"v{number}.mp4", seconds=6 + number, fps=5, size=(160, 120))
    port = free_port()
    with FakeServer(scripted(Verdict=verdict, FinalAnswer={"answer": "three", "confidence": 0.9})) as fake:
        environment = remote(fake) | {"VIDEOLUCY_MAX_ROUNDS": "2"}
        log = folder / "log.txt"
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "studio", "--port", str(port), "--home", str(folder / "home")],
            cwd=folder,
            env=offline_env(environment | {"PYTHONPATH": str(ROOT)}),
            stdout=log.open("w"),
            stderr=subprocess.STDOUT,
            text=True,
        )
        made = Studio(f"http://127.0.0.1:{port}", folder, environment, fake, process, log)
        wait_for(made)
        yield made
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def wait_for(made: Studio) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if httpx.get(f"{made.url}/ok", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            assert made.process.poll() is None, made.log.read_text()[-3000:]
            time.sleep(0.3)
    raise AssertionError(made.log.read_text()[-3000:])


def test_it_tells_where_to_look(studio: Studio) -> None:
    told = studio.log.read_text()
    assert f"https://smith.langchain.com/studio/?baseUrl={studio.url}" in told
    assert f"{studio.url}/docs" in told


def test_settings_are_typed_and_described_fields(studio: Studio) -> None:
    assistant = studio.client.assistants.search(graph_id=NAME)[0]["assistant_id"]
    fields = studio.client.assistants.get_schemas(assistant)["context_schema"]["properties"]
    assert set(fields) == set(Settings.model_fields)
    assert all(field["description"] and ("type" in field or "enum" in field) for field in fields.values())
    assert fields["preset"]["enum"] == ["default", "paper", "published"]
    assert fields["confirm_over"]["type"] == "integer"
    for name, field in Settings.model_fields.items():
        if name != "home":  # it depends on the machine, and no client may set it
            assert fields[name]["default"] == field.default, name


def test_a_person_is_asked_before_a_large_pass(studio: Studio) -> None:
    client, asked = studio.client, studio.fake.count("caption")
    thread = client.threads.create()["thread_id"]
    given = {"video": studio.video("v0.mp4"), "question": "Is it easy?"}
    client.runs.wait(thread, NAME, input=given, context={"confirm_over": 1})
    state = client.threads.get_state(thread)
    assert state["next"] == ["confirm"]
    waiting = state["tasks"][0]["interrupts"][0]["value"]
    assert waiting["captions"] == 2
    assert studio.fake.count("caption") == asked
    result = client.runs.wait(thread, NAME, command={"resume": True}, context={"confirm_over": 1})
    assert result["status"] == "answered"
    assert studio.fake.count("caption") == asked + 2


def test_a_no_is_heeded_even_where_the_settings_are_not_given_again(studio: Studio) -> None:
    """Studio resumes with the reply alone."""
    client, made = studio.client, studio.fake.count("caption")
    thread = client.threads.create()["thread_id"]
    given = {"video": studio.video("v4.mp4"), "question": "Which number?"}
    client.runs.wait(thread, NAME, input=given, context={"confirm_over": 1})
    result = client.runs.wait(thread, NAME, command={"resume": False})
    assert (result["status"], result["stopped_by"]) == ("insufficient", "declined")
    assert studio.fake.count("caption") == made


def test_a_run_without_a_thread_cannot_wait_and_says_so(studio: Studio) -> None:
    given = {"video": studio.video("v4.mp4"), "question": "Which number?"}
    result = studio.client.runs.wait(None, NAME, input=given, context={"confirm_over": 1})
    assert result["status"] == "failed"
    assert "nobody can be asked here" in result["reason"]


def test_a_thread_that_waits_goes_on_from_the_command_line(studio: Studio) -> None:
    client, home = studio.client, str(studio.folder / "home")
    thread = client.threads.create()["thread_id"]
    given = {"video": studio.video("v5.mp4"), "question": "Is it easy?"}
    client.runs.wait(thread, NAME, input=given, context={"confirm_over": 1})
    line = CliRunner(env=studio.environment)
    listed = line.invoke(app, ["sessions", "--json", "--home", home]).stdout.splitlines()
    assert next(one["status"] for one in map(json.loads, listed) if one["thread_id"] == thread) == "waiting"
    stopped = line.invoke(app, ["resume", thread, "--home", home])
    assert isinstance(stopped.exception, BadInput)
    assert f"`videolucy resume {thread} --yes` goes on" in str(stopped.exception)
    done = line.invoke(app, ["resume", thread, "--yes", "--json", "--home", home])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["status"] == "answered"


def test_a_fork_from_an_earlier_step_goes_another_way(studio: Studio) -> None:
    client = studio.client
    thread = client.threads.create()["thread_id"]
    given = {"video": studio.video("v1.mp4"), "question": "Which number?"}
    first = client.runs.wait(thread, NAME, input=given, context={"max_rounds": 1})
    assert first["rounds"] == 1
    history = client.threads.get_history(thread, limit=50)
    before = next(state for state in history if state["next"] == ["locate"])
    # Somebody says that nothing is to be looked at: the same question ends without a round.
    forked = client.threads.update_state(
        thread, {"confirmed": "no"}, checkpoint=before["checkpoint"], as_node="judge_relevance"
    )
    other = client.runs.wait(thread, NAME, input=None, checkpoint=forked["checkpoint"], context={"max_rounds": 1})
    assert (other["rounds"], other["stopped_by"]) == (0, "declined")
    after = client.threads.get_history(thread, limit=100)
    ended = [state["values"].get("stopped_by") for state in after if not state["next"]]
    assert len(ended) == 2
    assert "declined" in ended


def test_progress_reads_well(studio: Studio) -> None:
    client = studio.client
    thread = client.threads.create()["thread_id"]
    given = {"video": studio.video("v2.mp4"), "question": "Which number?"}
    parts = client.runs.stream(thread, NAME, input=given, context={"max_rounds": 1}, stream_mode="custom")
    told = [part.data for part in parts if part.event == "custom"]
    assert [event["event"] for event in told][0] == "open"
    captioned = [event for event in told if event["event"] == "captioned"]
    assert captioned[0] | {"video": "v2.mp4", "level": "coarse", "start": 0.0} == captioned[0]
    looking = next(event for event in told if event["event"] == "looking")
    assert looking["looks"][0]["video"] == "v2.mp4"


def test_threads_are_those_of_the_command_line(studio: Studio) -> None:
    """Each side opens what the other made; the server lists a thread once it was told its id."""
    home, client = studio.folder / "home", studio.client
    thread = client.threads.create()["thread_id"]
    client.runs.wait(thread, NAME, input={"video": studio.video("v3.mp4"), "question": "Is this easy?"})
    shown = run("sessions", "show", thread, "--json", home=home, cwd=studio.folder)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["answer"] == "three"
    named = str(uuid.uuid4())
    video = studio.video("v3.mp4")
    told = run("ask", video, "Is that easy?", "--thread", named, home=home, cwd=studio.folder, **studio.environment)
    assert told.returncode == 0, told.stderr
    client.threads.create(thread_id=named, graph_id=NAME)
    assert client.threads.get_state(named)["values"]["question"] == "Is that easy?"
    listed = run("sessions", "--json", home=home, cwd=studio.folder)
    assert {thread, named} <= {json.loads(line)["thread_id"] for line in listed.stdout.splitlines()}


def test_a_port_that_is_taken_is_one_line(studio: Studio, tmp_path: Path) -> None:
    port = studio.url.rpartition(":")[2]
    refused = run("studio", "--port", port, home=tmp_path, cwd=tmp_path)
    assert refused.returncode == 2
    assert "--port names another" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_without_the_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, own_home: Path) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "langgraph_api" else found(name))
    with pytest.raises(BadInput, match=r"pip install 'langgraph-cli\[inmem\]'"):
        command.studio(port=2024, host="127.0.0.1", home=str(own_home))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_server_that_would_not_end_is_made_to(number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It tells its parent to end itself, so that nobody has to wait for it to be ready."""
    monkeypatch.setattr(command, "_PATIENCE", 0.1)
    code = f"""
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open({str(tmp_path / "pid")!r}, "w").write(str(os.getpid()))
os.kill(os.getppid(), {int(number)})
time.sleep(600)
"""
    before = signal.getsignal(number)
    assert command._run([sys.executable, "-c", code], Settings.load()) == 0
    assert signal.getsignal(number) is before
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_server_that_fails_passes_its_exit_code_on() -> None:
    assert command._run([sys.executable, "-c", "raise SystemExit(3)"], Settings.load()) == 3


def test_other_addresses_earn_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: Any) -> None:
    monkeypatch.setattr(command, "_run", lambda words, settings: 0)
    for host, warned in (("0.0.0.0", True), ("127.0.0.1", False)):
        with pytest.raises(typer.Exit):
            command.studio(port=free_port(), host=host, home=str(tmp_path))
        assert ("whoever reaches 0.0.0.0 can ask here" in capfd.readouterr().err) is warned
