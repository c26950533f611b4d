"""Opening a media file: local regular files only, its picture stream, and its clock."""

from __future__ import annotations

import os
import stat
from fractions import Fraction
from typing import TYPE_CHECKING

from tools.errors import BadInput

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

MICROSECONDS = 1_000_000
_FASTEST = 1000
"""Frames per second; a rate above it is not one."""
_STREAMED = {"mpegts", "mpeg"}
"""Formats whose clock starts anywhere, and that state no length."""
_PAUSE = 60.0
"""Seconds; a first time stamp later than this is no pause at the beginning but a clock that runs on."""
_FORMATS = (
    "mov,matroska,avi,mpegts,mpeg,flv,live_flv,asf,ogg,mxf,gxf,rm,nut,nsv,wtv,dv,ivf,swf,gif,yuv4mpegpipe,"
    "h264,hevc,m4v,mpegvideo,mjpeg,vc1,av1,obu,"
    "wav,w64,mp3,flac,aac,ac3,eac3,amr,aiff,caf,au,ape,wv,tta,dts,truehd"
)
"""What is opened. Left out are pictures, text, and all that lists other places to read from."""
LARGEST = 8192 * 4352
"""Pixels of a picture: the most that the highest levels of H.264, HEVC and AV1 allow. Others are not decoded."""
_LIMITS = {"max_pixels": str(LARGEST)}
_OPENING = {
    # The prefix of the name and this keep a file from reaching beyond local files.
    "protocol_whitelist": "file",
    "format_whitelist": _FORMATS,
    # Every stream costs a decoder.
    "max_streams": "200",
    **_LIMITS,
}


def require_file(path: str) -> os.stat_result:
    """Return the status of a regular file with something in it; never blocks. Raises `BadInput`."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(f"no such file: {path}") from None
    except (OSError, ValueError) as problem:
        raise BadInput(f"cannot read {path!r}: {getattr(problem, 'strerror', None) or problem}") from None
    if stat.S_ISDIR(status.st_mode):
        raise BadInput(f"{path} is a directory, not a video file")
    if not stat.S_ISREG(status.st_mode):
        # Opening a pipe or a device could wait for ever.
        raise BadInput(f"{path} is not a regular file")
    if status.st_size == 0:
        raise BadInput(f"{path} is empty")
    return status


def open_container(path: str) -> InputContainer:
    """Open a local media file for reading. Raises `BadInput` with one line that names the file."""
    import av

    require_file(path)
    try:
        container = av.open(f"file:{path}", options=_OPENING, metadata_errors="replace")
    except PermissionError:
        raise BadInput(f"cannot read {path}: permission denied") from None
    except MemoryError:
        raise BadInput(too_large(path)) from None
    except av.ArgumentError:
        raise BadInput(f"{path} is not a video file of a kind that can be read") from None
    except (av.FFmpegError, OSError, ValueError):
        raise BadInput(f"{path} is not a media file that can be read (if it should be one: is it complete?)") from None
    for stream in container.streams.video:
        # What bounds the opening does not bound the decoders.
        if stream.codec_context is not None:
            stream.codec_context.options = dict(_LIMITS)
    return container


def too_large(path: str) -> str:
    """Return the line about a file that memory does not suffice for."""
    return f"{path} takes more memory to open than a video of its size should (is it damaged, or full of attachments?)"


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the stream of moving pictures, or None; cover art is not one.

    Of several it is the first the file marks as its default, else the first, as players choose.
    """
    from av.stream import Disposition

    moving = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    return next((s for s in moving if s.disposition & Disposition.default), moving[0] if moving else None)


def rebased_by(container: InputContainer) -> float:
    """Return the seconds to subtract from the container's times to get those of the part.

    A stretch cut from a broadcast or a live stream keeps the clock of the whole: it begins at zero.
    """
    start = (container.start_time or 0) / MICROSECONDS
    return start if container.format.name in _STREAMED or start > _PAUSE else 0.0


def guesses_length(container: InputContainer) -> bool:
    """Tell whether the length comes from time stamps met near the end, not from a header."""
    return container.format.name in _STREAMED


def tick(stream: VideoStream | AudioStream) -> Fraction:
    """Return the seconds of one unit of the stream's time stamps."""
    return stream.time_base or Fraction(1, MICROSECONDS)


def frame_rate(stream: VideoStream) -> float:
    """Return the average frames per second, or 0 where nothing tells."""
    # Some containers give the rate of their clock instead.
    rates = (float(rate) for rate in (stream.average_rate, stream.guessed_rate) if rate)
    return next((rate for rate in rates if rate <= _FASTEST), 0.0)
