"""What is said in the recordings: read from subtitles or recognised, and kept in memory, before anyone looks."""

from __future__ import annotations

import time
from typing import Any

from langgraph.runtime import Runtime

from memory_store.records import Part, Recording
from nodes.budget import exhausted
from nodes.progress import say
from nodes.state import Gap, State
from tools.ending import go_on
from tools.listening import listen, unheard
from tools.live import Live, live_for
from tools.settings import Settings
from tools.speech.base import Source, SpeechError
from tools.usage import Usage, add_usage


def transcribe(state: State, runtime: Runtime[Settings]) -> dict[str, Any]:
    """Hear what memory has not yet heard of each recording.

    Every piece is in memory as soon as it is heard, so that a run that is killed goes on from there. Speech that
    cannot be had becomes a gap with its reason; the question is answered without it. (The paper's recordings are
    without speech: its preset turns this off.)
    """
    began = time.monotonic()
    live = live_for(runtime.context)
    gaps: list[Gap] = []
    for ref in state["recordings"]:
        recording = live.memory.recording(ref["id"])
        for part, source in unheard(live, recording):
            try:
                _hear(live, state, recording, part, source, began)
            except SpeechError as problem:
                say("gap", f"the words said in {recording.name} are missing: {problem}")
                gaps.append(Gap(segment=f"speech of {recording.name}", reason=str(problem)[:300]))
    return {"gaps": gaps, "spent": Usage.since(began)}


def _hear(live: Live, state: State, recording: Recording, part: Part, source: Source, began: float) -> None:
    for reached in listen(live, recording, part, source):
        go_on()
        heard = part.end if reached is None else part.start + reached
        say("heard", f"{recording.name}: words to {heard:.0f} of {recording.duration:.0f} s ({source.name})")
        so_far: Any = {**state, "spent": add_usage(state.get("spent"), Usage.since(began))}
        if reached is not None and (budget := exhausted(so_far, live.settings)):
            raise SpeechError(f"the budget {budget} is spent")
