"""Runs the simulated questions through the graph that users use, and notes where each was looked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.localisation.captioner import ScriptedCaptioner
from evaluation.localisation.memory import Passing
from evaluation.localisation.reasoner import Choice, ScriptedReasoner
from evaluation.localisation.world import Hidden, World, touches
from evaluation.records import Benchmark, Record
from evaluation.runner import Asked, Runner
from evaluation.shuffling import RELEASED
from memory_store.segments import Plan
from memory_store.store import Memory
from tools.live import Live, standing_in
from tools.models import build_embedder
from tools.settings import Settings
from tools.video.sources import find_parts

SCRIPTED: dict[str, Any] = {
    "captioner": "basic",
    "reasoner": "extractive",
    "embedder": "lexical",
    "speech": "none",
    "text_sweep": "off",
    "visual_index": "",
    "reader": "pyav",
    "requests_per_minute": 0,
}
"""Settings of a simulation: the models are names that need nothing, since others stand in for them."""


@dataclass(frozen=True)
class Looked:
    """A look that was taken, seconds of the video."""

    round: int
    start: float
    end: float
    hit: bool
    """Whether it shares a moment with the evidence."""


@dataclass(frozen=True)
class Searched:
    """What came of one question under one preset."""

    hidden: Hidden
    looks: tuple[Looked, ...]
    """In the order in which they were chosen."""
    captions: tuple[int, ...]
    """Made for this question up to and with each round, from round 1 on; the coarse memory is not counted."""
    answered: int | None
    """The round after which the answer was supported by a caption of the evidence; None: it never was."""
    rounds: int
    segments: int
    """Coarse segments of the video."""
    holding: int
    """Those of them that hold a moment of the evidence."""
    seconds: float
    error: str | None

    @property
    def reached(self) -> int | None:
        """The round of the first look at the evidence; None: there was none."""
        return next((look.round for look in self.looks if look.hit), None)


def settings_of(preset: str, given: Settings, home: Path) -> Settings:
    """Return the settings of a preset with what a user set beside it, its memory under `home`."""
    return Settings.load(**{**given.own(), **SCRIPTED, "preset": preset, "home": str(home), "store": ""})


def run(
    benchmark: Benchmark,
    world: World,
    settings: Settings,
    videos: Mapping[str, Path],
    choice: Choice = "words",
    tell: Callable[[Record], None] = lambda record: None,
    memory: Memory | None = None,
) -> list[Searched]:
    """Ask the questions of `world` under the preset of `settings` and return what came of each, in their order.

    One after the other: words are weighed by all that memory holds of a video, so that what runs side by side would
    be drawn by chance into the ranking.

    Args:
        benchmark: brings the scopes by length.
        world: the questions, and where their answers are shown.
        settings: made by `settings_of`.
        videos: the stand-in of each video.
        choice: how the reasoner chooses the next look.
        tell: is given the record of each question once it has ended.
        memory: what remembers; one in RAM that ranks alike when None.
    """
    hidden = {one.question.id: one for held in world.values() for one in held}
    todo = [Asked(one.question, RELEASED, videos[one.question.video]) for one in hidden.values()]
    settings.home_path.mkdir(parents=True, exist_ok=True)
    runner = Runner(benchmark, settings, settings.home_path)
    records: dict[str, Record] = {}

    def note(record: Record) -> None:
        records[record["id"]] = record
        tell(record)

    captioner, reasoner = ScriptedCaptioner(), ScriptedReasoner(choice)
    named = runner.settings_for(todo[0].question, todo[0].video)
    memory = memory or Passing(build_embedder(named))
    with standing_in(named, captioner=captioner, reasoner=reasoner, memory=memory) as live:
        plans = {video: _plan(live, runner, one) for video, one in {one.question.video: one for one in todo}.items()}
        captioner.hidden.update({plan.recording.id: world[video] for video, plan in plans.items()})
        runner.run(todo, note)
    return [_searched(one, records[id], plans[one.question.video]) for id, one in hidden.items()]


def _plan(live: Live, runner: Runner, asked: Asked) -> Plan:
    """Return the segments of a video under the settings its questions are asked under."""
    name, parts = find_parts(str(asked.video))
    settings = runner.settings_for(asked.question, asked.video)
    recording = live.memory.register(name, parts, settings.scopes)
    return Plan(recording, settings.override(recording.scopes))


def _searched(hidden: Hidden, record: Record, plan: Plan) -> Searched:
    rounds: Sequence[dict[str, Any]] = [one for one in record["trace"].get("rounds", []) if one["round"] > 0]
    looks = tuple(
        Looked(one["round"], look["start"], look["end"], touches(look["start"], look["end"], hidden.stretches))
        for one in rounds
        for look in one["looks"]
    )
    made = [one["captions_made"] or 0 for one in rounds]
    coarse = plan.coarse()
    supported = record["stopped_by"] == "supported" and record["correct"] is not False
    return Searched(
        hidden=hidden,
        looks=looks,
        captions=tuple(sum(made[: index + 1]) for index in range(len(made))),
        answered=record["rounds"] if supported else None,
        rounds=record["rounds"],
        segments=len(coarse),
        holding=sum(touches(segment.start, segment.end, hidden.stretches) for segment in coarse),
        seconds=record["seconds"],
        error=record["error"],
    )
