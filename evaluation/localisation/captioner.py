"""A captioner that sees nothing but the simulated world."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evaluation.localisation.world import Hidden, touches
from memory_store.records import Line, Segment, digest
from tools.captioners.base import Description
from tools.video.clip import Clip

_FILLER = 2
"""Sentences of a caption that have nothing to do with any question."""
_WHO = ("somebody", "a group", "the presenter", "a passer-by", "an animal", "a hand", "the crowd", "a voice")
_DOES = ("moves along", "stands still", "turns round", "comes closer", "leaves the picture", "points sideways", "waits")
_HOW = ("in dim light", "in a wide shot", "before a plain wall", "slowly", "for a while", "near the edge", "outdoors")


def sign(question: str) -> str:
    """Return the mark by which a scripted reasoner knows an answer to `question`: it cannot understand one."""
    return f"[{digest(question)[:12]}]"


@dataclass(frozen=True)
class ScriptedCaptioner:
    """Tells what the world holds of a clip (see `world`).

    Without an instruction it tells the cues and distractors of all questions; with one, which is a question word for
    word, what bears on that question alone: from its depth on the answer, above it the cue. Frames are not looked at.
    """

    hidden: dict[str, Sequence[Hidden]] = field(default_factory=dict)
    """By recording id; it grows as recordings become known."""
    name: str = "scripted"
    blind_to: Sequence[str] = ()
    takes_instructions: bool = True
    multiple: int = 2

    def describe(self, clip: Clip, instruction: str) -> Description:
        """Return filler, and the lines of the world; the same clip and instruction give the same words."""
        segment = clip.segment
        held = self.hidden.get(segment.recording, ())
        told = _closer(held, segment, instruction) if instruction else _coarse(held, segment)
        # Not by the recording, whose id depends on how a stand-in was encoded.
        drawn = random.Random(f"{segment.id}/{segment.start}/{segment.end}/{instruction}")
        filler = [Line(segment.start, segment.end, _sentence(drawn)) for _ in range(_FILLER)]
        return Description(tuple([*filler, *sorted(told)]))


def _coarse(held: Sequence[Hidden], segment: Segment) -> Iterator[Line]:
    for one in held:
        yield from _mentions(one, segment, 0)


def _closer(held: Sequence[Hidden], segment: Segment, instruction: str) -> Iterator[Line]:
    for one in (one for one in held if one.question.question == instruction):
        if segment.depth < one.depth:
            yield from _mentions(one, segment, 1)
        elif touches(segment.start, segment.end, one.stretches):
            text = f"This shows the answer {sign(one.question.question)}: {one.answer}"
            yield Line(segment.start, segment.end, text)


def _mentions(one: Hidden, segment: Segment, depth: int) -> Iterator[Line]:
    for mention in one.mentions:
        if mention.depth == depth and segment.start <= mention.time < segment.end:
            start = round(mention.time, 3)
            yield Line(start, min(start + 1, segment.end), f"There is something with {', '.join(mention.words)}.")


def _sentence(drawn: random.Random) -> str:
    return f"{drawn.choice(_WHO).capitalize()} {drawn.choice(_DOES)} {drawn.choice(_HOW)}."
