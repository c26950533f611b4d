"""Reading pictures with PyAV: a stream walked in order, jumping where a key frame makes it cheaper."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from memory_store.records import Part
from tools.errors import BadInput
from tools.video.clip import Frame, Sampling
from tools.video.container import frame_rate, open_container, picture_stream, rebased_by, tick
from tools.video.errors import VideoError
from tools.video.glances import Glance, glance_size
from tools.video.unchanged import ensure_unchanged

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame

TOLERANCE = 1e-6
"""Seconds by which a picture may come after the instant it is wanted for."""
BEYOND = 1.0
"""Seconds for which the last picture of a part stays on screen, at least."""
_JUMP = 0.5
"""Seconds a key frame must lie ahead to be worth a jump."""
_BLIND_JUMP = 10.0
"""Seconds ahead worth a jump where the container's index says nothing."""
_REORDERED = 3
"""Frames by which a key frame may be shown later than the index says."""
_SPARED = frozenset(("h264",))
"""Codecs whose pictures say whether any other picture needs them. HEVC's say so only of those of their own layer."""
_ANCHORS = 8
"""Packets among which one is looked for that is shown later than those that follow it."""
_STEPS_BACK = (0.0, 1.0, 4.0, 16.0, 64.0, 256.0)
"""Seconds before the wanted instant tried in turn, where a jump lands too late."""


class PyAVReader:
    """Reads any file PyAV can; the reader of sweeps, and of windows where decord is not used."""

    name = "pyav"

    def frames(self, part: Part, times: Iterable[float], sampling: Sampling) -> Iterator[Frame]:
        """Yield, for each of the ascending `times` (seconds of the part), the picture on screen then.

        That is the last picture presented at or before the instant, or the first of all; its time is
        its own presentation time. Beyond the end of the pictures nothing is yielded.
        Raises `VideoError` where the file cannot be opened.
        """
        with Pictures(part, sampling) as pictures:
            for time in times:
                frame = pictures.at(time)
                if frame is None:
                    return
                yield frame


