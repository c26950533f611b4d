"""A cheap look at the text on screen, beside a captioner that may overlook it: read while the frames are in hand."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from memory_store.errors import EmbedderError
from memory_store.ids import caption_id
from memory_store.records import TEXT, Caption, Recording, Segment
from tools.captioners.base import CaptionError
from tools.video.clip import Clip, Frame

if TYPE_CHECKING:
    from tools.live import Live
    from tools.looking import Wanted

NAME = "text-sweep-1"
"""Who reads; a change of how it reads begins a new generation."""
EVERY = 2.0
"""Seconds between the frames it reads: a text is seldom shown for less, and reading is what costs."""


def sweep_text(live: Live, wanted: Wanted, frames: Sequence[Frame]) -> None:
    """Read what is written in a coarse clip and keep it as a caption of the level `text`, empty where nothing is.

    Done before the clip is captioned, so that no caption stands there without it. Raises `CaptionError`.
    """
    if not live.sweeps_text:
        return
    recording, segment = wanted.recording, wanted.segment
    id = _id(live, recording, segment)
    if live.memory.known(recording.id, [id]):
        return
    from tools.captioners.observations import read_texts

    lines = read_texts(Clip(segment, tuple(_spaced(frames)), sampling=wanted.sampling))
    caption = Caption(
        id=id,
        recording=recording.id,
        segment=segment.id,
        level=TEXT,
        start=segment.start,
        end=segment.end,
        lines=lines,
        captioner=NAME,
        made_at=time.time(),
    )
    try:
        live.memory.put([caption])
    except EmbedderError as problem:
        raise CaptionError(f"the text on screen could not be stored: {problem}") from None


def texts(live: Live, recording: Recording) -> dict[str, Caption]:
    """Return what memory holds of the text on screen, by id; nothing where it is not swept."""
    if not live.sweeps_text:
        return {}
    ids = [_id(live, recording, segment) for segment in live.plan_of(recording).coarse()]
    return {id: caption for id, caption in live.memory.get(recording.id, ids).items() if caption.lines}


def _id(live: Live, recording: Recording, segment: Segment) -> str:
    sampling = live.sampling(recording, 0)
    return caption_id(
        spans=recording.spans(segment.start, segment.end),
        level=TEXT,
        instruction="",
        captioner=NAME,
        prompt_version="",
        fps=sampling.fps,
        max_pixels=sampling.max_pixels,
        multiple=sampling.multiple,
        mode=sampling.mode,
    )


def _spaced(frames: Sequence[Frame]) -> list[Frame]:
    """Return frames at least `EVERY` seconds apart, the first and the last among them."""
    kept: list[Frame] = []
    for frame in frames:
        if not kept or frame.time - kept[-1].time >= EVERY - 1e-3 or frame is frames[-1]:
            kept.append(frame)
    return kept
