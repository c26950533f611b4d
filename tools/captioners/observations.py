"""The embedded captioner: what is written, what of one colour stands out and where it goes, light and cuts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from memory_store.records import Line
from tools.captioners import picture, text_on_screen, tracks
from tools.captioners.base import CaptionError, Description, Looks
from tools.captioners.picture import Image
from tools.captioners.screens import GAP, Screen, Watch, in_time, screen, unlike
from tools.captioners.things import Thing, things
from tools.video.clip import Clip, Frame
from tools.video.glances import SETTLED

_BLIND_TO = ("actions", "people and who they are", "objects", "relations", "feelings", "voices", "sounds")
_MOVING = 1.0
"""Seconds between readings of a picture that never comes to rest, at the coarse level; half of it at the next."""
_EPSILON = 0.05
"""Seconds: presentation times are not evenly spaced."""
_CAMERA = 0.4
"""Share of the picture that differs from the one before, from which the camera moves and not a thing."""
_BRIEF = 1.5
"""Steps of the sampling under which a scene is as short as a frame."""


class Observations:
    """Describes clips in template sentences. Implements `tools.captioners.base.Captioner`."""

    takes_instructions = False
    reads_text = True
    multiple = 2
    looks = Looks(pixels=(Looks().pixels[0], 1280 * 720, 3840 * 2160), scan=(4, 8, 8))
    """Close up the full picture, for its small print."""

    def __init__(self, text: bool = True) -> None:
        """With `text`, what is written in the pictures is read (needs rapidocr); without, numbers alone speak."""
        self._text = text
        self.name = "observations-3" if text else "basic-3"
        self.blind_to = _BLIND_TO if text else (*_BLIND_TO, "text on screen")

    def describe(self, clip: Clip, instruction: str = "") -> Description:
        """Describe `clip`; the instruction changes nothing. Raises `CaptionError`."""
        if not clip.frames:
            raise CaptionError("the clip has no frames")
        times, small = _times(clip), [picture.reduced(frame.image) for frame in clip.frames]
        lines = list(_scenes(clip, times, small))
        extra: dict[str, int] = {}
        if self._text:
            reader = _read(clip, times, small)
            watch = _watch(clip, times, reader)
            lines += watch.lines()
            if watch.unread:
                extra["unread"] = watch.unread
            lines += tracks.lines(list(_views(clip, times, small, reader.seen)))
        return Description(in_time(lines), extra=extra)


def read_texts(clip: Clip) -> tuple[Line, ...]:
    """Return what is written in a clip, each text once with its times. Raises `CaptionError`."""
    times = _times(clip)
    watch = _watch(clip, times, _read(clip, times, [picture.reduced(frame.image) for frame in clip.frames]))
    return in_time(list(watch.lines()))


def _times(clip: Clip) -> list[float]:
    # The picture on screen when the segment begins may have been shown before.
    return [max(frame.shown_from, clip.segment.start) for frame in clip.frames]


def _every(clip: Clip) -> float:
    return _MOVING / 2**clip.segment.depth if clip.sampling and clip.sampling.scan else 0.0


def _read(clip: Clip, times: Sequence[float], small: Sequence[Image]) -> _Reader:
    """Read what came to rest, and of a picture that keeps moving as much as it takes to find its texts."""
    every = _every(clip)
    reader = _Reader(clip, small)
    last = 0
    for index, frame in enumerate(clip.frames):
        if not index or _rests(frame, clip) or times[index] - times[last] >= every or index == len(small) - 1:
            reader.see(index, last)
            reader.between(last, index)
            last = index
    return reader


def _watch(clip: Clip, times: Sequence[float], reader: _Reader) -> Watch:
    """Follow the texts that were read from frame to frame."""
    step = 1 / clip.sampling.fps if clip.sampling else 0.0
    order = sorted(reader.seen)
    leaving = [(number, clip.frames[index].until) for number, index in enumerate(order)]
    gone = {number: max(until, times[order[number]]) for number, until in leaving if until is not None}
    watch = Watch([times[index] for index in order], clip.segment.end, max(GAP, step, _every(clip)), gone)
    for number, index in enumerate(order):
        watch.see(number, reader.seen[index])
    return watch


def _rests(frame: Frame, clip: Clip) -> bool:
    """Tell whether the picture stood still for a while; one that drifts rests again and again, each time shortly."""
    if frame.since is None or frame.until is None or not clip.sampling or not clip.sampling.scan:
        return frame.since is not None
    return frame.until - frame.since >= SETTLED / clip.sampling.scan - _EPSILON


class _Reader:
    """Reads frames of a clip, known by their index. Raises `CaptionError`."""

    def __init__(self, clip: Clip, small: Sequence[Image]) -> None:
        self._clip, self._small = clip, small
        self._stands_for: dict[int, int] = {}
        """For each frame seen, the one that was read in its place."""
        self.seen: dict[int, Screen] = {}

    def see(self, index: int, before: int) -> None:
        """Read a frame, unless no letter can have changed since what was read for the one `before`."""
        read = self._stands_for.get(before)
        if read is not None and not picture.worth_reading(self._small[read], self._small[index]):
            self._stands_for[index], self.seen[index] = read, self.seen[read]
            return
        try:
            self.seen[index] = screen(text_on_screen.read(self._clip.frames[index].image))
        except Exception as error:  # the OCR runtime raises types of its own
            raise CaptionError(f"text on screen could not be read: {error}") from error
        self._stands_for[index] = index

    def between(self, low: int, high: int) -> None:
        """Read on between two frames that have no text in common, until it is known when each text came and went."""
        middle = (low + high) // 2
        if middle == low or not unlike(self.seen[low], self.seen[high]):
            return
        self.see(middle, low)
        self.between(low, middle)
        self.between(middle, high)


def _views(
    clip: Clip, times: Sequence[float], small: Sequence[Image], screens: Mapping[int, Screen]
) -> Iterator[tracks.View]:
    """Yield each frame with what stands out in it, and the words it was read with, or those of the frame before."""
    shown, found = Screen((), None), list[Thing]()
    after = [*times[1:], clip.segment.end]
    for index, frame in enumerate(clip.frames):
        shown = screens.get(index, shown)
        moved = picture.moved(small[index - 1], small[index]) if index else 1.0
        if moved:
            found = things(frame.image, [row.box for row in shown.rows])
        end = after[index] if frame.until is None else min(after[index], frame.until)
        high, wide = frame.image.shape[:2]
        yield tracks.View(times[index], max(times[index], end), found, moved > _CAMERA, shown, (wide, high))


@dataclass(frozen=True)
class _Scene:
    """A run of frames without a cut, by index; `last` is included."""

    first: int
    last: int
    opening: str
    """How it begins: `A` at the start of the clip, `Cut to a`, or `Then a` from or to a plain picture."""
    steps: tuple[picture.Change, ...]


def _scenes(clip: Clip, times: Sequence[float], small: Sequence[Image]) -> Iterator[Line]:
    """Yield a line for each scene; more than two in a row that are as short as a frame share one."""
    after = [*times[1:], clip.segment.end]
    step = 1 / clip.sampling.fps if clip.sampling else 0.0

    def quick(scene: _Scene) -> bool:
        brief = not step or after[scene.last] - times[scene.first] < _BRIEF * step
        return scene.first == scene.last and scene.opening == "Cut to a" and brief

    for short, run in groupby(_split(small), key=quick):
        scenes = list(run)
        first, end = times[scenes[0].first], min(clip.segment.end, after[scenes[-1].last])
        if short and len(scenes) > 2:
            yield Line(first, end, f"Quick changes between {len(scenes)} scenes.")
            continue
        for scene in scenes:
            start, end = times[scene.first], min(clip.segment.end, after[scene.last])
            # Where unchanged pictures were left out, there were more steps than there are frames.
            seen = round((end - start) / step) if clip.sampling and clip.sampling.scan else 0
            yield Line(start, end, f"{scene.opening} {_words(small, scene, seen)}")


def _split(small: Sequence[Image]) -> list[_Scene]:
    scenes: list[_Scene] = []
    first, opening = 0, "A"
    steps: list[picture.Change] = []
    for index, (before, after) in enumerate(pairwise(small), 1):
        step = picture.change(before, after)
        if step in ("cut", "blank"):
            scenes.append(_Scene(first, index - 1, opening, tuple(steps)))
            first, opening, steps = index, "Cut to a" if step == "cut" else "Then a", []
        else:
            steps.append(step)
    return [*scenes, _Scene(first, len(small) - 1, opening, tuple(steps))]


def _words(small: Sequence[Image], scene: _Scene, seen: int) -> str:
    """Return the rest of the sentence about a scene, after its opening."""
    shown = [small[index] for index in (scene.first, (scene.first + scene.last) // 2, scene.last)]
    colours = picture.colours(np.concatenate(shown))
    if all(map(picture.plain, shown)):
        return f"plain {colours[0]} picture."
    light = ", then ".join(word for word, _ in groupby(map(picture.light, shown)))
    return f"{light} scene, mostly {' and '.join(colours)}{_motion(scene.steps, seen)}."


def _motion(steps: tuple[picture.Change, ...], seen: int) -> str:
    count = max(len(steps), seen)
    if not count:
        return ""
    moving = steps.count("motion") / count
    return ", still" if not moving else ", in motion" if moving > 0.3 else ", mostly still"
