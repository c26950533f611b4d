"""Questions that real programs are asked while they are killed. Every scripted model is a function of its prompt."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.fake_server import Answer, FakeReply, FakeServer, Request, asked_for, candidate_ids, scripted, text_of
from tests.offline import offline_env
from tests.scripted import cite
from tests.subtitled import srt

AT_ONCE = 3
"""Captions made at once."""
ROOM = 8
"""Calls of the reasoner under way at once, where chapters are read side by side."""
LONG = " ".join(f"Sentence number {n} of a long description tells of nothing in particular." for n in range(25))
_SCOPES = {
    "COARSE_SECONDS": "2",
    "FINE_SECONDS": "1",
    "ULTRA_SECONDS": "0.5",
    "COARSE_FPS": "1",
    "FINE_FPS": "2",
    "ULTRA_FPS": "4",
}


def _caption(request: Request) -> str:
    """Name the stretch shown: another caption for every other stretch, the same for the same."""
    times = re.findall(r"(\d+(?:\.\d+)?) s\b", text_of(request))
    return f"A scene from {times[0] if times else '?'} to {times[-1] if times else '?'} seconds. It is quiet."


def _looks(request: Request) -> dict[str, Any]:
    looks = [{"segment": id, "focus": "the sign", "instruction": "Read the sign."} for id in candidate_ids(request)[:2]]
    return {"looks": looks, "reuse": [], "reason": "scripted"}


def _final(request: Request) -> dict[str, Any]:
    return {"answer": "a quiet scene", "option": "", "confidence": 0.4, "evidence": [cite(request)]}


def _finding(request: Request) -> dict[str, Any]:
    return {"findings": [cite(request) | {"note": "one occurrence"}]}


def _follow(request: Request) -> dict[str, Any]:
    return {"follows": True, "question": "What is written on the sign after the quiet scene?"}


def _whole(request: Request) -> str:
    return f"{_caption(request)} {LONG}"


@dataclass(frozen=True)
class Scenario:
    """A question, and the models it is asked of."""

    name: str
    script: Callable[[Request], Answer]
    arguments: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    before: str = ""
    """A question asked and answered first, in the same conversation."""
    subtitles: bool = False


def _script(**more: Any) -> Callable[[Request], Answer]:
    return scripted(**{"caption": _caption, "Looks": _looks, "FinalAnswer": _final, "FollowUp": _follow} | more)


SCENARIOS = (
    Scenario("loop", _script(), settings={"MAX_ROUNDS": "2"}, subtitles=True),
    Scenario(
        "chapters",
        _script(caption=_whole, Judgement={"kind": "whole", "segments": []}, Findings=_finding),
        settings={"MAX_ROUNDS": "1", "PROMPT_CHARS": "4000"},
    ),
    Scenario(
        "conversation",
        _script(),
        arguments=("--thread", "talk"),
        settings={"MAX_ROUNDS": "1"},
        before="What is to be seen?",
    ),
)


class Bench:
    """A scenario's video and server, and programs that ask. A context manager."""

    def __init__(self, scenario: Scenario, video: str, folder: Path) -> None:
        self.scenario = scenario
        self.folder = folder
        folder.mkdir(parents=True)
        self.video = shutil.copy(video, folder / "talk.mp4")
        if scenario.subtitles:
            words = [(2.0 * n, 2.0 * n + 1.5, f"Sentence {n} is said.") for n in range(8)]
            (folder / "talk.srt").write_text(srt(words))
        self._trap: Callable[[str, int], None] | None = None
        self._kinds: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.server = FakeServer(self._reply)

    def __enter__(self) -> Bench:
        self.server.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self.server.__exit__(*problem)

    def home(self, name: str) -> Path:
        """Return a new home, in which the conversation has begun where the scenario has one."""
        home = self.folder / name
        if self.scenario.before:
            begun = self.folder / "begun"
            if not begun.exists():
                self.finish(begun, self.scenario.before)
            shutil.copytree(begun, home)
        return home

    def start(self, home: Path, question: str = "What is written on the sign?", resume: str = "") -> subprocess.Popen:
        """Start the program that asks, or that resumes a thread."""
        asking = ("ask", self.video, question, "--json", *self.scenario.arguments)
        return subprocess.Popen(
            [sys.executable, "-m", "app", *(("resume", resume, "--json") if resume else asking)],
            env=self._environment(home),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, home: Path, question: str = "What is written on the sign?", resume: str = "") -> dict[str, Any]:
        """Ask to the end and return the result."""
        program = self.start(home, question, resume)
        out, said = program.communicate(timeout=120)
        assert program.returncode == 0, said[-2000:]
        return json.loads(out)

    def killed(self, home: Path, kind: str, number: int, late: bool, resume: str = "") -> str:
        """Ask, and kill the program at its `number`-th request of a kind, before or after the reply. Return stderr.

        An empty string where the program ended by itself before that.
        """
        held: dict[str, subprocess.Popen] = {}
        struck = threading.Event()

        def trap(of: str, count: int) -> None:
            if of == kind and count == number and "program" in held:
                os.kill(held["program"].pid, signal.SIGKILL)
                struck.set()

        with self._lock:
            self._kinds.clear()
            self._trap, self._late = trap, late
        held["program"] = self.start(home, resume=resume)
        _, said = held["program"].communicate(timeout=120)
        self._trap = None
        return said if struck.is_set() else ""

    def killed_after(self, home: Path, seconds: float) -> str:
        """Ask, and kill the program after some time, wherever it is. Return stderr; empty where it had ended."""
        program = self.start(home)
        try:
            program.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            program.kill()
            return program.communicate()[1] or "nothing said"
        return ""

    def _reply(self, request: Request) -> Answer:
        kind = asked_for(request)
        if kind == "caption" and "Read the sign." in text_of(request):
            kind = "recaption"
        with self._lock:
            self._kinds[kind] += 1
            count, trap = self._kinds[kind], self._trap
        if trap and not self._late:
            trap(kind, count)
        answer = self.scenario.script(request)
        if trap and self._late:
            # The reply goes out first; then there are some milliseconds in which it may be stored.
            threading.Timer(0.002 + 0.03 * (count % 5), trap, (kind, count)).start()
        return FakeReply(answer, delay=0.02) if isinstance(answer, str) else answer

    def kinds(self) -> Counter[str]:
        """Return how many requests of each kind came since the last program was told to die."""
        return Counter(self._kinds)

    def forget(self) -> None:
        """Count requests from 0."""
        with self._lock:
            self._kinds.clear()

    def _environment(self, home: Path) -> dict[str, str]:
        roles = {
            f"{role}{suffix}": value
            for role in ("CAPTIONER", "REASONER")
            for suffix, value in (("", "compatible:fake"), ("_URL", self.server.url))
        }
        limits = {"CAPTIONS_AT_ONCE": str(AT_ONCE), "EMBEDDER": "lexical", "TEXT_SWEEP": "off", "HOME": str(home)}
        settings = roles | _SCOPES | limits | self.scenario.settings
        return offline_env({f"VIDEOLUCY_{name}": value for name, value in settings.items()} | {"PYTHONPATH": str(ROOT)})
