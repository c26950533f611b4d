"""Asks the questions of a benchmark of the graph that users use, and keeps a record of each the moment it ends.

A run can be killed: what has a record is not asked again, and a question that was under way goes on from its
checkpoint. Questions of one video stand together, so that its coarse captions are made once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.lines import add_line, take_off_cut
from evaluation.records import Benchmark, Question, Record
from evaluation.results import read_records
from evaluation.shuffling import RELEASED, chosen_of, shown_options, shown_order
from evaluation.videos import Videos, find_videos
from graph.checkpoints import Checkpointed, open_graph
from graph.explanation import explain
from graph.threads import waiting
from memory_store.errors import StoreError
from memory_store.records import digest
from tools.ending import go_on
from tools.errors import BadInput
from tools.presets import PRESETS
from tools.settings import Settings
from tools.video.sources import find_parts

RECORDS = "records.jsonl"
CHECKPOINTS = "checkpoints.sqlite"


@dataclass(frozen=True)
class Asked:
    """One question under one seed, of a video that is here."""

    question: Question
    seed: int
    video: Path


@dataclass(frozen=True)
class Run:
    """What is asked, of which videos, and what of it has a record already."""

    benchmark: Benchmark
    videos: Videos
    todo: tuple[Asked, ...]
    known: int
    """Questions that have a record."""


class Runner:
    """Runs a benchmark into a folder. Its settings are the benchmark's own, but for those a user set.

    Args:
        benchmark: what is asked.
        settings: what a user set, by flag or environment; the benchmark's scopes and limits fill in the rest.
        out: folder of the records and checkpoints.
        parallel: questions under way at once.
    """

    def __init__(self, benchmark: Benchmark, settings: Settings, out: Path, parallel: int = 1) -> None:
        self._benchmark, self.settings, self._out, self._parallel = benchmark, settings, out, parallel
        # `tell` is called with the lock held, and may ask for the settings of a question, which takes it again.
        self._lock = threading.RLock()
        self._lengths: dict[Path, float] = {}

    def plan(
        self, folder: Path, seeds: Sequence[int] = (RELEASED,), limit: int = 0, shard: tuple[int, int] = (1, 1)
    ) -> Run:
        """Return what there is to ask. Raises `BadInput` for a folder that is none.

        Args:
            folder: where the videos lie.
            seeds: each question is asked once under each.
            limit: questions at most, of the first videos; 0: all.
            shard: which of how many equal parts of the videos, counted from 1.
        """
        number, of = shard
        names = sorted({question.video for question in self._benchmark.questions})
        mine = set(names[number - 1 :: of])
        chosen = [question for question in self._benchmark.questions if question.video in mine]
        chosen = sorted(chosen, key=lambda question: question.video)[: limit or None]
        videos = find_videos(chosen, folder)
        done = {(record["id"], record["seed"]) for record in self.records()}
        every = [
            Asked(question, seed, videos.paths[question.video])
            for question in chosen
            if question.video in videos.paths
            for seed in seeds
        ]
        todo = tuple(one for one in every if (one.question.id, one.seed) not in done)
        return Run(self._benchmark, videos, todo, len(every) - len(todo))

    def run(self, todo: Iterable[Asked], tell: Callable[[Record], None]) -> None:
        """Ask what is to be asked, `parallel` at once; `tell` is given each record once it is kept."""
        with open_graph(self._out / CHECKPOINTS) as graph, ThreadPoolExecutor(self._parallel) as pool:

            def one(asked: Asked) -> None:
                go_on()
                record = self._ask(graph, asked)
                self._keep(record)
                with self._lock:
                    tell(record)

            for future in [pool.submit(one, asked) for asked in todo]:
                future.result()

    def records(self) -> list[Record]:
        """Return what was kept so far; a line that a kill cut short is taken off."""
        file = self._out / RECORDS
        if not file.exists():
            return []
        take_off_cut(file)
        return read_records(file) if file.stat().st_size else []

    def settings_for(self, question: Question, video: Path) -> Settings:
        """Return the settings a question is asked under. Raises `BadInput`."""
        preset, own = PRESETS[self.settings.preset], self.settings.own()
        published = self._benchmark.settings_for(question, question.duration or self._length(video))
        # Captions made for one question would help the next: published scores had none of that.
        given = {"reuse": False} | {name: value for name, value in published.items() if name not in preset}
        return Settings.load(**{**given, **own})

    def _length(self, video: Path) -> float:
        with self._lock:
            if video not in self._lengths:
                self._lengths[video] = find_parts(str(video))[1][-1].end
            return self._lengths[video]

    def _ask(self, graph: Checkpointed, asked: Asked) -> Record:
        """Return the record of one question. Whatever goes wrong with it is part of the record."""
        question, order = asked.question, shown_order(asked.question, asked.seed)
        options = shown_options(question, order)
        began, values, error, settings = time.monotonic(), {}, None, self.settings
        try:
            settings = self.settings_for(question, asked.video)
            values = self._invoke(graph, asked, options, settings)
        except (BadInput, StoreError) as problem:
            error = str(problem)
        except Exception as problem:
            error = f"{type(problem).__name__}: {problem}"
        letter = values.get("option")
        chosen = chosen_of(letter, order) if values.get("status") != "failed" else None
        return Record(
            id=question.id,
            video=question.video,
            question=question.question,
            options=options,
            shown_order=list(order),
            answer=values.get("answer") or "",
            option=letter,
            chosen=chosen,
            right=question.answer,
            correct=question.is_right(chosen),
            status=values.get("status") or "failed",
            stopped_by=values.get("stopped_by") or "",
            rounds=values.get("rounds") or 0,
            confidence=values.get("confidence"),
            evidence=values.get("evidence") or [],
            usage=values.get("usage") or {},
            seconds=round(time.monotonic() - began, 3),
            trace=explain(values) if values else {},
            error=error,
            settings_digest=settings.fingerprint(),
            seed=asked.seed,
            categories={kind: list(names) for kind, names in question.categories.items()},
        )

    def _invoke(self, graph: Checkpointed, asked: Asked, options: list[str], settings: Settings) -> dict[str, Any]:
        thread = "eval-" + digest("\x1f".join([asked.question.id, str(asked.seed), settings.fingerprint()]))[:24]
        config: Any = {"configurable": {"thread_id": thread}}
        state = graph.get_state(config)
        begun = state.created_at is not None and bool(waiting(state))
        inputs: Any = {"video": str(asked.video), "question": asked.question.question, "options": options}
        graph.invoke(None if begun else inputs, config, context=settings, durability="sync")
        return graph.get_state(config).values

    def _keep(self, record: Record) -> None:
        with self._lock:
            add_line(self._out / RECORDS, record)
