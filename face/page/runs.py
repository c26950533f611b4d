"""The questions under way on the page: each on a thread of its own, its events kept for whoever looks at it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from face.api import asking
from face.api.answer import Answer
from face.api.given import Event
from face.api.stopping import Stopped
from memory_store.errors import EmbedderError, StoreError
from tools.ending import Slots
from tools.errors import BadInput
from tools.settings import Settings

_KEPT = 50
"""Ended runs whose events are kept."""
_AT_ONCE = 16
"""Runs under way at once; their model calls share the same few slots anyway."""


@dataclass
class Run:
    """One question under way, or one that ended a while ago."""

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    thread: str = ""
    state: str = "running"
    """`running`, `stopping`, or how it ended: `finished`, `stopped`, `failed`."""
    wish: threading.Event = field(default_factory=threading.Event)
    """That it ends."""
    reply: bool | None = None
    """What a person said to the newest `waiting`."""
    _replied: Slots = field(default_factory=lambda: Slots(0))
    events: list[Event] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watching: list[Callable[[Event | None], None]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.state not in ("running", "stopping")

    def tell(self, event: Event) -> None:
        """Keep an event, and hand it to everyone who watches."""
        with self._lock:
            self.thread = event.get("thread", self.thread)
            self.events.append(event)
            watching = list(self._watching)
            for watcher in watching:
                watcher(event)

    def confirm(self, asked: Event) -> bool:
        """Ask whoever watches, and wait for the reply. Raises `Ended` where the run is to end before."""
        self.reply = None
        self.tell({"event": "waiting", "text": "waits for a person", "asked": asked})
        self._replied.acquire()
        return bool(self.reply)

    def answer(self, yes: bool) -> None:
        """Take a person's reply. Raises `BadInput` where nobody was asked, or somebody has replied."""
        with self._lock:
            asked = bool(self.events) and self.events[-1]["event"] == "waiting"
            if not asked or self.reply is not None or self.ended:
                raise BadInput("the question does not wait for a reply")
            self.reply = yes
        self._replied.release()

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

    def __init__(self, settings: Settings, enrich: Callable[[str], dict[str, Any]]) -> None:
        """`enrich` gives the answer of a finished session as the page shows it."""
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
        settings = self._in_force(given)

        def work(run: Run) -> Answer:
            return asking.ask(
                videos,
                question,
                options,
                thread=thread or None,
                new=new,
                settings=settings,
                on_event=run.tell,
                confirm=run.confirm,
                stop=run.wish,
            )

        return self._start(work)

    def resume(self, thread: str) -> Run:
        """Go on with an unfinished session, or return the run that is at it already."""
        with self._lock:
            for run in self._runs.values():
                if run.thread == thread and not run.ended:
                    return run

        def work(run: Run) -> Answer:
            home = self._settings.home
            return asking.resume(thread, home=home, on_event=run.tell, confirm=run.confirm, stop=run.wish)

        return self._start(work)

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

    def _in_force(self, given: Mapping[str, Any]) -> Settings:
        """Return the server's settings with those `given` on the page, which cannot say where things lie."""
        kept = {"home": self._settings.home, "store": self._settings.store}
        return Settings.load(**{**self._settings.own(), **given, **kept})

    def _start(self, work: Callable[[Run], Answer]) -> Run:
        run = Run()
        with self._lock:
            if sum(not other.ended for other in self._runs.values()) >= _AT_ONCE:
                raise BadInput(f"{_AT_ONCE} questions are under way already; wait for one to end")
            self._runs[run.id] = run
            for old in [one for one in self._runs.values() if one.ended][: max(0, len(self._runs) - _KEPT)]:
                del self._runs[old.id]
        threading.Thread(target=self._whole, args=(run, work), name=f"run {run.id[:8]}", daemon=True).start()
        return run

    def _whole(self, run: Run, work: Callable[[Run], Answer]) -> None:
        """Run a question to its end, however it ends; whoever watches is told in a sentence."""
        try:
            work(run)
            told = self._enrich(run.thread)
        except Stopped:
            run.end("stopped", {"text": "stopped; it goes on where it was"})
        except (BadInput, StoreError, EmbedderError) as problem:
            run.end("failed", {"text": str(problem)})
        except Exception as problem:
            run.end("failed", {"text": f"{type(problem).__name__}: {problem}"})
        else:
            run.end("finished", {"text": told["answer"] or "", "result": told})
