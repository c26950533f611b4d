"""The recaption tool: looks at one segment again, with an instruction made for the question."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import ToolMessage
from langchain_core.runnables.config import ContextThreadPoolExecutor
from langchain_core.tools import tool
from langgraph.prebuilt import ToolRuntime
from langgraph.types import Command

from memory_store.records import Recording, Segment
from tools.captioners.base import CaptionError
from tools.earlier import served
from tools.live import Live, live_for
from tools.looking import Wanted, closer, describe
from tools.outline import Outline
from tools.settings import Settings
from tools.usage import Usage
from tools.video.clip import Frame
from tools.video.errors import VideoError
from tools.video.readers import read, subsample, window_reader
from tools.video.watching import Stretch, watch

Runtime = ToolRuntime[Settings, dict[str, Any]]
"""What LangGraph hands the tool beside its arguments; no model sees it."""

_WINDOWS = threading.Semaphore(2)
"""Windows decoded and held at once: a call may hold the frames of its whole segment."""


@tool
def recaption(segment: str, focus: str, instruction: str, runtime: Runtime) -> Command:
    """Look at a segment again, more finely, and describe it and its parts.

    Args:
        segment: id of the segment as the outline shows it, for example c4 or c4.f2.
        focus: what to find out there, in a few words.
        instruction: what the describing model should pay attention to.
    """
    live = live_for(runtime.context)
    state = runtime.state
    outline = Outline.of(live, state["recordings"])
    target = outline.find(segment)
    looked = {"segment": segment, "focus": focus, "round": state["round"]}
    if target is None:
        return _result(runtime, f"there is no segment {segment}", looked)
    recording = outline.plan(target.recording).recording
    wanted = closer(live, recording, target, instruction, focus.strip() or state["question"])
    done = Done(served(live, wanted, state["question"], {item["caption"] for item in state.get("found") or []}))
    while missing := [item for item in wanted if done.lacks(item.id(live.captioner.name))]:
        ids = {item.id(live.captioner.name) for item in missing}
        with live.flight.claim(ids) as mine:
            own = [item for item in missing if item.id(live.captioner.name) in mine]
            # Between the look into memory and the claim another call may have made it.
            done.take(live.memory.known(recording.id, mine))
            own = [item for item in own if done.lacks(item.id(live.captioner.name))]
            if own:
                _look(live, recording, target, own, state["question"], runtime, done)
        # Waiting comes after the work, and holds nothing; what another call failed at is tried here.
        live.flight.wait(ids - mine)
        done.take(live.memory.known(recording.id, ids - mine))
    captions = [done.by_wish[id] for item in wanted if (id := item.id(live.captioner.name)) in done.by_wish]
    text = f"{segment}: {done.made} captions made, {done.reused} reused"
    text += f", {len(done.gaps)} failed" if done.gaps else ""
    counts = {"captions_made": done.made, "captions_reused": done.reused}
    # Where and what for was noted when the look was chosen, and the time it took where the calls are joined.
    note = {"round": state["round"], "step": "tools", "text": text, **counts}
    return _result(
        runtime,
        text,
        looked | {"made": done.made, "reused": done.reused},
        found=[{"recording": recording.id, "caption": id, "round": state["round"]} for id in captions],
        gaps=[{"segment": outline.join(recording.id, id), "reason": why} for id, why in done.gaps],
        trace=[note],
        spent=(done.usage + Usage(captions_reused=done.reused)).to_dict(),
    )


@dataclass
class Done:
    """How far one call has come: a caption for each wish, or why there is none."""

    by_wish: dict[str, str] = field(default_factory=dict)
    """The caption that fulfils a wish, by the id it would have."""
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Segment and reason, by the same."""
    made: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def reused(self) -> int:
        return len(self.by_wish) - self.made

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """Segment and reason of whatever failed, each once."""
        return list(dict.fromkeys(self.failed.values()))

    def lacks(self, wish: str) -> bool:
        return wish not in self.by_wish and wish not in self.failed

    def take(self, known: Iterable[str]) -> None:
        """Note captions that memory holds."""
        self.by_wish |= {id: id for id in known}


def _look(
    live: Live,
    recording: Recording,
    target: Segment,
    wanted: list[Wanted],
    question: str,
    runtime: Runtime,
    done: Done,
) -> None:
    """Decode the segment once and caption it and its parts side by side; each is stored as it exists."""
    workers = min(len(wanted), live.captions_at_once)
    room = threading.Semaphore(workers + 1)

    def one(item: Wanted, frames: Sequence[Frame]) -> tuple[str, Usage]:
        with live.slots:
            caption, cost = describe(live, item, frames, question)
        where = {"video": recording.name, "start": item.segment.start, "end": item.segment.end, "level": caption.level}
        runtime.stream_writer({"event": "captioned", "text": f"{caption.segment} again, {caption.level}"} | where)
        return caption.id, cost

    with _WINDOWS:
        futures: list[tuple[Wanted, Future[tuple[str, Usage]]]] = []
        broken = "it could not be decoded"
        with ContextThreadPoolExecutor(max_workers=workers) as pool:
            try:
                for item, frames in clips(live, recording, target, wanted):
                    # The decoding waits for the captions, so that no more frames are held than are looked at.
                    room.acquire()
                    future = pool.submit(one, item, frames)
                    future.add_done_callback(lambda _: room.release())
                    futures.append((item, future))
                    del frames
            except VideoError as problem:
                broken = str(problem)[:300]
        for item, future in futures:
            wish = item.id(live.captioner.name)
            try:
                done.by_wish[wish], cost = future.result()
            except CaptionError as problem:
                done.failed[wish] = item.segment.id, str(problem)[:300]
                cost = problem.usage
            else:
                done.made += 1
            done.usage = done.usage + cost
    for item in wanted:
        if done.lacks(wish := item.id(live.captioner.name)):
            done.failed[wish] = target.id, broken


def clips(
    live: Live, recording: Recording, target: Segment, wanted: list[Wanted]
) -> Iterator[tuple[Wanted, Sequence[Frame]]]:
    """Yield the frames of each wanted caption, from one decode. Raises `VideoError`."""
    sampling = max((item.sampling for item in wanted), key=lambda sampling: sampling.fps)
    if sampling.scan:
        stretches = [Stretch(item.segment.start, item.segment.end, item.sampling) for item in wanted]
        yield from ((wanted[index], frames) for index, frames in watch(recording, stretches))
        return
    longest = max((part.duration for part in recording.parts), default=0.0)
    reader = window_reader(live.settings.reader, live.swept(recording.id), longest)
    frames = read(recording, target.start, target.end, sampling, reader)
    if not frames:
        raise VideoError("the video has no picture there")
    yield from ((item, subsample(frames, item.times())) for item in wanted)


def _result(runtime: Runtime, text: str, looked: dict[str, Any], **update: Any) -> Command:
    message = ToolMessage(text, tool_call_id=runtime.tool_call_id or "")
    return Command(update={"looked": [looked], "messages": [message], **update})
