"""kill -9 at many points of a run, then the same command again: it ends as if nothing had happened."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from memory_store.embedders.lexical import Lexical
from memory_store.store import Memory
from tests.durability.scenarios import AT_ONCE, ROOM, SCENARIOS, Bench, Scenario
from tests.media import make_video

pytestmark = [pytest.mark.durability, pytest.mark.timeout(900)]

_EXACT = (
    "answer",
    "option",
    "status",
    "confidence",
    "reason",
    "stopped_by",
    "rounds",
    "evidence",
    "models",
)
_TIMED = 4
"""Every so many points the kill comes at a moment of time, not at a request: it hits what asks no model."""


@dataclass(frozen=True)
class Point:
    """Where a run is killed: at a request of a kind, or after some seconds; perhaps again after its resume."""

    kind: str
    number: int
    late: bool
    seconds: float
    twice: bool
    resume: bool

    def __str__(self) -> str:
        where = f"{self.kind} {self.number} {'after' if self.late else 'before'} its reply" if self.kind else ""
        told = where or f"after {self.seconds:.2f} s"
        return told + (", twice" if self.twice else "") + (", by resume" if self.resume else "")


def points(seen: Counter[str], count: int, seed: str) -> list[Point]:
    """Return `count` points: each kind of request in turn, at random ones of it, and random moments between."""
    dice = random.Random(seed)
    kinds = cycle(sorted(seen))
    chosen = []
    for at in range(count):
        timed = at % _TIMED == _TIMED - 1
        kind = "" if timed else next(kinds)
        number = dice.randint(1, seen[kind]) if kind else 0
        late, twice, resume = dice.random() < 0.5, dice.random() < 0.25, dice.random() < 0.3
        chosen.append(Point(kind, number, late, dice.uniform(0.8, 4.5), twice, resume))
    return chosen


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_run_killed_anywhere_ends_as_if_undisturbed(
    scenario: Scenario, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    seed = f"{request.config.getoption('--kill-seed')}-{scenario.name}"
    share = -(-request.config.getoption("--kill-points") // len(SCENARIOS))
    video = make_video(tmp_path / "talk.mp4", seconds=16, fps=4, size=(160, 120))
    with Bench(scenario, video, tmp_path / "one") as one, Bench(scenario, video, tmp_path / "two") as two:
        home = one.home("undisturbed")
        one.forget()
        undisturbed = one.finish(home)
        seen = one.kinds()
        chosen = points(seen, share, seed)
        print(f"seed {seed}: requests {dict(seen)}")
        work = [(bench, chosen[at::2]) for at, bench in enumerate((one, two))]
        with ThreadPoolExecutor(2) as pool:
            struck = [hit for hits in pool.map(lambda item: _all(*item, undisturbed), work) for hit in hits]
    print(f"{sum(map(len, struck))} kills at {len(chosen)} points: {'; '.join(map(str, chosen))}")
    hit = {kind for hits in struck for kind in hits}
    if len(chosen) >= 2 * len(seen):
        assert set(seen) <= hit, "every kind of request was under way at some kill"
    assert sum(map(len, struck)) >= 0.8 * len(chosen)


def _all(bench: Bench, chosen: list[Point], undisturbed: dict[str, Any]) -> list[list[str]]:
    return [_one(bench, f"home-{at}", point, undisturbed) for at, point in enumerate(chosen)]


def _one(bench: Bench, name: str, point: Point, undisturbed: dict[str, Any]) -> list[str]:
    """Kill, resume and check. Returns what the kills hit: kinds of requests, or `time`."""
    home = bench.home(name)
    began = len(bench.server.chats)
    hits: list[str] = []
    said = _kill(bench, home, point)
    held: dict[str, float] = {}
    while said:
        hits.append(point.kind or "time")
        now = _held(home)
        assert held.items() <= now.items(), f"{point}: a stored caption was lost or made again"
        held = now
        if not point.twice or len(hits) == 2:
            break
        said = _kill(bench, home, point)
    thread = next((line.split()[1] for line in said.splitlines() if line.startswith("thread ")), "")
    result = bench.finish(home, resume=thread if point.resume and _begun(home, thread) else "")
    # A kill after the last checkpoint leaves a finished session: the same command then asks afresh.
    afresh = result["thread_id"] != undisturbed["thread_id"] or not hits
    for key in _EXACT:
        assert result[key] == undisturbed[key], f"{point}: {key}"
    if not afresh:
        _check_counts(result["usage"], undisturbed["usage"], str(point))
    assert held.items() <= _held(home).items(), f"{point}: a stored caption was made again"
    if not afresh:
        _check_requests(bench, began, len(hits), str(point))
    for file in (home / "checkpoints.sqlite", home / "memory" / "chroma.sqlite3"):
        with sqlite3.connect(file) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",), point
    if len(hits) > 1:
        _check_nothing_is_orphaned(bench, home, point)
    shutil.rmtree(home)
    return hits


def _kill(bench: Bench, home: Path, point: Point) -> str:
    if point.kind:
        return bench.killed(home, point.kind, point.number, point.late)
    return bench.killed_after(home, point.seconds)


def _held(home: Path) -> dict[str, float]:
    """Return when each stored caption was made, by its id."""
    if not (home / "memory" / "chroma.sqlite3").exists():
        return {}
    memory = Memory(str(home / "memory"), Lexical(), read_only=True)
    try:
        return {caption.id: caption.made_at for known in memory.recordings() for caption in memory.captions(known.id)}
    finally:
        memory.close()


def _begun(home: Path, thread: str) -> bool:
    """Tell whether a thread has an unfinished checkpoint: a kill may come before the first."""
    from app import open_graph
    from graph.threads import waiting

    if not thread:
        return False
    with open_graph(home / "checkpoints.sqlite") as graph:
        state = graph.get_state({"configurable": {"thread_id": thread}})
        return state.created_at is not None and bool(waiting(state))


def _check_counts(used: dict[str, Any], undisturbed: dict[str, Any], where: str) -> None:
    """What was stored but not counted is counted as reused: nothing is lost, and nothing counts twice."""
    made = used["captions_made"] + used["captions_reused"]
    assert made == undisturbed["captions_made"] + undisturbed["captions_reused"], where
    assert used["captions_made"] <= undisturbed["captions_made"], where
    assert used["reasoner_calls"] <= undisturbed["reasoner_calls"], where
    assert used["reasoner_calls"] >= undisturbed["reasoner_calls"] - ROOM, where


def _check_requests(bench: Bench, began: int, kills: int, where: str) -> None:
    """At most what was in flight is asked again."""
    asked = Counter(json.dumps(request["messages"], sort_keys=True) for request in bench.server.chats[began:])
    again = sum(asked.values()) - len(asked)
    assert again <= kills * (AT_ONCE + ROOM), f"{where}: {again} requests repeated"


def _check_nothing_is_orphaned(bench: Bench, home: Path, point: Point) -> None:
    """Whatever a kill left half-written is found by `memory prune`, and nothing that an answer needs is taken."""
    held = _held(home)
    command = [sys.executable, "-m", "app", "memory", "prune", "--json"]
    for expected in (None, 0):
        done = subprocess.run(command, env=bench._environment(home), cwd=bench.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert expected is None or found["records"] + found["collections"] == expected, point
    assert _held(home) == held, f"{point}: prune took a caption"
