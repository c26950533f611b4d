"""The questions under way on the page: each on a thread of its own, its events kept for whoever looks at it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langgraph.types import Command

from face.checks import check
from graph.checkpoints import checkpoint_file, open_graph
from graph.threads import check_content, check_name, choose_thread, join_thread, metadata, resumable, thread_key
from memory_store.errors import EmbedderError, StoreError
from tools import ending
from tools.errors import BadInput
from tools.live import peek
from tools.settings import Settings
from tools.video.download.address import without_credentials

if TYPE_CHECKING:
    from graph.build import Checkpointed

_KEPT = 50
"""Ended runs whose events are kept."""
_AT_ONCE = 16
"""Runs under way at once; their model calls share the same few slots anyway."""

Event = dict[str, Any]


@dataclass
class Run:
    """One question under way, or one that ended a while ago."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    thread: str = ""
    state: str = "running"
    """`running`, `stopping`, or how it ended: `finished`, `stopped`, `waiting` (for a person), `failed`."""
    wish: threading.Event = field(default_factory=threading.Event)
    events: list[Event] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watching: list[Callable[[Event | None], None]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.state not in ("running", "stopping")

    def tell(self, event: Event) -> None:
        """Keep an event, and hand it to everyone who watches."""
        with self._lock:
            self.events.append(event)
            watching = list(self._watching)
            for watcher in watching:
                watcher(event)

    def end(self, state: str, event: Event) -> None:
        """Tell the last event. Nothing follows it."""
        self.tell(event | {"event": state})
        with self._lock:
            self.state = state
            for watcher in self._watching:
                watcher(None)
            self._watching.clear()

    async def watch(self, after: int = -1) -> AsyncIterator[tuple[int, Event]]:
        """Yield the events after the one of number `after`, with their numbers, as they happen, to the end."""
        loop, queue = asyncio.get_running_loop(), asyncio.Queue[Event | None]()

        def hand(event: Event | None) -> None:
            # A loop that is closed has nobody left to tell.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, event)

        with self._lock:
            known, open_ = list(self.events), not self.ended
            if open_:
                self._watching.append(hand)
        try:
            for number, event in enumerate(known):
                if number > after:
                    yield number, event
            number = len(known)
            while open_ and (told := await queue.get()) is not None:
                if number > after:
                    yield number, told
                number += 1
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._watching.remove(hand)


class Runs:
    """Begins, finds and stops the questions of the page."""

    def __init__(self, settings: Settings, enrich: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self._settings = settings
        self._enrich = enrich
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()

    def ask(
        self, videos: list[str], question: str, options: list[str], given: Mapping[str, Any], new: bool, thread: str
    ) -> Run:
        """Begin a question, or go on with its unfinished session. Raises `BadInput` for settings that are wrong.

        Args:
            videos: paths or addresses.
            question: in words.
            options: to choose from, or none.
            given: settings that differ from the server's.
            new: begin afresh, even where it was cut short.
            thread: the conversation to ask it in; empty for one of its own.
        """
        settings = self.settings(given)
        inputs: dict[str, Any] = {
            "video": videos[0] if len(videos) == 1 else videos,
            "question": question,
            "options": options,
        }

        def begin(run: Run, graph: Checkpointed) -> None:
            parts = check(settings, videos, [inputs], lambda text: run.tell({"event": "open", "text": text}))
            kept = [without_credentials(video) for video in videos]
            noted = inputs | {"video": kept[0] if len(kept) == 1 else kept}
            if thread:
                goes_on = join_thread(graph, check_name(thread), noted, parts, peek(settings).memory.recordings)
                self._take(run, thread)
            else:
                key = thread_key(parts, question, options, settings)
                name, goes_on = choose_thread(graph, key, new)
                self._take(run, name)
            run.tell({"event": "thread", "thread": run.thread, "text": question, "goes_on": goes_on})
            self._go(run, graph, None if goes_on else noted, noted, settings)

        return self._start(begin)

    def resume(self, thread: str, answer: Any = None) -> Run:
        """Go on with an unfinished session, or return the run that is at it already.

        `answer` is a person's, where the session waits for one.
        """
        with self._lock:
            for run in self._runs.values():
                if run.thread == thread and not run.ended:
                    return run

        def begin(run: Run, graph: Checkpointed) -> None:
            session = resumable(graph, thread)
            settings = Settings.load(**{**json.loads(session.settings), "home": self._settings.home})
            videos = [session.video] if isinstance(session.video, str) else session.video
            asked = {"question": session.question, "options": list(session.options)}
            parts = check(settings, videos, [asked], lambda text: run.tell({"event": "open", "text": text}))
            check_content(graph, thread, parts, peek(settings).memory.recordings)
            self._take(run, thread)
            run.tell({"event": "thread", "thread": thread, "text": session.question, "goes_on": True})
            inputs = {"video": session.video, **asked}
            self._go(run, graph, None if answer is None else Command(resume=answer), inputs, settings)

        return self._start(begin)

    def find(self, id: str) -> Run:
        """Return a run by its id. Raises `BadInput`."""
        with self._lock:
            if id not in self._runs:
                raise BadInput("that question is not under way here any more; its session is kept")
            return self._runs[id]

    def at_work(self) -> dict[str, str]:
        """Return the runs under way: their threads, and the runs' ids."""
        with self._lock:
            return {run.thread: run.id for run in self._runs.values() if run.thread and not run.ended}

    def stop(self, id: str) -> None:
        """Let a run end: what is under way may finish, nothing else begins."""
        run = self.find(id)
        if not run.ended:
            run.state = "stopping"
            run.wish.set()
            run.tell({"event": "stopping", "text": "stopping once what is under way has ended"})

    def stop_all(self) -> None:
        """Let every run end; the server is about to."""
        for id in list(self._runs):
            self.stop(id)

    def settings(self, given: Mapping[str, Any]) -> Settings:
        """Return the server's settings with those `given` on the page. Raises `BadInput`."""
        own = self._settings.model_dump(exclude_unset=True)
        return Settings.load(**{**own, **given, "home": self._settings.home, "store": self._settings.store})

    def _take(self, run: Run, thread: str) -> None:
        """Have a run be the one at work on a thread. Raises `BadInput` where another one is."""
        with self._lock:
            if any(other.thread == thread and not other.ended for other in self._runs.values() if other is not run):
                raise BadInput("this question is being answered already; its session shows how far it is")
            run.thread = thread

    def _start(self, begin: Callable[[Run, Checkpointed], None]) -> Run:
        run = Run()
        with self._lock:
            if sum(not other.ended for other in self._runs.values()) >= _AT_ONCE:
                raise BadInput(f"{_AT_ONCE} questions are under way already; wait for one to end")
            self._runs[run.id] = run
            for old in [one for one in self._runs.values() if one.ended][: max(0, len(self._runs) - _KEPT)]:
                del self._runs[old.id]
        threading.Thread(target=self._whole, args=(run, begin), name=f"run {run.id[:8]}", daemon=True).start()
        return run

    def _whole(self, run: Run, begin: Callable[[Run, Checkpointed], None]) -> None:
        """Run a question to its end, however it ends; whoever watches is told in a sentence."""
        try:
            with ending.ended_by(run.wish), open_graph(checkpoint_file(self._settings)) as graph:
                begin(run, graph)
        except ending.Ended:
            run.end("stopped", {"text": "stopped; it goes on where it was"})
        except (BadInput, StoreError, EmbedderError) as problem:
            run.end("failed", {"text": str(problem)})
        except sqlite3.Error as problem:
            run.end("failed", {"text": f"the session cannot be kept: {problem}"})
        except Exception as problem:
            run.end("failed", {"text": f"{type(problem).__name__}: {problem}"})

    def _go(self, run: Run, graph: Checkpointed, given: Any, inputs: dict[str, Any], settings: Settings) -> None:
        config: Any = {"configurable": {"thread_id": run.thread}, "metadata": metadata(inputs, settings)}
        for event in graph.stream(given, config, context=settings, stream_mode="custom", durability="sync"):
            run.tell(event)
            ending.go_on()
        state = graph.get_state(config)
        if state.interrupts:
            run.end("waiting", {"text": "waits for a person", "asked": state.interrupts[0].value})
        elif state.values.get("status"):
            run.end("finished", {"text": state.values.get("answer") or "", "result": self._enrich(state.values)})
        else:
            run.end("failed", {"text": "nothing is left to do; ask afresh"})
