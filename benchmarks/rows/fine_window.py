"""Row 4: one look again at a minute (the whole at 1 fps, its parts at 2), with both readers, and the published way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.counting import decodes
from benchmarks.footage import SIZES, footage
from benchmarks.rivals import published_frames
from benchmarks.table import Result, ratios
from memory_store.records import Recording, Segment
from nodes.open_video import open_recordings
from tools import recaption
from tools.live import Live, closing, live_for
from tools.looking import closer
from tools.settings import Settings
from tools.video import decord_reader

READERS = ("pyav", "decord")
SECONDS = 300.0
_WINDOW = 2
"""Which minute is looked at: not the first, where nothing lies before it."""
_PARTS = 20
"""Pictures of a part: ten seconds at 2 fps."""


def measure(folder: Path) -> Iterable[Result]:
    """Yield for each size and reader how often the window is decoded, and its time to that of the published way."""
    for name, size in SIZES.items():
        path = footage(folder / f"{name}.mp4", SECONDS, size)
        for reader in READERS:
            if reader == "decord" and not decord_reader.available():
                yield Result(4, f"fine window at {name}, decord: decodes", None, "== 1", note="no decord here")
                continue
            with looking(folder / f"home {reader}", path, reader) as (live, recording, target):
                ours = partial(looked, live, recording, target)
                with decodes() as opened:
                    ours()
                yield Result(4, f"fine window at {name}, {reader}: decodes", len(opened), "== 1")
                ratio, mine, theirs = ratios(ours, partial(published, live, recording, target, folder), 5)
                note = f"{mine:.2f} s against {theirs:.2f} s"
                yield Result(4, f"fine window at {name}, {reader} / the published way", ratio, "<= 0.5", note=note)


@contextmanager
def looking(home: Path, path: str, reader: str) -> Iterator[tuple[Live, Recording, Segment]]:
    """Open a video as a question does, swept before, under the published scopes; yield the minute to look at."""
    settings = Settings.load(
        home=str(home),
        preset="published",
        captioner="compatible:none",
        captioner_url="http://127.0.0.1:9",
        embedder="lexical",
        reader=reader,
    )
    with closing():
        live = live_for(settings)
        [opened] = open_recordings(live, path)
        recording = live.memory.recording(opened["id"])
        live.memory.note(recording.id, swept=True)
        coarse = live.plan_of(recording).coarse()
        yield live, recording, coarse[min(_WINDOW, len(coarse) - 1)]


def looked(live: Live, recording: Recording, target: Segment) -> list[list[float]]:
    """Have the clips of a second look as its captioner gets them; return the times of their pictures."""
    wanted = closer(live, recording, target, "what happens?")
    return [[frame.time for frame in frames] for _, frames in recaption.clips(live, recording, target, wanted)]


def published(live: Live, recording: Recording, target: Segment, folder: Path) -> list[int]:
    """Make the same clips the published way, the whole and the parts each from a reading of its own."""
    made: list[int] = []
    for wanted, pictures in zip(closer(live, recording, target, "what happens?"), (0, _PARTS), strict=False):
        sampling, path = wanted.sampling, recording.parts[0].path
        each = pictures or len(wanted.times())
        found = published_frames.clips(path, folder, target.start, target.end, sampling.fps, each, sampling.max_pixels)
        made += [len(clip) for clip in found]
    return made
