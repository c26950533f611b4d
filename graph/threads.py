"""Threads: which checkpointed session a question belongs to, and which sessions there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.build import Checkpointed
from memory_store.records import digest
from tools.errors import BadInput
from tools.settings import Settings

_SEPARATOR = "\x1f"
"""Between list items in checkpoint metadata, which holds plain strings."""


@dataclass(frozen=True)
class Session:
    """One thread of the checkpoint file."""

    thread_id: str
    question: str
    video: str | list[str]
    options: tuple[str, ...]
    settings: str
    """The run's settings as JSON, as they were given."""
    status: str
    """Of the answer; `unfinished` while there is none."""
    answer: str
    rounds: int
    updated: str
    """ISO time of the newest checkpoint."""

    @property
    def finished(self) -> bool:
        return self.status != "unfinished"


def thread_key(parts: Sequence[Sequence[str]], question: str, options: Sequence[str], settings: Settings) -> str:
    """Return the name all threads of this question share: same content, words, options and settings."""
    facts = [*("+".join(ids) for ids in parts), question, *options, settings.fingerprint()]
    return "q-" + digest(_SEPARATOR.join(facts))[:12]


def metadata(inputs: dict[str, Any], settings: Settings) -> dict[str, str]:
    """Return what is noted with every checkpoint of a run, from the very first one on."""
    given = settings.model_dump(mode="json", exclude_unset=True)
    return {
        "video": _SEPARATOR.join(_listed(inputs["video"])),
        "question": inputs["question"],
        "options": _SEPARATOR.join(inputs.get("options") or []),
        "settings": json.dumps(given),
    }


def sessions(graph: Checkpointed) -> Iterator[Session]:
    """Yield the sessions of a checkpointed graph, the newest first."""
    rows = graph.checkpointer.conn.execute(  # type: ignore[union-attr]
        "SELECT thread_id, MAX(checkpoint_id) AS newest FROM checkpoints WHERE checkpoint_ns = '' "
        "GROUP BY thread_id ORDER BY newest DESC"
    ).fetchall()
    for thread_id, _ in rows:
        session = find_session(graph, thread_id)
        if session:
            yield session


def find_session(graph: Checkpointed, thread_id: str) -> Session | None:
    """Return the session of a thread, or None if there is no such thread."""
    state = graph.get_state({"configurable": {"thread_id": thread_id}})
    if state.created_at is None:
        return None
    values: dict[str, Any] = state.values
    noted: dict[str, Any] = dict(state.metadata or {})
    videos = _split(noted.get("video", "")) or _listed(values.get("video", ""))
    return Session(
        thread_id=thread_id,
        question=noted.get("question", "") or values.get("question", ""),
        video=videos[0] if len(videos) == 1 else list(videos),
        options=_split(noted.get("options", "")) or tuple(values.get("options") or ()),
        settings=noted.get("settings", "{}"),
        status="unfinished" if state.next else values.get("status", "unfinished"),
        answer="" if state.next else values.get("answer", ""),
        rounds=values.get("round", 0),
        updated=state.created_at,
    )


def choose_thread(graph: Checkpointed, key: str, new: bool) -> tuple[str, bool]:
    """Return the thread to use for a question, and whether it continues an unfinished one.

    The newest thread of the key is continued if it is unfinished and `new` is false; otherwise the
    next number is taken.
    """
    number, last = 0, None
    while (session := find_session(graph, _numbered(key, number + 1))) is not None:
        number, last = number + 1, session
    if last is not None and not last.finished and not new:
        return last.thread_id, True
    return _numbered(key, number + 1), False


def resumable(graph: Checkpointed, thread_id: str) -> Session:
    """Return the unfinished session of `thread_id`. Raises `BadInput` if there is none."""
    session = find_session(graph, thread_id)
    if session is None:
        raise BadInput(f"there is no session {thread_id}; `videolucy sessions` lists them")
    if session.finished:
        raise BadInput(f"session {thread_id} is finished ({session.status}); `videolucy ask` asks again")
    return session


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()


def _listed(video: str | list[str]) -> tuple[str, ...]:
    return (video,) if isinstance(video, str) else tuple(video)


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}-{number}"
