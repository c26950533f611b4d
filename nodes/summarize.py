"""The levels above coarse: chapters, then the whole video, kept in memory like any caption."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from langgraph.runtime import Runtime

from memory_store.records import Caption, Line, Recording, digest
from memory_store.segments import Plan
from nodes.asking import ask
from nodes.progress import say
from nodes.prompts import VERSION, summary
from nodes.state import Found, State
from nodes.view import clocked
from tools.captioners.sentences import split_lines
from tools.clock.clock import Clock
from tools.live import Live, live_for
from tools.looking import coarse
from tools.reasoners.base import Passage, Summary, Task
from tools.settings import Settings
from tools.usage import Usage

CHAPTER = 12
"""Coarse segments in a chapter."""


def summarize(state: State, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Make the chapters and the summary of each recording whose coarse memory outgrows one prompt.

    Skipped where coarse memory fits (`prompt_chars`), and in presets that show all of it. A summary
    that fails is left out: it is a convenience of prompts, not a source.
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    usage, replies = Usage(), 0
    summaries: list[Found] = []
    for ref in state["recordings"]:
        plan = live.plan(ref["id"])
        ids = [coarse(live, plan.recording, segment).id(live.captioner.name) for segment in plan.coarse()]
        captions = [*live.memory.get(ref["id"], ids).values(), *live.heard(plan.recording).captions.values()]
        if live.settings.full_memory or sum(len(c.text) for c in captions) <= live.settings.prompt_chars:
            continue
        for level in ("chapter", "video"):
            groups = _chapters(plan, captions) if level == "chapter" else [captions]
            captions, cost, count = _level(live, state, plan.recording, groups, level)
            usage, replies = usage + cost, replies + count
            summaries += [Found(recording=ref["id"], caption=caption.id, round=0) for caption in captions]
    spent = usage + Usage(seconds=time.monotonic() - began)
    return {"summaries": summaries, "replies": replies, "spent": spent.to_dict()}


def _chapters(plan: Plan, captions: Sequence[Caption]) -> list[list[Caption]]:
    """Return the captions and words of each chapter, in order of time; empty chapters are left out."""
    segments = plan.coarse()
    ends = [segments[min(at + CHAPTER, len(segments)) - 1].end for at in range(0, len(segments), CHAPTER)]
    groups: list[list[Caption]] = [[] for _ in ends]
    for caption in sorted(captions, key=lambda caption: (caption.start, caption.end)):
        groups[min(bisect_right(ends, caption.start), len(ends) - 1)].append(caption)
    return [group for group in groups if group]


def _level(
    live: Live, state: State, recording: Recording, groups: Sequence[Sequence[Caption]], level: str
) -> tuple[list[Caption], Usage, int]:
    """Return the captions of one level, one over each group, making those memory lacks."""
    made: list[Caption] = []
    usage, replies = Usage(), 0
    for index, group in enumerate(groups):
        id = digest("|".join([level, live.reasoner.name, VERSION, *(caption.id for caption in group)]))
        known = live.memory.get(recording.id, [id])
        if id in known:
            made.append(known[id])
            continue
        say("summary", f"{level} {index + 1} of {len(groups)} of {recording.name}")
        asked = ask(live, state, _task(group, recording, level))
        usage, replies = usage + asked.usage, replies + asked.replies
        if asked.reply and asked.reply.summary.strip():
            caption = _caption(live, recording, group, level, f"{level}-{index}", id, asked.reply.summary.strip())
            live.memory.put([caption])
            made.append(caption)
    return made, usage, replies


def _task(group: Sequence[Caption], recording: Recording, level: str) -> Task[Summary]:
    clock = Clock.of(recording)
    passages = tuple(
        Passage(c.id, c.recording, c.segment, c.level, c.start, c.end, c.lines, extra=c.extra | clocked(clock, c))
        for c in group
    )
    what = f"a chapter of the video {recording.name!r}" if level == "chapter" else f"the video {recording.name!r}"
    return Task(reply=Summary, prompt=summary(passages, what), question="", passages=passages)


def _caption(
    live: Live, recording: Recording, group: Sequence[Caption], level: str, segment: str, id: str, text: str
) -> Caption:
    start, end = group[0].start, max(caption.end for caption in group)
    return Caption(
        id=id,
        recording=recording.id,
        segment=segment,
        level=level,
        start=start,
        end=end,
        lines=tuple(Line(start, end, line.text) for line in split_lines(text, start, end)),
        captioner=live.reasoner.name,
        prompt_version=VERSION,
        made_at=time.time(),
    )
