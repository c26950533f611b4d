"""`langgraph dev`, as Studio uses it: no network, runs through `langgraph_sdk`, interrupt and resume."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from langgraph_sdk import get_sync_client

from tests.conftest import ROOT
from tests.fake_server import FakeServer
from tests.media import make_video
from tests.offline import offline_env

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture(scope="module")
def server(fake: FakeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the development server on a free port, kept off the network."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = offline_env(
        {
            "VIDEOLUCY_HOME": str(folder / "home"),
            "VIDEOLUCY_CAPTIONER": "compatible:fake",
            "VIDEOLUCY_CAPTIONER_URL": fake.url,
            "VIDEOLUCY_REASONER": "compatible:fake",
            "VIDEOLUCY_REASONER_URL": fake.url,
            "VIDEOLUCY_EMBEDDER": "lexical",
        }
    )
    # The configuration is the project's own, without its .env, which is a developer's.
    config = (ROOT / "langgraph.json").read_text().replace('"env": ".env"', '"env": {}')
    file = ROOT / f".langgraph-test-{port}.json"
    file.write_text(config)
    log = (folder / "log.txt").open("w")
    command = [sys.executable, "-m", "langgraph_cli", "dev", "--no-browser", "--no-reload", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--config", str(file)], cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{url}/ok", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                assert process.poll() is None, (folder / "log.txt").read_text()[-3000:]
                time.sleep(0.3)
        else:
            raise AssertionError((folder / "log.txt").read_text()[-3000:])
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        log.close()
        file.unlink()


def test_a_run_is_answered(server: str, tmp_path: Path) -> None:
    client = get_sync_client(url=server)
    thread = client.threads.create()
    result = client.runs.wait(
        thread["thread_id"],
        "videolucy",
        input={"video": make_video(tmp_path / "v.mp4", seconds=3), "question": "Which number?"},
        context={"max_rounds": 1},
    )
    assert result["status"] == "insufficient" and result["rounds"] == 1, result  # type: ignore[call-overload, index]
    assert result["thread_id"] == thread["thread_id"]  # type: ignore[call-overload, index]


def test_a_run_stops_before_locate_and_goes_on_with_no_input(server: str, tmp_path: Path) -> None:
    client = get_sync_client(url=server)
    thread = client.threads.create()
    video = make_video(tmp_path / "w.mp4", seconds=3, draw=None, start=0.0, fps=8)
    client.runs.wait(
        thread["thread_id"],
        "videolucy",
        input={"video": video, "question": "Which colour?"},
        context={"max_rounds": 1},
        interrupt_before=["locate"],
    )
    assert client.threads.get_state(thread["thread_id"])["next"] == ["locate"]
    result = client.runs.wait(thread["thread_id"], "videolucy", input=None, context={"max_rounds": 1})
    assert result["status"] == "insufficient" and result["rounds"] == 1, result  # type: ignore[call-overload, index]


def test_a_bad_video_is_a_result_that_says_so(server: str) -> None:
    client = get_sync_client(url=server)
    thread = client.threads.create()
    result = client.runs.wait(
        thread["thread_id"], "videolucy", input={"video": "/nowhere.mp4", "question": "Which number?"}
    )
    assert result["status"] == "failed" and "nowhere.mp4" in result["reason"], result  # type: ignore[call-overload, index]
