"""Sends out the coarse captions that memory lacks, a superstep's worth at a time."""

from __future__ import annotations

import time
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Send

from memory_store.records import Segment
from nodes.budget import room_for_captions
from nodes.progress import say
from nodes.state import State
from tools.live import SUPERSTEP, Live, live_for
from tools.looking import coarse
from tools.outline import Outline
from tools.settings import Settings
from tools.usage import Usage


def sweep(state: State, runtime: Runtime[Settings]) -> Command[Literal["caption_coarse", "summarize"]]:
    """Dispatch the next batch of missing coarse segments; go on when there is none, or no budget.

    A superstep holds about 48 tasks, a multiple of the captions made at once, so that a checkpoint
    falls between batches and no slot idles at the end of one.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    outline = Outline.of(live, state["recordings"])
    gaps = {gap["segment"] for gap in state.get("gaps", [])}
    segments = [s for s in outline.coarse() if outline.plan(s.recording).recording.pictured(s.start, s.end)]
    missing = [s for s in lacking(live, outline, segments) if outline.address(s) not in gaps]
    waited = live.joined(state["question_id"])
    reused = 0 if _begun(state) else len(segments) - len(missing)
    spent = (Usage(captions_reused=reused, seconds=waited + time.monotonic() - began)).to_dict()
    full = SUPERSTEP // live.captions_at_once * live.captions_at_once
    batch = affordable(live, outline, missing[:full], state)
    if not batch:
        if not missing:
            _note_swept(live, state)
        return Command(goto="summarize", update={"spent": spent})
    _plan(live, missing if len(batch) == full else batch)
    say(
        "sweep",
        f"coarse memory: {len(segments) - len(missing)} of {len(segments)} segments",
        done=len(segments) - len(missing),
        total=len(segments),
    )
    live.dispatch(state["question_id"])
    sends = [
        Send(
            "caption_coarse",
            {"recording": segment.recording, "segment": segment.id, "address": outline.address(segment)},
        )
        for segment in batch
    ]
    return Command(goto=sends, update={"spent": spent})


def lacking(live: Live, outline: Outline, segments: list[Segment]) -> list[Segment]:
    """Return the segments whose coarse caption memory does not hold, in order."""
    missing: list[Segment] = []
    for plan in outline.plans:
        recording = plan.recording
        ids = {
            s.id: coarse(live, recording, s).id(live.captioner.name) for s in segments if s.recording == recording.id
        }
        known = live.memory.known(recording.id, list(ids.values()))
        missing += [s for s in segments if s.recording == recording.id and ids[s.id] not in known]
    return missing


def affordable(live: Live, outline: Outline, batch: list[Segment], state: State) -> list[Segment]:
    """Return as much of the batch as the budgets of captions and frames allow."""
    frames = 0
    for count, segment in enumerate(batch, start=1):
        frames += len(coarse(live, outline.plan(segment.recording).recording, segment).times())
        if room_for_captions(state, live.settings, count, frames):
            return batch[: count - 1]
    return batch


def _begun(state: State) -> bool:
    return bool(state.get("spent", {}).get("captions_made") or state.get("gaps"))


def _plan(live: Live, segments: list[Segment]) -> None:
    """Tell the decoders what will be wanted, so that they run ahead in order."""
    for recording in {segment.recording: None for segment in segments}:
        live.feeder(recording).plan([segment for segment in segments if segment.recording == recording])


def _note_swept(live: Live, state: State) -> None:
    for ref in state["recordings"]:
        if live.swept(ref["id"]):
            live.memory.note(ref["id"], swept=True)
