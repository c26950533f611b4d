"""Ctrl-C and SIGTERM in real programs: they end soon, lose nothing, and say how to go on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted, text_of
from tests.media import make_video
from tests.test_kill import captioned, command, environment

pytestmark = pytest.mark.durability

SEGMENTS = 20


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    return make_video(tmp_path_factory.mktemp("v") / "long.mp4", seconds=2 * SEGMENTS, fps=5, size=(160, 120))


def started(arguments: list[str], server: FakeServer, folder: Path) -> subprocess.Popen[str]:
    environ = environment(server, folder / "home")
    return subprocess.Popen(
        arguments, env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def stopped(program: subprocess.Popen[str], number: int, when: Callable[[], bool]) -> tuple[str, list[str]]:
    """Send a signal as soon as `when` is true; return what was printed, and the lines said."""
    deadline = time.monotonic() + 60
    while not when() and time.monotonic() < deadline and program.poll() is None:
        time.sleep(0.01)
    assert program.poll() is None, "it had ended before it was told to"
    program.send_signal(number)
    out, said = program.communicate(timeout=60)
    assert "Traceback" not in said
    return out, said.splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("phase", ["coarse", "loop"])
def test_a_run_told_to_stop_finishes_what_is_under_way_and_says_how_to_go_on(
    tmp_path: Path, video: str, number: int, phase: str
) -> None:
    def slow(request: Request) -> FakeReply | str | dict:
        reply = scripted()(request)
        again = "Describe the details." in text_of(request)
        held = 0.4 if again == (phase == "loop") else 0.0
        return FakeReply(reply, delay=held) if asked_for(request) == "caption" and isinstance(reply, str) else reply

    def reached() -> bool:
        return server.count("caption") >= (4 if phase == "coarse" else SEGMENTS + 1)

    with FakeServer(slow) as server:
        out, said = stopped(started(command(video), server, tmp_path), number, reached)
        thread = said[0].split()[1]
        assert out == "" and said[-1] == f"stopped; `videolucy resume {thread}` goes on where it stopped"
        asked = server.count("caption")
        assert asked <= (4 + 3 if phase == "coarse" else SEGMENTS + 3), "what had not begun did not begin"
        resume = [sys.executable, "-m", "app", "resume", thread, "--json"]
        done = subprocess.run(
            resume, env=environment(server, tmp_path / "home"), capture_output=True, text=True, cwd=tmp_path
        )
        assert done.returncode == 0 and json.loads(done.stdout)["status"] == "insufficient"
        assert set(captioned(server).values()) == {1}, "what was under way was finished, stored and not made again"


def test_told_to_stop_twice_it_ends_at_once(tmp_path: Path, video: str) -> None:
    def hangs(request: Request) -> FakeReply | str | dict:
        reply = scripted()(request)
        return FakeReply(reply, delay=8.0) if asked_for(request) == "caption" and isinstance(reply, str) else reply

    with FakeServer(hangs) as server:
        program = started(command(video), server, tmp_path)
        while not server.count("caption"):
            time.sleep(0.01)
        program.send_signal(signal.SIGINT)
        assert program.stderr is not None
        while "once more stops at once" not in (line := program.stderr.readline()):
            assert line
        program.send_signal(signal.SIGINT)
        out, said = program.communicate(timeout=5)
    assert program.returncode == 1 and out == "" and "goes on where it stopped" in said.splitlines()[-1]


def test_an_ingest_told_to_stop_goes_on_with_the_same_command(tmp_path: Path, video: str) -> None:
    def slow(request: Request) -> FakeReply | str:
        return FakeReply("A scene.", delay=0.2)

    arguments = [sys.executable, "-m", "app", "ingest", video]
    with FakeServer(slow) as server:
        _, said = stopped(started(arguments, server, tmp_path), signal.SIGTERM, lambda: server.count("caption") >= 4)
        assert said[-1] == "stopped; the same command goes on where it stopped"
        program = started(arguments, server, tmp_path)
        out, _ = program.communicate(timeout=60)
        assert program.returncode == 0 and " captions made" in out
        assert sum(captioned(server).values()) == SEGMENTS
