"""Asks a person before a coarse pass that would make more captions than `confirm_over` allows unasked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from langgraph.config import get_config
from langgraph.runtime import Runtime
from langgraph.types import Command, interrupt

from memory_store.records import LEVELS
from nodes.state import State
from tools.errors import BadInput
from tools.estimate import Cost, Looking, Pace, Work, left_of
from tools.foresight import Foreseen, foresee
from tools.live import Live, live_for
from tools.settings import Settings
from tools.usage import Usage

_YES = frozenset(("yes", "y", "true", "1", "ok", "go on"))


def confirm(state: State, runtime: Runtime[Settings]) -> Command[Literal["transcribe", "summarize", "__end__"]]:
    """Go on, or wait for a person's reply where the pass is larger than the setting allows.

    The captions counted are those of `videolucy estimate`. Declined, the question is answered from what memory
    holds, and nothing is looked at. A reply holds for the whole question. Nothing is done before the interrupt: it
    runs again when the reply comes. A limit of 0 comes here only with a run that waits and was resumed without its
    settings: its reply counts all the same.

    Raises `BadInput` on a graph without checkpoints, which cannot wait. Under a server (a run on no thread), where an
    exception's text is masked, the run ends with `status` `failed` and the text as `reason`.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    limit = live.settings.confirm_over
    if state.get("confirmed"):
        return _after(state["confirmed"])
    seen = [foresee(live, ref["name"], live.memory.recording(ref["id"]).parts) for ref in state["recordings"]]
    cost = expected(live, seen)
    if cost.captions <= limit:
        return Command(goto="transcribe", update={"spent": Usage.since(began)})
    if not get_config().get("configurable", {}).get("__pregel_checkpointer"):
        refused = (
            f"watching this would make {cost.captions} captions, more than confirm_over ({limit}) allows unasked, and "
            "nobody can be asked here; a larger limit or 0 lets it go on"
        )
        if runtime.server_info is None:
            raise BadInput(refused)
        return Command(goto="__end__", update={"status": "failed", "reason": refused, "answer": ""})
    return _after("yes" if agreed(interrupt(_told(live, state, seen, cost))) else "no")


def _after(reply: str) -> Command[Literal["transcribe", "summarize", "__end__"]]:
    return Command(goto="transcribe" if reply == "yes" else "summarize", update={"confirmed": reply})


def expected(live: Live, seen: Sequence[Foreseen]) -> Cost:
    """Return what the coarse pass over these videos takes within the budgets; seconds include its listening."""
    settings = live.settings
    longest = settings.caption_tokens if live.captioner.takes_instructions else 0
    work = sum((video.lacking for video in seen), Work())
    cost = Looking(_pace(live, seen), live.captions_at_once, longest).usual(work)
    heard = [video.hearing for video in seen]
    if cost.seconds is not None:
        cost = replace(cost, seconds=None if None in heard else cost.seconds + sum(seconds or 0 for seconds in heard))
    return left_of(settings, cost.priced(settings.price_prompt, settings.price_completion))


def _pace(live: Live, seen: Sequence[Foreseen]) -> Pace:
    """Return the captioner's pace at coarse looks, by these videos if they tell, else by all of memory."""
    here = [caption for video in seen for caption in video.captions if caption.level == LEVELS[0]]
    known = Pace.of(c for c in here if c.captioner == live.captioner.name)
    if known.count:
        return known
    others = (c for r in live.memory.recordings() for c in live.memory.captions(r.id, level=LEVELS[0]))
    return Pace.of(c for c in others if c.captioner == live.captioner.name)


def _told(live: Live, state: State, seen: Sequence[Foreseen], cost: Cost) -> dict[str, Any]:
    """Return what a person is asked: flat JSON values; what is not known is left out."""
    settings = live.settings
    names = ", ".join(video.recording.name for video in seen)
    told: dict[str, Any] = {
        "question": f"Watch {names} now? It takes more captions than may be made unasked.",
        "captions": cost.captions,
        "captions_in_memory": sum(video.segments - video.lacking.captions for video in seen),
        "frames": cost.frames,
        "minutes_of_video": round(sum(video.recording.duration for video in seen) / 60, 1),
    }
    if cost.seconds is not None:
        told["seconds"] = round(cost.seconds, 1)
    if settings.price_prompt or settings.price_completion:
        told["cost"] = round(cost.cost, 6)
    return told | {
        "captioner": live.captioner.name,
        "confirm_over": settings.confirm_over,
        "reply": "true or false",
        "if_false": "it is answered from what is remembered" if state.get("question") else "it is left unwatched",
    }


def agreed(reply: Any) -> bool:
    """Tell whether a person's reply is a yes: `True`, or a word such as `yes`."""
    return reply is True or str(reply).strip().casefold() in _YES
