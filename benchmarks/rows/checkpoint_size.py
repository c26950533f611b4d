"""Row 9: what the checkpoints of one question on a video of ten hours take on disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.scripted import Deciding, Describing, scripted
from benchmarks.table import MB, Result
from evaluation.localisation.stand_ins import write_stand_in

SECONDS = 36_000.0
WAYS: dict[str, dict[str, Any]] = {
    "scopes by length": {},
    "a segment a minute": {"coarse_seconds": 60, "fine_seconds": 10, "ultra_seconds": 1},
}
"""Settings; rates are such that a stand-in's few pictures suffice."""


def measure(folder: Path) -> Iterable[Result]:
    """Yield the size after five rounds that began with an empty memory, for each of the ways."""
    for number, (name, given) in enumerate(WAYS.items()):
        size, captions, rounds = kept(folder / str(number), SECONDS, **given)
        note = f"{captions} captions, {rounds} rounds"
        yield Result(9, f"checkpoints of a question on 10 h, {name}", size / MB, "<= 1", "MB", note)


def kept(home: Path, seconds: float, **given: Any) -> tuple[int, int, int]:
    """Ask of a stand-in with no memory yet; return the bytes of the checkpoints, captions and rounds."""
    home.mkdir()
    video = write_stand_in(home / "v.mp4", seconds, "long")
    with scripted(home, Describing(), Deciding(), captions_at_once=8, **given) as asking:
        result = asking.ask(str(video))
    size = sum(file.stat().st_size for file in home.glob("checkpoints.sqlite*"))
    return size, result["usage"]["captions_made"], result["rounds"]
