"""Scripted models for the graph that users use: they take a given time, and nothing of what they say is seen."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from benchmarks.prose import caption
from evaluation.localisation.trial import SCRIPTED
from graph.build import ingest_graph
from graph.checkpoints import open_graph
from memory_store.store import Memory
from tools.captioners.base import Description
from tools.captioners.sentences import split_lines
from tools.live import Live, standing_in
from tools.models import build_embedder
from tools.reasoners.base import Citation, FinalAnswer, Judgement, Look, Looks, Reply, Summary, Task, Verdict
from tools.settings import Settings
from tools.usage import Usage
from tools.video.clip import Clip

QUESTION = "Which tool is used to open the safe?"


@dataclass
class Describing:
    """A captioner that writes 1,800 characters of prose about any clip, `seconds` after it was asked."""

    seconds: float = 0.0
    described: list[tuple[str, str, int]] = field(default_factory=list)
    """Segment, instruction and pictures of each caption, in the order in which they were asked for."""
    name: str = "scripted"
    blind_to: Sequence[str] = ()
    takes_instructions: bool = True
    multiple: int = 28
    _guard: Any = field(default_factory=threading.Lock)

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Return prose that depends on the segment and the instruction alone."""
        segment = clip.segment
        with self._guard:
            self.described.append((segment.id, instruction, len(clip.frames)))
        time.sleep(self.seconds)
        text = caption(random.Random(f"{segment.id}/{segment.start}/{instruction}"))
        return Description(tuple(split_lines(text, segment.start, segment.end)))


@dataclass
class Deciding:
    """A reasoner that replies `seconds` after it was asked, and is never satisfied but where `satisfied` says so."""

    seconds: float = 0.0
    satisfied: bool = False
    asked: list[str] = field(default_factory=list)
    """The kind of each reply, in order."""
    name: str = "scripted"
    _guard: Any = field(default_factory=threading.Lock)

    def reply(self, task: Task[Reply]) -> tuple[Reply, Usage]:
        """Return a reply that names what stands first in the task: none fails."""
        with self._guard:
            self.asked.append(task.reply.__name__)
        time.sleep(self.seconds)
        return cast(Reply, self._replies(task)[task.reply.__name__]), Usage(reasoner_calls=1)

    def _replies(self, task: Task[Any]) -> dict[str, Any]:
        cited = [Citation(caption=one.id, quote=one.lines[0].text) for one in task.passages[:1] if one.lines]
        evidence = cited if self.satisfied else []
        looks = [
            Look(segment=one.segment, focus=task.question, instruction=task.question)
            for one in task.candidates[: task.limit]
        ]
        return {
            Judgement.__name__: Judgement(kind="local", segments=[one.segment for one in task.passages[: task.limit]]),
            Verdict.__name__: Verdict(
                support="supported" if evidence else "unsupported",
                confidence=float(bool(evidence)),
                answer="A key." if evidence else "",
                missing="the tool",
                evidence=evidence,
            ),
            Looks.__name__: Looks(looks=looks),
            FinalAnswer.__name__: FinalAnswer(answer="A key.", confidence=float(bool(evidence)), evidence=evidence),
            Summary.__name__: Summary(summary="Several people carry things from one place to another."),
        }


@dataclass(frozen=True)
class Asking:
    """The graph with its checkpoints, as the commands run it, under scripted models."""

    live: Live
    graph: Any

    def ask(self, video: str, question: str = QUESTION) -> dict[str, Any]:
        """Ask on a thread of its own, and return the result."""
        asked = {"video": video, "question": question}
        result: dict[str, Any] = self.graph.invoke(
            asked, _thread(question), context=self.live.settings, durability="sync"
        )
        return result

    def ingest(self, video: str) -> None:
        """Make the coarse memory of a video, as the command of that name does."""
        ingest_graph.invoke({"video": video}, context=self.live.settings)

    def looked(self, question: str = QUESTION) -> list[str]:
        """Return the segments that were looked at for a question, in order."""
        held = self.graph.get_state(_thread(question)).values
        return [look["segment"] for look in held.get("looked", [])]


def _thread(question: str) -> Any:
    return {"configurable": {"thread_id": question}}


@contextmanager
def scripted(home: Path, captioner: Describing, reasoner: Deciding, **given: Any) -> Iterator[Asking]:
    """Open graph, checkpoints and memory under `home`, with these models and settings."""
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings.load(**{**SCRIPTED, "home": str(home), **given})
    memory = Memory(settings.store_path, build_embedder(settings))
    with (
        standing_in(settings, captioner=captioner, reasoner=reasoner, memory=memory) as live,
        open_graph(home / "checkpoints.sqlite") as graph,
    ):
        yield Asking(live, graph)
