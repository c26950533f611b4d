"""Looking: from a wanted caption to a stored one. The coarse sweep and the recaption tool share it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memory_store.errors import EmbedderError
from memory_store.ids import caption_id
from memory_store.records import LEVELS, Caption, Recording, Segment
from tools.captioners.base import CaptionError
from tools.captioners.prompts import PROMPT_VERSION
from tools.taken import Taken
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
    words: str = ""
    """What is said in the segment, as the captioner is told it."""
    focus: str = ""
    """What a question wants to find out there; it says when the caption may serve another one."""

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
            mode=self.sampling.mode,
            words=self.words,
        )

    def stretch(self, captioner: str) -> str:
        """Return what the ids of all captions of this stretch have in common: everything but the instruction."""
        return replace(self, instruction="").id(captioner)

    def times(self) -> list[float]:
        return self.sampling.times(self.segment.start, self.segment.end)


def coarse(live: Live, recording: Recording, segment: Segment) -> Wanted:
    """Return the question-independent caption of a coarse segment."""
    words = live.words(recording, segment)
    return Wanted(recording, segment, LEVELS[0], live.sampling(recording, 0), words=words)


def closer(live: Live, recording: Recording, segment: Segment, instruction: str, focus: str = "") -> list[Wanted]:
    """Return what one second look at `segment` makes: its own re-description, then its parts.

    The re-description keeps the segment's rate and takes the pixel cap of the next level; the parts
    are looked at as segments of their own level (VideoLucy, Algorithm 1: "update current depth",
    "explore deeper"). At the deepest level there is only the re-description.
    """
    level = LEVELS[min(segment.depth + 1, len(LEVELS) - 1)]
    instruction = instruction if live.captioner.takes_instructions else ""
    return [
        Wanted(recording, stretch, level, sampling, instruction, live.words(recording, stretch), focus)
        for stretch, sampling in stretches(live, recording, segment)
    ]


def stretches(live: Live, recording: Recording, segment: Segment) -> list[tuple[Segment, Sampling]]:
    """Return what one second look at `segment` describes (see `closer`), and how each is turned into frames."""
    depth = min(segment.depth + 1, len(LEVELS) - 1)
    own, deeper = live.sampling(recording, segment.depth), live.sampling(recording, depth)
    whole = replace(deeper, fps=own.fps, scan=max(deeper.scan, own.scan))
    parts = [(part, deeper) for part in live.plan_of(recording).parts(segment)]
    # Where a segment is its own only part, looked at the same way, one description is both.
    same = [part for part, sampling in parts if (part.start, part.end) == (segment.start, segment.end)]
    return [(segment, whole)] + ([] if same and whole == deeper else parts)


def describe(live: Live, wanted: Wanted, frames: Sequence[Frame], question: str = "") -> tuple[Caption, Usage]:
    """Caption `frames`, store the caption, and return it with its cost. Raises `CaptionError`."""
    clip = Clip(wanted.segment, tuple(frames), wanted.words, wanted.sampling)
    began = time.monotonic()
    description = live.captioner.describe(clip, wanted.instruction)
    taken = Taken(time.monotonic() - began, description.usage.prompt_tokens, description.usage.completion_tokens)
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
        extra={**description.extra, **taken.to_extra(), **_wish(wanted, live.captioner.name)},
    )
    try:
        live.memory.put([caption])
    except EmbedderError as problem:
        raise CaptionError(f"the caption could not be stored: {problem}", description.usage) from None
    spent = description.usage.priced(live.settings.price_prompt, live.settings.price_completion)
    return caption, spent + Usage(captions_made=1, frames=len(frames))


def _wish(wanted: Wanted, captioner: str) -> dict[str, str]:
    """Return what finds a caption again that was made for a focus."""
    return {"focus": wanted.focus[:500], "stretch": wanted.stretch(captioner)} if wanted.focus else {}
