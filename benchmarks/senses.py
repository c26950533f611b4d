"""How often the right segment is among those offered, with every sense and without each.

`python -m benchmarks.senses [--json] [--seeds 40] [--embedder lexical]` simulates ten hours: 600 coarse captions of
1,800 characters, words said and text on screen. In every seed one fact is planted where only one sense knows it: a
sentence of a caption in the question's words, one in other words (only a model for meanings finds it), a word that is
only said, a text that no caption mentions, a picture that none describes. Counted is how often its segment is among the
first 3 and the first 10 that would be offered to the reasoner. No model for pictures is here: in its place stands the
lexical embedder, which is told in words what a picture shows, with as much noise as its own vector is long.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.prose import FACTS, caption, planted
from memory_store.pictures import Floats, Picture
from memory_store.records import SPEECH, TEXT, Caption, Line, Part, Scopes, digest
from memory_store.segments import Plan
from memory_store.store import Memory
from tools.models import build_embedder
from tools.senses import SENSES
from tools.senses.ranking import sense
from tools.settings import Settings

SEGMENTS, SECONDS = 600, 60
PARAPHRASED = (
    ("Who repaired the vehicle?", "A mechanic fixes the engine of an old automobile."),
    ("What did the physician buy?", "The doctor purchases a woollen blanket at the market stall."),
    ("Where do the kids sleep?", "The children take a nap in a hammock between two birches."),
    ("Which ship sank?", "A vessel called Marigold goes down beyond the breakwater."),
    ("What was stolen?", "A thief takes the silver goblet out of its case."),
    ("Why was the flight cancelled?", "No plane departs, because volcanic ash fills the air."),
    ("What is the salary of the clerk?", "The wages of the office worker are 2,300 a month."),
    ("Who is getting married?", "The wedding of Paula and Idris begins with a dance."),
)
_SAID = ("Well, let us go on with it.", "I am not sure about that.", "Could you pass me the salt?", "It was years ago.")
_SHOWN = ("EXIT", "OPEN 9-18", "PLATFORM", "NO PARKING", "SALE", "INFORMATION")


class Day:
    """A memory of ten hours in which one fact at a time is planted."""

    def __init__(self, home: str, embedder: str) -> None:
        self.memory = Memory(home, build_embedder(Settings.load(embedder=embedder)))
        part = Part("day", "day.mp4", 0.0, SEGMENTS * SECONDS)
        self.recording = self.memory.register("day", (part,), lambda _: Scopes((SECONDS, 10, 1), (1, 2, 2)))
        self.segments = Plan(self.recording, self.recording.scopes).coarse()
        random_ = random.Random(0)
        self.captions: dict[str, Caption] = {}
        for level, write in (("coarse", caption), (SPEECH, _said), (TEXT, _shown)):
            for index in range(SEGMENTS):
                made = self._caption(index, level, write(random_))
                self.captions[made.id] = made
        self.memory.put(list(self.captions.values()))
        self.encoder = Described()
        shown = [caption(random_, 150) for _ in range(SEGMENTS)]
        self.memory.put_pictures(
            self.recording.id, self.encoder.name, [self._picture(index, text) for index, text in enumerate(shown)]
        )
        self._pictured = shown

    def _picture(self, index: int, text: str) -> Picture:
        segment = self.segments[index]
        return Picture(f"picture-{index}", segment.start, segment.end, self.encoder.picture(index, text))

    def _caption(self, index: int, level: str, text: str) -> Caption:
        segment = self.segments[index]
        lines = tuple(Line(segment.start, segment.end, sentence) for sentence in text.split("\n") if sentence)
        lines = tuple(
            Line(segment.start, segment.end, f"{sentence.strip('. ')}.")
            for line in lines
            for sentence in line.text.split(". ")
        )
        id = digest(f"{index} {level}")
        return Caption(id, self.recording.id, segment.id, level, segment.start, segment.end, lines)

    def rank(self, index: int, level: str, text: str, question: str, senses: tuple[str, ...]) -> int:
        """Return the place among the offered of segment `index`, in which `text` is planted."""
        self._plant(index, level, text)
        settings = SimpleNamespace(senses_used=senses)
        live: Any = SimpleNamespace(memory=self.memory, settings=settings, encoder=self.encoder)
        sensed = sense(live, [self.recording.id], question, self.captions)
        scores = [sensed.score(self.recording.id, s.start, s.end) for s in self.segments]
        self._plant(index, level, "")
        return 1 + sum(score >= scores[index] for at, score in enumerate(scores) if at != index)

    def _plant(self, index: int, level: str, text: str) -> None:
        """Put `text` where only `level` tells it; what was there before, where it is empty."""
        if level == "pictures":
            picture = self._picture(index, text or self._pictured[index])
            self.memory.put_pictures(self.recording.id, self.encoder.name, [picture])
            self.memory.close()  # a changed picture is read anew
            return
        before = self.captions[digest(f"{index} {level}")]
        self.memory.put([replace(before, lines=self._caption(index, level, text).lines) if text else before])


class Described:
    """Stands for a model of pictures: knows them by words about them, blurred."""

    name = "described-1"

    def __init__(self) -> None:
        self._words = build_embedder(Settings.load(embedder="lexical"))

    def words(self, texts: Sequence[str]) -> Floats:
        return self._words.embed(texts)

    def picture(self, index: int, text: str) -> Floats:
        blur = np.random.default_rng(index).normal(size=self._words.dimension)
        blurred = self._words.embed([text])[0] + blur / np.linalg.norm(blur)
        return np.asarray(blurred / np.linalg.norm(blurred), np.float32)


def _said(random_: random.Random) -> str:
    return " ".join(f'Said: "{random_.choice(_SAID)}"' for _ in range(3))


def _shown(random_: random.Random) -> str:
    return f'Text on screen: "{random_.choice(_SHOWN)}".'


def plant(kind: str, random_: random.Random) -> tuple[str, str, str]:
    """Return the level, its text with a fact in it, and the question."""
    question, fact = random_.choice(PARAPHRASED if kind == "meaning" else FACTS)
    if kind in ("meaning", "words"):
        return "coarse", planted(random_, fact), question
    if kind == "pictures":
        return "pictures", fact, question
    return (SPEECH, f'Said: "{fact}"', question) if kind == "speech" else (TEXT, f'Text on screen: "{fact}"', question)


def measure(home: str, embedder: str, seeds: int) -> dict[str, Any]:
    """Return for each choice of senses how often what each kind of fact needs is among the first 3 and 10."""
    day = Day(home, embedder)
    choices = {"all": SENSES} | {f"without {name}": tuple(s for s in SENSES if s != name) for name in SENSES}
    found: dict[str, dict[str, Counter[str]]] = {name: {kind: Counter() for kind in SENSES} for name in choices}
    for kind in SENSES:
        for seed in range(seeds):
            random_ = random.Random(f"{kind} {seed}")
            index = random_.randrange(SEGMENTS)
            level, text, question = plant(kind, random_)
            for name, senses in choices.items():
                place = day.rank(index, level, text, question, senses)
                found[name][kind].update({"first 3": place <= 3, "first 10": place <= 10})
    return {
        name: {
            kind: {at: round(counts[at] / seeds, 3) for at in ("first 3", "first 10")} for kind, counts in kinds.items()
        }
        for name, kinds in found.items()
    }


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true")
    arguments.add_argument("--seeds", type=int, default=40)
    arguments.add_argument("--embedder", default="lexical")
    given = arguments.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        numbers = measure(home, given.embedder, given.seeds)
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    if given.json:
        print(json.dumps(numbers))
        return
    print(f"{'fact known to':18}" + "".join(f"{kind:>16}" for kind in SENSES))
    for name, kinds in numbers.items():
        print(f"{name:18}" + "".join(f"{k['first 3']:>9.2f} /{k['first 10']:>5.2f}" for k in kinds.values()))


if __name__ == "__main__":
    main()
