"""Going on with a session in a world that has changed meanwhile: the same video and settings, or one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted
from tests.media import make_video
from tests.test_kill import command, environment

pytestmark = pytest.mark.durability


def slow(request: Request) -> FakeReply | str | dict:
    reply = scripted()(request)
    return FakeReply(reply, delay=0.2) if asked_for(request) == "caption" and isinstance(reply, str) else reply


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(slow) as running:
        yield running


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, server: FakeServer) -> tuple[Path, str]:
    """A folder with a video and a home in which a run of it was killed, and its thread."""
    folder = tmp_path_factory.mktemp("killed")
    video = make_video(folder / "talk.mp4", seconds=40, fps=5, size=(160, 120))
    run = subprocess.Popen(
        command(video),
        env=environment(server, folder / "home"),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while server.count("caption") < 5 and run.poll() is None:
        time.sleep(0.01)
    run.kill()
    return folder, run.communicate()[1].splitlines()[0].split()[1]


def resume(server: FakeServer, killed: tuple[Path, str], home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    shutil.copytree(killed[0] / "home", home)
    environ = environment(server, home) | {"VIDEOLUCY_SPEECH": "none"} | more
    arguments = [sys.executable, "-m", "app", "resume", killed[1], "--json"]
    return subprocess.run(arguments, env=environ, cwd=killed[0], capture_output=True, text=True, timeout=120)


def test_a_missing_video_is_one_line(server: FakeServer, killed: tuple[Path, str], tmp_path: Path) -> None:
    video = killed[0] / "talk.mp4"
    os.rename(video, tmp_path / "away.mp4")
    try:
        done = resume(server, killed, tmp_path / "home")
    finally:
        os.rename(tmp_path / "away.mp4", video)
    assert done.returncode == 2 and done.stderr == f"videolucy: no such file: {video}\n"


def test_another_video_in_its_place_is_one_line(server: FakeServer, killed: tuple[Path, str], tmp_path: Path) -> None:
    video = killed[0] / "talk.mp4"
    os.rename(video, tmp_path / "away.mp4")
    try:
        make_video(video, seconds=44, fps=5, size=(160, 120))
        before = server.count("caption")
        done = resume(server, killed, tmp_path / "home")
    finally:
        os.replace(tmp_path / "away.mp4", video)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert "is not the video any more" in done.stderr and server.count("caption") == before


def test_a_session_goes_on_under_the_settings_it_was_begun_with(
    server: FakeServer, killed: tuple[Path, str], tmp_path: Path
) -> None:
    done = resume(server, killed, tmp_path / "home", VIDEOLUCY_CAPTIONER="basic", VIDEOLUCY_FINE_SECONDS="0.5")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["models"]["captioner"] == "compatible:fake" and result["usage"]["captions_made"] >= 20
