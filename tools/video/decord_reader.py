"""Reading windows with decord: opened, read and closed before the first picture is handed on."""

from __future__ import annotations

import math
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from memory_store.records import Part
from tools.errors import BadInput
from tools.video.clip import Frame, Sampling
from tools.video.container import open_container, picture_stream, rebased_by, tick
from tools.video.errors import VideoError
from tools.video.pyav_reader import BEYOND, TOLERANCE, PyAVReader

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

_EXACT = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
"""Containers in which decord's seeking finds the right picture; in MPEG-TS it was a second off."""
_TURNING = _EXACT[:1]
"""Containers whose turned pictures decord turns."""
_WHOLE = (0, 1)
"""Field orders (libavcodec's numbers) of pictures that are no pair of fields: unknown, progressive."""
_LONGEST = 100_000.0
"""Seconds; decord's times are 32-bit floats, beyond this too coarse to tell two pictures apart."""
_BATCH = 16
_HEAD = 64
"""Packets read to find the first picture's time."""
_ROUNDING = 0.002
"""Seconds by which decord's times may differ from the exact ones, beside their 24 bits."""


def available() -> bool:
    """Tell whether decord can be imported."""
    return find_spec("decord") is not None


class DecordReader:
    """Reads windows with decord 0.6; what decord cannot read exactly is read with PyAV."""

    name = "decord"

    def frames(self, part: Part, times: Iterable[float], sampling: Sampling) -> Iterator[Frame]:
        """Yield what `PyAVReader.frames` would: the same times, pictures alike.

        decord decodes on while it is open, so that all pictures of the window are read, and the file
        closed, before the first is yielded. Raises `VideoError`.
        """
        wanted = list(times)
        frames = _window(part, wanted, sampling)
        yield from PyAVReader().frames(part, wanted, sampling) if frames is None else frames


def _window(part: Part, times: list[float], sampling: Sampling) -> list[Frame] | None:
    """Return the window's pictures, or None where decord is not to be trusted with it."""
    if not times or part.duration > _LONGEST:
        return None
    stamps = _Stamps.around(part, times[0], times[-1])
    if stamps is None:
        return None
    shown = [stamps.on_screen(time) for time in times if time < stamps.end]
    return _read(part, shown, stamps.first, sampling) if shown else []


@dataclass(frozen=True)
class _Stamps:
    """Exact presentation times round a window: decord's own are rounded and begin at zero."""

    first: float
    """Presentation time of the part's first picture."""
    times: list[float]
    end: float
    """Where the last picture leaves the screen; infinite while more pictures follow the window."""

    def on_screen(self, time: float) -> float:
        return self.times[max(0, bisect_right(self.times, time + TOLERANCE) - 1)]

    @classmethod
    def around(cls, part: Part, start: float, end: float) -> _Stamps | None:
        """Return the times of the pictures in `[start, end]`, or None where decord would count others.

        Both take times from the packets; an edit list, damage or an open group makes them disagree.
        """
        import av

        try:
            with open_container(part.path) as container:
                stream = picture_stream(container)
                if stream is None or not _trusted(container, stream):
                    return None
                unit = tick(stream)
                head = [*islice(container.demux(stream), _HEAD)]
                if container.format.name not in _TURNING and _turned(head):
                    return None
                container.seek(int(start / unit), stream=stream, backward=True)
                packets, ended = [], True
                for packet in container.demux(stream):
                    packets.append(packet)
                    # No later packet is presented before it is decoded.
                    if packet.dts is not None and packet.dts * unit > end:
                        ended = False
                        break
                if any(packet.is_discard or packet.is_corrupt for packet in head + packets):
                    return None
                if _opens(head) or _opens(packets):
                    return None
                later = [key for key in _keys(packets) if key not in _keys(head)[:1]]
                if later and not _stands_alone(container, stream, later[-1]):
                    return None
                first = min((time for time, _ in _shown(head, unit)), default=0.0)
                shown = sorted(_shown(packets, unit))
        except BadInput as problem:
            raise VideoError(str(problem)) from None
        except av.FFmpegError:
            return None
        if not shown or shown[0][0] > max(start, first) + TOLERANCE:
            return None
        last, length = shown[-1]
        return cls(first, [time for time, _ in shown], last + max(length, BEYOND) if ended else math.inf)


