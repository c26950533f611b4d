"""Odd videos, each a real file made on the spot, with what its pictures must say."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from tests.media import Picture, draw_time, make_video, read_time

SIZE = (160, 120)
VARIABLE = (0, 0.04, 0.5, 0.6, 0.62, 1.31, 1.4, 3.05, 3.1, 3.5, 4.0, 4.04, 4.08, 5.0)
_HUES = (
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 0),
    (0, 255, 255),
    (255, 0, 255),
    (200, 120, 60),
    (90, 90, 90),
)
BT709 = {"colorspace": 1, "color_primaries": 1, "color_trc": 1, "color_range": 1}
PQ = {"colorspace": 9, "color_primaries": 9, "color_trc": 16, "color_range": 1}
HLG = {"colorspace": 9, "color_primaries": 9, "color_trc": 18, "color_range": 1}
ROUNDING = 0.0013
"""Seconds: the coarsest clock of a container here, and a little."""


def draw_hues(time: float, size: tuple[int, int] = SIZE) -> Picture:
    """Return `draw_time` with patches of colour above and below the bars: a wrong colour matrix shows."""
    image = draw_time(time, size).copy()
    width, height = size
    row = np.array([_HUES[x * len(_HUES) // width] for x in range(width)], np.uint8)
    image[: height // 4] = row
    image[-(height // 4) :] = row[::-1]
    return image


def draw_shade(time: float, size: tuple[int, int]) -> Picture:
    """Return one even grey that tells `time` in tenths, for pictures too small for bars."""
    return np.full((size[1], size[0], 3), 24 + 16 * round(time * 10), np.uint8)


def read_shade(image: Picture) -> float:
    """Return the time that `draw_shade` drew."""
    return round((float(image.mean()) - 24) / 16) / 10


@dataclass(frozen=True)
class Odd:
    """One odd video: how it is made, and what it must show."""

    name: str
    """File name; the suffix decides the container."""
    make: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of `make_video`."""
    shift: float = 0.0
    """Seconds from the time drawn to the presentation time on the part's clock."""
    then: Callable[[Path], None] | None = None
    """What is done to the file once it is made."""
    intact: tuple[tuple[float, float], ...] = ((-math.inf, math.inf),)
    """Stretches in which each picture is the right one; elsewhere pictures may be missing or garbled."""
    seen: Callable[[Picture], float] = read_time
    decord: bool = True
    """Whether decord itself reads windows of it; PyAV reads them for it otherwise."""

    def write(self, folder: Path) -> str:
        """Make the file in `folder` and return its path."""
        size = self.make.get("size", SIZE)
        draw = draw_shade if self.seen is read_shade else draw_hues
        how = {"seconds": 5, "size": size, "draw": lambda time: draw(time, size), **self.make}
        path = make_video(folder / self.name, **how)
        if self.then:
            self.then(Path(path))
        return path

    def drawn(self) -> list[float]:
        """Return the times drawn into the pictures, in order."""
        if "pts" in self.make:
            return list(self.make["pts"])
        fps, seconds = self.make.get("fps", 10), self.make.get("seconds", 5)
        return [index / fps for index in range(round(seconds * fps))]

    def on_screen(self, time: float) -> tuple[float, float]:
        """Return the presentation time, and the time drawn, of the picture on screen at `time`."""
        drawn = self.drawn()
        stamps = [instant + self.shift for instant in drawn]
        index = max(0, bisect_right(stamps, time + 1e-6) - 1)
        return stamps[index], drawn[index]

    def shows(self, time: float, stamp: float, image: Picture) -> bool:
        """Tell whether a picture with the time `stamp` may be the one read for the instant `time`."""
        found = (stamp, self.seen(image))
        if any(start <= time < end for start, end in self.intact):
            # An instant closer to a picture than the container's clock can tell may show either.
            near = (self.on_screen(time + step) for step in (-ROUNDING, 0, ROUNDING))
            return any(max(abs(a - b) for a, b in zip(found, right, strict=True)) < ROUNDING for right in near)
        # What a decoder makes of damage is its own.
        return stamp < time + ROUNDING


