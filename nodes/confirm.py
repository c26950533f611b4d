"""Asks a person before a coarse pass that would make more captions than `confirm_over` allows unasked."""

from __future__ import annotations

import time
from typing import Any, Literal

from langgraph.config import get_config
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from nodes.state import State
from nodes.sweep import lacking
from tools.errors import BadInput
from tools.live import live_for
from tools.looking import coarse
from tools.outline import Outline
from tools.settings import Settings
from tools.usage import Usage

_YES = frozenset(("yes", "y", "true", "1", "ok", "go on"))


def confirm(state: State, runtime: Runtime[Settings]) -> Command[Literal["transcribe", "summarize"]]:
    """Go on, or wait for a person's reply where the pass is larger than the setting allows.

    Declined, the question is answered from what memory holds, and nothing is looked at. Nothing is done before the
    interrupt: it runs again when the reply comes. Raises `BadInput` on a graph without checkpoints, which cannot wait.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    limit = live.settings.confirm_over
    if state.get("confirmed"):
        return Command(goto="transcribe", update={})
    outline = Outline.of(live, state["recordings"])
    segments = [s for s in outline.coarse() if outline.plan(s.recording).recording.pictured(s.start, s.end)]
    missing = lacking(live, outline, segments)
    if len(missing) <= limit:
        return Command(goto="transcribe", update={"spent": Usage.since(began)})
    if not get_config().get("configurable", {}).get("__pregel_checkpointer"):
        raise BadInput(
            f"watching this would make {len(missing)} captions, more than confirm_over ({limit}) allows unasked, and "
            "nobody can be asked here; a larger limit or 0 lets it go on"
        )
    recordings = {s.recording: outline.plan(s.recording).recording for s in missing}
    frames = sum(len(coarse(live, recordings[s.recording], s).times()) for s in missing)
    reply = interrupt(
        {
            "question": "Watch it now? It takes more captions than may be made unasked.",
            "captions": len(missing),
            "frames": frames,
            "minutes_of_video": round(sum(s.end - s.start for s in missing) / 60, 1),
            "captioner": live.captioner.name,
            "confirm_over": limit,
            "reply": "true goes on; false answers from what is remembered",
        }
    )
    if agreed(reply):
        return Command(goto="transcribe", update={"confirmed": "yes"})
    return Command(goto="summarize", update={"confirmed": "no"})


def agreed(reply: Any) -> bool:
    """Tell whether a person's reply is a yes: `True`, or a word such as `yes`."""
    return reply is True or str(reply).strip().casefold() in _YES
