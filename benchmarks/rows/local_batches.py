"""Row 12: a captioner in this process: clips in batches beside one by one, and decoding while the model writes.

The checkpoint is tiny and its weights are random: it shows what batching saves around the model, not what a GPU gains.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.footage import SIZES, footage
from benchmarks.scripted import Deciding, scripted
from benchmarks.table import Result, ratios
from tools.captioners.base import CaptionError

CLIPS, FRAMES, TOKENS, AT_ONCE = 32, 8, 32, 8
SECONDS, SEGMENT = 160.0, 5


def measure(folder: Path) -> Iterable[Result]:
    """Yield the ratio of throughputs, and how much of the decoding happened beside the model's work."""
    from tests.tiny_checkpoints import make_checkpoint, missing

    name = f"local captioner: clips a second, batches of {AT_ONCE} / one by one"
    if lacking := missing():
        yield Result(12, name, None, note=f"{lacking} is not installed")
        return
    model = make_checkpoint(folder / "model")
    yield Result(12, name, batched(model), note=f"{CLIPS} clips of {FRAMES} pictures, tiny random weights")
    share = overlapped(folder, model)
    yield Result(
        12, "local captioner: clips decoded while it wrote", share, ">= 0.5", note=f"of {SECONDS:.0f} s at 360p"
    )


def batched(model: str) -> float:
    """Return how many times more clips a second are described in batches."""
    from tests.tiny_checkpoints import make_clip

    clips = [make_clip(FRAMES, start=10.0 * index) for index in range(CLIPS)]
    many, single = _captioner(model, AT_ONCE), _captioner(model, 1)

    def described(captioner: Any, clip: Any) -> None:
        # Random weights end some captions at once, the same ones either way.
        with suppress(CaptionError):
            captioner.describe(clip, "Describe the clip.")

    def through(captioner: Any) -> None:
        with ThreadPoolExecutor(CLIPS) as pool:
            list(pool.map(partial(described, captioner), clips))

    for captioner in (many, single):
        described(captioner, clips[0])  # loads the model
    ratio, _, _ = ratios(partial(through, single), partial(through, many))
    return ratio


def overlapped(folder: Path, model: str) -> float:
    """Return the share of a sweep's clips that were decoded while the model was at work."""
    path = footage(folder / "v.mp4", SECONDS, SIZES["360p"])
    captioner: Any = _captioner(model, AT_ONCE)
    given = {"captions_at_once": 2 * AT_ONCE, "coarse_seconds": SEGMENT, "fine_seconds": 1, "coarse_fps": 1}
    with scripted(folder / "home", captioner, Deciding(), **given) as asking, beside() as clips:
        asking.ingest(path)
    return sum(clips) / len(clips)


@contextmanager
def beside() -> Iterator[list[bool]]:
    """Collect, for each clip of a sweep, whether the model was writing when it had been decoded."""
    from tools.captioners.local.model import LocalModel
    from tools.video.sweep import Sweep

    clips: list[bool] = []
    writing = threading.Event()
    decodes, writes = Sweep.frames, LocalModel.write

    def frames(self: Sweep, segment: Any) -> Any:
        found = decodes(self, segment)
        clips.append(writing.is_set())
        return found

    def write(self: LocalModel, *given: Any, **more: Any) -> Any:
        writing.set()
        try:
            return writes(self, *given, **more)
        finally:
            writing.clear()

    with patch.object(Sweep, "frames", frames), patch.object(LocalModel, "write", write):
        yield clips


def _captioner(model: str, at_once: int) -> Any:
    from tools.captioners.local.captioner import LocalCaptioner
    from tools.captioners.local.checkpoint import find_checkpoint

    return LocalCaptioner(find_checkpoint(model), device="cpu", max_tokens=TOKENS, at_once=at_once)
