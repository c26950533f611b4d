"""Row 1: the coarse sweep of ten minutes, beside a bare decode of the same file and the published way to clips."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.footage import SIZES, footage, known
from benchmarks.rivals import published_frames
from benchmarks.table import Result, ratios
from memory_store.records import Recording, Scopes, Segment
from memory_store.segments import Plan
from tools.captioners.base import Looks
from tools.video.clip import Sampling
from tools.video.feeder import Feeder

SECONDS = 600.0
SCOPES = Scopes((60, 10, 1), (1, 2, 2))
"""Those of the published demo."""
COARSE = Sampling(SCOPES.fps[0], Looks.pixels[0], multiple=28)
CAPTIONS_AT_ONCE = 8
_TARGETS = {"360p": 0.6, "720p": 0.8}
TIMES = {"360p": 3, "720p": 2}
"""Runs of each, by size."""


def measure(folder: Path) -> Iterable[Result]:
    """Yield both ratios at both sizes."""
    for name, size in SIZES.items():
        plan = known(footage(folder / f"{name}.mp4", SECONDS, size), SCOPES)
        ours = partial(swept, plan, COARSE)
        ratio, mine, theirs = ratios(ours, partial(decoded, plan), TIMES[name])
        note = f"{mine:.1f} s against {theirs:.1f} s"
        yield Result(1, f"sweep at {name} / bare sequential decode", ratio, "<= 1.15", note=note)
        ratio, mine, theirs = ratios(ours, partial(published, plan, folder), TIMES[name])
        note = f"{mine:.1f} s against {theirs:.1f} s"
        yield Result(1, f"sweep at {name} / the published way", ratio, f"<= {_TARGETS[name]}", note=note)


def swept(plan: Plan, sampling: Sampling) -> list[int]:
    """Take the clip of every coarse segment from the feeder, as the caption tasks do; return the pictures of each."""
    with feeding(plan.recording, plan.coarse(), sampling) as take:
        return [take(segment) for segment in plan.coarse()]


@contextmanager
def feeding(
    recording: Recording, segments: Sequence[Segment], sampling: Sampling, seconds: float = 0.0
) -> Iterator[Callable[[Segment], int]]:
    """Yield what takes the clip of a segment as a caption task does, holds it for `seconds` and counts its pictures."""
    feeder, slots = Feeder(recording, sampling, CAPTIONS_AT_ONCE + 2), threading.Semaphore(CAPTIONS_AT_ONCE)

    def take(segment: Segment) -> int:
        with feeder.take(segment, slots) as clip:
            time.sleep(seconds)
            return len(clip.frames)

    feeder.plan(segments)
    try:
        yield take
    finally:
        feeder.close()


def decoded(plan: Plan) -> int:
    """Decode every picture in order, with as many threads as libav likes, and drop it; return how many there are."""
    import av

    with av.open(plan.recording.parts[0].path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        return sum(1 for _ in container.decode(stream))


def published(plan: Plan, folder: Path) -> list[int]:
    """Make the same clips the published way; return the pictures of each."""
    end, pictures = plan.recording.duration, round(SCOPES.seconds[0] * COARSE.fps)
    path = plan.recording.parts[0].path
    made = published_frames.clips(path, folder, 0.0, end, COARSE.fps, pictures, COARSE.max_pixels)
    return [len(clip) for clip in made]
