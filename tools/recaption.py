"""The recaption tool: looks at one segment again, with an instruction made for the question."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from langchain_core.messages import ToolMessage
from langchain_core.runnables.config import ContextThreadPoolExecutor
from langchain_core.tools import tool
from langgraph.prebuilt import ToolRuntime
from langgraph.types import Command

from memory_store.records import Recording, Segment
from tools.captioners.base import CaptionError
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
    looked: list[dict[str, Any]] = [{"segment": segment, "focus": focus, "round": state["round"]}]
    if target is None:
        return _result(runtime, f"there is no segment {segment}", looked=looked)
    recording = outline.plan(target.recording).recording
    wanted = closer(live, recording, target, instruction)
    known = live.memory.known(recording.id, [item.id(live.captioner.name) for item in wanted])
    missing = [item for item in wanted if item.id(live.captioner.name) not in known]
    made, failed, usage = (
        _look(live, recording, target, missing, state["question"], runtime) if missing else ([], [], Usage())
    )
    captions = [item.id(live.captioner.name) for item in wanted if item.id(live.captioner.name) in known] + made
    found = [{"recording": recording.id, "caption": id, "round": state["round"]} for id in captions]
    text = f"{segment}: {len(made)} captions made, {len(known)} reused" + (f", {len(failed)} failed" if failed else "")
    gaps = [{"segment": outline.join(recording.id, name), "reason": reason} for name, reason in failed]
    looked[0] |= {"made": len(made), "reused": len(known)}
    return _result(runtime, text, looked, found, gaps, usage + Usage(captions_reused=len(known)))


def _look(
    live: Live, recording: Recording, target: Segment, wanted: list[Wanted], question: str, runtime: Runtime
) -> tuple[list[str], list[tuple[str, str]], Usage]:
    """Decode the segment once and caption it and its parts side by side; each is stored as it exists."""
    made: list[str] = []
    gaps: list[tuple[str, str]] = []
    usage = Usage()
    workers = min(len(wanted), live.captions_at_once)
    room = threading.Semaphore(workers + 1)

    def one(item: Wanted, frames: Sequence[Frame]) -> tuple[str, Usage]:
        with live.slots:
            caption, cost = describe(live, item, frames, question)
        runtime.stream_writer({"event": "captioned", "text": f"{caption.segment} again, {caption.level}"})
        return caption.id, cost

    with _WINDOWS:
        futures: list[tuple[Wanted, Future[tuple[str, Usage]]]] = []
        with ContextThreadPoolExecutor(max_workers=workers) as pool:
            try:
                for item, frames in _clips(live, recording, target, wanted):
                    # The decoding waits for the captions, so that no more frames are held than are looked at.
                    room.acquire()
                    future = pool.submit(one, item, frames)
                    future.add_done_callback(lambda _: room.release())
                    futures.append((item, future))
                    del frames
            except VideoError as problem:
                gaps.append((target.id, str(problem)[:300]))
        for item, future in futures:
            try:
                id, cost = future.result()
            except CaptionError as problem:
                gaps.append((item.segment.id, str(problem)[:300]))
                usage = usage + problem.usage
            else:
                made.append(id)
                usage = usage + cost
    return made, gaps, usage


def _clips(
    live: Live, recording: Recording, target: Segment, wanted: list[Wanted]
) -> Iterator[tuple[Wanted, Sequence[Frame]]]:
    """Yield the frames of each wanted caption, from one decode. Raises `VideoError`."""
    sampling = max((item.sampling for item in wanted), key=lambda sampling: sampling.fps)
    if sampling.scan:
        stretches = [Stretch(item.segment.start, item.segment.end, item.sampling) for item in wanted]
        yield from ((wanted[index], frames) for index, frames in watch(recording, stretches))
        return
    reader = window_reader(live.settings.reader, live.swept(recording.id))
    frames = read(recording, target.start, target.end, sampling, reader)
    if not frames:
        raise VideoError("the video has no picture there")
    yield from ((item, subsample(frames, item.times())) for item in wanted)


def _result(
    runtime: Runtime,
    text: str,
    looked: list[dict[str, Any]],
    found: list[dict[str, Any]] | None = None,
    gaps: list[dict[str, Any]] | None = None,
    usage: Usage | None = None,
) -> Command:
    message = ToolMessage(text, tool_call_id=runtime.tool_call_id or "")
    spent = (usage or Usage()).to_dict()
    return Command(
        update={"looked": looked, "found": found or [], "gaps": gaps or [], "spent": spent, "messages": [message]}
    )
