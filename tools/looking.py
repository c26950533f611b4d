"""Looking: from a wanted caption to a stored one. The coarse sweep and the recaption tool share it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memory_store.errors import EmbedderError
from memory_store.ids import caption_id
from memory_store.records import LEVELS, Caption, Recording, Segment
from tools.captioners.base import CaptionError
from tools.captioners.prompts import PROMPT_VERSION
from tools.usage import Usage
from tools.video.clip import Clip, Frame, Sampling

if TYPE_CHECKING:
    from tools.live import Live


@dataclass(frozen=True)
class Wanted:
    """A caption that should exist: a segment, how finely to look at it, and with what in mind."""

    recording: Recording
    segment: Segment
    level: str
    sampling: Sampling
    instruction: str = ""

    def id(self, captioner: str) -> str:
        """Return the caption's id: the same wish of the same captioner is the same caption."""
        return caption_id(
            spans=self.recording.spans(self.segment.start, self.segment.end),
            level=self.level,
            instruction=self.instruction,
            captioner=captioner,
            prompt_version=PROMPT_VERSION,
            fps=self.sampling.fps,
            max_pixels=self.sampling.max_pixels,
            multiple=self.sampling.multiple,
        )

    def times(self) -> list[float]:
        return self.sampling.times(self.segment.start, self.segment.end)


def coarse(live: Live, recording: Recording, segment: Segment) -> Wanted:
    """Return the question-independent caption of a coarse segment."""
    return Wanted(recording, segment, LEVELS[0], live.sampling(recording, 0))


def closer(live: Live, recording: Recording, segment: Segment, instruction: str) -> list[Wanted]:
    """Return what one second look at `segment` makes: its own re-description, then its parts.

    The re-description keeps the segment's rate and takes the pixel cap of the next level; the parts
    are looked at as segments of their own level (VideoLucy, Algorithm 1: "update current depth",
    "explore deeper"). At the deepest level there is only the re-description.
    """
    depth = min(segment.depth + 1, len(LEVELS) - 1)
    own, deeper = live.sampling(recording, segment.depth), live.sampling(recording, depth)
    whole = Sampling(own.fps, deeper.max_pixels, own.multiple)
    instruction = instruction if live.captioner.takes_instructions else ""
    return [Wanted(recording, segment, LEVELS[depth], whole, instruction)] + [
        Wanted(recording, part, LEVELS[depth], deeper, instruction) for part in live.plan(recording.id).parts(segment)
    ]


def describe(live: Live, wanted: Wanted, frames: Sequence[Frame], question: str = "") -> tuple[Caption, Usage]:
    """Caption `frames`, store the caption, and return it with its cost. Raises `CaptionError`."""
    clip = Clip(wanted.segment, tuple(frames))
    description = live.captioner.describe(clip, wanted.instruction)
    segment = wanted.segment
    caption = Caption(
        id=wanted.id(live.captioner.name),
        recording=segment.recording,
        segment=segment.id,
        level=wanted.level,
        start=segment.start,
        end=segment.end,
        lines=description.lines,
        instruction=wanted.instruction,
        question=question,
        captioner=live.captioner.name,
        prompt_version=PROMPT_VERSION,
        frames=len(frames),
        made_at=time.time(),
        extra=dict(description.extra),
    )
    try:
        live.memory.put([caption])
    except EmbedderError as problem:
        raise CaptionError(f"the caption could not be stored: {problem}", description.usage) from None
    return caption, description.usage + Usage(captions_made=1, frames=len(frames))
