"""A study: the same simulated questions under several presets, and what is told of them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.localisation.figures import compared, figures
from evaluation.localisation.reasoner import CHOICES, Choice
from evaluation.localisation.stand_ins import write_stand_in
from evaluation.localisation.trial import Searched, run, settings_of
from evaluation.localisation.world import Odds, World, draw
from evaluation.records import Benchmark, Record
from memory_store.records import LEVELS
from tools.errors import BadInput
from tools.settings import Settings

FIGURES, LOOKS = "localisation.json", "looks.jsonl"
SIMULATED = "a simulation with scripted captions and a scripted reasoner: it measures the search, not a model's eyes"
SYNTHETIC = "synthetic: questions and evidence times are made up, too; no number here is one of LVBench"


@dataclass(frozen=True)
class Study:
    """What is simulated."""

    benchmark: Benchmark
    odds: Odds
    seed: int
    choice: Choice
    world: World
    left_out: int
    """Questions of the benchmark without evidence inside a video of known length."""
    synthetic: bool = False
    """Whether the benchmark is made up."""

    @classmethod
    def of(
        cls, benchmark: Benchmark, odds: Odds, seed: int, choice: str, questions: int = 0, synthetic: bool = False
    ) -> Study:
        """Return a study of so many `questions`, drawn by `seed` (0: all).

        Raises `BadInput` where none has evidence, and for an unknown `choice`.
        """
        known = next((one for one in CHOICES if one == choice), None)
        if known is None:
            raise BadInput(f"--choice {choice!r}: choices are {', '.join(CHOICES)}")
        world = draw(benchmark, odds, seed)
        held = _count(world)
        if not held:
            raise BadInput(f"{benchmark.name}: no question has a time_reference inside a video of known length")
        left_out = len(benchmark.questions) - held
        return cls(benchmark, odds, seed, known, _sample(world, questions, seed), left_out, synthetic)

    @property
    def questions(self) -> int:
        """How many are asked under each preset."""
        return _count(self.world)

    def write_videos(self, folder: Path) -> dict[str, Path]:
        """Write a stand-in for each video into `folder`, and return the files by video."""
        folder.mkdir(parents=True, exist_ok=True)
        # What a file of annotations calls a video need not be a name a file can have.
        return {
            video: write_stand_in(folder / f"{number}.mp4", held[0].question.duration or 0.0, video)
            for number, (video, held) in enumerate(self.world.items())
        }

    def run(
        self,
        preset: str,
        given: Settings,
        videos: Mapping[str, Path],
        home: Path,
        tell: Callable[[Record], None],
    ) -> list[Searched]:
        """Ask the questions under a preset, with what a user `given` set beside it; checkpoints lie under `home`."""
        settings = settings_of(preset, given, home)
        return run(self.benchmark, self.world, settings, videos, self.choice, tell)

    def told(self, found: Mapping[str, Sequence[Searched]]) -> dict[str, Any]:
        """Return the figures of each preset, and how the first compares with the others."""
        first = next(iter(found))
        return {
            "synthetic": self.synthetic,
            "note": f"{SIMULATED}; {SYNTHETIC}" if self.synthetic else SIMULATED,
            "videos": len(self.world),
            "questions": self.questions,
            "left_out": self.left_out,
            "seed": self.seed,
            "model": {**asdict(self.odds), "choice": self.choice},
            "presets": {name: figures(own, self.benchmark.classes) for name, own in found.items()},
            "compared": {name: compared(found[first], own) for name, own in found.items() if name != first},
        }


def write_results(folder: Path, told: Mapping[str, Any], found: Mapping[str, Sequence[Searched]]) -> None:
    """Write the figures, and a line for each question and preset: its evidence, and each look at its video."""
    (folder / FIGURES).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    lines = (json.dumps(_row(name, one), ensure_ascii=False) + "\n" for name, own in found.items() for one in own)
    (folder / LOOKS).write_bytes("".join(lines).encode("utf-8", "replace"))


def _row(preset: str, one: Searched) -> dict[str, Any]:
    hidden = one.hidden
    return {
        "preset": preset,
        "id": hidden.question.id,
        "video": hidden.question.video,
        "evidence": hidden.stretches,
        "level": LEVELS[hidden.depth],
        "cued": hidden.cued,
        "reached": one.reached,
        "answered": one.answered,
        "rounds": one.rounds,
        "captions": one.captions[-1] if one.captions else 0,
        "looks": [asdict(look) for look in one.looks],
        "error": one.error,
    }


def _sample(world: World, questions: int, seed: int) -> World:
    every = [one for held in world.values() for one in held]
    if not 0 < questions < len(every):
        return world
    kept = {one.question.id for one in random.Random(f"{seed}/sample").sample(every, questions)}
    drawn = {video: [one for one in held if one.question.id in kept] for video, held in world.items()}
    return {video: held for video, held in drawn.items() if held}


def _count(world: World) -> int:
    return sum(map(len, world.values()))
