"""What a media file holds, and how long its pictures last."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from tools.errors import BadInput
from tools.video.container import (
    LARGEST,
    MICROSECONDS,
    frame_rate,
    guesses_length,
    open_container,
    picture_stream,
    rebased_by,
    tick,
)

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_PATIENCE = 1000
"""Packets tried for a first picture before a file counts as undecodable."""
_MISSED = 1.0
"""Seconds of pictures that a guessed length may lack."""
LONGEST = 31 * 86_400.0
"""Seconds of one file; a longer claim is not believed."""
_SHORTEST = 0.04
"""Seconds for which a picture is shown, whatever the file says."""
_THIN = 500
"""Bytes of a file for each second it claims, below which the claim is checked against its packets."""
_WIDEST = Fraction(4)
"""Width of a pixel over its height, beyond which (or its inverse) the file is not believed."""
_CLOCK_TAG = re.compile(r"(\d+):(\d{2}):(\d{2}(?:\.\d+)?)")


@dataclass(frozen=True)
class Probe:
    """What a file holds. Sizes are in pixels as shown: made square, then turned."""

    duration: float
    """End of the last picture (of the sound, where there is no picture), seconds on the part's clock, as the file
    states it.
    """
    width: int
    height: int
    fps: float
    """Average frame rate: for display only."""
    codec: str
    has_video: bool
    has_audio: bool
    rotation: int
    """Degrees counter-clockwise by which decoded pictures must be turned."""


def probe(path: str) -> Probe:
    """Return what the file at `path` holds. Raises `BadInput` where nothing can be seen or heard in it."""
    found = _seen(path)
    if not math.isfinite(found.duration) or found.duration > LONGEST:
        days = LONGEST / 86_400
        raise BadInput(
            f"{path} claims to last {found.duration / 86_400:,.0f} days; more than {days:.0f} are not believed"
        )
    return found


def _seen(path: str) -> Probe:
    with open_container(path) as container:
        stream = picture_stream(container)
        has_audio = bool(container.streams.audio)
        if stream is None and has_audio:
            sound = container.streams.audio[0]
            codec = sound.codec_context.name if sound.codec_context else ""
            duration = _stated_end(container, sound)
            if not duration or _thin(path, duration):
                duration = _last_end(container, sound, 0.0)
            return Probe(round(duration, 6), 0, 0, 0.0, codec, False, True, 0)
        if stream is None:
            raise BadInput(f"{path} has neither picture nor sound")
        if stream.codec_context is None:
            raise BadInput(f"{path}: no decoder for its pictures is available")
        codec = stream.codec_context.codec.canonical_name
        if stream.width * stream.height > LARGEST:
            size = f"{stream.width:,} x {stream.height:,}"
            raise BadInput(f"{path}: its pictures are said to be {size}; at most {LARGEST:,} pixels are decoded")
        first = _first_picture(container, stream)
        if first is None:
            raise BadInput(f"{path}: its pictures ({codec}) cannot be decoded")
        fps = frame_rate(stream)
        duration = _stated_end(container, stream)
        if not duration or guesses_length(container):
            found = _demuxed_end(path, fps)
            # A guess may miss the last pictures; one that is far off has met another clock.
            duration = max(duration, min(found, duration + _MISSED)) if duration else found
        elif _thin(path, duration):
            duration = min(duration, _demuxed_end(path, fps) + _MISSED)
        width, height = _shown_size(first.width, first.height, stream.sample_aspect_ratio, first.rotation)
        return Probe(round(max(duration, _SHORTEST), 6), width, height, fps, codec, True, has_audio, first.rotation)


def _shown_size(width: int, height: int, aspect: Fraction | None, rotation: int) -> tuple[int, int]:
    """Return the size in square pixels, upright. The smaller side grows, so that nothing seen is lost.

    `aspect` is the width of a stored pixel over its height. Players stretch as well: letters and faces
    would otherwise be narrow.
    """
    if aspect and 1 < aspect <= _WIDEST:
        width = round(width * aspect)
    elif aspect and 1 / _WIDEST <= aspect < 1:
        height = round(height / aspect)
    return (width, height) if rotation % 180 == 0 else (height, width)


def _first_picture(container: InputContainer, stream: VideoStream) -> VideoFrame | None:
    import av

    try:
        for tried, packet in enumerate(container.demux(stream)):
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                pictures = []
            if pictures:
                return pictures[0]
            if tried > _PATIENCE:
                break
    except av.FFmpegError:
        pass
    return None


def _thin(path: str, duration: float) -> bool:
    """Tell whether a file is so small for the length it states that the statement may be wrong."""
    return os.stat(path).st_size < duration * _THIN


def _stated_end(container: InputContainer, stream: VideoStream | AudioStream) -> float:
    """Return where the file says a stream ends, or 0 where it says nothing of that stream."""
    if stream.duration:
        end = ((stream.start_time or 0) + stream.duration) * tick(stream)
        return float(end) - rebased_by(container)
    if tag := _CLOCK_TAG.match(stream.metadata.get("DURATION", "")):
        hours, minutes, seconds = tag.groups()
        tagged, origin = int(hours) * 3600 + int(minutes) * 60 + float(seconds), rebased_by(container)
        # Some writers tag the end, others the length.
        return tagged - origin if tagged > origin else tagged
    return 0.0


def _demuxed_end(path: str, fps: float) -> float:
    """Return the end of the last picture by reading packets: the tail where a length is stated, else all."""
    import av

    with open_container(path) as container:
        stream = picture_stream(container)
        assert stream is not None
        if container.duration:
            try:
                container.seek(int(container.duration + (container.start_time or 0)))
                if end := _last_end(container, stream, fps):
                    return end
            except av.FFmpegError:
                pass
    with open_container(path) as container:
        stream = picture_stream(container)
        assert stream is not None
        end = _last_end(container, stream, fps)
        stated = container.duration / MICROSECONDS if container.duration else 0.0
        return end or stated or 1 / (fps or 25)


def _last_end(container: InputContainer, stream: VideoStream | AudioStream, fps: float) -> float:
    import av

    usual, last = 1 / (fps or 25), 0.0
    try:
        for packet in container.demux(stream):
            if packet.pts is not None:
                length = float(packet.duration * tick(stream)) if packet.duration else usual
                last = max(last, float(packet.pts * tick(stream)) + length - rebased_by(container))
    except av.FFmpegError:
        pass
    return last
