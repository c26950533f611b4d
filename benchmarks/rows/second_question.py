"""Row 11: what a second question on the same video takes, where memory suffices."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.counting import decodes
from benchmarks.footage import SIZES, footage
from benchmarks.scripted import QUESTION, Deciding, Describing, scripted
from benchmarks.table import Result

SECONDS = 300.0
QUESTIONS = (QUESTION, "Who carries the key?")


def measure(folder: Path) -> Iterable[Result]:
    """Yield captions and decodes of the second question."""
    (first, decoded), (second, again) = counted(folder / "home", footage(folder / "v.mp4", SECONDS, SIZES["360p"]))
    note = f"the first question: {first} captions"
    yield Result(11, "second question on the same video: captions", second, "== 0", note=note)
    note = f"the first question: {decoded}"
    yield Result(11, "second question on the same video: decodes", again, "== 0", note=note)


def counted(home: Path, video: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return how many captions were asked for, and decodes begun, by the first and by the second question."""
    found = []
    for question in QUESTIONS:
        # Opened anew, as by a command of its own.
        captioner = Describing()
        with scripted(home, captioner, Deciding(satisfied=True)) as asking, decodes() as begun:
            asking.ask(video, question)
        found.append((len(captioner.described), len(begun)))
    first, second = found
    return first, second
