"""Long footage with real movement: the trailer in `examples/`, encoded once and put end to end many times."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from memory_store.records import Recording, Scopes
from memory_store.segments import Plan

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame

TRAILER = Path(__file__).parent.parent / "examples" / "big-buck-bunny-trailer.mp4"
FPS = 25
GOP = 250
"""Pictures from one key frame to the next; what x264 does where nobody says otherwise."""
SIZES = {"360p": (640, 360), "720p": (1280, 720)}
_PICTURES = 1250
"""Pictures of the trailer that are put end to end: five whole GOPs, 50 s."""


def footage(path: Path, seconds: float, size: tuple[int, int], gop: int = GOP) -> str:
    """Write an MP4 (H.264 with B frames) of `seconds`, filled up to whole GOPs of `gop` pictures; return its path."""
    import av

    wanted = -(-round(seconds * FPS) // gop) * gop
    piece = min(_PICTURES, wanted) // gop * gop
    with av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=FPS)
        (stream.width, stream.height), stream.pix_fmt = size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, FPS)
        stream.options = {"preset": "veryfast", "g": str(gop), "keyint_min": str(gop), "sc_threshold": "0"}
        packets: list[Packet] = []
        for picture in _drawn(piece, size):
            packets += stream.encode(picture)
        packets += stream.encode(None)
        data = [(bytes(packet), packet.pts or 0, packet.dts or 0, packet.is_keyframe) for packet in packets]
        for index in range(wanted):
            content, pts, dts, key = data[index % piece]
            packet, later = av.Packet(content), index // piece * piece
            packet.stream, packet.time_base, packet.is_keyframe = stream, Fraction(1, FPS), key
            packet.pts, packet.dts, packet.duration = pts + later, dts + later, 1
            target.mux(packet)
    return str(path)


def _drawn(count: int, size: tuple[int, int]) -> Iterator[VideoFrame]:
    """Yield the first `count` pictures of the trailer, scaled, one a tick."""
    import av

    with av.open(str(TRAILER)) as source:
        for index, picture in enumerate(source.decode(video=0)):
            if index == count:
                return
            scaled = picture.reformat(*size, "yuv420p")
            scaled.pts, scaled.time_base, scaled.pict_type = index, Fraction(1, FPS), 0
            yield scaled


def known(path: str, scopes: Scopes) -> Plan:
    """Return the segments of the video at `path` under `scopes`, identified as a user's run does."""
    from tools.video.sources import find_parts

    name, parts = find_parts(path)
    return Plan(Recording("footage", name, tuple(parts), scopes), scopes)
