"""Picture and sound that come as separate files, put into one without encoding anything again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge as in_order
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.errors import BadInput
from tools.video.container import open_container, picture_stream

if TYPE_CHECKING:
    from av import Packet
    from av.container import InputContainer


def merge(pieces: Sequence[Path], file: Path) -> None:
    """Write the picture of the first and the sound of the second of `pieces` into a Matroska file.

    Raises `BadInput` where a piece is no media file, holds no such stream, or does not fit.
    """
    import av

    try:
        _merge(pieces, file)
    except av.FFmpegError as problem:
        raise BadInput(f"{file}: {problem.strerror}") from None


def _merge(pieces: Sequence[Path], file: Path) -> None:
    import av

    picture, sound = (open_container(str(piece)) for piece in pieces)
    with picture, sound, av.open(str(file), "w", format="matroska") as whole:
        wanted = (picture, picture_stream(picture)), (sound, next(iter(sound.streams.audio), None))
        copies = [(piece, one, whole.add_stream_from_template(one)) for piece, one in wanted if one is not None]
        if len(copies) < len(wanted):
            raise BadInput("the streams of the video are not one of picture and one of sound")
        for _, packet in in_order(*(_packets(*copy) for copy in copies), key=lambda timed: timed[0]):
            whole.mux(packet)


def _packets(piece: InputContainer, stream: Any, copied: Any) -> Iterator[tuple[float, Packet]]:
    for packet in piece.demux(stream):
        # The last packet is empty: it only flushes a decoder.
        if packet.dts is not None:
            time = float(packet.dts * packet.time_base)
            packet.stream = copied
            yield time, packet
