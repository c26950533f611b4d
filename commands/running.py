"""Running a question on the checkpointed graph: new, continued or resumed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from langgraph.types import Command

from commands.confirming import confirmed
from commands.stopping import stoppable
from commands.terminal import clean, progress, show_event
from memory_store.errors import MEND, StoreError, remedy
from tools.errors import BadInput
from tools.settings import Settings

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.types import StateSnapshot

    from graph.build import Checkpointed


Parts = list[list[str]]
"""The content ids of each video's parts."""


def check(settings: Settings, videos: list[str], questions: list[dict[str, Any]]) -> Parts:
    """Check all that can be checked before anything is spent. Raises `BadInput`.

    Returns the content of the videos, which the sessions of their questions are named by.
    """
    from tools.clients import allowed_folders, check_paths
    from tools.cutting import check_cut
    from tools.models import check_models
    from tools.question import check_question
    from tools.speech.choice import check_perceivable
    from tools.video.download.downloads import Downloads
    from tools.video.sources import find_parts

    for item in questions:
        check_question(item["question"], item.get("options") or [])
    check_models(settings)
    downloads = Downloads(settings.downloads_path, settings.download_limit, _tell, settings.private_hosts)
    allowed = partial(check_paths, folders=allowed_folders(settings))
    found = [find_parts(video, settings.full_hash, downloads, check_paths=allowed) for video in videos]
    for name, parts in found:
        check_perceivable(name, parts, settings)
        check_cut(name, parts, settings)
    return [[part.id for part in parts] for _, parts in found]


def _tell(text: str) -> None:
    progress.print(clean(text), markup=False, soft_wrap=True)


class Sessions:
    """The graph with its checkpoints, as the commands use it."""

    def __init__(self, graph: Checkpointed, settings: Settings, yes: bool = False) -> None:
        """`yes`: whatever a person would be asked is agreed to."""
        self.graph = graph
        self.settings = settings
        self.yes = yes
        self.running = ""
        """The thread of the question in hand."""

    def how_to_go_on(self) -> str:
        """Return how a person goes on after stopping now."""
        if self.running:
            return f"`videolucy resume {self.running}` goes on where it stopped"
        return "the same command goes on where it stopped"

    def ask(self, inputs: dict[str, Any], parts: Parts, new: bool = False, thread: str = "") -> dict[str, Any]:
        """Ask a question: go on with its unfinished thread, or begin one. The thread id comes first on stderr.

        With `thread` it is asked on that one, as the next question of a conversation. Raises `BadInput` where that
        one is about other videos, or has another question to finish first.
        """
        from graph.threads import choose_thread, join_thread, metadata, thread_key
        from tools.live import peek

        if thread:
            goes_on = join_thread(self.graph, thread, inputs, parts, peek(self.settings).memory.recordings)
        else:
            key = thread_key(parts, inputs["question"], inputs.get("options") or [], self.settings)
            thread, goes_on = choose_thread(self.graph, key, new)
        progress.print(f"thread {thread}" + (" (going on with it)" if goes_on else ""))
        # One that waits is let go on by the command that lifts the limit.
        agreed = self.yes or not self.settings.confirm_over
        return self._run(None if goes_on else inputs, thread, metadata(inputs, self.settings), agreed)

    def unanswered(self, thread: str, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the questions from the one on that a conversation was cut short at; all where it was not."""
        from graph.threads import find_session

        session = find_session(self.graph, thread)
        if session is None or session.finished:
            return asked
        at = next((at for at, item in enumerate(asked) if session.asks(item)), 0)
        if at:
            progress.print(f"thread {thread}: the first {at} of {len(asked)} questions were asked before")
        return asked[at:]

    def resume(self, thread: str) -> dict[str, Any]:
        """Go on with an unfinished thread under the settings it was begun with."""
        from graph.threads import check_content, metadata, resumable
        from tools.live import peek

        session = resumable(self.graph, thread)
        self.settings = Settings.load(**{**json.loads(session.settings), "home": self.settings.home})
        videos = [session.video] if isinstance(session.video, str) else session.video
        parts = check(self.settings, videos, [{"question": session.question, "options": list(session.options)}])
        check_content(self.graph, thread, parts, peek(self.settings).memory.recordings)
        progress.print(f"thread {thread} (going on with it): {session.question}", markup=False)
        inputs = {"video": session.video, "question": session.question, "options": list(session.options)}
        return self._run(None, thread, metadata(inputs, self.settings), self.yes)

    def _run(self, inputs: Any, thread: str, noted: dict[str, str], agreed: bool) -> dict[str, Any]:
        """Run a thread to its answer. `agreed`: to whatever a person would be asked."""
        from graph.threads import asked_of_person

        config: RunnableConfig = {"configurable": {"thread_id": thread}, "metadata": noted}
        self.running = thread
        try:
            state = self._stream(inputs, config)
            while asked := asked_of_person(state):
                reply = agreed or confirmed(asked, f"`videolucy resume {thread} --yes` goes on")
                state = self._stream(Command(resume=reply), config)
        except StoreError as problem:
            raise type(problem)(_later(str(problem), thread)) from None
        except sqlite3.Error as problem:
            home = str(self.settings.home_path)
            said = f"the session cannot be kept in {home}: {problem}; {remedy(str(problem), home) or MEND}"
            raise StoreError(_later(said, thread)) from None
        self.running = ""
        if not state.values.get("status"):
            raise BadInput(f"thread {thread} has nothing left to do; `--new` asks afresh")
        return {key: state.values.get(key) for key in _FACE}

    def _stream(self, inputs: Any, config: RunnableConfig) -> StateSnapshot:
        """Run until there is nothing left to do, or a person is asked; return the state then."""
        for event in self.graph.stream(inputs, config, context=self.settings, stream_mode="custom", durability="sync"):
            show_event(event)
        return self.graph.get_state(config)


def _later(said: str, thread: str) -> str:
    """A full disk, a store in use: what was stored stays."""
    return f"{said}; once that is mended, `videolucy resume {thread}` goes on"


_FACE = (
    "answer",
    "option",
    "status",
    "confidence",
    "reason",
    "stopped_by",
    "rounds",
    "thread_id",
    "evidence",
    "models",
    "usage",
)


@contextmanager
def open_sessions(settings: Settings, yes: bool = False) -> Iterator[Sessions]:
    """Open the graph with the checkpoints of these settings. SIGTERM ends it like Ctrl-C does.

    `yes`: whatever a person would be asked is agreed to.
    """
    from graph.checkpoints import checkpoint_file, open_graph
    from tools.live import close_all

    opened: list[Sessions] = []
    with stoppable(lambda: opened[0].how_to_go_on() if opened else "the same command begins again"):
        try:
            with open_graph(checkpoint_file(settings)) as graph:
                opened.append(Sessions(graph, settings, yes))
                yield opened[0]
        finally:
            close_all()
