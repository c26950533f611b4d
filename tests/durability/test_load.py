"""Many questions at once and one after the other, in one process on one store: right, and nothing that grows."""

from __future__ import annotations

import gc
import os
import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app import open_graph
from tests.fake_server import FakeReply, FakeServer, Request, asked_for, scripted, text_of
from tests.media import make_video
from tests.scripted import settings_for
from tools.live import close_all, live_for

pytestmark = [pytest.mark.durability, pytest.mark.timeout(900)]

SEGMENTS = 10
QUESTIONS = 8
SOAK = 300
"""Questions asked one after the other."""
WARM = 60
"""Of them, those after which nothing may grow any more."""
_MEGABYTES = 25
"""Growth allowed over the rest of the soak: caches of a bounded size fill up."""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("v")
    return [
        make_video(folder / f"{name}.mp4", seconds=4 * SEGMENTS, fps=4, size=size)
        for name, size in (("one", (160, 90)), ("two", (192, 108)))
    ]


def caption(request: Request) -> FakeReply:
    times = re.findall(r"(\d+\.\d+) s\b", text_of(request))
    return FakeReply(f"The counter shows {float(times[0]):.0f} now. It is quiet.", delay=0.05)


def verdict(request: Request) -> dict[str, Any]:
    """Support the number that a question asks for, where a closer look at its second was shown."""
    wanted = re.search(r"What is shown at second (\d+)\?", text_of(request))
    assert wanted, "every prompt holds its own question"
    for id, quote in re.findall(
        r"\[caption (\w{8})\][^\n]*, fine[^\n]*\n[^\n]*?(The counter shows \d+)", text_of(request)
    ):
        if float(quote.split()[-1]) == float(wanted[1]):
            evidence = [{"caption": id, "quote": quote}]
            return {"support": "supported", "confidence": 0.9, "answer": wanted[1], "evidence": evidence}
    return {"support": "unsupported", "confidence": 0.1, "missing": "a closer look", "evidence": []}


def looks(request: Request) -> dict[str, Any]:
    wanted = re.search(r"What is shown at second (\d+)\?", text_of(request))
    assert wanted
    segment = f"c{int(wanted[1]) // 4}"
    return {"looks": [{"segment": segment, "focus": "the counter", "instruction": "Read the counter."}]}


def script() -> Any:
    return scripted(caption=caption, Verdict=verdict, Looks=looks)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(script()) as running:
        yield running
    close_all()


def test_eight_questions_at_once_are_answered_and_make_what_they_share_once(
    server: FakeServer, videos: list[str], tmp_path: Path
) -> None:
    settings = settings_for(server, max_rounds=2, captions_at_once=4)
    start = threading.Barrier(QUESTIONS)

    def ask(number: int) -> dict[str, Any]:
        start.wait()
        # Two ask the same second of the same video; four ask of each.
        second = 4 * (number // 4) + 8 * (number % 2)
        inputs = {"video": videos[number % 4 // 2], "question": f"What is shown at second {second}?"}
        config: Any = {"configurable": {"thread_id": f"t{number}"}}
        return graph.invoke(inputs, config, context=settings, durability="sync") | {"wanted": str(second)}

    with open_graph(tmp_path / "checkpoints.sqlite") as graph, ThreadPoolExecutor(QUESTIONS) as pool:
        results = list(pool.map(ask, range(QUESTIONS)))
    for result in results:
        assert result["status"] == "answered" and result["answer"] == result["wanted"], result["reason"]
    pictures = Counter(str(request["messages"]) for request in server.asked("caption"))
    assert set(pictures.values()) == {1}, "no caption was made twice"
    assert server.most_at_once <= 4 + QUESTIONS
    memory = live_for(settings).memory
    assert [len(memory.captions(known.id, level="coarse")) for known in memory.recordings()] == [SEGMENTS, SEGMENTS]


def test_hundreds_of_questions_leave_memory_handles_and_threads_as_they_were(
    server: FakeServer, videos: list[str], tmp_path: Path
) -> None:
    settings = settings_for(server, max_rounds=1, captions_at_once=4)
    seen: list[tuple[float, int, int]] = []
    with open_graph(tmp_path / "checkpoints.sqlite") as graph:
        for number in range(SOAK):
            inputs = {"video": videos[number % 2], "question": f"What is shown at second {number % 40}?"}
            config: Any = {"configurable": {"thread_id": f"t{number}"}}
            result = graph.invoke(inputs, config, context=settings)
            assert result["status"] in ("answered", "insufficient")
            if number % 20 == 19:
                gc.collect()
                server.requests.clear()
                server.images.clear()
                seen.append((_resident(), len(os.listdir("/proc/self/fd")), threading.active_count()))
    for row, (memory, handles, threads) in enumerate(seen, start=1):
        print(f"after {row * 20:4} questions: {memory:.0f} MB, {handles} handles, {threads} threads")
    warm = seen[WARM // 20 - 1 :]
    assert min(row[0] for row in warm[-3:]) - warm[0][0] < _MEGABYTES
    assert warm[-1][1] <= warm[0][1] + 4 and warm[-1][2] <= warm[0][2] + 4
    assert asked_for(server.requests[-1]) if server.requests else True


def _resident() -> float:
    """Return the memory this process holds, in MB."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1024