def cut(share: float) -> Callable[[Path], None]:
    """Return what keeps the first `share` of a file."""

    def tear(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])

    return tear


def hole(path: Path) -> None:
    """Put zeros into the middle of a file."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 1500] = bytes(1500)
    path.write_bytes(bytes(content))


_H264, _HEVC, _VP9, _AV1, _MPEG2 = "libx264", "libx265", "libvpx-vp9", "libsvtav1", "mpeg2video"
_TEN = "yuv420p10le"
_BROADCAST = {"codec": _MPEG2, "fps": 25, "ticks": 25, "seconds": 4, "b_frames": 2}
_PIECES = {"muxer": {"movflags": "frag_keyframe+empty_moov+default_base_moof"}}
_FRONT = {"muxer": {"movflags": "+faststart"}}
_OPEN = {"codec": _HEVC, "options": {"x265-params": "log-level=none:open-gop=1:bframes=3:keyint=15:scenecut=0"}}
_TORN: dict[str, Any] = {"then": cut(0.6), "intact": ((0, 5),)}
_HOLED: dict[str, Any] = {"then": hole, "intact": ((0, 3.9), (7, 10))}
_LONG = {"seconds": 10}

ODD = (
    # Times
    Odd("variable.mp4", {"pts": VARIABLE, "gop": 4}),
    Odd("variable.mkv", {"pts": VARIABLE, "gop": 4, "b_frames": 2}),
    Odd("variable.webm", {"pts": VARIABLE, "gop": 4, "codec": _VP9}),
    Odd("late.mp4", {"start": 1.5, "b_frames": 2}, shift=1.5),
    Odd("late.mkv", {"start": 1.5, "b_frames": 2}, shift=1.5),
    Odd("late.ts", {"start": 1.5, "b_frames": 2}, decord=False),
    Odd("edited.mp4", {"start": -0.5, "b_frames": 2}, shift=-0.5, decord=False),
    Odd("running-clock.mp4", {"start": 40_000.0}, decord=False),
    Odd("running-clock.mkv", {"start": 900_000.0}, decord=False),
    Odd("running-clock.ts", {"start": 80_000.0}, decord=False),
    Odd("wrapping-clock.ts", {"start": 95_441.0, "b_frames": 2}, decord=False),
    Odd("sixty.ts", {"fps": 60, "seconds": 3, "b_frames": 2}, decord=False),
    Odd("slow.mp4", {"fps": 1, "seconds": 60, "gop": 30}),
    Odd("single.mp4", {"seconds": 0.1}),
    Odd("single.mkv", {"seconds": 0.1}, decord=False),
    Odd("single.ts", {"seconds": 0.1}, decord=False),
    Odd("single.webm", {"seconds": 0.1, "codec": _VP9}),
    # Order of pictures
    Odd("open.mp4", _OPEN, decord=False),
    Odd("open.mkv", _OPEN, decord=False),
    Odd("open-264.mp4", {"b_frames": 3, "gop": 15, "options": {"x264-params": "open-gop=1"}}, decord=False),
    Odd("deep.mp4", {"b_frames": 8, "gop": 30, "options": {"x264-params": "b-pyramid=normal:b-adapt=0"}}),
    Odd("refreshed.mp4", {"seconds": 10, "gop": 10, "options": {"x264-params": "intra-refresh=1"}}),
    # Sizes and shapes
    Odd("odd-size.mp4", {"size": (321, 241), "pix_fmt": "yuv444p"}),
    Odd("odd-size.webm", {"size": (321, 241), "codec": _VP9}),
    Odd("tiny.mp4", {"size": (2, 2), "seconds": 1}, seen=read_shade, decord=False),
    Odd("tall.mp4", {"size": (32, 1024), "seconds": 1}, seen=read_shade, decord=False),
    Odd("wide.mp4", {"size": (4096, 16)}),
    Odd("anamorphic.mp4", {"aspect": Fraction(16, 11)}),
    Odd("anamorphic.mkv", {"aspect": Fraction(3, 4)}),
    Odd("anamorphic.mpg", {**_BROADCAST, "aspect": Fraction(16, 11)}, decord=False),
    Odd("interlaced.mp4", {"fps": 25, "seconds": 3, "options": {"x264-params": "tff=1"}}, decord=False),
    Odd("interlaced.mpg", {**_BROADCAST, "b_frames": 0, "options": {"flags": "+ildct+ilme"}}, decord=False),
    # Colours
    Odd("709.mp4", {"colours": BT709}),
    Odd("full-range.mp4", {"colours": {**BT709, "color_range": 2}}),
    Odd("high10.mp4", {"pix_fmt": _TEN, "b_frames": 2}),
    Odd("main10.mp4", {"codec": _HEVC, "pix_fmt": _TEN}),
    Odd("pq.mp4", {"codec": _HEVC, "pix_fmt": _TEN, "colours": PQ}),
    Odd("hlg.mkv", {"codec": _HEVC, "pix_fmt": _TEN, "colours": HLG}),
    Odd("av1-10.mkv", {"codec": _AV1, "pix_fmt": _TEN}, decord=False),
    Odd("profile1.webm", {"codec": _VP9, "pix_fmt": "yuv444p"}),
    # Codecs and containers
    Odd("hevc.ts", {"codec": _HEVC}, decord=False),
    Odd("sound.mp4", {"audio": True, "b_frames": 2}),
    Odd("sound.ts", {"audio": True, "b_frames": 2}, shift=1024 / 48_000, decord=False),
    Odd("vp8.webm", {"codec": "libvpx"}),
    Odd("vp9.mp4", {"codec": _VP9}),
    Odd("av1.mp4", {"codec": _AV1}, decord=False),
    Odd("av1.webm", {"codec": _AV1}, decord=False),
    Odd("mpeg2.mpg", _BROADCAST, decord=False),
    Odd("mpeg2.ts", _BROADCAST, decord=False),
    Odd("mpeg4.avi", {"codec": "mpeg4", "ticks": 10}, decord=False),
    Odd("mpeg4.mp4", {"codec": "mpeg4", "ticks": 10, "b_frames": 2}, decord=False),
    Odd("wmv.wmv", {"codec": "wmv2", "ticks": 10}, decord=False),
    Odd("h264.avi", {"ticks": 10, "b_frames": 2}, decord=False),
    Odd("mjpeg.mov", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
    Odd("prores.mov", {"codec": "prores_ks", "pix_fmt": "yuv422p10le"}),
    Odd("lossless.mkv", {"codec": "ffv1", "size": (321, 241)}),
    # No length in the header
    Odd("live.mkv", {"muxer": {"live": "1"}}, decord=False),
    Odd("live.webm", {"codec": _VP9, "muxer": {"live": "1"}}, decord=False),
    Odd("pieces.mp4", {**_PIECES, "b_frames": 2}, shift=0.2),
    Odd("plain.flv", decord=False),
    Odd("old.flv", {"codec": "flv", "ticks": 10}, decord=False),
    # Damage
    Odd("torn.mp4", {**_LONG, **_FRONT}, **_TORN, decord=False),
    Odd("torn.mkv", _LONG, **_TORN),
    Odd("torn.ts", _LONG, **_TORN, decord=False),
    Odd("torn-pieces.mp4", {**_LONG, **_PIECES}, **_TORN, decord=False),
    Odd("torn.flv", _LONG, **_TORN, decord=False),
    Odd("torn.webm", {**_LONG, "codec": _VP9}, **_TORN),
    Odd("torn.avi", {**_LONG, "ticks": 10}, **_TORN, decord=False),
    Odd("holed.mp4", _LONG, **_HOLED),
    Odd("holed.mkv", _LONG, **_HOLED),
    Odd("holed.ts", _LONG, **_HOLED, decord=False),
    Odd("holed-hevc.mkv", {**_LONG, "codec": _HEVC}, **_HOLED),
)
