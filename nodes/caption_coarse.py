"""Captions one coarse segment, question-independently; many run side by side."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from nodes.progress import say
from nodes.state import Gap
from tools.captioners.base import CaptionError
from tools.live import live_for
from tools.looking import coarse, describe
from tools.settings import Settings
from tools.usage import Usage
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
    if live.memory.known(plan.recording.id, [wanted.id(live.captioner.name)]):
        # A task that is run again after a kill finds what it had already stored.
        return {"spent": Usage(captions_reused=1).to_dict()}
    try:
        with live.feeder(plan.recording.id).take(segment, live.slots) as clip:
            if not clip.frames:
                raise CaptionError("the video has no picture there")
            caption, usage = describe(live, wanted, clip.frames)
    except (CaptionError, VideoError) as problem:
        say("gap", f"{state['address']} could not be captioned: {problem}")
        lost = problem.usage if isinstance(problem, CaptionError) else Usage()
        return {"gaps": [Gap(segment=state["address"], reason=str(problem)[:300])], "spent": lost.to_dict()}
    say("captioned", f"{state['address']} {segment.start:.0f}-{segment.end:.0f} s", segment=state["address"])
    return {"spent": usage.to_dict()}
