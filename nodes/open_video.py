"""First step: which recordings a question is about, and a clean start for it."""

from __future__ import annotations

import json
import time
import uuid
import warnings
from functools import partial
from typing import Any, Literal

from langchain_core.messages import RemoveMessage
from langgraph.config import get_config
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite

from memory_store.records import Part, digest
from nodes.progress import say
from nodes.state import RecordingRef, State, Turn
from tools.clients import allowed_folders, check_paths
from tools.cutting import check_cut
from tools.errors import BadInput
from tools.live import Live, live_for
from tools.models import check_models
from tools.question import check_question
from tools.settings import Settings
from tools.speech.choice import check_perceivable
from tools.usage import Usage
from tools.video.download.downloads import Downloads
from tools.video.sources import find_parts


def open_video(state: State, runtime: Runtime[Settings]) -> Command[Literal["confirm", "transcribe", "__end__"]]:
    """Resolve and identify the videos, and reset what belongs to one question only.

    Raises `BadInput` for a video, question or option that cannot be used. Under a server, where an
    exception's text is masked, the run ends with `status` `failed` and the text as `reason`.
    """
    began = time.monotonic()
    _warn_without_checkpoints(runtime)
    try:
        check_question(state.get("question"), state.get("options") or ())
        live = live_for(runtime.context)
        check_models(live.settings)
        recordings = open_recordings(live, state.get("video"))
    except BadInput as problem:
        if runtime.server_info is None:
            raise
        return Command(goto="__end__", update={"status": "failed", "reason": str(problem), "answer": ""})
    names = ", ".join(f"{ref['name']} ({ref['duration']:.0f} s)" for ref in recordings)
    say("open", f"{names}; question: {state['question']}")
    id, onward = question_id(state, recordings), _onward(live)
    if state.get("question_id") == id and not state.get("status"):
        # The same question was cut short and is given again: a resume, not a restart.
        return Command(goto=onward, update={"recordings": recordings, "spent": Usage.since(began)})
    fresh = _fresh(recordings) | {"question_id": id, "exchanges": _about(state, recordings)}
    return Command(goto=onward, update=fresh | {"spent": Overwrite(Usage.since(began))})


def _onward(live: Live) -> Literal["confirm", "transcribe"]:
    """Return the next step: a person may have to be asked only where a setting says so."""
    return "confirm" if live.settings.confirm_over else "transcribe"


def question_id(state: State, recordings: list[RecordingRef]) -> str:
    """Return the id of a question: its recordings, words and options, and its place in the conversation."""
    about = [len(state.get("exchanges", [])), state["question"], *(state.get("options") or [])]
    return digest(json.dumps([*about, *(ref["id"] for ref in recordings)]))


def _about(state: State, recordings: list[RecordingRef]) -> list[Turn]:
    """Return the conversation so far, if it was about one of these recordings."""
    ids = {ref["id"] for ref in recordings}
    known = any(ref["id"] in ids for ref in state.get("recordings", []))
    return state.get("exchanges", []) if known else []


def open_for_ingest(state: State, runtime: Runtime[Settings]) -> Command[Literal["confirm", "transcribe"]]:
    """Resolve and identify the videos of an ingest, which has no question. Raises `BadInput`."""
    began = time.monotonic()
    live = live_for(runtime.context)
    check_models(live.settings)
    recordings = open_recordings(live, state.get("video"))
    fresh = _fresh(recordings) | {"question_id": uuid.uuid4().hex}
    return Command(goto=_onward(live), update=fresh | {"spent": Overwrite(Usage.since(began))})


def open_recordings(live: Live, video: Any) -> list[RecordingRef]:
    """Identify each video by content and register it in memory. Raises `BadInput`."""
    sources = [video] if isinstance(video, str) else video
    if not isinstance(sources, list | tuple) or not sources:
        raise BadInput("no video was given")
    downloads = Downloads(
        live.settings.downloads_path, live.settings.download_limit, _tell, live.settings.private_hosts
    )
    folders = allowed_folders(live.settings)
    opened: list[tuple[str, tuple[Part, ...]]] = [
        find_parts(source, live.settings.full_hash, downloads, _tell, partial(check_paths, folders=folders))
        for source in sources
    ]
    for name, parts in opened:
        check_perceivable(name, parts, live.settings)
        check_cut(name, parts, live.settings)
    refs: list[RecordingRef] = []
    for name, parts in opened:
        recording = live.memory.register(name, parts, live.settings.scopes)
        if all(ref["id"] != recording.id for ref in refs):
            refs.append(RecordingRef(id=recording.id, name=name, duration=round(recording.duration, 3)))
    return refs


def _tell(text: str) -> None:
    say("open", text)


def _fresh(recordings: list[RecordingRef]) -> dict[str, Any]:
    """Return an update that starts a question cleanly, also on a thread that held one before."""
    return {
        "recordings": recordings,
        "standalone": "",
        "gaps": Overwrite([]),
        "summaries": [],
        "digests": Overwrite([]),
        "kind": "",
        "relevant": [],
        "cover": [],
        "round": 0,
        "looked": Overwrite([]),
        "found": Overwrite([]),
        "messages": [RemoveMessage(id=REMOVE_ALL_MESSAGES)],
        "verdict": None,
        "replies": Overwrite(0),
        "trace": Overwrite([]),
        "stopped_by": "",
        "confirmed": "",
        "answer": "",
        "status": "",
    }


def _warn_without_checkpoints(runtime: Runtime[Settings]) -> None:
    configurable = get_config().get("configurable", {})
    if configurable.get("thread_id") and not configurable.get("__pregel_checkpointer") and runtime.server_info is None:
        warnings.warn(
            "a thread_id was given, but this graph keeps no checkpoints: use `with open_graph() as graph:` from app",
            stacklevel=2,
        )
