"""Programs that tests start reach loopback and nothing else, and inherit neither keys nor settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_server import FakeServer
from tests.offline import offline_env


def run(code: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], env=offline_env(extra), capture_output=True, text=True, timeout=30
    )


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import socket; socket.gethostbyname('example.org')",
        "import socket; socket.create_connection(('2001:db8::1', 80), timeout=2)",
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=2)",
        "import httpx; httpx.get('http://192.0.2.1/', timeout=2)",
        "import httpx; httpx.Client(trust_env=False, timeout=2).get('http://192.0.2.1/')",
        "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', "
        "\"import socket; socket.create_connection(('192.0.2.1', 80), 2)\"], check=True)",
    ],
)
def test_a_child_does_not_reach_the_network(code: str) -> None:
    done = run(code)
    assert done.returncode == 1
    assert "offline:" in done.stderr or "Connection refused" in done.stderr


def test_the_guard_itself_refuses_and_not_merely_the_machine() -> None:
    done = run("import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)")
    assert "offline: socket.connect to 192.0.2.1" in done.stderr or "offline: socket.getaddrinfo" in done.stderr


def test_a_child_reaches_loopback() -> None:
    with FakeServer() as server:
        code = "import urllib.request; print(urllib.request.urlopen('{}/models').status)"
        assert run(code.format(server.url)).stdout.strip() == "200"
        assert run(code.format(server.url.replace("127.0.0.1", "localhost"))).stdout.strip() == "200"


def test_keys_and_settings_stay_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("SOME_TOKEN", "secret")
    monkeypatch.setenv("VIDEOLUCY_CAPTIONER", "openai:x")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    env = offline_env({"VIDEOLUCY_HOME": "/somewhere", "PYTHONPATH": "/mine"})
    assert "secret" not in env.values() and "VIDEOLUCY_CAPTIONER" not in env
    assert env["VIDEOLUCY_HOME"] == "/somewhere" and env["LANGSMITH_TRACING"] == "false"
    guard, mine = env["PYTHONPATH"].split(os.pathsep)
    assert (Path(guard) / "sitecustomize.py").is_file() and mine == "/mine"
    assert env["PATH"] == os.environ["PATH"]
