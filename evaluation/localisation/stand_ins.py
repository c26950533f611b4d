"""Stand-ins of videos: files of the right length with next to nothing in them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

_WIDTH, _HEIGHT = 32, 18
_STILL = 50
"""Seconds a picture stays, but for the last."""
_MOST = 2_000
"""Pictures of a file: where they would be more, each stays longer."""


def write_stand_in(path: Path, seconds: float, name: str) -> Path:
    """Write a video of `seconds` (to the millisecond); files of other names differ, so that none is taken for another.

    The folder exists; a file is a few kB. Nobody looks at its pictures.
    """
    import av
    import numpy as np

    base = Fraction(1, 1000)
    length = max(1, round(seconds * 1000))
    picture = av.VideoFrame.from_ndarray(np.full((_HEIGHT, _WIDTH, 3), 96, dtype=np.uint8), "rgb24")
    with av.open(str(path), "w") as out:
        out.metadata["title"] = ascii(name)
        stream = out.add_stream("mpeg4", rate=1)
        stream.width, stream.height, stream.pix_fmt = _WIDTH, _HEIGHT, "yuv420p"
        stream.codec_context.time_base = stream.time_base = base
        starts = list(range(0, length, max(_STILL * 1000, length // _MOST)))
        for start, end in zip(starts, [*starts[1:], length], strict=True):
            picture.pts, picture.time_base = start, base
            for packet in stream.encode(picture):
                packet.duration = end - start
                out.mux(packet)
        out.mux(stream.encode(None))
    return path
