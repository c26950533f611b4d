"""What the tools do: on a worker thread, each with a result that can be sent, whatever goes wrong."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence

from mcp.types import CallToolResult

from face.api.asking import ask
from face.api.given import Told
from face.api.remembered import Remembered
from face.api.stopping import Stopped
from face.mcp_server import results
from face.mcp_server.results import ListedRecording, Shown, plain, refused
from face.stills import Still
from memory_store.errors import StoreError
from memory_store.records import Recording
from tools.clients import allowed_folders
from tools.ending import Ended
from tools.errors import BadInput
from tools.settings import Settings

MOST_FRAMES = 16
"""Pictures of one call."""
MOST_BYTES = 4_000_000
"""Of the pictures of one call, as JPEG."""
_FILES = 20
"""Files of a recording that are listed."""

Span = tuple[float | None, float | None, int]
"""From when to when (seconds; None: the beginning, the end), and how many."""


class Work:
    """The tools' work under the settings of whoever runs the server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Where only some folders may be read, memory of other videos is not told of either.
        self._memory = Remembered(settings, allowed_folders(settings))
        self._under_way = 0
        self._ended = threading.Condition()

    def done(self, work: Callable[[], CallToolResult]) -> CallToolResult:
        """Return what `work` returns, or the one clear line of what went wrong: the server goes on in any case."""
        with self._ended:
            self._under_way += 1
        try:
            return work()
        except (BadInput, StoreError, Stopped) as problem:
            return refused(str(problem))
        except Ended:
            return refused("the server is ending; asking again goes on where it stopped")
        except Exception as problem:
            line = f"{type(problem).__name__}: {problem}"
            print(f"videolucy: {plain(line)}", file=sys.stderr, flush=True)
            return refused(line)
        finally:
            with self._ended:
                self._under_way -= 1
                self._ended.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until nothing is under way, but no longer than `seconds`."""
        with self._ended:
            self._ended.wait_for(lambda: not self._under_way, seconds)

    def ask(
        self,
        video: str | list[str],
        question: str,
        options: Sequence[str],
        on_event: Told,
        stop: threading.Event,
    ) -> CallToolResult:
        """Answer a question."""
        return results.answer(ask(video, question, options, settings=self._settings, on_event=on_event, stop=stop))

    def search(self, query: str, video: str, count: int) -> CallToolResult:
        """Find moments in memory; `video` may be empty."""
        try:
            return results.moments(self._memory.search(query, count, recordings=[video] if video else None))
        finally:
            self._memory.close()

    def frames(self, video: str, times: Sequence[float] | None, span: Span, height: int) -> CallToolResult:
        """Return pictures at `times`, or spread over a span."""
        if times is not None and not 1 <= len(times) <= MOST_FRAMES:
            raise BadInput(f"give 1 to {MOST_FRAMES} times, not {len(times)}")
        recording = self._memory.openable(video)
        shown = Shown(video=recording.name, duration=recording.duration, frames=[], left_out=[])
        stills: list[Still] = []
        size = 0
        for time in times or _spread(recording, *span):
            (still,) = self._memory.frames(recording, [time], height=height)
            size += len(still.jpeg)
            if size > MOST_BYTES:
                shown["left_out"].append(time)
                continue
            stills.append(still)
            shown["frames"].append({"asked": time, "time": round(still.time, 3)})
        return results.frames(shown, stills)

    def recordings(self) -> CallToolResult:
        """List what is remembered."""
        return results.recordings([self._listed(recording) for recording in self._memory.recordings()])

    def _listed(self, recording: Recording) -> ListedRecording:
        return ListedRecording(
            id=recording.id,
            name=recording.name,
            duration=recording.duration,
            parts=len(recording.parts),
            files=[part.path for part in recording.parts[:_FILES]],
            captions=dict(Counter(caption.level for caption in self._memory.captions(recording))),
        )


def _spread(recording: Recording, start: float | None, end: float | None, count: int) -> list[float]:
    """Return the middles of `count` equal pieces of a span. Raises `BadInput` for one that is empty."""
    low = start or 0.0
    high = min(recording.duration if end is None else end, recording.duration)
    if low >= high:
        raise BadInput(f"no time lies from {low:g} to {high:g} s; {recording.name} has {recording.duration:.1f} s")
    return [round(low + (high - low) * (index + 0.5) / count, 3) for index in range(count)]
