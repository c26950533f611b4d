"""Asking from a program: checkpointed, and going on where it stopped, as on the command line."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from langgraph.types import Command, StateSnapshot

from face.api.answer import Answer
from face.api.given import Event, Told, Video, inputs_of, nobody, settings_of, videos_of
from face.api.stopping import Wish, ended_with
from face.api.turns import turn
from face.checks import check
from graph.checkpoints import checkpoint_file, open_graph
from graph.threads import check_content, check_name, choose_thread, join_thread, metadata, resumable, thread_key
from memory_store.errors import MEND, StoreError, remedy
from tools.errors import BadInput
from tools.live import peek
from tools.settings import Settings
from tools.video.download.address import without_credentials

if TYPE_CHECKING:
    from graph.build import Checkpointed

Confirm = Callable[[dict[str, Any]], bool]
"""Asked before something that costs much is begun; the dictionary says what, in flat JSON values."""


def ask(
    video: Video | Sequence[Video],
    question: str,
    options: Sequence[str] = (),
    *,
    thread: str | None = None,
    new: bool = False,
    settings: Settings | None = None,
    on_event: Told | None = None,
    confirm: Confirm | None = None,
    stop: threading.Event | None = None,
    **given: Any,
) -> Answer:
    """Ask a question of one or more videos, and return the answer with the moments it rests on.

    Every question is a checkpointed session. One that was cut short, in this process or another, goes on where it
    stopped when the same question is asked again under the same settings. May be called from several threads at
    once; the same question at the same time waits for its turn.

    Args:
        video: a file, folder, list file or http(s) address; or a list of them, which are several recordings.
        question: in words.
        options: to choose from, two to 26; then `option` of the answer is a letter.
        thread: a name that makes the session a conversation: asked with the earlier questions of it in mind.
        new: begin afresh, even where this question was cut short.
        settings: all of them, as `Settings.load(...)` gives them; those of the environment where None.
        on_event: called on this thread with each step, a dict with `event` and `text`. What it raises ends the run.
        confirm: asked before something costly is begun, where a setting wants that; true goes on.
        stop: once set, what is under way may finish, nothing else begins, and `Stopped` is raised.
        given: single settings, such as `max_rounds=3`; they win over `settings`.

    Raises:
        BadInput: a video, question, option or setting that cannot be used: one clear line.
        StoreError: memory or sessions cannot be used now (a full disk, another process that holds the store).
        Stopped: `stop` was set.
    """
    in_force, told = settings_of(settings, given), on_event or nobody
    if thread is not None:
        check_name(thread)
    if thread is not None and new:
        raise BadInput("`new` begins another session, `thread` goes on with one: give one of them")
    videos = videos_of(video)
    asked = inputs_of(videos, question, options)
    with ended_with(stop) as wish:
        parts = check(in_force, videos, [asked], lambda text: told({"event": "open", "text": text}))
        inputs = asked | inputs_of([without_credentials(name) for name in videos], question, options)
        key = thread or thread_key(parts, question, inputs["options"], in_force)
        file = str(checkpoint_file(in_force))
        with turn(file, key), open_graph(file) as graph:
            if thread:
                name = thread
                goes_on = join_thread(graph, thread, inputs, parts, peek(in_force).memory.recordings)
            else:
                name, goes_on = choose_thread(graph, key, new)
            told({"event": "thread", "text": question, "thread": name, "goes_on": goes_on})
            run = _Run(graph, in_force, told, confirm, wish)
            return run.go(None if goes_on else inputs, inputs, name)


def resume(
    thread: str,
    *,
    home: Video | None = None,
    on_event: Told | None = None,
    confirm: Confirm | None = None,
    stop: threading.Event | None = None,
) -> Answer:
    """Go on with a session that was cut short, under the settings it was begun with.

    Args:
        thread: its id, as `thread_id` of an answer or the event `thread` gave it.
        home: folder of memory and sessions; that of the environment where None.
        on_event: as of `ask`; `confirm` and `stop` too.

    Raises `BadInput` where there is no such session, it is finished, or its video is another one now; `StoreError`
    and `Stopped` as `ask` does.
    """
    own, told = Settings.load(**({} if home is None else {"home": str(home)})), on_event or nobody
    file = str(checkpoint_file(own))
    with ended_with(stop) as wish, turn(file, thread), open_graph(file) as graph:
        session = resumable(graph, thread)
        in_force = Settings.load(**{**json.loads(session.settings), "home": own.home})
        videos = videos_of(session.video)
        inputs = inputs_of(videos, session.question, session.options)
        parts = check(in_force, videos, [inputs], lambda text: told({"event": "open", "text": text}))
        check_content(graph, thread, parts, peek(in_force).memory.recordings)
        told({"event": "thread", "text": session.question, "thread": thread, "goes_on": True})
        return _Run(graph, in_force, told, confirm, wish).go(None, inputs, thread)


@dataclass(frozen=True)
class _Run:
    """What a question is run with."""

    graph: Checkpointed
    settings: Settings
    told: Told
    confirm: Confirm | None
    wish: Wish

    def go(self, begin: dict[str, Any] | None, inputs: dict[str, Any], thread: str) -> Answer:
        """Run a session to its answer: from its beginning, or where `begin` is None from where it stopped."""
        config: Any = {"configurable": {"thread_id": thread}, "metadata": metadata(inputs, self.settings)}
        try:
            state = self._stream(begin, config)
            while state.interrupts:
                state = self._stream(Command(resume=self._confirmed(state.interrupts[0].value, thread)), config)
        except StoreError as problem:
            raise type(problem)(_later(str(problem))) from None
        except sqlite3.Error as problem:
            home = str(self.settings.home_path)
            said = f"the session cannot be kept in {home}: {problem}; {remedy(str(problem), home) or MEND}"
            raise StoreError(_later(said)) from None
        if not state.values.get("status"):
            raise BadInput(f"session {thread} has nothing left to do; `new=True` asks afresh")
        return cast(Answer, {key: state.values.get(key) for key in Answer.__annotations__})

    def _stream(self, begin: Any, config: Any) -> StateSnapshot:
        """Run until there is nothing left to do, or a person is asked; return the state then."""
        events: Any = self.graph.stream(begin, config, context=self.settings, stream_mode="custom", durability="sync")
        self.wish.follow(events, self.told)
        return self.graph.get_state(config)

    def _confirmed(self, asked: Event, thread: str) -> bool:
        if self.confirm is None:
            raise BadInput(
                f"session {thread} waits for a person's yes: `videolucy resume {thread}` asks, or `confirm=` of `ask`"
            )
        return bool(self.confirm(asked))


def _later(said: str) -> str:
    """A full disk, a store in use: what was stored stays."""
    return f"{said}; once that is mended, asking again goes on"
