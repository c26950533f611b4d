"""Captions one coarse segment, question-independently; many run side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from memory_store.errors import EmbedderError
from nodes.progress import say
from nodes.state import Gap
from tools.captioners.base import CaptionError
from tools.live import Live, live_for
from tools.looking import Wanted, coarse, describe
from tools.senses.text_sweep import sweep_text
from tools.senses.visual_index import index_pictures
from tools.settings import Settings
from tools.usage import Usage
from tools.video.clip import Frame
from tools.video.errors import VideoError


class CoarseTask(TypedDict):
    """One segment to caption."""

    recording: str
    segment: str
    address: str


def caption_coarse(state: CoarseTask, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Make one coarse caption and store it the moment it exists.

    A segment that cannot be captioned becomes a gap with its reason; it never ends the run, and
    never cancels its siblings.
    """
    live = live_for(runtime.context)
    plan = live.plan(state["recording"])
    segment = plan.find(state["segment"])
    if segment is None:
        return {"gaps": [Gap(segment=state["address"], reason="the plan has no such segment")]}
    wanted = coarse(live, plan.recording, segment)
    with live.flight.alone(wanted.id(live.captioner.name)):
        return _caption(live, wanted, state["address"])


def _caption(live: Live, wanted: Wanted, address: str) -> dict[str, Any]:
    recording, segment = wanted.recording.id, wanted.segment
    if live.memory.known(recording, [wanted.id(live.captioner.name)]):
        # Another question made it meanwhile, or this task was run again after a kill.
        return {"spent": Usage(captions_reused=1).to_dict()}
    try:
        with live.feeder(recording).take(segment, live.slots) as clip:
            if not clip.frames:
                raise CaptionError("the video has no picture there")
            _sense(live, wanted, clip.frames, address)
            caption, usage = describe(live, wanted, clip.frames)
    except (CaptionError, VideoError) as problem:
        say("gap", f"{address} could not be captioned: {problem}")
        lost = problem.usage if isinstance(problem, CaptionError) else Usage()
        return {"gaps": [Gap(segment=address, reason=str(problem)[:300])], "spent": lost.to_dict()}
    where = {"video": wanted.recording.name, "start": segment.start, "end": segment.end}
    say(
        "captioned", f"{address} {segment.start:.0f}-{segment.end:.0f} s", segment=address, level=caption.level, **where
    )
    return {"spent": usage.to_dict()}


def _sense(live: Live, wanted: Wanted, frames: Sequence[Frame], address: str) -> None:
    """Note what else is in the frames while they are in hand; what goes wrong there costs no caption."""
    for notice in (sweep_text, index_pictures):
        try:
            notice(live, wanted, frames)
        except (CaptionError, EmbedderError) as problem:
            say("gap", f"{address}: {problem}")
