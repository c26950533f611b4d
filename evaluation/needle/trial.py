"""Asks the questions of haystacks of the graph that users use, and of three ways to look without going back.

| way | what it sees |
|---|---|
| `loop` | what users get: coarse memory, and closer looks until an answer is supported or the rounds are spent |
| `coarse_only` | captions at the paper's coarse rate and pixel cap, frames at exact times; the answer is forced |
| `uniform` | 64 frames spread evenly over the whole video at the coarse cap; the answer is forced |
| `uniform_matched` | as many frames as the loop used for a question, at the cap of its closer looks |
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evaluation.grounding import grounding
from evaluation.needle.make import QUESTIONS, Haystack
from evaluation.readers import plain
from evaluation.records import Record
from evaluation.results import Outcome, outcomes
from evaluation.runner import Runner
from evaluation.scores import accuracy, by_category
from evaluation.statistics import Rate
from graph.build import ingest_graph
from memory_store.segments import scopes_for
from tools.captioners.base import Looks
from tools.settings import Settings

Way = Literal["loop", "coarse_only", "uniform", "uniform_matched"]
WAYS: tuple[Way, ...] = ("loop", "coarse_only", "uniform", "uniform_matched")

INGESTED = "ingested.json"
"""What the coarse memory took, beside the records of a way."""
UNIFORM = 64
"""Frames of the uniform baseline."""
CHANCE = 0.25
_LOOKS = Looks()
_BLIND: dict[str, Any] = {
    "max_rounds": 0,
    "forced_answer": True,
    "routed": False,
    "glances": False,
    "speech": "none",
    "text_sweep": "off",
    "visual_index": "",
}
"""One look and no other: no sweeps of text or speech, no frames chosen by glancing."""


@dataclass(frozen=True)
class Trial:
    """The outcomes of one haystack by way, and what the loop spent."""

    held: dict[Way, list[Outcome]]
    ingest_seconds: float
    seconds: float
    """Of all questions, once the coarse memory was there."""
    frames: int
    """Of all questions and the coarse memory."""


def settings_of(way: Way, settings: Settings, duration: float, frames: float) -> Settings:
    """Return the settings a way looks under. `frames`: how many the loop used for a question."""
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    if way == "loop":
        # Questions share captions, as those of users do.
        return Settings.load(**{"reuse": True, **given})
    store = str(Path(settings.store_path).with_name(f"{Path(settings.store_path).name}-{way}"))
    scopes = scopes_for(duration)
    if way == "coarse_only":
        own = {"coarse_fps": scopes.fps[0], "coarse_seconds": scopes.seconds[0], "coarse_pixels": _LOOKS.pixels[0]}
    else:
        count = UNIFORM if way == "uniform" else max(1.0, frames)
        pixels = _LOOKS.pixels[0] if way == "uniform" else settings.fine_pixels or _LOOKS.pixels[1]
        own = {"coarse_fps": max(0.001, count / duration), "coarse_pixels": pixels}
    return Settings.load(**{**given, **_BLIND, **own, "store": store})


def run(
    haystack: Haystack,
    settings: Settings,
    out: Path,
    ways: Iterable[Way] = WAYS,
    tell: Callable[[Way, Record], None] = lambda way, record: None,
) -> Trial:
    """Ask the questions of `haystack` each way; records and checkpoints stay in `out`, and are not made again."""
    held: dict[Way, list[Outcome]] = {}
    ingested, spent, frames = 0.0, 0.0, 0
    benchmark = plain.read(haystack.video.parent / QUESTIONS)
    for way in ways:
        folder = out / way
        folder.mkdir(parents=True, exist_ok=True)
        used = frames / max(1, len(haystack.questions))
        runner = Runner(benchmark, settings_of(way, settings, haystack.seconds, used), folder)
        plan = runner.plan(haystack.video.parent)
        coarse = _ingested(haystack.video, runner.settings, folder / INGESTED)
        runner.run(plan.todo, lambda record, way=way: tell(way, record))  # type: ignore[misc]
        records = runner.records()
        held[way] = outcomes(benchmark.questions, records)
        if way == "loop":
            ingested = coarse["seconds"]
            spent = sum(record["seconds"] for record in records)
            frames = round(coarse["frames"]) + sum(record["usage"].get("frames", 0) for record in records)
    return Trial(held, ingested, spent, frames)


def _ingested(video: Path, settings: Settings, file: Path) -> dict[str, float]:
    """Make the coarse memory of a video, and return the frames and seconds it took; noted in `file`, and done once."""
    if not file.exists():
        began = time.monotonic()
        state = ingest_graph.invoke({"video": str(video)}, context=settings)
        frames = (state.get("spent") or {}).get("frames", 0)
        file.write_text(json.dumps({"frames": frames, "seconds": time.monotonic() - began}), encoding="utf-8")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def report(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the figures of several haystacks together, shares with their Wilson 95 % intervals beside."""
    pooled: dict[Way, list[Outcome]] = {}
    for trial in trials:
        for way, found in trial.held.items():
            pooled.setdefault(way, []).extend(found)
    loop = pooled["loop"]
    kinds = by_category(loop).get("kind", {})
    grounded = grounding(loop)
    cited = Rate(grounded.right_when_hit.right, grounded.right_when_hit.right + grounded.right_when_missed.right)
    told: dict[str, Any] = {
        "questions": len(loop),
        "accuracy": accuracy(loop).value,
        "accuracy_interval": list(accuracy(loop).interval),
        "by_kind": {kind: rate.value for kind, rate in kinds.items()},
        "by_kind_counts": {kind: rate.told() for kind, rate in kinds.items()},
        "chance": CHANCE,
        "grounding_hit_rate": cited.value if cited.of else None,
        "grounding_interval": list(cited.interval),
        "seconds_per_question": sum(trial.seconds for trial in trials) / max(1, len(loop)),
        "frames_per_question": sum(trial.frames for trial in trials) / max(1, len(loop)),
        "ingest_seconds": sum(trial.ingest_seconds for trial in trials),
        "answered": accuracy(one for one in loop if one.record and one.record["status"] == "answered").told(),
    }
    for way in WAYS[1:]:
        found = pooled.get(way, [])
        told[way] = accuracy(found).value if found else None
        told[f"{way}_interval"] = list(accuracy(found).interval) if found else None
        told[f"{way}_by_kind"] = {k: r.value for k, r in by_category(found).get("kind", {}).items()} if found else None
    return told
