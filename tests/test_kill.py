"""kill -9 in the middle of a run, then the same command again: nothing stored is made twice.

One point of many: `pytest -m durability` kills runs anywhere.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver

from app import open_graph
from graph.threads import find_session
from tests.conftest import ROOT
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted, text_of
from tests.media import make_video
from tests.offline import offline_env
from tests.scripted import settings_for

SEGMENTS = 20


def slow(request: Request):
    reply = scripted()(request)
    return FakeReply(reply, delay=0.15) if asked_for(request) == "caption" and isinstance(reply, str) else reply


def command(video: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "app", "ask", video, "Which number?", "--json", *more]


def environment(server: FakeServer, home: Path) -> dict[str, str]:
    roles = {
        f"VIDEOLUCY_{role}{suffix}": value
        for role in ("CAPTIONER", "REASONER")
        for suffix, value in (("", "compatible:fake"), ("_URL", server.url))
    }
    scopes = {"VIDEOLUCY_COARSE_SECONDS": "2", "VIDEOLUCY_FINE_SECONDS": "1", "VIDEOLUCY_COARSE_FPS": "1"}
    limits = {"VIDEOLUCY_CAPTIONS_AT_ONCE": "3", "VIDEOLUCY_MAX_ROUNDS": "1", "VIDEOLUCY_EMBEDDER": "lexical"}
    return offline_env({**roles, **scopes, **limits, "VIDEOLUCY_HOME": str(home), "PYTHONPATH": str(ROOT)})


def captioned(server: FakeServer) -> Counter[str]:
    """Return how often each stretch was captioned, by the text sent beside its pictures."""
    return Counter(text_of(request) for request in server.asked("caption"))


def saved_tasks(home: Path, thread: str) -> int:
    """Return how many finished tasks of the superstep in hand the checkpoint file holds."""
    with open_graph(home / "checkpoints.sqlite") as graph:
        newest = graph.checkpointer.get_tuple({"configurable": {"thread_id": thread, "checkpoint_ns": ""}})
        return len({task for task, *_ in newest.pending_writes})


@pytest.mark.parametrize(("after", "by"), [(9, "resume")])
def test_a_run_killed_in_the_coarse_pass_goes_on_and_makes_nothing_twice(tmp_path: Path, after: int, by: str) -> None:
    video = make_video(tmp_path / "long.mp4", seconds=2 * SEGMENTS, fps=5, size=(160, 120))
    with FakeServer(slow) as server:
        env = environment(server, tmp_path / "home")
        first = subprocess.Popen(
            command(video), env=env, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 60
        while server.count("caption") < after + 3 and time.monotonic() < deadline and first.poll() is None:
            time.sleep(0.01)
        assert first.poll() is None, first.stderr.read().decode()  # type: ignore[union-attr]
        os.kill(first.pid, signal.SIGKILL)
        _, stderr = first.communicate()
        begun = server.count("caption")
        thread = stderr.decode().splitlines()[0].split()[1]
        # Checkpoint writes share the workers with the tasks: with too few of them none would be saved.
        assert saved_tasks(tmp_path / "home", thread) >= after - 2
        again = command(video) if by == "ask" else [sys.executable, "-m", "app", "resume", thread, "--json"]
        # `resume` needs nothing but the thread: the settings it was begun with are kept with it.
        kept = (
            env
            if by == "ask"
            else {k: v for k, v in env.items() if not k.startswith("VIDEOLUCY_") or k.endswith("HOME")}
        )
        second = subprocess.run(again, env=kept, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert second.returncode == 0, second.stderr
        result = json.loads(second.stdout)
        assert result["thread_id"] == thread and "going on with it" in second.stderr.splitlines()[0]
        assert result["status"] == "insufficient" and result["rounds"] == 1
        counts = captioned(server)
        repeated = sum(counts.values()) - len(counts)
        assert begun >= after and len(counts) >= SEGMENTS
        assert repeated <= 3, "at most the captions in flight repeat"
        # The question asked once more makes nothing new at all.
        before = server.count("caption")
        third = subprocess.run(command(video), env=env, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert json.loads(third.stdout)["usage"]["captions_reused"] >= SEGMENTS
        assert json.loads(third.stdout)["usage"]["captions_made"] == server.count("caption") - before


@pytest.mark.parametrize("at", range(1, 12, 2))
def test_a_run_that_dies_before_a_checkpoint_is_written_is_not_taken_for_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """All tasks of the step have written then, and nothing is listed as next."""
    video = make_video(tmp_path / "talk.mp4", seconds=8, fps=5, size=(160, 120))
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    put, left = SqliteSaver.put, [at]

    def dies(saver: SqliteSaver, *given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return put(saver, *given)

    config: Any = {"configurable": {"thread_id": "t"}}
    with FakeServer() as server, open_graph(tmp_path / "checkpoints.sqlite") as graph:
        context = settings_for(server, max_rounds=1)
        monkeypatch.setattr(SqliteSaver, "put", dies)
        with pytest.raises(KeyboardInterrupt):
            graph.invoke({"video": video, "question": "Which number?"}, config, context=context, durability="sync")
        monkeypatch.setattr(SqliteSaver, "put", put)
        session = find_session(graph, "t")
        assert session is not None and not session.finished
        assert graph.invoke(None, config, context=context)["status"] == "insufficient"
        session = find_session(graph, "t")
        assert session is not None and session.finished
