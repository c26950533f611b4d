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
PLANTED = "sk-planted-0123456789-abcdefgh"


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
            "VIDEOLUCY_ALLOWED_FOLDERS": str(tmp_path_factory.getbasetemp()),
            "PLANTED_API_KEY": PLANTED,
            "VIDEOLUCY_REASONER_KEY_ENV": "PLANTED_API_KEY",
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


def test_a_bad_video_is_a_result_that_says_so(server: str, tmp_path: Path) -> None:
    client = get_sync_client(url=server)
    thread = client.threads.create()
    result = client.runs.wait(
        thread["thread_id"], "videolucy", input={"video": str(tmp_path / "nowhere.mp4"), "question": "Which number?"}
    )
    assert result["status"] == "failed" and "nowhere.mp4" in result["reason"], result  # type: ignore[call-overload, index]


def failed(server: str, video: str, **context: object) -> str:
    """Run as a client that wants too much; return why it was refused."""
    client = get_sync_client(url=server)
    thread = client.threads.create()
    result = client.runs.wait(
        thread["thread_id"], "videolucy", input={"video": video, "question": "Which number?"}, context=context
    )
    assert result["status"] == "failed", result  # type: ignore[call-overload, index]
    return result["reason"]  # type: ignore[call-overload, index]


def test_a_client_reads_no_file_outside_the_folders_of_the_server(server: str, tmp_path: Path) -> None:
    assert "outside the folders" in failed(server, "/etc/passwd")
    (tmp_path / "link.mp4").symlink_to("/etc/hostname")
    assert "outside the folders" in failed(server, str(tmp_path / "link.mp4"))
    (tmp_path / "list.txt").write_text("/etc/hostname\n")
    assert "outside the folders" in failed(server, str(tmp_path / "list.txt"))


def test_a_client_sends_no_key_to_a_server_of_its_own(server: str, tmp_path: Path) -> None:
    video = make_video(tmp_path / "x.mp4", seconds=3)
    with FakeServer() as own:
        for name, value in (
            ("reasoner_url", own.url),
            ("captioner_url", own.url),
            ("captioner_key_env", "PLANTED_API_KEY"),
            ("reasoner", "openai:gpt-4o"),
            ("phraser", "/tmp/any.gguf"),
            ("home", str(tmp_path)),
            ("private_hosts", True),
        ):
            assert "whoever runs this server" in failed(server, video, **{name: value}), name
        # Nor when a run goes on.
        client = get_sync_client(url=server)
        thread = client.threads.create()
        inputs = {"video": video, "question": "Which colour?"}
        client.runs.wait(thread["thread_id"], "videolucy", input=inputs, interrupt_before=["locate"])
        client.runs.wait(
            thread["thread_id"], "videolucy", input=None, context={"reasoner_url": own.url}, raise_error=False
        )
        assert not own.requests


def test_no_key_is_left_in_what_the_server_keeps_or_says(
    server: str, fake: FakeServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert any(PLANTED in request["headers"].get("authorization", "") for request in fake.requests), "it was used"
    # Other tests leave files of many gigabytes of nothing beside it.
    folders = (*tmp_path_factory.getbasetemp().glob("server*"), ROOT / ".langgraph_api")
    kept = [file for folder in folders for file in folder.rglob("*")]
    assert any(file.suffix == ".sqlite3" for file in kept), "the server's memory is among them"
    holding = [file for file in kept if file.is_file() and PLANTED.encode() in file.read_bytes()]
    assert not holding
