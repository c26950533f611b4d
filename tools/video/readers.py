"""The readers' common face, and reading a stretch of a recording across its parts."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, Protocol

from memory_store.records import Part, Recording
from tools.errors import BadInput
from tools.video import decord_reader
from tools.video.clip import Frame, Sampling
from tools.video.decord_reader import DecordReader
from tools.video.pyav_reader import TOLERANCE, PyAVReader
from tools.video.unchanged import ensure_unchanged


class Reader(Protocol):
    """Reads the pictures of one part. Safe to share between threads."""

    name: str

    def frames(self, part: Part, times: Iterable[float], sampling: Sampling) -> Iterator[Frame]:
        """Yield the picture on screen at each of the ascending `times` (seconds of the part).

        `Frame.time` is the picture's own presentation time, seconds of the part. Raises `VideoError`.
        """
        ...


INDEXED = 7200.0
"""Seconds of a file up to which decord reads windows unasked. It reads the whole index at every opening: for ten hours
4.1 s and 33 MB that stay, beside 0.1 s with PyAV."""


def window_reader(setting: Literal["auto", "pyav", "decord"], swept: bool, longest: float = 0.0) -> Reader:
    """Return the reader of windows looked at again.

    `swept` says that a sweep decoded the recording to its stated end: decord can hang on a file that
    claims more pictures than it has. `longest` is the length of its longest part, seconds. Raises `BadInput` where
    decord is asked for but not installed.
    """
    if setting == "pyav":
        return PyAVReader()
    if decord_reader.available():
        suits = swept and longest <= INDEXED
        return DecordReader() if suits or setting == "decord" else PyAVReader()
    if setting == "decord":
        raise BadInput("setting reader: decord is not installed (there is no build of it for every platform)")
    return PyAVReader()


def by_part(recording: Recording, times: Iterable[float]) -> Iterator[tuple[Part, list[float]]]:
    """Yield each part with those of the ascending `times` (seconds of the recording) that fall in it.

    The times yielded are seconds of the part; instants beyond the end belong to the last part.
    """
    starts = [part.start for part in recording.parts]
    for index, group in groupby(times, key=lambda time: max(0, bisect.bisect_right(starts, time) - 1)):
        part = recording.parts[index]
        yield part, [max(0.0, time - part.start) for time in group]


def read(recording: Recording, start: float, end: float, sampling: Sampling, reader: Reader) -> list[Frame]:
    """Return the pictures of `[start, end)` at the rate of `sampling`, with times of the recording.

    One for each instant of `sampling.times`, the same object where the same picture is still on
    screen; so the first may carry a time before `start`. Instants without a picture (a file shorter
    than it states) are left out. Raises `VideoError`.
    """
    frames: list[Frame] = []
    for part, times in by_part(recording, sampling.times(start, end)):
        if not part.picture:
            continue
        for frame in reader.frames(part, times, sampling):
            frames.append(in_recording(frame, part, frames))
        ensure_unchanged(part)
    return frames


def in_recording(frame: Frame, part: Part, before: Sequence[Frame] = ()) -> Frame:
    """Return `frame` of `part` with its time counted from the start of the recording."""
    if before and before[-1].image is frame.image:
        return before[-1]
    return Frame(frame.time + part.start, frame.image)


def subsample(frames: Sequence[Frame], times: Iterable[float]) -> tuple[Frame, ...]:
    """Return, from denser `frames`, the one on screen at each of `times` (all in the same clock).

    That is the last at or before the instant, or the first of all; nothing where there are none.
    """
    stamps = [frame.time for frame in frames]
    return tuple(frames[max(0, bisect.bisect_right(stamps, time + TOLERANCE) - 1)] for time in times) if frames else ()
