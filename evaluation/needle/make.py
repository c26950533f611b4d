"""Composes a haystack by seed: a video and questions about it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from evaluation.needle import voices
from evaluation.needle.haystack import Needle, Stack, compose, questions, write
from evaluation.needle.kinds import KINDS
from evaluation.readers import plain
from evaluation.records import Question
from tools.errors import BadInput

QUESTIONS = "questions.jsonl"


@dataclass(frozen=True)
class Haystack:
    """A composed video on disk."""

    video: Path
    questions: tuple[Question, ...]
    seconds: float


def kinds_here() -> list[str]:
    """Return the kinds of needles that can be made on this machine."""
    return [kind for kind in KINDS if kind != "speech" or voices.can_speak()]


def chosen_kinds(names: str) -> list[str]:
    """Return the kinds named in a list with commas, or all that can be made here. Raises `BadInput`."""
    here = kinds_here()
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in KINDS:
            raise BadInput(f"--kinds: there is no kind {name!r}; kinds are {', '.join(KINDS)}")
        if name not in here:
            raise BadInput(f"--kinds {name}: needs the speech synthesizer espeak-ng, which is not installed")
    return list(dict.fromkeys(chosen)) or here


def known(folder: Path, seed: int) -> Haystack | None:
    """Return the haystack that `make` wrote to `folder`, None where there is none."""
    video, file = folder / f"haystack-{seed}.mp4", folder / QUESTIONS
    # The questions are written last: with them the video is whole.
    if not (video.exists() and file.exists()):
        return None
    asked = plain.read(file).questions
    return Haystack(video, asked, asked[0].duration or 0.0)


def make(folder: Path, minutes: float, count: int, seed: int, kinds: Iterable[str] | None = None) -> Haystack:
    """Write a video of `minutes` with `count` needles, and its questions, to `folder`.

    The kinds take turns. Raises `BadInput` where the needles do not fit.
    """
    stack, names = Stack(seed, minutes), list(kinds or kinds_here())
    needles: list[Needle] = [KINDS[names[number % len(names)]](stack) for number in range(count)]
    placed = compose(stack, needles, round(minutes * 60))
    video = folder / f"haystack-{seed}.mp4"
    asked = questions(video.name, needles, placed)
    if any(one.shot.said for one in placed):
        with tempfile.TemporaryDirectory() as scratch:
            spoken = Path(scratch) / "voices.wav"
            voices.write_voices(spoken, placed)
            write(video, placed, spoken)
    else:
        write(video, placed)
    plain.write(folder / QUESTIONS, asked)
    return Haystack(video, tuple(asked), minutes * 60)
