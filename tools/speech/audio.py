"""The sound of a file: its tracks, and one of them as a stream of samples for speech recognition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tools.errors import BadInput
from tools.speech.base import SpeechError
from tools.speech.languages import language
from tools.video.container import open_container, rebased_by
from tools.video.probe import LONGEST

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

RATE = 16_000
"""Samples a second that Whisper models and the voice detector take."""
_GAP = 0.2
"""Seconds by which a frame must come late before the time between counts as silence."""
_SILENCE = 10.0
"""Seconds of a block of silence."""
_RUN_UP = 2.0
"""Seconds before the start at which decoding begins: coded sound leans on what came before."""

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Track:
    """One audio track. `index` counts the file's audio tracks from 0."""

    index: int
    language: str
    default: bool


def tracks(path: str) -> list[Track]:
    """Return the audio tracks of a file. Raises `BadInput` where it cannot be opened."""
    from av.stream import Disposition

    with open_container(path) as container:
        return [
            Track(index, language(stream.language), bool(stream.disposition & Disposition.default))
            for index, stream in enumerate(container.streams.audio)
            if stream.codec_context is not None
        ]


def choose(found: Sequence[Track], wanted: str) -> Track | None:
    """Return the track to listen to: of the language `wanted`, else the default one, else the first."""
    of_language = [track for track in found if wanted and track.language == wanted]
    default = [track for track in found if track.default]
    return next(iter([*of_language, *default, *found]), None)


def read(path: str, track: int, start: float = 0.0) -> Iterator[tuple[float, Samples]]:
    """Yield the sound from `start` on: the time of a block's first sample (seconds of the part), and the block.

    Blocks are mono, `RATE` samples a second, and follow each other without gaps: where the file has none, there is
    silence. What cannot be decoded is left out. Raises `SpeechError` where the file cannot be read.
    """
    try:
        container = open_container(path)
    except BadInput as problem:
        raise SpeechError(str(problem)) from None
    with container:
        mono = _Mono()
        at: float | None = None
        for time, frame in _frames(container, track, start):
            block = mono.of(frame)
            if time + len(block) / RATE <= start:
                continue
            if at is None:
                block, time = (block[round((start - time) * RATE) :], start) if time < start else (block, time)
                at = time
            if time > LONGEST:
                # A clock gone wild, not a silence.
                return
            if time - at > _GAP:
                for silence in _silence(time - at):
                    yield at, silence
                    at += len(silence) / RATE
            if len(block):
                yield at, block
                at += len(block) / RATE


def _silence(seconds: float) -> Iterator[Samples]:
    """Yield that much silence in blocks: a file of any size may claim hours of it."""
    left = round(seconds * RATE)
    while left > 0:
        block = np.zeros(min(left, round(_SILENCE * RATE)), np.float32)
        yield block
        left -= len(block)


def _frames(container: InputContainer, track: int, start: float) -> Iterator[tuple[float, AudioFrame]]:
    """Yield the decoded frames of a track and their times, from a little before `start` on."""
    import av

    stream = container.streams.audio[track]
    origin = rebased_by(container)
    if start > _RUN_UP and stream.time_base:
        try:
            container.seek(int((start - _RUN_UP + origin) / stream.time_base), stream=stream, backward=True)
        except av.FFmpegError:
            container.seek(0)
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:
            return
        if packet is None:
            return
        try:
            frames = packet.decode()
        except av.FFmpegError:
            continue
        for frame in frames:
            if frame.time is not None:
                yield frame.time - origin, frame


class _Mono:
    """Turns frames into mono blocks of `RATE` samples a second."""

    def __init__(self) -> None:
        self._resampler: Any = None

    def of(self, frame: AudioFrame) -> Samples:
        """Return what a frame gives; nothing where it cannot be used."""
        import av

        try:
            return self._resampled(frame)
        except (av.FFmpegError, ValueError):
            # Rate or channels changed half-way: it begins anew.
            self._resampler = None
        try:
            return self._resampled(frame)
        except (av.FFmpegError, ValueError):
            return np.zeros(0, np.float32)

    def _resampled(self, frame: AudioFrame) -> Samples:
        import av

        if self._resampler is None:
            self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        blocks = [block.to_ndarray().reshape(-1) for block in self._resampler.resample(frame)]
        return np.concatenate(blocks).astype(np.float32, copy=False) if blocks else np.zeros(0, np.float32)
