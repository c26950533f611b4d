"""Threads: which checkpointed session a question belongs to, and which sessions there are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langgraph.types import StateSnapshot

from graph.build import Checkpointed
from memory_store.errors import StoreError
from memory_store.records import Recording, digest
from tools.errors import BadInput
from tools.settings import Settings
from tools.video.download.address import redacted

_SEPARATOR = "\x1f"
"""Between list items in checkpoint metadata, which holds plain strings."""


_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


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
    """Of the answer; `unfinished` while there is none, `waiting` where a person has to reply first, `unreadable` where
    its checkpoint is damaged, `outdated` where it stopped before a step that this version does not have."""
    answer: str
    rounds: int
    updated: str
    """ISO time of the newest checkpoint."""

    @property
    def finished(self) -> bool:
        return self.status not in ("unfinished", "waiting")

    def asks(self, inputs: Mapping[str, Any]) -> bool:
        """Tell whether these inputs ask its question, in the same words and with the same options."""
        return (inputs["question"], tuple(inputs.get("options") or ())) == (self.question, self.options)


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
    for thread_id in _threads(graph):
        try:
            session = find_session(graph, thread_id)
        except StoreError:
            yield Session(thread_id, "", "", (), "{}", "unreadable", "", 0, "")
            continue
        if session:
            yield session


def finished(graph: Checkpointed) -> Iterator[dict[str, Any]]:
    """Yield the states of the questions that were answered, the newest first; of a thread, of its last one."""
    for thread_id in _threads(graph):
        try:
            state = graph.get_state({"configurable": {"thread_id": thread_id}})
        except StoreError:
            continue
        if not waiting(state) and state.values.get("status", "failed") != "failed":
            yield state.values


def _threads(graph: Checkpointed) -> list[str]:
    rows = graph.checkpointer.conn.execute(  # type: ignore[union-attr]
        "SELECT thread_id, MAX(checkpoint_id) AS newest FROM checkpoints WHERE checkpoint_ns = '' "
        "GROUP BY thread_id ORDER BY newest DESC"
    ).fetchall()
    return [thread_id for thread_id, _ in rows]


def waiting(state: StateSnapshot) -> tuple[str, ...]:
    """Return the nodes a thread has still to run or to count in; none where it is finished.

    Not `state.next`: a run killed between the writes of a step's last task and the next checkpoint has none there.
    """
    return tuple(task.name for task in state.tasks)


def asked_of_person(state: StateSnapshot) -> dict[str, Any] | None:
    """Return what a thread waits for a person to agree to, in flat JSON values; None where it waits for nobody.

    It goes on with `graph.stream(Command(resume=True), ...)`, or `False`.
    """
    return state.interrupts[0].value if state.interrupts else None


def find_session(graph: Checkpointed, thread_id: str) -> Session | None:
    """Return the session of a thread, or None if there is no such thread."""
    state = graph.get_state({"configurable": {"thread_id": thread_id}})
    if state.created_at is None:
        return None
    values: dict[str, Any] = state.values
    noted: dict[str, Any] = dict(state.metadata or {})
    left = "waiting" if asked_of_person(state) else "unfinished" if waiting(state) else ""
    videos = _split(noted.get("video", "")) or _listed(values.get("video", ""))
    return Session(
        thread_id=thread_id,
        question=noted.get("question", "") or values.get("question", ""),
        video=videos[0] if len(videos) == 1 else list(videos),
        options=_split(noted.get("options", "")) or tuple(values.get("options") or ()),
        settings=noted.get("settings", "{}"),
        status=left or values.get("status", "unfinished") or "outdated",
        answer="" if left else values.get("answer", ""),
        rounds=values.get("round", 0),
        updated=state.created_at,
    )


def state_of(graph: Checkpointed, thread_id: str) -> tuple[Session, dict[str, Any]]:
    """Return the session of a thread and the state of its newest question. Raises `BadInput` if there is none.

    A question that was not opened yet has no state of its own: only what the thread carries on is returned.
    """
    session = find_session(graph, thread_id)
    if session is None:
        raise BadInput(f"there is no session {thread_id}; `videolucy sessions` lists them")
    state = graph.get_state({"configurable": {"thread_id": thread_id}})
    if not {"__start__", "open_video"} & set(waiting(state)):
        return session, state.values
    carried = {key: state.values[key] for key in ("exchanges", "recordings") if key in state.values}
    return session, carried | {"question": session.question, "options": list(session.options)}


def check_name(thread_id: str) -> str:
    """Return the name a user gives a thread. Raises `BadInput` where it cannot be one."""
    if not _NAME.fullmatch(thread_id):
        raise BadInput(f"thread {thread_id!r}: a name has 1 to 64 letters, digits, dots, hyphens or underscores")
    return thread_id


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


def join_thread(
    graph: Checkpointed,
    thread_id: str,
    inputs: Mapping[str, Any],
    parts: Sequence[Sequence[str]],
    recordings: Callable[[], Iterable[Recording]],
) -> bool:
    """Return whether a question continues an unfinished one of the thread it is to be asked on.

    A thread that does not exist is begun. Raises `BadInput` where one that does is about other videos, or was cut
    short at another question.

    Args:
        graph: with its checkpoints.
        thread_id: the name a user gave.
        inputs: of the run.
        parts: the content of its videos.
        recordings: gives those that memory knows.
    """
    session = find_session(graph, check_name(thread_id))
    if session is None:
        return False
    _, values = state_of(graph, thread_id)
    if not _about(values, parts, recordings, _listed(session.video) == _listed(inputs["video"])):
        videos = redacted(", ".join(_listed(session.video)))
        raise BadInput(f"thread {thread_id} is about other videos ({videos}); give those, or another name")
    if not session.finished and not session.asks(inputs):
        raise BadInput(f"thread {thread_id} has a question to finish first: videolucy resume {thread_id}")
    return not session.finished


def _about(
    values: Mapping[str, Any],
    parts: Sequence[Sequence[str]],
    recordings: Callable[[], Iterable[Recording]],
    otherwise: bool,
) -> bool:
    """Tell whether a state is about videos of this content; `otherwise` where it has none yet."""
    ids = {ref["id"] for ref in values.get("recordings") or ()}
    stored = [[part.id for part in recording.parts] for recording in recordings() if recording.id in ids]
    return _same_content(stored, parts) if stored else otherwise


def _same_content(stored: Sequence[Sequence[str]], given: Sequence[Sequence[str]]) -> bool:
    """Tell whether the videos given are the recordings stored, each as it was or grown since."""

    def continues(new: Sequence[str], old: Sequence[str]) -> bool:
        return list(new[: len(old)]) == list(old)

    fits = [[continues(new, old) for old in stored] for new in given]
    return all(map(any, fits)) and all(map(any, zip(*fits, strict=True)))


def resumable(graph: Checkpointed, thread_id: str) -> Session:
    """Return the unfinished session of `thread_id`. Raises `BadInput` if there is none."""
    session, _ = state_of(graph, thread_id)
    if session.status == "outdated":
        raise BadInput(
            f"session {thread_id} stopped before a step that this version does not have; `videolucy ask` asks again, "
            "and memory keeps what was seen"
        )
    if session.finished:
        raise BadInput(f"session {thread_id} is finished ({session.status}); `videolucy ask` asks again")
    return session


def check_content(
    graph: Checkpointed,
    thread_id: str,
    parts: Sequence[Sequence[str]],
    recordings: Callable[[], Iterable[Recording]],
) -> None:
    """Raise `BadInput` where the videos of a session are not those any more that it was begun with.

    Its segments would be looked at in another video. One that grew is still the same.
    """
    session, values = state_of(graph, thread_id)
    if not _about(values, parts, recordings, True):
        videos = redacted(", ".join(_listed(session.video)))
        raise BadInput(f"{videos} is not the video any more that session {thread_id} was begun with; ask anew")


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()


def _listed(video: str | list[str]) -> tuple[str, ...]:
    return (video,) if isinstance(video, str) else tuple(video)


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}-{number}"
