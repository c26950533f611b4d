"""Small real videos for tests, and a bar code that lets a picture say when it was drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

BITS = 20
"""Bits of the bar code: enough for 17 minutes in milliseconds."""
_TICKS = 90_000
_NO_TRACKS = bytes.fromhex(
    "1a45dfa3 8b 4282 88 6d6174726f736b61"  # EBML header: DocType "matroska"
    "18538067 9b 1549a966 8e 2ad7b1 83 0f4240 4489 84 447a0000"  # Segment: Info (scale, duration) ...
    "1f43b675 83 e7 81 00"  # ... and an empty Cluster
)
_QUICK = {
    "libx264": {"preset": "ultrafast", "crf": "18", "sc_threshold": "0"},
    "libx265": {"x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "pred-struct=1"},
}
"""Encoder settings that make small videos in little time."""
_ROTATIONS = {  # the tkhd matrix of an mp4, 16.16 fixed point: a, b, c, d
    90: (0, 0x10000, -0x10000, 0),
    180: (-0x10000, 0, 0, -0x10000),
    270: (0, -0x10000, 0x10000, 0),
}


def draw_time(time: float, size: tuple[int, int] = (320, 240)) -> Picture:
    """Return a picture whose vertical bars spell `time` in milliseconds, black 0 and white 1."""
    width, height = size
    number = round(time * 1000)
    bits = [(number >> bit) & 1 for bit in range(BITS)]
    columns = [bits[x * BITS // width] for x in range(width)]
    row = np.array(columns, dtype=np.uint8) * 255
    return np.ascontiguousarray(np.broadcast_to(row[None, :, None], (height, width, 3)))


def read_time(image: Picture) -> float:
    """Return the time (seconds) that `draw_time` drew into `image`, at whatever size it was scaled to."""
    bars = image[image.shape[0] // 4 : -image.shape[0] // 4 or None].mean(axis=(0, 2))
    centres = [int((bit + 0.5) * len(bars) / BITS) for bit in range(BITS)]
    return sum(int(bars[centre] > 127) << bit for bit, centre in enumerate(centres)) / 1000


def make_video(
    path: str | Path,
    seconds: float = 2.0,
    fps: float = 10,
    size: tuple[int, int] = (320, 240),
    gop: int | None = None,
    draw: Callable[[float], Picture] | None = None,
    start: float = 0.0,
    pts: Sequence[float] | None = None,
    audio: bool = False,
    rotation: int = 0,
    codec: str = "libx264",
    b_frames: int = 0,
    picture: bool = True,
    pix_fmt: str = "yuv420p",
    ticks: int = _TICKS,
    options: Mapping[str, str] | None = None,
    muxer: Mapping[str, str] | None = None,
    aspect: Fraction | None = None,
    colours: Mapping[str, int] | None = None,
) -> str:
    """Write a video and return its path; the suffix decides the container.

    `draw(t)` gives the picture of the instant `t` (seconds from the start of the recording, (H, W, 3)
    uint8); without it, the time itself is drawn (`read_time` reads it back). `pts` lists the instants
    of a variable frame rate instead of `seconds` and `fps`. `start` moves all presentation times.
    `gop` is the distance of key frames in frames (default: one second). `rotation` (90, 180 or 270
    degrees, mp4 only) asks the player to turn the picture. `picture=False` leaves only what
    `audio` says; with neither, the file is a Matroska container without any track. `pix_fmt` is the
    stored pixel format, `ticks` the units of a second of the encoder's clock, `options` the
    encoder's and `muxer` the container's own settings, `aspect` the width of a stored pixel over its
    height, `colours` the fields of the codec context that say how colours are stored.
    """
    import av

    path = str(path)
    if not picture and not audio:
        Path(path).write_bytes(_NO_TRACKS)
        return path
    times = list(pts) if pts is not None else [index / fps for index in range(math.ceil(seconds * fps - 1e-9))]
    with av.open(path, "w", options=dict(muxer or {})) as container:
        if picture:
            stream = container.add_stream(codec, rate=Fraction(fps).limit_denominator(1001))
            stream.width, stream.height = size
            stream.pix_fmt = pix_fmt
            stream.codec_context.time_base = Fraction(1, ticks)
            stream.codec_context.gop_size = gop or max(1, round(fps))
            stream.codec_context.max_b_frames = b_frames
            if aspect:
                stream.sample_aspect_ratio = aspect
            for name, value in (colours or {}).items():
                setattr(stream.codec_context, name, value)
            stream.options = {**_QUICK.get(codec, {}), **({"bf": str(b_frames)} if codec == "libx264" else {})}
            stream.options |= options or {}
        if audio:
            sound = container.add_stream("aac" if path.endswith((".mp4", ".ts", ".m4a")) else "libopus", rate=48_000)
            silence = _silence(sound, seconds if pts is None else times[-1] + 1 / fps, start)
        heard = 0.0
        if picture:
            for index, time in enumerate(times):
                image = draw(time) if draw else draw_time(time, size)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                if colours:
                    space, span = colours["colorspace"], colours["color_range"]
                    frame = frame.reformat(format=pix_fmt, dst_colorspace=space, dst_color_range=span)
                following = times[index + 1] if index + 1 < len(times) else time + 1 / fps
                frame.pts, frame.time_base = round((time + start) * ticks), Fraction(1, ticks)
                frame.duration = round((following - time) * ticks)
                container.mux(stream.encode(frame))
                while audio and heard <= time:
                    heard, packets = next(silence, (math.inf, []))
                    container.mux(packets)
            container.mux(stream.encode(None))
        if audio:
            for _, packets in silence:
                container.mux(packets)
    if rotation:
        _rotate(path, rotation)
    return path


def _silence(stream: Any, seconds: float, start: float) -> Iterator[tuple[float, list[Any]]]:
    """Yield the packets of `seconds` of silence, each lot with the instant up to which it reaches."""
    import av

    for index in range(math.ceil(seconds * 48_000 / 960)):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1920), dtype=np.int16), format="s16", layout="stereo")
        frame.sample_rate, frame.time_base = 48_000, Fraction(1, 48_000)
        frame.pts = index * 960 + round(start * 48_000)
        yield (index + 1) * 960 / 48_000, stream.encode(frame)
    yield seconds, stream.encode(None)


def _rotate(path: str, rotation: int) -> None:
    """Write a turned matrix into the picture track's header (libav has no setting for it)."""
    data = bytearray(Path(path).read_bytes())
    at = data.index(b"tkhd") + 4
    a, b, c, d = _ROTATIONS[rotation]
    for offset, value in ((0, a), (4, b), (12, c), (16, d)):
        data[at + 40 + offset : at + 44 + offset] = value.to_bytes(4, "big", signed=True)
    Path(path).write_bytes(data)
