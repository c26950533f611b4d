"""The embedded captioner: what is written, how the light, the colours and the scene change. No guesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from memory_store.records import Line
from tools.captioners import picture, text_on_screen
from tools.captioners.base import CaptionError, Description
from tools.captioners.screens import Watch, in_time, screen
from tools.video.clip import Clip, Frame

_BLIND_TO = ("actions", "people and who they are", "objects", "relations", "feelings", "voices", "sounds")


class Observations:
    """Describes clips in template sentences. Implements `tools.captioners.base.Captioner`."""

    takes_instructions = False
    multiple = 2

    def __init__(self, text: bool = True) -> None:
        """With `text`, what is written in the pictures is read (needs rapidocr); without, numbers alone speak."""
        self._text = text
        self.name = "observations-1" if text else "basic-1"
        self.blind_to = _BLIND_TO if text else (*_BLIND_TO, "text on screen")

    def describe(self, clip: Clip, instruction: str = "") -> Description:
        """Describe `clip`; the instruction changes nothing. Raises `CaptionError`."""
        if not clip.frames:
            raise CaptionError("the clip has no frames")
        # The picture on screen when the segment begins may have been shown before.
        times = [max(frame.time, clip.segment.start) for frame in clip.frames]
        lines = list(_scenes(clip, times))
        extra: dict[str, int] = {}
        if self._text:
            watch = _watch(clip.frames)
            lines += watch.lines(times, clip.segment.end)
            if watch.unread:
                extra["unread"] = watch.unread
        return Description(in_time(lines), extra=extra)


def _watch(frames: tuple[Frame, ...]) -> Watch:
    """Read the frames that differ from the one read last."""
    watch, read = Watch(), None
    for index, frame in enumerate(frames):
        if read is not None and not picture.worth_reading(read, frame.image):
            watch.same_again(index)
            continue
        read = frame.image
        try:
            reading = text_on_screen.read(frame.image)
        except Exception as error:  # the OCR runtime raises types of its own
            raise CaptionError(f"text on screen could not be read: {error}") from error
        watch.see(index, screen(reading))
    return watch


@dataclass(frozen=True)
class _Scene:
    """A run of frames without a cut, by index; `last` is included."""

    first: int
    last: int
    opening: str
    """How it begins: `A` at the start of the clip, `Cut to a`, or `Then a` from or to a plain picture."""
    steps: tuple[picture.Change, ...]

    @property
    def short(self) -> bool:
        return self.first == self.last and self.opening == "Cut to a"


def _scenes(clip: Clip, times: Sequence[float]) -> Iterator[Line]:
    """Yield a line for each scene; more than two scenes of a single frame in a row share one."""
    frames, end = clip.frames, clip.segment.end
    after = [*times[1:], end]
    for short, run in groupby(_split(frames), key=lambda scene: scene.short):
        scenes = list(run)
        if short and len(scenes) > 2:
            text = f"Quick changes between {len(scenes)} scenes."
            yield Line(times[scenes[0].first], min(end, after[scenes[-1].last]), text)
            continue
        for scene in scenes:
            text = f"{scene.opening} {_words(frames, scene)}"
            yield Line(times[scene.first], min(end, after[scene.last]), text)


def _split(frames: tuple[Frame, ...]) -> list[_Scene]:
    scenes: list[_Scene] = []
    first, opening = 0, "A"
    steps: list[picture.Change] = []
    for index, (before, frame) in enumerate(pairwise(frames), 1):
        step = picture.change(before.image, frame.image)
        if step in ("cut", "blank"):
            scenes.append(_Scene(first, index - 1, opening, tuple(steps)))
            first, opening, steps = index, "Cut to a" if step == "cut" else "Then a", []
        else:
            steps.append(step)
    return [*scenes, _Scene(first, len(frames) - 1, opening, tuple(steps))]


def _words(frames: tuple[Frame, ...], scene: _Scene) -> str:
    """Return the rest of the sentence about a scene, after its opening."""
    shown = [frames[index].image for index in (scene.first, (scene.first + scene.last) // 2, scene.last)]
    colours = picture.colours(np.concatenate(shown))
    if all(map(picture.plain, shown)):
        return f"plain {colours[0]} picture."
    light = ", then ".join(word for word, _ in groupby(map(picture.light, shown)))
    return f"{light} scene, mostly {' and '.join(colours)}{_motion(scene.steps)}."


def _motion(steps: tuple[picture.Change, ...]) -> str:
    if not steps:
        return ""
    moving = steps.count("motion") / len(steps)
    return ", still" if not moving else ", in motion" if moving > 0.3 else ", mostly still"
