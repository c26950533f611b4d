"""First step: which recordings a question is about, and a clean start for it."""

from __future__ import annotations

import time
import uuid
import warnings
from typing import Any, Literal

from langchain_core.messages import RemoveMessage
from langgraph.config import get_config
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite

from memory_store.records import Part
from nodes.progress import say
from nodes.state import RecordingRef, State
from tools.errors import BadInput
from tools.live import Live, live_for
from tools.settings import Settings
from tools.usage import Usage
from tools.video.sources import find_parts

MOST_OPTIONS = 26
LONGEST_OPTION = 2_000
LONGEST_QUESTION = 20_000


def open_video(state: State, runtime: Runtime[Settings]) -> Command[Literal["sweep", "__end__"]]:
    """Resolve and identify the videos, and reset what belongs to one question only.

    Raises `BadInput` for a video, question or option that cannot be used. Under a server, where an
    exception's text is masked, the run ends with `status` `failed` and the text as `reason`.
    """
    began = time.monotonic()
    _warn_without_checkpoints(runtime)
    try:
        check_question(state)
        live = live_for(runtime.context)
        recordings = open_recordings(live, state["video"])
    except BadInput as problem:
        if runtime.server_info is None:
            raise
        return Command(goto="__end__", update={"status": "failed", "reason": str(problem), "answer": ""})
    names = ", ".join(f"{ref['name']} ({ref['duration']:.0f} s)" for ref in recordings)
    say("open", f"{names}; question: {state['question']}")
    return Command(goto="sweep", update=_fresh(recordings) | {"spent": Overwrite(Usage.since(began))})


def open_for_ingest(state: State, runtime: Runtime[Settings]) -> Command[Literal["sweep"]]:
    """Resolve and identify the videos of an ingest, which has no question. Raises `BadInput`."""
    began = time.monotonic()
    recordings = open_recordings(live_for(runtime.context), state["video"])
    return Command(goto="sweep", update=_fresh(recordings) | {"spent": Overwrite(Usage.since(began))})


def check_question(state: State | dict[str, Any]) -> None:
    """Raise `BadInput` unless the question and its options can be asked."""
    question, options = state.get("question"), state.get("options") or []
    if not isinstance(question, str) or not question.strip():
        raise BadInput("the question is empty")
    if len(question) > LONGEST_QUESTION:
        raise BadInput(f"the question is longer than {LONGEST_QUESTION:,} characters")
    if len(options) > MOST_OPTIONS:
        raise BadInput(f"at most {MOST_OPTIONS} options are possible, not {len(options)}")
    if len(options) == 1:
        raise BadInput("one option is no choice: give at least two, or none")
    for option in options:
        if not isinstance(option, str) or not option.strip():
            raise BadInput("an option is empty")
        if len(option) > LONGEST_OPTION:
            raise BadInput(f"an option is longer than {LONGEST_OPTION:,} characters")
    if len({option.strip() for option in options}) < len(options):
        raise BadInput("two options are the same")


def open_recordings(live: Live, video: str | list[str]) -> list[RecordingRef]:
    """Identify each video by content and register it in memory. Raises `BadInput`."""
    sources = [video] if isinstance(video, str) else list(video)
    if not sources:
        raise BadInput("no video was given")
    opened: list[tuple[str, tuple[Part, ...]]] = [find_parts(source) for source in sources]
    refs: list[RecordingRef] = []
    for name, parts in opened:
        recording = live.memory.register(name, parts, live.settings.scopes)
        if all(ref["id"] != recording.id for ref in refs):
            refs.append(RecordingRef(id=recording.id, name=name, duration=round(recording.duration, 3)))
    return refs


def _fresh(recordings: list[RecordingRef]) -> dict[str, Any]:
    """Return an update that starts a question cleanly, also on a thread that held one before."""
    return {
        "question_id": uuid.uuid4().hex,
        "recordings": recordings,
        "gaps": Overwrite([]),
        "summaries": [],
        "kind": "",
        "relevant": [],
        "round": 0,
        "looked": Overwrite([]),
        "found": Overwrite([]),
        "messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES)],
        "verdict": None,
        "replies": Overwrite(0),
        "trace": Overwrite([]),
        "stopped_by": "",
    }


def _warn_without_checkpoints(runtime: Runtime[Settings]) -> None:
    configurable = get_config().get("configurable", {})
    if configurable.get("thread_id") and not configurable.get("__pregel_checkpointer") and runtime.server_info is None:
        warnings.warn(
            "a thread_id was given, but this graph keeps no checkpoints: use `with open_graph() as graph:` from app",
            stacklevel=2,
        )