def _trusted(container: InputContainer, stream: VideoStream) -> bool:
    """Tell whether decord would read the same pictures of the file, at the same times, in the same way.

    It chooses among several picture streams by rules of its own, scales the two fields of an interlaced
    picture apart, and knows only the times that stand in the file.
    """
    return (
        container.format.name in _EXACT
        and len(container.streams.video) == 1
        and stream.codec_context.field_order in _WHOLE
        and not rebased_by(container)
    )


def _turned(head: list[Packet]) -> bool:
    """Tell whether the first picture asks to be turned. Raises `av.FFmpegError`."""
    first = next((picture for packet in head for picture in packet.decode()), None)
    return first is not None and first.rotation != 0


def _opens(packets: list[Packet]) -> bool:
    """Tell whether pictures shown before a key frame need it (open groups of pictures, usual in HEVC).

    decord loses count of them after a jump and returns pictures of other instants.
    """
    key: int | None = None
    for packet in packets:
        if packet.pts is None:
            continue
        if packet.is_keyframe:
            key = packet.pts
        elif key is not None and packet.pts < key:
            return True
    return False


def _keys(packets: list[Packet]) -> list[int]:
    return [packet.pts for packet in packets if packet.is_keyframe and packet.pts is not None]


def _stands_alone(container: InputContainer, stream: VideoStream, key: int) -> bool:
    """Tell whether decoding can begin at the key frame presented at `key` (in ticks).

    It cannot where pictures are refreshed bit by bit: decord then takes later pictures for those left out.
    Moves the container; raises `av.FFmpegError`.
    """
    container.seek(key, stream=stream, backward=True)
    first = next(container.decode(stream), None)
    return first is not None and first.pts == key


def _shown(packets: list[Packet], unit: Fraction) -> Iterator[tuple[float, float]]:
    """Yield the presentation time and the length of each picture, seconds."""
    for packet in packets:
        if packet.pts is not None:
            yield float(packet.pts * unit), float((packet.duration or 0) * unit)


def _read(part: Part, shown: list[float], first: float, sampling: Sampling) -> list[Frame] | None:
    """Return the pictures presented at exactly the times `shown`, or None where decord has no such pictures."""
    decord = library()
    width, height = sampling.size(part.width, part.height)
    images: dict[float, NDArray[np.uint8]] = {}
    reader = None
    try:
        reader = decord.VideoReader(part.path, ctx=decord.cpu(0), width=width, height=height)
        starts = reader.get_frame_timestamp(range(len(reader)))[:, 0].astype(np.float64) + first
        distinct = sorted(set(shown))
        indices = [_nearest(starts, time) for time in distinct]
        if len(set(indices)) < len(indices) or any(
            abs(starts[index] - time) > _ROUNDING + time * 2**-22 for index, time in zip(indices, distinct, strict=True)
        ):
            return None
        for low in range(0, len(indices), _BATCH):
            batch = reader.get_batch(indices[low : low + _BATCH]).asnumpy()
            images.update(zip(distinct[low : low + _BATCH], batch, strict=True))
    except (decord.DECORDError, RuntimeError, UnicodeEncodeError):
        # Its older libav opens less than PyAV's does, and it takes no path that is not Unicode.
        return None
    finally:
        del reader
    return [Frame(time, images[time]) for time in shown]


@cache
def library() -> Any:
    """Return decord, loaded once."""
    # Read when the library is loaded: bounds how long it tries to read past a broken end.
    os.environ.setdefault("DECORD_EOF_RETRY_MAX", "4096")
    if find_spec("xllamacpp"):
        # decord lends its C++ library to all that is loaded after it, and llama.cpp then takes random numbers from
        # the standard input: it waits there for ever, or aborts. Loaded before, it keeps its own.
        import xllamacpp  # noqa: F401
    import decord

    decord.logging.set_level(decord.logging.QUIET)
    return decord


def _nearest(starts: NDArray[np.float64], time: float) -> int:
    after = int(np.searchsorted(starts, time))
    around = [index for index in (after - 1, after) if 0 <= index < len(starts)]
    return min(around, key=lambda index: abs(starts[index] - time))
