"""Every test: its own home, no keys, no network but loopback, nothing left open."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tools.outage import Clock

# The same examples on every run: what a test found once must be found again.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["LANGSMITH_TRACING"] = "false"

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kill-points", type=int, default=51, help="of the durability suite: points at which runs die")
    parser.addoption("--kill-seed", default="1", help="of the durability suite: where the points lie")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the test a home of its own and an environment without settings or keys."""
    for name in list(os.environ):
        if name.startswith("VIDEOLUCY_") and name != "VIDEOLUCY_TEST_HOME" or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    _skip_waiting(monkeypatch)
    home = tmp_path / "home"
    monkeypatch.setenv("VIDEOLUCY_HOME", str(home))
    # A developer's own .env in the checkout must not steer a test.
    monkeypatch.chdir(tmp_path)
    yield home
    from tools.live import close_all

    close_all()


def _skip_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the waiting for servers that fail take no time: the clock is put forward instead."""
    skipped, lock = [0.0], threading.Lock()

    def now(clock: Clock) -> float:
        return time.monotonic() + skipped[0]

    def wait(clock: Clock, condition: threading.Condition, until: float) -> None:
        with lock:
            skipped[0] = max(skipped[0], until - time.monotonic())
        condition.wait(0.001)

    monkeypatch.setattr(Clock, "now", now)
    monkeypatch.setattr(Clock, "wait", wait)
