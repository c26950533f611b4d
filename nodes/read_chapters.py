"""Reads memory chapter by chapter, for questions that no single moment settles: the map of map and reduce."""

from __future__ import annotations

import math
from typing import Any, Literal

from langgraph.runtime import Runtime
from langgraph.types import Command, Send
from typing_extensions import TypedDict

from memory_store.records import Caption
from nodes.budget import calls_for_each
from nodes.coverage import COVERED
from nodes.progress import say
from nodes.state import RecordingRef, State, asked_of
from nodes.trace import note
from nodes.view import View, depth, view
from tools.live import live_for
from tools.settings import Settings

READ = ("whole", *COVERED)
"""Kinds of question that all of memory bears on."""


class Chapter(TypedDict):
    """A stretch of one recording to read for the question, and the model calls it may take."""

    recordings: list[RecordingRef]
    question: str
    options: list[str]
    kind: str
    recording: str
    start: float
    end: float
    calls: int


def read_chapters(state: State, runtime: Runtime[Settings]) -> Command[Literal["read_chapter", "check_sufficiency"]]:
    """Send out the chapters to read, where coarse memory does not fit one prompt; else go on at once.

    There are as many chapters as the memory fills prompts, at most `chapters_read`; where it fills more, each
    chapter is read in part, the lines that fit the question best first. The calls of all are reserved together.
    """
    live = live_for(runtime.context)
    settings = live.settings
    if not settings.routed or settings.full_memory or state.get("kind") not in READ or state.get("round"):
        return Command(goto="check_sufficiency")
    shown = view(state, live)
    chapters = _chapters(shown, settings)
    if len(chapters) < 2:
        return Command(goto="check_sufficiency")
    # The verdict and the answer come first in the budget: what is read is worth nothing without them.
    (_, _, *calls), budget = calls_for_each(state, settings, [settings.prompt_chars] * (2 + len(chapters)))
    about = {"recordings": state["recordings"], "question": asked_of(state), "options": state.get("options") or []}
    sends = [
        Send("read_chapter", about | {"kind": state["kind"], "calls": allowed} | chapter)
        for chapter, allowed in zip(chapters, calls, strict=True)
        if allowed
    ]
    unread = len(chapters) - len(sends)
    text = f"{len(sends)} chapters to read" + (f"; the budget {budget} leaves {unread} unread" if unread else "")
    say("reading", text)
    update = {"trace": [note(0, "read_chapters", text)]}
    live.dispatch(state["question_id"])
    return Command(goto=sends or "check_sufficiency", update=update)


def _chapters(shown: View, settings: Settings) -> list[dict[str, Any]]:
    """Return the stretches to read: equal numbers of coarse segments of one recording."""
    sizes = {plan.recording.id: _size(shown, plan.recording.id) for plan in shown.outline.plans}
    total = sum(sizes.values())
    if total <= settings.prompt_chars:
        return []
    fill = max(settings.prompt_chars, math.ceil(total / settings.chapters_read))
    chapters: list[dict[str, Any]] = []
    for plan in shown.outline.plans:
        segments = plan.coarse()
        size = math.ceil(len(segments) / max(1, round(sizes[plan.recording.id] / fill)))
        for at in range(0, len(segments), size):
            stretch = segments[at : at + size]
            chapters.append({"recording": plan.recording.id, "start": stretch[0].start, "end": stretch[-1].end})
    return chapters


def _size(shown: View, recording: str) -> int:
    own = (caption for caption in shown.captions.values() if caption.recording == recording and depth(caption) == 0)
    return sum(len(caption.text) for caption in own)


def within(caption: Caption, chapter: Chapter) -> bool:
    """Tell whether a caption begins in a chapter."""
    return caption.recording == chapter["recording"] and chapter["start"] <= caption.start < chapter["end"]