class Pictures:
    """The pictures of one part by their times. Holds two decoded pictures at most; for one thread."""

    _now: tuple[float, VideoFrame] | None
    _next: tuple[float, VideoFrame] | None
    _shown: tuple[VideoFrame, Frame] | None
    _glanced: tuple[VideoFrame, Glance] | None
    _decoded: Iterator[tuple[float, VideoFrame]]
    _before: deque[int]
    _ended: bool

    def __init__(self, part: Part, sampling: Sampling, keys: bool = False) -> None:
        """Open the part. Raises `VideoError`. With `keys` only its key frames count: each stands until the next."""
        from av.video.reformatter import VideoReformatter

        self._part = part
        self._sampling = sampling
        self._keys = keys
        # A picture's own would be set up anew for each.
        self._scale, self._shrink = VideoReformatter(), VideoReformatter()
        self._goal = 0.0
        self.damaged = False
        """Whether something in the file could not be read or decoded so far."""
        self._open()

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._forget()
        # It refers back here: without this, decoders and their pictures wait for the garbage collector.
        self._decoded = iter(())
        self._container.close()

    def at(self, time: float) -> Frame | None:
        """Return the picture on screen at `time` (seconds of the part), or None beyond the end."""
        self._go(time)
        return self.taken() if self._on_screen(time) else None

    def glance(self, time: float) -> Glance | None:
        """Return the light of the picture on screen at `time` (seconds of the part), or None beyond the end.

        Until the next call, `taken` returns the picture itself.
        """
        self._go(time)
        if self._now is None or not self._on_screen(time):
            return None
        stamp, picture = self._now
        if self._glanced is None or self._glanced[0] is not picture:
            wide, high = glance_size(self._sampling, picture.width, picture.height)
            small = self._shrink.reformat(picture, width=wide, height=high, format="gray")
            self._glanced = picture, Glance(stamp, small.to_ndarray().astype(np.uint8, copy=False))
        return self._glanced[1]

    def taken(self) -> Frame:
        """Return the picture that was asked for last, in full."""
        assert self._now is not None
        stamp, picture = self._now
        if self._shown is None or self._shown[0] is not picture:
            self._shown = picture, Frame(stamp, self._pixels(picture))
        return self._shown[1]

    def _go(self, time: float) -> None:
        """Have the picture on screen at `time` decoded."""
        self._goal = time
        if self._should_jump(time):
            self._jump(time)
        while self._now is None or self._next is None or self._next[0] <= time + TOLERANCE:
            if self._now is not None and self._next is None and self._ended:
                break
            if self._next is not None:
                self._now, self._next = self._next, None
            self._next = next(self._decoded, None)
            if self._next is None:
                self._ended = True
                if self._now is None:
                    return

    def _on_screen(self, time: float) -> bool:
        if self._now is None:
            return False
        stamp, picture = self._now
        length = float(picture.duration * self._tick) if picture.duration else 0.0
        return self._keys or not self._ended or time < stamp + max(length, BEYOND)

    def _open(self) -> None:
        ensure_unchanged(self._part)
        try:
            self._container = open_container(self._part.path)
        except BadInput as problem:
            raise VideoError(str(problem)) from None
        stream = picture_stream(self._container)
        if stream is None or stream.codec_context is None:
            self._container.close()
            raise VideoError(f"{self._part.path} has no picture that can be decoded")
        stream.thread_type = "AUTO"
        self._stream = stream
        self._origin = rebased_by(self._container)
        self._tick = tick(stream)
        self._frame_length = 1 / (frame_rate(stream) or 25)
        # AVI has no presentation times, only the order of decoding, late by what the decoder holds back.
        self._undated = self._container.format.name == "avi"
        self._forget()
        if self._undated:
            first = next(self._decoded, None)
            self._origin = first[0] if first else 0.0
            self._land(0.0)

    def _forget(self) -> None:
        """Begin reading at the container's position, with nothing on screen."""
        self._now = self._next = self._shown = self._glanced = None
        self._before = deque(maxlen=_ANCHORS)
        self._ended = False
        self._decoded = self._decode()

    def _decode(self) -> Iterator[tuple[float, VideoFrame]]:
        """Yield pictures with ascending times from the container's position to the end of what can be read."""
        last, step = None, self._frame_length
        for picture in self._raw():
            stamp = picture.dts if self._undated else picture.pts
            time = (last or 0.0) + step if stamp is None else self._seconds(stamp)
            if last is not None and time <= last:
                # A clock that begins anew, in streams put end to end, would show later pictures at earlier times.
                continue
            if last is not None:
                step = time - last
            last = time
            yield time, picture

    def _raw(self) -> Iterator[VideoFrame]:
        import av

        if self._keys and self._undated:
            # The order of decoding gives no time to a picture whose neighbours are left out.
            return
        packets = self._container.demux(self._stream)
        spares = self._stream.codec_context.name in _SPARED and not self._undated
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self.damaged = True
                # What the decoder still holds is good.
                yield from self._drain()
                return
            if packet is None:
                return
            if self._keys and packet.size and not packet.is_keyframe:
                continue
            if spares:
                # The decoder still decodes what other pictures need.
                self._stream.codec_context.skip_frame = "NONREF" if self._passed_over(packet) else "DEFAULT"
            try:
                pictures = packet.decode()
            except av.FFmpegError:
                self.damaged = True
                continue
            for picture in pictures:
                self.damaged |= picture.is_corrupt
                yield picture

    def _passed_over(self, packet: Packet) -> bool:
        """Tell whether another picture takes this one's place before the instant that is wanted.

        It is known of pictures between two that were decoded before them (B frames), most of all pictures.
        """
        if packet.pts is None or packet.is_discard or packet.is_corrupt:
            return False
        goal = self._stamp(self._goal)
        passed = any(packet.pts < later <= goal for later in self._before)
        self._before.append(packet.pts)
        return passed

    def _drain(self) -> list[VideoFrame]:
        import av

        try:
            return list(self._stream.codec_context.decode(None))
        except av.FFmpegError:
            return []

    def _should_jump(self, time: float) -> bool:
        if self._now is not None and time < self._now[0] - TOLERANCE:
            return True
        here = self._next[0] if self._next else self._now[0] if self._now else 0.0
        if self._ended or time - here < _JUMP:
            return False
        late = _REORDERED * self._frame_length if self._stream.codec_context.has_b_frames else 0.0
        entries = self._stream.index_entries
        found = entries.search_timestamp(self._stamp(time - late), backward=True)
        if found >= 0 and self._seconds(entries[found].timestamp) >= here + _JUMP:
            return True
        covered = len(entries) > 0 and self._seconds(entries[len(entries) - 1].timestamp) > time
        return not covered and time - here >= _BLIND_JUMP

    def _jump(self, time: float) -> None:
        """Go to a place from which the picture on screen at `time` can be reached by walking on."""
        for back in _STEPS_BACK:
            if time - back <= 0:
                break
            if self._land(time - back) and self._next and self._next[0] <= time + TOLERANCE:
                return
        self._container.close()
        self._open()

    def _land(self, time: float) -> bool:
        import av

        try:
            self._container.seek(self._stamp(time), stream=self._stream, backward=True)
        except av.FFmpegError:
            return False
        self._forget()
        self._next = next(self._decoded, None)
        return self._next is not None

    def _stamp(self, time: float) -> int:
        return int((time + self._origin) / self._tick)

    def _seconds(self, stamp: int) -> float:
        return float(stamp * self._tick) - self._origin

    def _pixels(self, picture: VideoFrame) -> NDArray[np.uint8]:
        """Return the picture upright, scaled to what the sampling allows of the part's shown size, as RGB (H, W, 3).

        A picture whose stored size changes half-way comes in the size of the others.
        """
        turns = round(picture.rotation / 90) % 4
        wide, high = self._sampling.size(self._part.width, self._part.height)
        if turns % 2:
            wide, high = high, wide
        image = self._scale.reformat(picture, width=wide, height=high, format="rgb24").to_ndarray()
        return np.ascontiguousarray(np.rot90(image.astype(np.uint8, copy=False), turns))
