"""Reads one chapter for what bears on the question; many run side by side."""

from __future__ import annotations

import json
import time
from typing import Any

from langgraph.runtime import Runtime

from memory_store.records import Caption, Line, digest
from nodes.asking import ask
from nodes.evidence import check
from nodes.progress import say
from nodes.prompts import VERSION, read
from nodes.read_chapters import Chapter, within
from nodes.shown import fitting
from nodes.state import Evidence, Found, State
from nodes.view import DIGEST, depth, view
from tools.live import Live, live_for
from tools.reasoners.base import Citation, Findings, Passage, Task
from tools.settings import Settings
from tools.usage import Usage


def read_chapter(state: Chapter, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Keep what a chapter holds for the question as a digest in memory, each finding with the words that show it.

    Findings whose words are not in memory are dropped. The same question finds its digests again. A chapter that
    cannot be read is left out: its captions are still there to be ranked and looked at.
    """
    live = live_for(runtime.context)
    about = State(video="", recordings=state["recordings"], question=state["question"], options=state["options"])
    shown = view(about, live)
    captions = [caption for caption in shown.captions.values() if depth(caption) >= 0 and within(caption, state)]
    memory = fitting(shown, captions, live.settings.prompt_chars)
    id = _id(live, state, memory)
    known = live.memory.get(state["recording"], [id])
    usage, replies = Usage(), 0
    if id not in known:
        task = Task(
            reply=Findings,
            prompt=read(memory, state["question"], state["options"], state["kind"]),
            question=state["question"],
            options=tuple(state["options"]),
            passages=memory,
            cannot_see=live.cannot_perceive(state["recordings"]),
        )
        asked = ask(live, about, task, reserved=state["calls"])
        usage, replies = asked.usage, asked.replies
        if asked.reply is None:
            say("gap", f"{state['start']:.0f}-{state['end']:.0f} s could not be read: {asked.problem}")
            return {"replies": 0, "spent": usage.to_dict()}
        live.memory.put([_digest(live, state, id, asked.reply, memory)])
    say("read", f"{state['start']:.0f}-{state['end']:.0f} s")
    return {
        "digests": [Found(recording=state["recording"], caption=id, round=0)],
        "replies": replies,
        "spent": usage.to_dict(),
    }


def _id(live: Live, chapter: Chapter, memory: tuple[Passage, ...]) -> str:
    """Return the id of a digest: the same question to the same reasoner over the same captions."""
    wish = [DIGEST, live.reasoner.name, VERSION, chapter["question"], *chapter["options"]]
    return digest(json.dumps([*wish, *((p.id, len(p.lines)) for p in memory)]))


def _digest(live: Live, chapter: Chapter, id: str, reply: Findings, memory: tuple[Passage, ...]) -> Caption:
    lines: list[Line] = []
    sources: list[Evidence] = []
    names = {ref["id"]: ref["name"] for ref in chapter["recordings"]}
    for finding in reply.findings:
        for source in check([Citation(caption=finding.caption, quote=finding.quote)], memory, names):
            note = finding.note.strip()
            text = f'{note}: "{source["quote"]}"' if note and note != source["quote"] else source["quote"]
            lines.append(Line(source["start"], source["end"], text))
            sources.append(source)
    return Caption(
        id=id,
        recording=chapter["recording"],
        segment=f"{DIGEST}-{chapter['start']:.0f}",
        level=DIGEST,
        start=chapter["start"],
        end=chapter["end"],
        lines=tuple(lines),
        instruction=chapter["question"],
        question="",
        captioner=live.reasoner.name,
        prompt_version=VERSION,
        made_at=time.time(),
        extra={"sources": sources},
    )
