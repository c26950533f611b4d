"""Row 5: ingest with slow captions, beside the time that captions or decoding take alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.footage import SIZES, footage, known
from benchmarks.rows.sweep import decoded
from benchmarks.scripted import Deciding, Describing, scripted
from benchmarks.table import Result, ratios
from memory_store.records import Scopes, Segment
from tools.video.clip import Clip
from tools.video.feeder import Feeder
from tools.video.sweep import Sweep

SECONDS, SEGMENT = 600.0, 5
LATENCY = 1.0
"""Seconds a caption takes."""
AT_ONCE = 8
SETTINGS = {"captions_at_once": AT_ONCE, "coarse_seconds": SEGMENT, "fine_seconds": 1, "coarse_fps": 1}
AHEAD = AT_ONCE + 2
"""Clips that may lie decoded and not yet handed out, or be under way (the feeder's promise)."""


def measure(folder: Path) -> Iterable[Result]:
    """Yield the ratio to what cannot be avoided, and how far decoding ran ahead."""
    path = footage(folder / "v.mp4", SECONDS, SIZES["360p"])
    plan = known(path, Scopes((SEGMENT, 1, 1), (1, 2, 2)))
    captioner = Describing(LATENCY)
    with scripted(folder / "home", captioner, Deciding(), **SETTINGS) as asking, ahead() as clips:
        _, wall, alone = ratios(partial(asking.ingest, path), partial(decoded, plan), times=1)
    captions = len(captioner.described)
    least = max(captions * LATENCY / AT_ONCE, alone)
    note = f"{wall:.1f} s for {captions} captions; decoding alone {alone:.1f} s"
    yield Result(5, "ingest / the longer of captions and decoding", wall / least, "<= 1.15", note=note)
    yield Result(5, "ingest: clips decoded ahead, at most", max(clips), f"<= {AHEAD}")


@contextmanager
def ahead() -> Iterator[list[int]]:
    """Collect, whenever a clip of a sweep has been decoded, how many are not handed out yet."""
    clips: list[int] = []
    handed: list[Segment] = []
    decodes, takes = Sweep.frames, Feeder.take

    def frames(self: Sweep, segment: Segment) -> Any:
        found = decodes(self, segment)
        clips.append(len(clips) + 1 - len(handed))
        return found

    @contextmanager
    def take(self: Feeder, segment: Segment, slots: Any) -> Iterator[Clip]:
        with takes(self, segment, slots) as clip:
            handed.append(segment)
            yield clip

    with patch.object(Sweep, "frames", frames), patch.object(Feeder, "take", take):
        yield clips
